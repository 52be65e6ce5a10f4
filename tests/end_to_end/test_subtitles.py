"""`clipforge subtitles` and exports without pauses and fillers, as a user runs them."""

import json
import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pysubs2
import pytest
from numpy.typing import NDArray

from clipforge_desktop import cli
from clipforge_desktop.app import commands
from clipforge_desktop.domain.clip import FoundClip, Piece
from clipforge_desktop.domain.cuts import word_cut
from clipforge_desktop.domain.edit import ClipEdit
from clipforge_desktop.domain.order import Order
from clipforge_desktop.domain.transcript import Correction, Sentence, Transcript, Word
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from tests import media_maker, program
from tests.gui.furnishing import plain_media

SAID = "It was um, you know, the best day. Nobody came uh twice."
PAUSES_S = (0.5, 0, 0.2, 0.1, 0, 0.1, 0, 0, 1.2, 0.05, 0.2, 0.2)
TINY = ("--aspect", "144x256", "--min-seconds", "3", "--max-seconds", "12", "--count", "1")


def words() -> tuple[Word, ...]:
    found: list[Word] = []
    at_s = 0.0
    for text, pause_s in zip(SAID.split(), PAUSES_S, strict=True):
        at_s += pause_s
        found.append(Word(round(at_s, 3), round(at_s + 0.4, 3), text))
        at_s += 0.4
    return tuple(found)


@pytest.fixture
def talk(home: Home, tmp_path: Path) -> Path:
    """A video in the library with words and one clip of 8 s; the first word is corrected."""
    video = tmp_path / "talk.mp4"
    video.touch()
    transcript = Transcript("en", "whisper", "test", words(), (Sentence(0, 8), Sentence(8, 12)))
    with Store.open(home) as store:
        source_id = store.library.add_source(str(video), video.name, 0, 1)
        store.library.set_media(source_id, plain_media("key", 8.0))
        store.library.save_transcript("key", "p", transcript)
        order_id = store.library.add_order(source_id, Order())
        clip = FoundClip((Piece(0.4, 8.0),), 80, "story", (), "", "The best day", True)
        store.library.save_clips(source_id, order_id, [clip])
        commands.correct_words(store, "key", transcript, [Correction(0, "That"), Correction(7, "")])
    return video


def cues(file: Path) -> list[tuple[int, int, str]]:
    return [(cue.start, cue.end, cue.plaintext) for cue in pysubs2.load(str(file))]


def test_subtitles_and_timelines_follow_the_pace_that_an_export_has(
    home: Home, talk: Path, tmp_path: Path, handlers: None
) -> None:
    paced = ("--clip", "1", "--pace", "extra-fast", "--cut-fillers", "--out")
    run = ["--home", str(home.root)]
    plain, tight = tmp_path / "plain.srt", tmp_path / "tight.srt"
    assert cli.run([*run, "subtitles", str(talk), "--clip", "1", "--out", str(plain)]) == 0
    assert cli.run([*run, "subtitles", str(talk), *paced, str(tight)]) == 0
    whole, left = ("".join(text for _, _, text in cues(file)) for file in (plain, tight))
    assert "um," in whole
    assert "uh" in whole
    assert "um," not in left
    assert "uh" not in left
    assert cues(tight)[-1][1] < cues(plain)[-1][1] - 1000
    send = ["exchange", str(talk), "--format", "edl", *paced, str(tmp_path / "edit")]
    assert cli.run([*run, *send]) == 0
    [edl] = (tmp_path / "edit").iterdir()
    assert sum(line[:3].isdigit() for line in edl.read_text().splitlines()) > 2
    everything = ["subtitles", str(talk), *paced[2:], str(tmp_path / "all.srt"), "--json"]
    assert cli.run([*run, *everything]) == 2


def test_a_whole_video_is_written_in_every_kind_as_it_was_corrected(
    home: Home, talk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], handlers: None
) -> None:
    for ending in ("srt", "vtt", "ass", "json"):
        out = tmp_path / f"words.{ending}"
        given = ["subtitles", str(talk), "--out", str(out), "--json"]
        if ending == "ass":  # needs a Qt application of its own
            assert program.run(home, *given).code == 0
        else:
            assert cli.run(["--home", str(home.root), *given]) == 0
            assert json.loads(capsys.readouterr().out)["file"] == str(out)
        text = out.read_text("utf-8")
        assert "That" in text
        assert "day." not in text, "corrected to nothing"
    start, _, first = cues(tmp_path / "words.srt")[0]
    assert start == pytest.approx(500, abs=90)
    assert first.split()[0] == "That"
    assert not list(tmp_path.glob("*.part"))


