"""The transcription stage with a real Whisper model (a tiny one), real sound and real files."""

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from clipforge_desktop.domain.errors import CancelledError, ClipForgeError, InputError
from clipforge_desktop.domain.order import SpeechOptions, TranscribeRequest
from clipforge_desktop.domain.source import MediaInfo, SourceMedia, SpeechRange
from clipforge_desktop.domain.transcript import Transcript
from clipforge_desktop.stages import transcribing
from tests import tiny_whisper

RATE = 16_000


class FolderContext:
    """A stage context that keeps its checkpoints in a file, as durable as the store's."""

    def __init__(self, root: Path, is_offline: bool = True) -> None:
        self._root = root
        self._offline = is_offline
        self._stopped = threading.Event()
        self.reports: list[tuple[float, str, float | None]] = []
        self.checks = 0
        self.on_check: Callable[[], None] = lambda: None
        self.on_save: Callable[[str], None] = lambda unit: None

    @property
    def job_dir(self) -> Path:
        return self._made("job")

    @property
    def models_dir(self) -> Path:
        return self._made("models")

    @property
    def is_offline(self) -> bool:
        return self._offline

    @property
    def shelf(self) -> Path:
        return self._root / "checkpoints.jsonl"

    def cache_dir(self, content_key: str) -> Path:
        return self._made(f"cache-{content_key}")

    def progress(self, fraction: float, note: str = "", seconds_left: float | None = None) -> None:
        self.check()
        self.reports.append((fraction, note, seconds_left))

    def check(self) -> None:
        self.checks += 1
        self.on_check()
        if self._stopped.is_set():
            raise CancelledError

    def is_cancelled(self) -> bool:
        return self._stopped.is_set()

    def cancel(self) -> None:
        self._stopped.set()

    def on_cancel(self, callback: Callable[[], None]) -> Callable[[], None]:
        return lambda: None

    def save_checkpoint(self, unit: str, payload: str) -> None:
        with self.shelf.open("a", encoding="utf-8") as file:
            file.write(json.dumps([unit, payload]) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.on_save(unit)

    def load_checkpoints(self) -> dict[str, str]:
        if not self.shelf.is_file():
            return {}
        lines = self.shelf.read_text("utf-8").splitlines()
        return dict(map(json.loads, lines))

    def log(self, message: str) -> None: ...

    def _made(self, name: str) -> Path:
        folder = self._root / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def media_of(
    context: FolderContext, samples: np.ndarray | None, speech: tuple[SpeechRange, ...] = ()
) -> SourceMedia:
    """What import would have left for this sound."""
    if samples is not None:
        (np.clip(samples, -1, 1) * 32767).astype("<i2").tofile(
            context.cache_dir("key") / "audio.s16"
        )
    seconds = 0.0 if samples is None else len(samples) / RATE
    info = MediaInfo("mp4", 1, max(seconds, 1.0), 0.0, None, ())
    audio = None if samples is None else "audio.s16"
    return SourceMedia("key", info, None, None, (), (0, 0), audio, None, None, None, speech)


def talk(seconds: float, every_s: float = 12.0) -> tuple[np.ndarray, tuple[SpeechRange, ...]]:
    """A sound of that length and where its "speech" is: 4 of every `every_s` seconds."""
    random = np.random.default_rng(5)
    samples = random.normal(0, 0.0005, round(seconds * RATE))
    ranges = [
        SpeechRange(float(start_s), float(start_s) + 4.0)
        for start_s in np.arange(1.0, seconds - 5, every_s)
    ]
    for spoken in ranges:
        first = round(spoken.start_s * RATE)
        samples[first : first + 4 * RATE] += 0.1 * np.sin(np.arange(4 * RATE) * 0.2)
    return samples, tuple(ranges)


def transcribe(
    context: FolderContext, media: SourceMedia, path: Path, **options: str
) -> Transcript:
    request = TranscribeRequest(str(path), media, SpeechOptions(**options))  # type: ignore[arg-type]  # the tests' own words
    return transcribing.run(request, context).transcript


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_whisper.build(tmp_path_factory.mktemp("whisper") / "tiny-talk")


@pytest.fixture
def context(tmp_path: Path) -> FolderContext:
    return FolderContext(tmp_path)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return tmp_path / "talk.mp4"


def test_whisper_puts_its_words_on_the_speech(
    context: FolderContext, video: Path, tiny_model: Path
) -> None:
    samples, ranges = talk(40)
    media = media_of(context, samples, ranges)
    result = transcribe(context, media, video, speech="whisper", model=str(tiny_model))
    assert (result.origin, result.language) == ("whisper", "en")
    assert result.engine == "Whisper tiny-talk"
    assert result.text(0, 7) == tiny_whisper.words_of()
    assert len(result.words) == 7 * len(ranges)
    assert [result.text(s.first, s.end) for s in result.sentences] == [
        tiny_whisper.words_of()
    ] * len(ranges)
    for word in result.words:
        assert any(r.start_s <= word.start_s and word.end_s <= r.end_s for r in ranges)
    notes = [note for _, note, _ in context.reports]
    assert "Transcribing 0:05 of 0:40" in notes
    assert context.reports[-1][0] == 1.0


def test_the_language_is_heard_from_the_sound(
    context: FolderContext, video: Path, tmp_path: Path
) -> None:
    model = tiny_whisper.build(
        tmp_path / "ja", ("\u4eca\u65e5\u306f", "\u6674\u308c\u3002"), language="ja", spaced=False
    )
    samples, ranges = talk(20)
    result = transcribe(context, media_of(context, samples, ranges), video, model=str(model))
    assert result.language == "ja"
    assert "".join(word.text for word in result.words[:6]).startswith("\u4eca\u65e5\u306f")
    assert result.text(0, 3).count(" ") == 0


def test_a_cancel_is_obeyed_and_finished_ranges_are_kept(
    context: FolderContext, video: Path, tiny_model: Path
) -> None:
    samples, ranges = talk(40)
    media = media_of(context, samples, ranges)
    context.on_save = lambda unit: (
        context.cancel() if len(context.load_checkpoints()) == 2 else None
    )
    with pytest.raises(CancelledError):
        transcribe(context, media, video, model=str(tiny_model))
    kept = context.load_checkpoints()
    assert len(kept) == 2
    again = FolderContext(context.job_dir.parent)
    saved: list[str] = []
    again.on_save = saved.append
    result = transcribe(again, media, video, model=str(tiny_model))
    assert len(result.words) == 7 * len(ranges)
    assert not set(saved) & set(kept)
    assert len(saved) + len(kept) == len(ranges) + 1  # and the language


def test_another_model_does_not_take_over_the_first_ones_ranges(
    context: FolderContext, video: Path, tiny_model: Path, tmp_path: Path
) -> None:
    samples, ranges = talk(20)
    media = media_of(context, samples, ranges)
    transcribe(context, media, video, model=str(tiny_model))
    other = tiny_whisper.build(tmp_path / "other", ("Something", "else."))
    assert transcribe(context, media, video, model=str(other)).words[0].text == "Something"


def test_an_installed_model_is_used_before_a_transcript_beside_the_video(
    context: FolderContext, video: Path, tiny_model: Path
) -> None:
    video.with_suffix(".srt").write_text("1\n00:00:01,000 --> 00:00:03,000\nBeside it.\n", "utf-8")
    samples, ranges = talk(20)
    media = media_of(context, samples, ranges)
    assert transcribe(context, media, video).origin == "sidecar"
    installed = context.models_dir / "whisper" / "tiny"
    installed.parent.mkdir()
    installed.symlink_to(tiny_model)
    assert transcribe(context, media, video).engine == "Whisper tiny"


def test_auto_drafts_in_english_and_says_so(context: FolderContext, video: Path) -> None:
    samples, _ = talk(8)
    blip = (SpeechRange(1.0, 1.6),)
    result = transcribe(context, media_of(context, samples, blip), video)
    assert result.origin in ("draft", "none")  # a tone may or may not sound like a word
    assert any("draft" in notice for notice in result.notices)


def test_a_broken_installed_model_is_named_and_the_work_goes_on(
    context: FolderContext, video: Path
) -> None:
    broken = context.models_dir / "whisper" / "small"
    broken.mkdir(parents=True)
    (broken / "model.bin").write_bytes(b"\0" * 5000)
    video.with_suffix(".srt").write_text("1\n00:00:01,000 --> 00:00:03,000\nBeside it.\n", "utf-8")
    samples, ranges = talk(20)
    result = transcribe(context, media_of(context, samples, ranges), video)
    assert result.origin == "sidecar"
    assert str(broken) in result.notices[0]


def test_no_sound_no_speech_and_no_wish_each_have_a_plain_answer(
    context: FolderContext, video: Path
) -> None:
    silent = transcribe(context, media_of(context, None), video)
    assert (silent.origin, silent.words) == ("none", ())
    assert "no sound" in silent.notices[0]
    samples, ranges = talk(8)
    music = transcribe(context, media_of(context, samples, ()), video)
    assert "Nobody was heard" in music.notices[0]
    unwanted = transcribe(context, media_of(context, samples, ranges), video, speech="none")
    assert (unwanted.origin, unwanted.words, unwanted.notices) == ("none", (), ())


@pytest.mark.parametrize("has_sound", [True, False])
def test_words_written_beside_a_video_count_where_nobody_is_heard(
    context: FolderContext, video: Path, has_sound: bool
) -> None:
    video.with_suffix(".srt").write_text("1\n00:00:00,200 --> 00:00:00,900\nSung words.\n", "utf-8")
    samples, _ = talk(8)
    result = transcribe(context, media_of(context, samples if has_sound else None, ()), video)
    assert result.origin == "sidecar"
    assert result.text(0, 2) == "Sung words."


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"speech": "whisper"}, "whisper_model_missing"),
        ({"model": "small"}, "whisper_model_missing"),  # named, but offline
        ({"model": "enormous"}, "whisper_model_unknown"),
        ({"speech": "draft", "language": "de"}, "draft_is_english"),
        ({"language": "Klingon"}, "language_unknown"),
        ({"transcript": "nowhere.srt"}, "transcript_missing"),
    ],
)
def test_what_cannot_be_had_is_refused_by_name(
    context: FolderContext, video: Path, options: dict[str, str], code: str
) -> None:
    samples, ranges = talk(8)
    with pytest.raises(ClipForgeError) as refused:
        transcribe(context, media_of(context, samples, ranges), video, **options)
    assert refused.value.failure.code == code
    assert refused.value.failure.next_step


