"""The finding stage through its real parts: files, ffmpeg, a judge on loopback, the model."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from clipforge_desktop.domain.errors import CancelledError, InputError
from clipforge_desktop.domain.order import FindingOptions, FindRequest, FindResult
from clipforge_desktop.domain.source import MediaInfo, SourceMedia, SpeechRange, VideoStream
from clipforge_desktop.domain.transcript import Transcript, Word
from clipforge_desktop.media.probe import probe
from clipforge_desktop.moments.encoder import MODEL_FOLDER
from clipforge_desktop.stages import finding
from tests import media_maker
from tests.stage_context import RecordingContext

DULL = (
    "The next item on the agenda is the schedule for the meeting on Tuesday.",
    "You can find the link to the slides on the website of the department.",
    "In this section the value of the parameter is written in the second column.",
    "Please sign up on the form, and send an email when you have done so.",
)
STORY = (
    "Let me tell you what happened to my father on the night of the storm.",
    "He had lost everything, and nobody believed that he would ever come home.",
    "Then the phone rang, and my mother began to cry because she knew the voice.",
    "I will never forget what he said to us when he walked through that door.",
)
STORY_AT = 60  # sentence at which the story begins


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


def sentences() -> list[str]:
    lines = [DULL[index % len(DULL)] for index in range(120)]
    lines[STORY_AT : STORY_AT + len(STORY)] = STORY
    return lines


def spoken(lines: list[str], pause_s: float = 0.5) -> tuple[Word, ...]:
    words: list[Word] = []
    at_s = 1.0
    for line in lines:
        for token in line.split():
            words.append(Word(at_s, at_s + 0.3, token))
            at_s += 0.35
        at_s += pause_s
    return tuple(words)


def transcript(words: tuple[Word, ...], language: str = "en") -> Transcript:
    return Transcript(language if words else "", "sidecar" if words else "none", "", words, ())


def media(
    info: MediaInfo, speech: tuple[SpeechRange, ...] = (), loudness: str | None = None
) -> SourceMedia:
    return SourceMedia("key", info, None, None, (), (0, 0), None, None, loudness, None, speech)


def bare_info(duration_s: float, video: VideoStream | None = None) -> MediaInfo:
    return MediaInfo("none", 0, duration_s, 0.0, video, ())


def find(
    words: tuple[Word, ...],
    context: RecordingContext,
    options: FindingOptions | None = None,
    language: str = "en",
) -> FindResult:
    duration_s = words[-1].end_s + 1.0
    request = FindRequest(
        "none.mp4", media(bare_info(duration_s)), transcript(words, language),
        options or FindingOptions(),
    )  # fmt: skip
    return finding.run(request, context)


def story_span(words: tuple[Word, ...]) -> tuple[float, float]:
    lines = sentences()
    first = sum(len(line.split()) for line in lines[:STORY_AT])
    end = first + sum(len(line.split()) for line in STORY)
    return words[first].start_s, words[end - 1].end_s


def overlap_s(result: FindResult, span: tuple[float, float]) -> float:
    piece = result.clips[0].pieces[0]
    return min(piece.end_s, span[1]) - max(piece.start_s, span[0])


def edges_inside_words(result: FindResult, words: tuple[Word, ...]) -> int:
    edges = [e for clip in result.clips for p in clip.pieces for e in (p.start_s, p.end_s)]
    return sum(word.start_s + 0.002 < e < word.end_s - 0.002 for word in words for e in edges)


def test_the_story_between_announcements_is_found_without_the_model(
    context: RecordingContext,
) -> None:
    words = spoken(sentences())
    result = find(words, context)
    assert overlap_s(result, story_span(words)) > 10
    assert any("model is not installed" in notice for notice in result.notices)
    assert edges_inside_words(result, words) == 0


@pytest.mark.real_media
def test_the_story_between_announcements_is_found_with_the_model(
    context: RecordingContext, shared: Path
) -> None:
    (context.models_dir / MODEL_FOLDER).symlink_to(shared / "models" / MODEL_FOLDER)
    words = spoken(sentences())
    result = find(words, context)
    assert overlap_s(result, story_span(words)) > 10
    assert result.notices == ()
    assert {part.name for part in result.clips[0].reasons} >= {"Hook", "Topic held"}
    assert result == find(words, context)


@pytest.mark.real_media
def test_the_moments_of_careful_readers_are_hit_twice_as_often_as_by_chance(
    tmp_path: Path, shared: Path
) -> None:
    from tests.benchmarks import picks

    talks = picks.load_talks(shared / "picks")
    for models, least in ((shared / "models" / MODEL_FOLDER, 2.0), (None, 1.3)):
        folder = tmp_path / str(least)
        rows = [picks.measure(talk, models, folder / talk.name) for talk in talks]
        total = picks.summed(rows)
        assert total.hits / total.chance >= least
        assert total.inside == 0
        assert total.starts == total.ends == 1.0


def test_text_without_punctuation_or_capitals_finds_the_story_too(
    context: RecordingContext,
) -> None:
    lines = ["".join(c for c in line.lower() if c not in ".,") for line in sentences()]
    words = spoken(lines)
    result = find(words, context)
    assert overlap_s(result, story_span(words)) > 10
    assert edges_inside_words(result, words) == 0


def test_the_same_input_gives_the_same_list(context: RecordingContext) -> None:
    words = spoken(sentences())
    assert find(words, context) == find(words, context)


@pytest.mark.parametrize("count", [0, 1, 3, 10])
def test_as_many_clips_as_asked_for_all_on_the_shelf(context: RecordingContext, count: int) -> None:
    result = find(spoken(sentences()), context, FindingOptions(count=count))
    assert len(result.clips) == count
    assert all(clip.is_on_shelf for clip in result.clips)


def test_an_hour_has_six_to_twelve_on_the_shelf_and_more_behind(
    context: RecordingContext,
) -> None:
    lines = [DULL[index % 4] for index in range(650)]
    words = spoken(lines)
    hours = words[-1].end_s / 3600
    result = find(words, context)
    assert 6 <= sum(clip.is_on_shelf for clip in result.clips) / hours <= 12
    assert 20 <= len(result.clips) / hours <= 30


def test_clips_have_the_asked_length(context: RecordingContext) -> None:
    words = spoken(sentences())
    for clip in find(words, context, FindingOptions(min_s=20, max_s=30)).clips:
        assert 20 <= clip.pieces[0].duration_s <= 30
        assert clip.title
        assert clip.advice.startswith("Here because ")


@pytest.mark.parametrize("options", [FindingOptions(min_s=60, max_s=15), FindingOptions(count=-1)])
def test_lengths_and_counts_that_cannot_be_are_refused(
    context: RecordingContext, options: FindingOptions
) -> None:
    with pytest.raises(InputError) as caught:
        find(spoken(sentences()), context, options)
    assert caught.value.failure.code == "finding-options"


def test_a_language_without_lists_still_gives_clean_clips(context: RecordingContext) -> None:
    words = spoken(sentences())
    result = find(words, context, language="fi")
    assert len(result.clips) > 3
    assert any('"fi"' in notice for notice in result.notices)


def test_a_german_talk_is_ranked_by_german_words(context: RecordingContext) -> None:
    lines = ["Auf der nächsten Folie sehen Sie die Tabelle mit den Terminen der Sitzung."] * 60
    lines[30:33] = ["Niemand hat die Wahrheit gesagt, und mein Vater weinte in jener Nacht."] * 3
    words = spoken(lines)
    result = find(words, context, FindingOptions(count=1), language="de")
    first = sum(len(line.split()) for line in lines[:30])
    piece = result.clips[0].pieces[0]
    assert piece.start_s <= words[first].start_s + 1
    assert words[first].start_s < piece.end_s


def test_a_damaged_model_is_said_and_word_lists_stand_in(context: RecordingContext) -> None:
    folder = context.models_dir / MODEL_FOLDER
    folder.mkdir()
    for name in ("model.bin", "tokenizer.json", "config.json"):
        (folder / name).write_bytes(b"{}")
    result = find(spoken(sentences()), context)
    assert any("model is damaged" in notice for notice in result.notices)
    assert result.clips


def test_speech_without_words_gives_clips_with_numbers(context: RecordingContext) -> None:
    speech = tuple(SpeechRange(i * 12.0, i * 12.0 + 10.0) for i in range(50))
    levels = np.full(6000, -24, dtype=np.int8)
    levels[3000:3600] = -14
    levels.tofile(context.cache_dir("key") / "loudness.i8")
    request = FindRequest(
        "none.mp4", media(bare_info(600.0), speech, "loudness.i8"), transcript(()),
        FindingOptions(count=3),
    )  # fmt: skip
    result = finding.run(request, context)
    assert len(result.clips) == 3
    assert result.clips[0].title.startswith("Clip 1, ")
    assert result.clips[0].pieces[0].start_s < 360
    assert result.clips[0].pieces[0].end_s > 300
    assert [part.name for part in result.clips[0].reasons] == ["Energy"]
    for clip in result.clips:
        assert not any(r.start_s < clip.pieces[0].end_s - 0.4 < r.end_s - 0.4 for r in speech)


def test_pictures_without_speech_are_cut_at_their_cuts_and_get_posters(
    context: RecordingContext, tmp_path: Path
) -> None:
    path = media_maker.shots(tmp_path / "shots.mp4", (4, 5, 4, 5, 4, 5))
    info = probe(path)
    request = FindRequest(
        str(path), media(info), transcript(()), FindingOptions(count=2, min_s=5, max_s=12)
    )
    result = finding.run(request, context)
    assert len(result.clips) == 2
    cuts_s = (0, 4, 9, 13, 18, 22, 27)
    for clip in result.clips:
        assert min(abs(clip.pieces[0].start_s - cut) for cut in cuts_s) < 0.3
        assert min(abs(clip.pieces[0].end_s - cut) for cut in cuts_s) < 0.5
        poster = cv2.imread(str(context.cache_dir("key") / "clips" / f"{clip.key}.jpg"))
        assert poster is not None
        assert poster.shape[1] / poster.shape[0] == pytest.approx(16 / 9, rel=0.02)
    assert not list((context.cache_dir("key") / "clips").glob("*.part"))
    assert "cuts" in context.checkpoints
    assert finding.run(request, context) == result


def test_a_video_of_ten_seconds_is_one_clip(context: RecordingContext, tmp_path: Path) -> None:
    path = media_maker.talk(tmp_path / "short.mp4", 10.0)
    words = spoken(["This is all that there is to say."])
    request = FindRequest(str(path), media(probe(path)), transcript(words), FindingOptions())
    result = finding.run(request, context)
    assert len(result.clips) == 1
    assert (context.cache_dir("key") / "clips" / f"{result.clips[0].key}.jpg").is_file()


def test_a_source_that_lost_its_pictures_still_gives_its_list(
    context: RecordingContext, tmp_path: Path
) -> None:
    path = media_maker.talk(tmp_path / "talk.mp4", 4.0)
    info = probe(path)
    path.write_bytes(b"gone")
    words = spoken(sentences())
    request = FindRequest(str(path), media(info), transcript(words), FindingOptions(count=2))
    result = finding.run(request, context)
    assert len(result.clips) == 2
    assert any("no picture" in notice for notice in result.notices)


def test_a_cancel_ends_the_search(context: RecordingContext) -> None:
    context.when_progress = lambda fraction, note: context.cancel()
    with pytest.raises(CancelledError):
        find(spoken(sentences()), context)
