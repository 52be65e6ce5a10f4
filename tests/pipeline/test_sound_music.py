"""Music under a clip: how loud, how it makes room for words, and what cannot be taken."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.delivery import MusicBed
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.stages.export import soundtrack
from clipforge_desktop.stages.export.sound import SoundWish
from clipforge_desktop.stages.export.sound_music import music_key
from clipforge_desktop.stages.export.soundtrack import Soundtrack
from tests import media_maker
from tests.pipeline import export_maker as maker
from tests.pipeline import sound_maker
from tests.stage_context import RecordingContext

SPEECH = (Piece(3.0, 4.0), Piece(4.5, 5.5))
VOICE = "aevalsrc='0.3*sin(2*PI*220*t)*(between(t,3,4)+between(t,4.5,5.5))':s=48000:c=stereo:d=10"
NAME = "it's [my]; music: 100%, a\\b.wav"
HZ = 48_000

Wave = npt.NDArray[np.float64]


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """A steady tone of 3 kHz, which can be told from the voice; shorter than the clip."""
    tone = "aevalsrc='0.1*sin(2*PI*3000*t)':s=44100:c=stereo"
    return media_maker.sound_only(tmp_path / NAME, 2.3001, source=tone)


def made(
    tmp_path: Path, context: RecordingContext, bed: MusicBed, speech: tuple[Piece, ...] = SPEECH
) -> tuple[Soundtrack, npt.NDArray[np.int16]]:
    source = media_maker.sound_only(tmp_path / "talk.wav", 10, source=VOICE)
    info, clock = sound_maker.clip(source, [Piece(0.0, 10.0)])
    wish = SoundWish(music=bed, speech=speech)
    sound = soundtrack.make(source, info, clock, context, wish)
    return sound, maker.samples(context.job_dir / sound.file)


def music_db(sound: npt.NDArray[np.int16], channel: int = 0) -> Wave:
    """The level of 3 kHz in each hundredth of a second."""
    wave = sound[:, channel].astype(float) / 32768
    turning = wave * np.exp(-2j * np.pi * 3000 * np.arange(len(wave)) / HZ)
    parts = turning[: len(wave) // 480 * 480].reshape(-1, 480).mean(axis=1)
    level: Wave = 20 * np.log10(2 * np.abs(parts) + 1e-6)
    return level


def test_the_music_lies_as_far_below_the_clip_as_wished_and_steps_back_for_words(
    tmp_path: Path, context: RecordingContext, music: Path
) -> None:
    bed = MusicBed(str(music), level_lu=-20.0, duck_lu=8.0)
    sound, samples = made(tmp_path, context, bed)
    level = music_db(samples)
    lufs = maker.loudness(music)[0]
    own = music_db(maker.samples(music))[20:100].mean()
    alone = level[100:250].mean()
    assert alone == pytest.approx(own + (-14.0 - 20.0 - lufs), abs=1.0)
    assert level[303:397].mean() == pytest.approx(alone - 8.0, abs=1.0), "down before the word"
    assert level[405:445].max() < alone - 7.5, "and down between two words"
    assert level[275] == pytest.approx(alone, abs=0.5), "not down too early"
    assert alone - 7 < level[580] < alone - 1, "coming back"
    assert level[620] == pytest.approx(alone, abs=0.5)
    finished = maker.loudness(context.job_dir / sound.file)
    assert finished[0] == pytest.approx(-14.0, abs=0.5)
    assert finished[1] <= -1.0
    assert sound.notices == ()


def test_the_music_fades_in_and_out_and_runs_on_without_a_seam(
    tmp_path: Path, context: RecordingContext, music: Path
) -> None:
    _, samples = made(tmp_path, context, MusicBed(str(music)), speech=())
    level = music_db(samples)
    steady = level[100:250].mean()
    assert level[0] < steady - 20
    assert level[15] == pytest.approx(steady - 6, abs=1.5)
    assert level[35:840].min() > steady - 6, "looped three times, never silent"
    assert level[925] == pytest.approx(steady - 6, abs=1.5)
    assert level[998] < steady - 20
    quiet = samples[6 * HZ : 8 * HZ, 0].astype(float)
    steps = np.abs(np.diff(quiet))
    assert steps.max() < 1.5 * np.percentile(steps, 99), "no click where it starts again"


def test_stereo_stays_stereo_and_the_voice_in_the_middle(
    tmp_path: Path, context: RecordingContext
) -> None:
    left = tmp_path / "left.m4a"
    media_maker.ffmpeg(
        *media_maker.lavfi("aevalsrc=0.5*sin(2*PI*3000*t)|0:d=12:s=48000"), *media_maker.AAC, left
    )
    _, samples = made(tmp_path, context, MusicBed(str(left)))
    assert music_db(samples)[100:250].mean() > music_db(samples, 1)[100:250].mean() + 30
    voice = samples[int(3.2 * HZ) : int(3.8 * HZ)].astype(float)
    assert np.corrcoef(voice[:, 0], voice[:, 1])[0, 1] > 0.95


def test_music_over_the_top_never_clips(
    tmp_path: Path, context: RecordingContext, music: Path
) -> None:
    sound, samples = made(tmp_path, context, MusicBed(str(music), level_lu=6.0, duck_lu=0.0))
    assert np.abs(samples).max() < 32767
    assert maker.loudness(context.job_dir / sound.file)[1] <= -1.0


def test_a_video_without_sound_gets_the_music_as_loud_as_the_platform_wants(
    tmp_path: Path, context: RecordingContext, music: Path
) -> None:
    source = media_maker.picture_only(tmp_path / "mute.mp4", 4.0)
    info, clock = sound_maker.clip(source, [Piece(0.0, 4.0)])
    wish = SoundWish(music=MusicBed(str(music)))
    sound = soundtrack.make(source, info, clock, context, wish)
    samples = maker.samples(context.job_dir / sound.file)
    assert music_db(samples)[100:200].min() > -40
    assert maker.loudness(context.job_dir / sound.file)[0] == pytest.approx(-14.0, abs=0.5)
    assert any("only the music" in notice for notice in sound.notices)


def test_music_is_decoded_once_for_all_platforms(
    tmp_path: Path, context: RecordingContext, music: Path
) -> None:
    source = media_maker.sound_only(tmp_path / "talk.wav", 10, source=VOICE)
    info, clock = sound_maker.clip(source, [Piece(0.0, 5.5)])
    for lufs in (-14.0, -16.0):
        wish = SoundWish(lufs=lufs, music=MusicBed(str(music)), speech=SPEECH)
        sound = soundtrack.make(source, info, clock, context, wish)
        assert maker.loudness(context.job_dir / sound.file)[0] == pytest.approx(lufs, abs=0.5)
    assert sum("my" in line for line in context.logged) == 1


def test_music_that_cannot_be_used_is_refused_in_plain_words(
    tmp_path: Path, context: RecordingContext
) -> None:
    canary = tmp_path / "canary.mp3"
    media_maker.sound_only(canary, 1.0)
    playlist = tmp_path / "list.mp3"
    playlist.write_text(f"#EXTM3U\n#EXTINF:1,\n{canary}\n", encoding="utf-8")
    text = tmp_path / "notes.wav"
    text.write_text("not music", encoding="utf-8")
    for path, code in (
        (tmp_path / "gone.mp3", "music_missing"),
        (tmp_path, "music_unreadable"),
        (playlist, "music_unreadable"),
        (text, "music_unreadable"),
        (media_maker.picture_only(tmp_path / "mute.mp4", 1.0), "music_silent"),
        (media_maker.silence(tmp_path / "silence.wav"), "music_silent"),
    ):
        with pytest.raises(InputError) as refused:
            made(tmp_path, context, MusicBed(str(path)))
        assert refused.value.failure.code == code, path
        assert path.name in refused.value.failure.message
        assert refused.value.failure.next_step


def test_music_is_known_by_its_content(tmp_path: Path, music: Path) -> None:
    moved = tmp_path / "moved.wav"
    moved.write_bytes(music.read_bytes())
    other = media_maker.sound_only(tmp_path / "other.wav", 2.3)
    assert music_key(str(moved)) == music_key(str(music)) != music_key(str(other))
    for path, code in (
        (tmp_path / "gone.mp3", "music_missing"),
        (tmp_path, "music_unreadable"),
    ):
        with pytest.raises(InputError) as refused:
            music_key(str(path))
        assert refused.value.failure.code == code