def test_auto_without_a_recogniser_for_the_language_says_so(
    context: FolderContext, video: Path
) -> None:
    samples, ranges = talk(8)
    result = transcribe(context, media_of(context, samples, ranges), video, language="German")
    assert result.origin == "none"
    assert "German" in result.notices[0]


def test_a_transcript_named_by_the_user_is_taken_before_all_else(
    context: FolderContext, video: Path, tmp_path: Path
) -> None:
    file = tmp_path / "words.json"
    segments = [{"start": 1.0, "end": 3.0, "text": " Hello there."}]
    file.write_text(json.dumps({"language": "English", "segments": segments}), "utf-8")
    samples, ranges = talk(8)
    media = media_of(context, samples, ranges)
    result = transcribe(context, media, video, transcript=str(file))
    assert (result.origin, result.engine, result.language) == ("sidecar", "words.json", "en")
    assert result.text(0, 2) == "Hello there."


def test_sound_gone_from_the_cache_is_a_coded_error(context: FolderContext, video: Path) -> None:
    samples, ranges = talk(8)
    media = media_of(context, samples, ranges)
    (context.cache_dir("key") / "audio.s16").unlink()
    with pytest.raises(ClipForgeError) as refused:
        transcribe(context, media, video)
    assert refused.value.failure.code == "audio_missing"


def test_a_model_for_english_is_not_given_another_language(
    context: FolderContext, video: Path, tmp_path: Path
) -> None:
    model = str(tiny_whisper.build(tmp_path / "tiny.en", multilingual=False))
    samples, ranges = talk(8)
    media = media_of(context, samples, ranges)
    with pytest.raises(InputError) as refused:
        transcribe(context, media, video, model=model, language="de")
    assert refused.value.failure.code == "whisper_model_language"
    assert transcribe(context, media, video, model=model).text(0, 7) == tiny_whisper.words_of()
