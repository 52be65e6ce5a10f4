"""Makes the sounds of an export in the job's folder, each right as it is encoded.

The source's sound is decoded once into samples, however many sounds are wished for; corrections
are tried on those until loudness and peak of the encoded file are right (usually the first is).
Nothing here looks at pictures.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg as ffmpeg_python

from clipforge_desktop.domain.source import MediaInfo
from clipforge_desktop.domain.stage import StageContext
from clipforge_desktop.domain.wire import decode, encode, fingerprint
from clipforge_desktop.media import ffmpeg
from clipforge_desktop.stages.export import sound
from clipforge_desktop.stages.export.clock import ClipClock, plan_reads
from clipforge_desktop.stages.export.formats import AUDIO_BITS_S, AUDIO_HZ
from clipforge_desktop.stages.export.inputs import open_read
from clipforge_desktop.stages.export.sound import Correction, Loudness, SoundWish

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


@dataclass(frozen=True)
class _Samples:
    """Sound as float samples (48 kHz stereo WAV in the job's folder), and how loud it is."""

    file: str
    loudness: Loudness


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
    """
    name = sound_file(wish)
    if not info.audio:
        silence = ffmpeg_python.input(
            f"anullsrc=r={AUDIO_HZ}:cl=stereo", f="lavfi", t=f"{clock.duration_s:.6f}"
        )
        _run(_encoded(silence.audio, name), context)
        notice = "The video has no sound; a silent track was added, as platforms expect one."
        return Soundtrack(None, None, 0.0, (notice,), name)
    prepared = _prepared(path, info, clock, context)
    correction, result = _correct(prepared, wish, context)
    told = sound.notice(prepared.loudness, result, wish)
    is_measurable = not result.is_silent
    return Soundtrack(
        result.integrated_lufs if is_measurable else None,
        result.true_peak_dbtp if is_measurable else None,
        correction.gain_db,
        (told,) if told else (),
        name,
    )


def _prepared(path: Path, info: MediaInfo, clock: ClipClock, context: StageContext) -> _Samples:
    """The pieces joined, before any wish."""
    key = fingerprint(str(path), info, clock.duration_s, clock.pieces)

    def write(name: str) -> Loudness:
        reads = plan_reads(clock, info)
        inputs = [open_read(path, read, number) for number, read in enumerate(reads)]
        tracks = [stream[str(info.audio[0].index)] for stream in inputs]
        joined = sound.joined_sound(tracks, reads, info.start_s)
        return _run(_sampled(joined, name).global_args("-copyts"), context)

    return _once(f"samples-{key}", write, context)


def _once(stem: str, write: Callable[[str], Loudness], context: StageContext) -> _Samples:
    """Samples that lie there already, or written now: `write` takes the file's name."""
    file, note = f"{stem}.wav", context.job_dir / f"{stem}.json"
    if note.is_file():
        return _Samples(file, decode(Loudness, note.read_text(encoding="ascii")))
    samples = _Samples(file, write(file))
    note.write_text(encode(samples.loudness), encoding="ascii")
    return samples


def _correct(
    prepared: _Samples, wish: SoundWish, context: StageContext
) -> tuple[Correction, Loudness]:
    """The best of a few attempts, left as the wish's file."""
    is_silent = prepared.loudness.is_silent
    correction: Correction | None = sound.first_correction(prepared.loudness, wish)
    best: tuple[Correction, Loudness] | None = None
    for _ in range(sound.MOST_ROUNDS):
        if correction is None:
            break
        result = _attempt(prepared.file, correction, context)
        if best is None or sound.penalty(result, wish) < sound.penalty(best[1], wish):
            best = correction, result
            (context.job_dir / _ATTEMPT_FILE).replace(context.job_dir / sound_file(wish))
        correction = None if is_silent else sound.next_correction(correction, result, wish)
    assert best is not None
    return best


def _attempt(samples_file: str, correction: Correction, context: StageContext) -> Loudness:
    samples = ffmpeg_python.input(samples_file)
    _run(_encoded(sound.corrected(samples.audio, correction), _ATTEMPT_FILE), context)
    encoded = ffmpeg_python.input(_ATTEMPT_FILE)
    return _run(sound.measured(encoded.audio).output("-", format="null"), context)


def _sampled(stream: Any, name: str) -> Any:
    measured = sound.measured(stream)
    return measured.output(name, format="wav", acodec="pcm_f32le", ac=2, ar=AUDIO_HZ)


def _encoded(stream: Any, name: str) -> Any:
    return stream.output(name, acodec="aac", audio_bitrate=AUDIO_BITS_S, ac=2, ar=AUDIO_HZ)


def _run(output: Any, context: StageContext) -> Loudness:
    report = ffmpeg.run(output.get_args(), context=context, working_dir=context.job_dir)
    return sound.parse_loudness(report.log_tail)
