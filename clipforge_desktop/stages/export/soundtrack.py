"""Makes the sounds of an export in the job's folder, each right as it is encoded.

The source's sound is decoded once into samples, however many sounds are wished for; corrections
are tried on those until loudness and peak of the encoded file are right (usually the first is).
Nothing here looks at pictures.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import ffmpeg as ffmpeg_python

from clipforge_desktop.domain.delivery import MusicBed
from clipforge_desktop.domain.source import MediaInfo
from clipforge_desktop.domain.stage import StageContext
from clipforge_desktop.domain.wire import fingerprint
from clipforge_desktop.stages.export import sound, sound_music, sound_noise, sound_samples
from clipforge_desktop.stages.export.clock import ClipClock, plan_reads
from clipforge_desktop.stages.export.formats import AUDIO_BITS_S, AUDIO_HZ
from clipforge_desktop.stages.export.inputs import open_read
from clipforge_desktop.stages.export.sound import Correction, Loudness, SoundWish, Stream
from clipforge_desktop.stages.export.sound_samples import SampleFile

SOUND_FILE = "sound.m4a"
_ATTEMPT_FILE = "attempt.m4a"
_USUAL = SoundWish()


@dataclass(frozen=True)
class Soundtrack:
    """One encoded sound and what was measured on it; None when there is nothing to measure.

    `file` is its name in the job's folder. `is_copied`: the source's own packets, not encoded.
    """

    integrated_lufs: float | None
    true_peak_dbtp: float | None
    gain_db: float
    notices: tuple[str, ...]
    file: str = SOUND_FILE
    is_copied: bool = False


def sound_file(wish: SoundWish) -> str:
    """The name of the sound made for `wish`: another for every other wish."""
    return SOUND_FILE if wish == _USUAL else f"sound-{fingerprint(wish)}.m4a"


def make(
    path: Path,
    info: MediaInfo,
    clock: ClipClock,
    context: StageContext,
    wish: SoundWish = _USUAL,
) -> Soundtrack:
    """Write the sound of `wish`; a source without sound gets a silent one, as platforms expect a
    track. All sounds of one job draw on the same samples.

    Raises InputError (music_missing, music_unreadable, music_silent) and what `media.ffmpeg` does.
    """
    if not info.audio and wish.music is None:
        return _silent(clock, wish, context)
    notices: list[str] = []
    if info.audio:
        prepared = _prepared(path, info, clock, context)
    else:
        prepared = _nothing(clock, context)
        notices.append("The video has no sound of its own; only the music is heard.")
    if wish.reduce_noise and info.audio:
        prepared, told = _without_noise(prepared, wish, context)
        notices += told
    gain_db = 0.0
    if wish.music is not None:
        gain_db = sound.first_correction(prepared.loudness, wish).gain_db
        prepared = _with_music(prepared, gain_db, wish.music, wish, context)
    correction, result = _correct(prepared, wish, context)
    notices += sound.notices(prepared.loudness, result, wish)
    is_measurable = not result.is_silent
    return Soundtrack(
        result.integrated_lufs if is_measurable else None,
        result.true_peak_dbtp if is_measurable else None,
        round(gain_db + correction.gain_db, 2),
        tuple(notices),
        sound_file(wish),
    )


def _silent(clock: ClipClock, wish: SoundWish, context: StageContext) -> Soundtrack:
    sound_samples.run(_encoded(_silence(clock), sound_file(wish)), context)
    notice = "The video has no sound; a silent track was added, as platforms expect one."
    return Soundtrack(None, None, 0.0, (notice,), sound_file(wish))


def _nothing(clock: ClipClock, context: StageContext) -> SampleFile:
    """Silence as long as the clip, for music to be put under."""

    def write(name: str) -> Loudness:
        silence = sound.measured(_silence(clock))
        return sound_samples.run(sound_samples.written(silence, name), context)

    return sound_samples.once(f"silence-{fingerprint(clock.pieces)}", write, context)


def _silence(clock: ClipClock) -> Stream:
    count = sum(piece.samples for piece in clock.pieces)
    endless = ffmpeg_python.input(f"anullsrc=r={AUDIO_HZ}:cl=stereo", f="lavfi")
    return endless.audio.filter("atrim", end_sample=count)


def _prepared(path: Path, info: MediaInfo, clock: ClipClock, context: StageContext) -> SampleFile:
    """The pieces joined, before any wish."""

    def write(name: str) -> Loudness:
        reads = plan_reads(clock, info)
        inputs = [open_read(path, read, number) for number, read in enumerate(reads)]
        tracks = [stream[str(info.audio[0].index)] for stream in inputs]
        joined = sound.measured(sound.joined_sound(tracks, reads, info.start_s))
        output = sound_samples.written(joined, name)
        return sound_samples.run(output.global_args("-copyts"), context)

    key = fingerprint(str(path), info, clock.duration_s, clock.pieces)
    return sound_samples.once(f"samples-{key}", write, context)


def _without_noise(
    prepared: SampleFile, wish: SoundWish, context: StageContext
) -> tuple[SampleFile, list[str]]:
    """The same sound without its steady noise, with what the creator should know."""
    if not wish.speech:
        told = "Nobody speaks in this clip, so nothing was taken for noise; its sound is as it was."
        return prepared, [told]
    samples = sound_samples.mapped(context.job_dir / prepared.name)
    noise = sound_noise.learned_noise(samples, wish.speech)
    if noise is None:
        return prepared, []

    def write(name: str) -> Loudness:
        blocks = sound_noise.without_noise(samples, noise, context.check)
        return sound_samples.save(name, blocks, context)

    key = fingerprint(prepared.name, wish.speech)
    return sound_samples.once(f"quiet-{key}", write, context), []


def _with_music(
    voice: SampleFile, gain_db: float, music: MusicBed, wish: SoundWish, context: StageContext
) -> SampleFile:
    """The clip at its target with the music at its own below: lower still where somebody speaks."""
    spoken = sound_samples.mapped(context.job_dir / voice.name)
    bed = sound_samples.once(
        f"bed-{fingerprint(music.path, len(spoken))}",
        lambda name: sound_music.write_bed(music.path, name, len(spoken), context),
        context,
    )
    target = replace(wish, lufs=wish.lufs + music.level_lu)
    music_db = sound.first_correction(bed.loudness, target).gain_db

    def write(name: str) -> Loudness:
        heard = sound_samples.mapped(context.job_dir / bed.name)
        shape = sound_music.Shape(wish.speech, len(spoken), music.duck_lu)
        blocks = sound_music.mixed(spoken, heard, gain_db, music_db, shape)
        return sound_samples.save(name, blocks, context)

    return sound_samples.once(f"mix-{fingerprint(voice.name, bed.name, wish)}", write, context)


def _correct(
    prepared: SampleFile, wish: SoundWish, context: StageContext
) -> tuple[Correction, Loudness]:
    """The best of a few attempts, left as the wish's file."""
    is_silent = prepared.loudness.is_silent
    correction: Correction | None = sound.first_correction(prepared.loudness, wish)
    best: tuple[Correction, Loudness] | None = None
    for _ in range(sound.MOST_ROUNDS):
        if correction is None:
            break
        result = _attempt(prepared.name, correction, context)
        if best is None or sound.penalty(result, wish) < sound.penalty(best[1], wish):
            best = correction, result
            (context.job_dir / _ATTEMPT_FILE).replace(context.job_dir / sound_file(wish))
        correction = None if is_silent else sound.next_correction(correction, result, wish)
    assert best is not None
    return best


def _attempt(samples_name: str, correction: Correction, context: StageContext) -> Loudness:
    corrected = sound.corrected(sound_samples.opened(samples_name), correction)
    sound_samples.run(_encoded(corrected, _ATTEMPT_FILE), context)
    return sound_samples.measure(ffmpeg_python.input(_ATTEMPT_FILE).audio, context)


def _encoded(stream: Stream, name: str) -> Stream:
    return stream.output(name, acodec="aac", audio_bitrate=AUDIO_BITS_S, ac=2, ar=AUDIO_HZ)
