"""Several sounds of one clip: one for each loudness that a platform wants, from one decode."""

from pathlib import Path

import pytest

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.stages.export import soundtrack
from clipforge_desktop.stages.export.sound import SoundWish
from tests import media_maker
from tests.pipeline import export_maker as maker
from tests.pipeline import sound_maker
from tests.stage_context import RecordingContext


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


def test_each_wish_is_met_and_the_clip_is_decoded_once(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = media_maker.sound_only(tmp_path / "voice.wav", 6, source=sound_maker.VOICE)
    info, clock = sound_maker.clip(source, [Piece(0.0, 5.0)])
    wishes = (SoundWish(), SoundWish(lufs=-16.0), SoundWish(lufs=-20.0, peak_dbtp=-3.0))
    made = [soundtrack.make(source, info, clock, context, wish) for wish in wishes]
    assert len({sound.file for sound in made}) == len(wishes)
    assert made[0].file == soundtrack.SOUND_FILE
    for wish, sound in zip(wishes, made, strict=True):
        lufs, peak = maker.loudness(context.job_dir / sound.file)
        assert lufs == pytest.approx(wish.lufs, abs=0.5)
        assert sound.integrated_lufs == pytest.approx(lufs, abs=0.11)
        assert peak <= wish.peak_dbtp
    assert sum("voice.wav" in line for line in context.logged) == 1


def test_another_clip_in_the_same_folder_is_not_given_the_first_ones_samples(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = media_maker.sound_only(tmp_path / "voice.wav", 6, source=sound_maker.VOICE)
    for end_s in (2.0, 4.0):
        info, clock = sound_maker.clip(source, [Piece(0.0, end_s)])
        sound = soundtrack.make(source, info, clock, context)
        length = len(maker.samples(context.job_dir / sound.file))
        assert length == pytest.approx(end_s * 48_000, abs=1100)