def test_a_clip_is_written_on_its_own_clock_without_what_was_cut(
    home: Home, talk: Path, tmp_path: Path
) -> None:
    with Store.open(home) as store:
        clip = store.library.clips_of_source(1)[0]
        cut = word_cut(words(), 2, 5)
        commands.edit_clip(store, clip.id, ClipEdit(cuts=(cut,)))
    out = tmp_path / "clip.json"
    assert program.run(home, "subtitles", "1", "--clip", "1", "--out", out).code == 0
    written = [word for part in json.loads(out.read_text())["segments"] for word in part["words"]]
    assert [word["word"].strip() for word in written][:3] == ["That", "was", "the"]
    assert written[0]["start"] == pytest.approx(0.1, abs=0.01)
    gone_s = words()[5].start_s - cut.duration_s - 0.4
    assert written[2]["start"] == pytest.approx(gone_s, abs=0.01)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nowhere.mp4", "--out", "a.srt"], "video_unknown"),
        (["1", "--clip", "7", "--out", "a.srt"], "clip_unknown"),
        (["1", "--out", "a.txt"], "subtitle_kind"),
        (["1", "--out", "a.srt", "--style", "pill"], "style_needs_ass"),
        (["1", "--out", "missing/a.srt"], "output_not_writable"),
        (["1", "--out", "talk.mp4.srt"], "file_exists"),
        (["2", "--out", "a.srt"], "no_words"),
    ],
)
def test_what_cannot_be_written_is_refused_by_name(
    home: Home, talk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], handlers: None, arguments: Sequence[str], code: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("talk.mp4.srt").write_text("mine")
    with Store.open(home) as store:
        store.library.add_source(str(tmp_path / "silent.mp4"), "silent.mp4", 0, 2)
    assert cli.run(["--home", str(home.root), "subtitles", *arguments, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["code"] == code
    assert Path("talk.mp4.srt").read_text() == "mine"


def spoken_video(folder: Path) -> Path:
    """A tone that never rests, under words with pauses, so that a click at a join would show."""
    video = media_maker.talk(folder / "spoken.mp4", 10, hz=220)
    lines = [
        {"word": f" {word.text}", "start": word.start_s, "end": word.end_s} for word in words()
    ]
    said = {"start": 0.5, "end": words()[-1].end_s, "text": SAID, "words": lines}
    transcript = {"text": SAID, "language": "en", "segments": [said]}
    video.with_suffix(".json").write_text(json.dumps(transcript))
    return video


def samples(video: Path) -> NDArray[np.int16]:
    out = video.with_suffix(".wav")
    media_maker.ffmpeg("-i", video, "-ac", "1", "-ar", "48000", out)
    with wave.open(str(out)) as sound:
        return np.frombuffer(sound.readframes(sound.getnframes()), np.int16)


def test_an_export_at_a_pace_is_shorter_says_so_and_never_clicks(
    home: Home, tmp_path: Path
) -> None:
    video = spoken_video(tmp_path)
    cut = ("--pace", "fast", "--cut-fillers")
    tight = program.run(home, "process", video, "--out", tmp_path / "b", "--json", *TINY, *cut)
    assert tight.code == 0, tight.errors
    [after] = tight.of("clip")
    assert len(after["pieces"]) == 4
    kept_s = sum(end_s - start_s for start_s, end_s in after["pieces"])
    assert after["end_s"] - after["start_s"] - kept_s > 2.2
    file = Path(after["files"]["video"])
    sound = samples(file)
    assert len(sound) / 48000 == pytest.approx(kept_s, abs=0.1)
    text = Path(after["files"]["subtitles"]).read_text("utf-8")
    assert "It was the best day." in " ".join(text.split())
    assert "um" not in text
    assert "uh" not in text
    joins_s = np.cumsum([end_s - start_s for start_s, end_s in after["pieces"]])[:-1]
    loudest = int(np.abs(sound).max())
    for join_s in joins_s:
        around = sound[round((join_s - 0.06) * 48000) : round((join_s + 0.06) * 48000)]
        quiet = np.abs(around.astype(int)).reshape(-1, 48).max(axis=1).min()
        assert quiet < 0.15 * loudest, "the sound fades out and in where pieces meet"
    steps = np.abs(np.diff(sound.astype(int))).max()
    assert steps < 0.08 * loudest, "a 220 Hz tone at 48 kHz moves by 3 % a sample; a click jumps"


def test_cuts_without_an_export_are_refused(
    home: Home, capsys: pytest.CaptureFixture[str], handlers: None
) -> None:
    for given in (["--pace", "fast"], ["--cut-fillers"]):
        code = cli.run(["--home", str(home.root), "process", "talk.mp4", "--find-only", *given])
        assert code == 2
        assert "--find-only" in capsys.readouterr().err
