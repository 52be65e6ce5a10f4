"""The wishes for sound all the way into finished files: music, noise, loudness, copied packets."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from clipforge_desktop.domain.delivery import Delivery, MusicBed
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.stages import exporting
from tests import media_maker
from tests.pipeline import export_maker as maker
from tests.pipeline import sound_maker
from tests.stage_context import RecordingContext

HISS = "0.004*(random(0)-0.5)"
TALK = f"aevalsrc='0.2*sin(2*PI*220*t)*between(t,2,4)+{HISS}':s=48000:c=stereo:d=6"


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


def filmed(path: Path, sound: str, *filters: str) -> Path:
    media_maker.ffmpeg(
        *media_maker.lavfi("testsrc2=size=128x128:rate=25:duration=6"), *media_maker.lavfi(sound),
        *filters, *media_maker.H264, "-c:a", "aac", "-b:a", "160k", f"file:{path}",
    )  # fmt: skip
    return path


def test_one_job_gives_each_platform_its_loudness_with_music_and_without_noise(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = filmed(tmp_path / "talk.mp4", TALK)
    tone = "aevalsrc='0.1*sin(2*PI*3000*t)':s=48000:c=stereo"
    music = media_maker.sound_only(tmp_path / "it's music.wav", 3.0, source=tone)
    asked = maker.request(
        source, tmp_path / "out", pieces=[(0.0, 6.0)], words=[(2.0, 4.0, "Hello")],
        aspects=("128x128",),
    )  # fmt: skip
    deliveries = Delivery("one", lufs=-14.0), Delivery("other", lufs=-18.0, peak_dbtp=-2.0)
    bed = MusicBed(str(music), level_lu=-20.0)
    options = replace(asked.options, deliveries=deliveries, music=bed, reduce_noise=True)
    result = exporting.run(replace(asked, options=options), context)
    for delivery, file in zip(deliveries, result.files, strict=True):
        lufs, peak = maker.loudness(file.video)
        assert lufs == pytest.approx(delivery.lufs, abs=0.5)
        assert peak <= delivery.peak_dbtp
        wave = maker.samples(file.video)[:, 0].astype(float)
        turning = wave * np.exp(-2j * np.pi * 3000 * np.arange(len(wave)) / 48_000)
        alone, under = (abs(turning[a * 48_000 : b * 48_000].mean()) for a, b in ((1, 2), (3, 4)))
        assert 20 * np.log10(under / alone) == pytest.approx(-bed.duck_lu, abs=2)


def test_music_that_is_gone_fails_the_export_in_plain_words(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = filmed(tmp_path / "talk.mp4", TALK)
    asked = maker.request(source, tmp_path / "out", aspects=("128x128",))
    options = replace(asked.options, music=MusicBed(str(tmp_path / "gone.mp3")))
    with pytest.raises(InputError) as refused:
        exporting.run(replace(asked, options=options), context)
    assert refused.value.failure.code == "music_missing"
    assert not list((tmp_path / "out").glob("*.part"))


def test_copied_sound_is_heard_where_encoded_sound_would_be(
    tmp_path: Path, context: RecordingContext
) -> None:
    louder = ("-af", "volume=8.2dB,alimiter=limit=0.7:level=0")
    source = filmed(tmp_path / "talk.mp4", f"{sound_maker.VOICE}:d=6", *louder)
    lufs = maker.loudness(source)[0]
    heard = []
    for folder, target in (("copied", lufs), ("encoded", lufs - 4)):
        asked = maker.request(source, tmp_path / folder, pieces=[(0.0, 6.0)], aspects=("128x128",))
        options = replace(asked.options, deliveries=(Delivery("any", lufs=target),))
        (file,) = exporting.run(replace(asked, options=options), context).files
        assert (maker.recipe_of(file)["gain_db"] == 0.0) == (folder == "copied")
        heard.append(maker.samples(file.video))
    assert abs(sound_maker.lag(*heard)) <= 48, "within a thousandth of a second"
