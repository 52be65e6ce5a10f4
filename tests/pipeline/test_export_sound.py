"""Loudness, peaks, channels and joins, measured in the finished files."""

from pathlib import Path

import numpy as np
import pytest

from clipforge_desktop.domain.order import ExportResult
from clipforge_desktop.stages import exporting
from tests import media_maker
from tests.pipeline import export_maker as maker
from tests.stage_context import RecordingContext

# A voice-like sound: bursts of low noise with pauses, and now and then a loud click.
VOICE = (
    "aevalsrc='{gain}*(random(0)-0.5)*(0.3+0.7*gt(sin(2*PI*1.7*t),-0.3))*gt(sin(2*PI*0.4*t),-0.8)"
    "+{click}*eq(mod(floor(t*1000),700),0)':s=48000:d=8:c={layout}"
)


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


def exported(source: Path, tmp_path: Path, context: RecordingContext) -> tuple[ExportResult, str]:
    asked = maker.request(source, tmp_path / "out", pieces=[(0.0, 7.5)], aspects=("128x128",))
    result = exporting.run(asked, context)
    return result, result.files[0].video


@pytest.mark.parametrize(
    ("gain", "click"),
    [(0.07, 0.0), (0.2, 0.9), (0.08, 0.7), (1.9, 0.0)],
    ids=["quiet", "clicks", "uneven", "loud"],
)
def test_loudness_and_peak_are_right_and_told(
    tmp_path: Path, context: RecordingContext, gain: float, click: float
) -> None:
    source = media_maker.sound_only(
        tmp_path / "voice.wav", 8, source=VOICE.format(gain=gain, click=click, layout="stereo")
    )
    result, video = exported(source, tmp_path, context)
    lufs, peak = maker.loudness(video)
    assert lufs == pytest.approx(-14.0, abs=0.5)
    assert peak <= -1.0
    assert result.files[0].integrated_lufs == pytest.approx(lufs, abs=0.11)
    assert maker.recipe_of(result.files[0])["integrated_lufs"] == result.files[0].integrated_lufs
    assert result.notices == ()


def test_silence_is_left_silent_and_said(tmp_path: Path, context: RecordingContext) -> None:
    source = media_maker.talk(tmp_path / "t.mp4", 8.0)
    silent = tmp_path / "silent.mp4"
    media_maker.ffmpeg("-i", source, "-af", "volume=0", "-c:v", "copy", silent)
    result, video = exported(silent, tmp_path, context)
    assert np.abs(maker.samples(video)).max() <= 2
    assert result.files[0].integrated_lufs is None
    assert any("silent" in notice for notice in result.notices)


def test_a_source_without_sound_gets_a_silent_track(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = media_maker.picture_only(tmp_path / "mute.mp4", 8.0)
    result, video = exported(source, tmp_path, context)
    assert "48000 Hz, stereo" in maker.streams(video)
    assert np.abs(maker.samples(video)).max() == 0
    assert any("no sound" in notice for notice in result.notices)


@pytest.mark.parametrize("layout", ["mono", "5.1", "7.1"])
def test_any_number_of_channels_becomes_stereo_with_the_voice_in_both(
    tmp_path: Path, context: RecordingContext, layout: str
) -> None:
    source = tmp_path / "many.mkv"
    place = "" if layout == "mono" else f",pan={layout}|FC=c0"
    media_maker.ffmpeg(
        *media_maker.lavfi(VOICE.format(gain=0.2, click=0, layout="mono")),
        "-af", f"aformat=channel_layouts=mono{place}", "-c:a", "pcm_s16le", source,
    )  # fmt: skip
    _, video = exported(source, tmp_path, context)
    left, right = maker.samples(video).astype(float).T
    assert np.corrcoef(left, right)[0, 1] > 0.95
    assert maker.loudness(video)[0] == pytest.approx(-14.0, abs=0.5)


def test_joins_do_not_click(tmp_path: Path, context: RecordingContext) -> None:
    source = media_maker.talk(tmp_path / "tone.mp4", 6.0, hz=100)
    pieces = [(0.0, 1.0025), (2.005, 3.0), (4.0, 5.0)]
    asked = maker.request(source, tmp_path / "out", pieces=pieces, aspects=("128x128",))
    (file,) = exporting.run(asked, context).files
    sound = maker.samples(file.video)[:, 0].astype(float)
    steps = np.abs(np.diff(sound))
    steady = steps[24_000:40_000].max()
    for join_s in (1.0025, 1.9975):
        around = steps[int(join_s * 48_000) - 2400 : int(join_s * 48_000) + 2400]
        assert around.max() < 2 * steady
        quiet = np.abs(sound[int(join_s * 48_000) - 60 : int(join_s * 48_000) + 60]).max()
        assert quiet < 0.25 * np.abs(sound).max(), "faded out and in"
