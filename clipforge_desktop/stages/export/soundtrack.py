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
from clipforge_desktop.stages.export import (
    sound,
    sound_copy,
    sound_music,
    sound_noise,
    sound_samples,
)
from clipforge_desktop.stages.export.clock import ClipClock, plan_reads
from clipforge_desktop.stages.export.formats import AUDIO_BITS_S, AUDIO_HZ
from clipforge_desktop.stages.export.inputs import open_read
from clipforge_desktop.stages.export.sound import Correction, Loudness, SoundWish, Stream
from clipforge_desktop.stages.export.sound_samples import SampleFile, Samples

SOUND_FILE = "sound.m4a"
_ATTEMPT_FILE = "attempt.m4a"
_USUAL = SoundWish()
_NO_SOUND = "The video has no sound; a silent track was added, as platforms expect one."
_ONLY_MUSIC = "The video has no sound of its own; only the music is heard."


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


@dataclass(frozen=True)
class _Job:
    """One clip with one wish for its sound."""

    path: Path
    info: MediaInfo
    clock: ClipClock
    context: StageContext
    wish: SoundWish

    @property
    def file(self) -> str:
        return sound_file(self.wish)

    def samples_of(self, file: SampleFile) -> Samples:
        return sound_samples.mapped(self.context.job_dir / file.name)


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
    job = _Job(path, info, clock, context, wish)
    if not info.audio and wish.music is None:
        return _silent(job)
    prepared = _prepared(job) if info.audio else _nothing(job)
    if wish.reduce_noise:
        prepared = _without_noise(prepared, job)
    if wish.music is None:
        return _copied(prepared, job) or _corrected(prepared, job)
    gain_db = sound.first_correction(prepared.loudness, wish).gain_db
    return _corrected(_with_music(prepared, gain_db, wish.music, job), job, gain_db)


def _silent(job: _Job) -> Soundtrack:
    sound_samples.run(_encoded(_silence(job.clock), job.file), job.context)
    return Soundtrack(None, None, 0.0, (_NO_SOUND,), job.file)


def _prepared(job: _Job) -> SampleFile:
    """The pieces joined, before any wish."""

    def write(name: str) -> Loudness:
        reads = plan_reads(job.clock, job.info)
        inputs = [open_read(job.path, read, number) for number, read in enumerate(reads)]
        tracks = [stream[str(job.info.audio[0].index)] for stream in inputs]
        joined = sound.measured(sound.joined_sound(tracks, reads, job.info.start_s))
        output = sound_samples.written(joined, name)
        return sound_samples.run(output.global_args("-copyts"), job.context)

    key = fingerprint(str(job.path), job.info, job.clock.duration_s, job.clock.pieces)
    return sound_samples.once(f"samples-{key}", write, job.context)


def _nothing(job: _Job) -> SampleFile:
    """Silence as long as the clip, for music to be put under."""

    def write(name: str) -> Loudness:
        silence = sound.measured(_silence(job.clock))
        return sound_samples.run(sound_samples.written(silence, name), job.context)

    return sound_samples.once(f"silence-{fingerprint(job.clock.pieces)}", write, job.context)


def _silence(clock: ClipClock) -> Stream:
    count = sum(piece.samples for piece in clock.pieces)
    endless = ffmpeg_python.input(f"anullsrc=r={AUDIO_HZ}:cl=stereo", f="lavfi")
    return endless.audio.filter("atrim", end_sample=count)


def _without_noise(prepared: SampleFile, job: _Job) -> SampleFile:
    """The same sound without its steady noise, where it has any."""
    samples, speech = job.samples_of(prepared), job.wish.speech
    noise = sound_noise.learned_noise(samples, speech)
    if noise is None:
        return prepared

    def write(name: str) -> Loudness:
        blocks = sound_noise.without_noise(samples, noise, job.context.check)
        return sound_samples.save(name, blocks, job.context)

    return sound_samples.once(f"quiet-{fingerprint(prepared.name, speech)}", write, job.context)


def _with_music(voice: SampleFile, gain_db: float, music: MusicBed, job: _Job) -> SampleFile:
    """The clip at its target with the music at its own below: lower still where somebody speaks.

    What this changes in the loudness of the whole is corrected later for both alike.
    """
    spoken = job.samples_of(voice)
    bed = sound_samples.once(
        f"bed-{fingerprint(sound_music.music_key(music.path), len(spoken))}",
        lambda name: sound_music.write_bed(music.path, name, len(spoken), job.context),
        job.context,
    )
    target = replace(job.wish, lufs=job.wish.lufs + music.level_lu)
    music_db = sound.first_correction(bed.loudness, target).gain_db

    def write(name: str) -> Loudness:
        shape = sound_music.Shape(job.wish.speech, len(spoken), music.duck_lu)
        blocks = sound_music.mixed(spoken, job.samples_of(bed), gain_db, music_db, shape)
        return sound_samples.save(name, blocks, job.context)

    key = fingerprint(voice.name, bed.name, job.wish)
    return sound_samples.once(f"mix-{key}", write, job.context)


def _copied(prepared: SampleFile, job: _Job) -> Soundtrack | None:
    """The source's own packets as the wish's file, where nothing would change the sound."""
    source = job.path, job.info, job.clock
    is_wished = sound_copy.is_right(prepared.loudness, job.wish)
    if not is_wished or not sound_copy.is_whole(job.info, job.clock):
        return None
    if not sound_copy.has_fitting_packets(*source, job.context.check):
        return None
    sound_samples.run(sound_copy.copied(*source, job.file), job.context)
    result = sound_samples.measure(_opened(job.file), job.context)
    if not sound_copy.is_right(result, job.wish):
        return None
    return Soundtrack(result.integrated_lufs, result.true_peak_dbtp, 0.0, (), job.file, True)


def _corrected(prepared: SampleFile, job: _Job, gain_db: float = 0.0) -> Soundtrack:
    """Encoded as loud as wished; `gain_db` is what was done to the voice before."""
    correction, result = _correct(prepared, job.wish, job.context)
    known = sound.notices(prepared.loudness, result, job.wish)
    notices = tuple(known if job.info.audio else [_ONLY_MUSIC, *known])
    gain_db = round(gain_db + correction.gain_db, 2)
    if result.is_silent:
        return Soundtrack(None, None, gain_db, notices, job.file)
    lufs, peak_dbtp = result.integrated_lufs, result.true_peak_dbtp
    return Soundtrack(lufs, peak_dbtp, gain_db, notices, job.file)


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
    return sound_samples.measure(_opened(_ATTEMPT_FILE), context)


def _opened(name: str) -> Stream:
    return ffmpeg_python.input(name).audio


def _encoded(stream: Stream, name: str) -> Stream:
    return stream.output(name, acodec="aac", audio_bitrate=AUDIO_BITS_S, ac=2, ar=AUDIO_HZ)
