"""Sound tracks as cameras and recorders leave them: few channels, many, late, with holes."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.stages.export import soundtrack
from tests import media_maker
from tests.pipeline import export_maker as maker
from tests.pipeline import sound_maker
from tests.stage_context import RecordingContext

HZ = 48_000
BEEPS = "aevalsrc='0.3*sin(2*PI*900*t)*lt(mod(t,1),0.1)':s=48000:d=6"
"""A tenth of a second of tone at every full second."""

Sound = npt.NDArray[np.int16]


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


def filmed(
    path: Path, *coder: str, late_s: float = 0.0, sound: str = BEEPS, more: Sequence[str] = ()
) -> Path:
    media_maker.ffmpeg(
        *media_maker.lavfi("testsrc2=size=128x128:rate=25:duration=6"),
        "-itsoffset", str(late_s), *media_maker.lavfi(sound),
        *more, *media_maker.H264, *coder, f"file:{path}",
    )  # fmt: skip
    return path


def exported(
    source: Path, context: RecordingContext, pieces: Sequence[tuple[float, float]]
) -> Sound:
    info, clock = sound_maker.clip(source, [Piece(*piece) for piece in pieces])
    made = soundtrack.make(source, info, clock, context)
    sound = maker.samples(context.job_dir / made.file)
    assert len(sound) / HZ == pytest.approx(clock.duration_s, abs=0.03)
    return sound


def beeps_s(sound: Sound) -> list[float]:
    """When each tone begins."""
    loud = np.abs(sound[:, 0].astype(int)) > 0.3 * np.abs(sound).max()
    at = np.flatnonzero(loud)
    begins = at[np.flatnonzero(np.diff(at, prepend=-HZ) > HZ // 4)]
    return [float(sample) / HZ for sample in begins]


@pytest.mark.parametrize(
    ("ending", "coder"),
    [
        ("wav", ("-ar", "8000", "-ac", "1")),
        ("mp4", ("-c:a", "aac", "-ar", "8000", "-ac", "1")),
        ("mp4", ("-c:a", "aac", "-ac", "1")),
        ("mkv", ("-c:a", "ac3", "-ac", "6")),
        ("mkv", ("-c:a", "flac", "-ac", "8")),
        ("mkv", ("-c:a", "libopus")),
        ("ts", ("-c:a", "mp2")),
    ],
    ids=["8 kHz", "AAC 8 kHz", "AAC mono", "AC-3 5.1", "FLAC 7.1", "Opus", "MP2 in TS"],
)
def test_any_track_becomes_stereo_in_its_place(
    tmp_path: Path, context: RecordingContext, ending: str, coder: tuple[str, ...]
) -> None:
    if ending == "wav":
        source = tmp_path / "sound.wav"
        media_maker.ffmpeg(*media_maker.lavfi(BEEPS), *coder, source)
    else:
        source = filmed(tmp_path / f"talk.{ending}", *coder)
    sound = exported(source, context, [(0.5, 2.5), (3.5, 5.5)])
    assert beeps_s(sound) == pytest.approx([0.5, 1.5, 2.5, 3.5], abs=0.005)
    left, right = sound.astype(float).T
    assert np.corrcoef(left, right)[0, 1] > 0.95
    assert np.abs(sound).max() < 32767


def test_what_only_the_surround_speakers_play_is_not_lost(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = tmp_path / "around.wav"
    place = "aformat=channel_layouts=mono,pan=5.1|BL=c0|BR=c0"
    media_maker.ffmpeg(*media_maker.lavfi(BEEPS), "-af", place, source)
    sound = exported(source, context, [(0.5, 5.5)])
    assert len(beeps_s(sound)) == 5


def test_of_two_tracks_the_one_that_players_choose_is_heard(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = filmed(
        tmp_path / "two.mkv", "-c:a", "flac", "-disposition:a:0", "0",
        "-disposition:a:1", "default",
        sound="sine=frequency=300:sample_rate=48000:duration=6",
        more=(*media_maker.lavfi(BEEPS), "-map", "0:v", "-map", "1:a", "-map", "2:a"),
    )  # fmt: skip
    assert len(beeps_s(exported(source, context, [(0.5, 5.5)]))) == 5


@pytest.mark.parametrize("ending", ["mp4", "mkv", "ts"])
def test_a_track_that_starts_late_stays_in_its_place_with_silence_before(
    tmp_path: Path, context: RecordingContext, ending: str
) -> None:
    source = filmed(tmp_path / f"late.{ending}", "-c:a", "aac", late_s=1.3)
    sound = exported(source, context, [(0.1, 5.1)])
    assert beeps_s(sound) == pytest.approx([1.2, 2.2, 3.2, 4.2], abs=0.005)
    assert np.abs(sound[: int(1.1 * HZ)]).max() < 100


def test_what_comes_after_a_hole_stays_in_its_place(
    tmp_path: Path, context: RecordingContext
) -> None:
    whole = filmed(tmp_path / "talk.mkv", "-c:a", "aac")
    source = sound_maker.with_hole(whole, tmp_path / "hole.mkv", 1.8, 3.4)
    sound = exported(source, context, [(0.5, 5.5)])
    assert beeps_s(sound) == pytest.approx([0.5, 3.5, 4.5], abs=0.005)
    assert np.abs(sound[int(1.4 * HZ) : int(2.8 * HZ)]).max() < 100


def test_a_track_that_ends_early_leaves_silence_to_the_end(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = filmed(tmp_path / "short.mp4", "-c:a", "aac", sound=BEEPS.replace("d=6", "d=3.5"))
    sound = exported(source, context, [(0.5, 5.5)])
    assert beeps_s(sound) == pytest.approx([0.5, 1.5, 2.5], abs=0.005)
    assert np.abs(sound[int(3.1 * HZ) :]).max() < 100


def test_a_clip_wholly_before_a_late_track_is_silent_and_as_long_as_its_picture(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = filmed(tmp_path / "late.mp4", "-c:a", "aac", late_s=3.0)
    assert np.abs(exported(source, context, [(0.5, 2.5)])).max() < 5


def test_many_joins_never_click(tmp_path: Path, context: RecordingContext) -> None:
    source = filmed(tmp_path / "tone.mkv", "-c:a", "flac", sound="sine=frequency=100:d=6:r=48000")
    pieces = [(0.2 * n, 0.2 * n + 0.133) for n in range(1, 25)]
    sound = exported(source, context, pieces)[:, 0].astype(float)
    steps = np.abs(np.diff(sound))
    steepest_of_tone = 2 * np.pi * 100 / HZ * np.abs(sound).max()
    assert steps.max() < 1.6 * steepest_of_tone
