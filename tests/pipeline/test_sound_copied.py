"""A whole source whose sound is right already keeps its packets, and stays in step."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.delivery import MusicBed
from clipforge_desktop.stages.export import soundtrack
from clipforge_desktop.stages.export.sound import SoundWish
from clipforge_desktop.stages.export.soundtrack import Soundtrack
from tests import media_maker
from tests.pipeline import export_maker as maker
from tests.pipeline import sound_maker
from tests.stage_context import RecordingContext

SECONDS = 5.0
AAC = ("-c:a", "aac", "-b:a", "128k")


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


def talk(
    path: Path, *, coder: Sequence[str] = AAC, hz: int = 48_000, options: Sequence[str] = ()
) -> Path:
    """A picture with a voice-like sound at about -14 LUFS."""
    media_maker.ffmpeg(
        *media_maker.lavfi(f"testsrc2=size=128x128:rate=25:duration={SECONDS}"),
        *options, *media_maker.lavfi(f"{sound_maker.VOICE}:d={SECONDS}"),
        "-af", "volume=8.2dB,alimiter=limit=0.7:level=0", "-ar", str(hz),
        *media_maker.H264, "-bf", "0", *coder, f"file:{path}",
    )  # fmt: skip
    return path


def sound_of(
    source: Path, context: RecordingContext, wish: SoundWish, end_s: float | None = None
) -> Soundtrack:
    info, _ = sound_maker.clip(source, [Piece(0.0, 1.0)])
    _, clock = sound_maker.clip(source, [Piece(0.0, end_s or info.duration_s)])
    return soundtrack.make(source, info, clock, context, wish)


def as_loud_as(source: Path) -> SoundWish:
    return SoundWish(lufs=maker.loudness(source)[0])


@pytest.mark.parametrize("ending", ["mp4", "mov", "mkv", "ts"])
def test_a_sound_that_is_right_is_copied_and_stays_where_encoding_would_put_it(
    tmp_path: Path, context: RecordingContext, ending: str
) -> None:
    source = talk(tmp_path / f"talk.{ending}")
    wish = as_loud_as(source)
    copied = sound_of(source, context, wish)
    assert copied.is_copied
    assert copied.gain_db == 0.0
    assert copied.integrated_lufs == pytest.approx(wish.lufs, abs=0.3)
    louder = SoundWish(lufs=wish.lufs - 3)
    encoded = sound_of(source, context, louder)
    assert not encoded.is_copied
    heard = [maker.samples(context.job_dir / sound.file) for sound in (encoded, copied)]
    assert abs(sound_maker.lag(*heard)) <= 48, "within a thousandth of a second"


def test_whatever_changes_the_sound_has_it_encoded(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = talk(tmp_path / "talk.mp4")
    right = as_loud_as(source)
    music = media_maker.sound_only(tmp_path / "music.wav", 2.0)
    for wish in (
        SoundWish(lufs=right.lufs - 0.5),
        SoundWish(lufs=right.lufs, peak_dbtp=-12.0),
        SoundWish(lufs=right.lufs, reduce_noise=True),
        SoundWish(lufs=right.lufs, music=MusicBed(str(music))),
    ):
        assert not sound_of(source, context, wish).is_copied, wish


def test_a_part_of_a_source_is_encoded(tmp_path: Path, context: RecordingContext) -> None:
    source, part = talk(tmp_path / "talk.mp4"), tmp_path / "part.wav"
    media_maker.ffmpeg("-i", source, "-t", "3", part)
    sound = sound_of(source, context, as_loud_as(part), end_s=3.0)
    assert sound.integrated_lufs == pytest.approx(maker.loudness(part)[0], abs=0.3)
    assert not sound.is_copied


@pytest.mark.parametrize(
    ("ending", "coder", "hz"),
    [
        ("mkv", ("-c:a", "libopus"), 48_000),
        ("mp4", AAC, 44_100),
        ("mp4", (*AAC, "-ac", "1"), 48_000),
    ],
    ids=["opus", "44.1 kHz", "mono"],
)
def test_a_sound_of_another_kind_is_encoded(
    tmp_path: Path, context: RecordingContext, ending: str, coder: Sequence[str], hz: int
) -> None:
    source = talk(tmp_path / f"talk.{ending}", coder=coder, hz=hz)
    assert not sound_of(source, context, as_loud_as(source)).is_copied


def test_a_sound_that_starts_late_is_encoded(tmp_path: Path, context: RecordingContext) -> None:
    source = talk(tmp_path / "late.mp4", options=("-itsoffset", "0.3"))
    assert not sound_of(source, context, as_loud_as(source)).is_copied


def test_a_sound_with_a_hole_is_encoded(tmp_path: Path, context: RecordingContext) -> None:
    source = sound_maker.with_hole(talk(tmp_path / "talk.mkv"), tmp_path / "hole.mkv", 2.0, 2.5)
    assert not sound_of(source, context, as_loud_as(source)).is_copied
