"""Makes the one sound of an export: `sound.m4a` in the job's folder, right as it is encoded.

The source's sound is decoded once into samples; corrections are tried on those until loudness
and peak of the encoded file are right (usually the first is). Nothing here looks at pictures.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg as ffmpeg_python

from clipforge_desktop.domain.source import MediaInfo
from clipforge_desktop.domain.stage import StageContext
from clipforge_desktop.media import ffmpeg
from clipforge_desktop.stages.export import sound
from clipforge_desktop.stages.export.clock import ClipClock, plan_reads
from clipforge_desktop.stages.export.formats import AUDIO_BITS_S, AUDIO_HZ
from clipforge_desktop.stages.export.inputs import open_read
from clipforge_desktop.stages.export.sound import Correction, Loudness

SOUND_FILE = "sound.m4a"
_SAMPLES_FILE = "samples.wav"
_ATTEMPT_FILE = "attempt.m4a"


@dataclass(frozen=True)
class Soundtrack:
    """What was measured on the encoded sound; None when there is nothing to measure."""

    integrated_lufs: float | None
    true_peak_dbtp: float | None
    gain_db: float
    notices: tuple[str, ...]


def make(path: Path, info: MediaInfo, clock: ClipClock, context: StageContext) -> Soundtrack:
    """Write `sound.m4a`; a source without sound gets a silent one, as platforms expect a track."""
    if not info.audio:
        silence = ffmpeg_python.input(
            f"anullsrc=r={AUDIO_HZ}:cl=stereo", f="lavfi", t=f"{clock.duration_s:.6f}"
        )
        _run(_encoded(silence.audio, SOUND_FILE), context)
        notice = "The video has no sound; a silent track was added, as platforms expect one."
        return Soundtrack(None, None, 0.0, (notice,))
    prepared = _prepare(path, info, clock, context)
    correction, result = _correct(prepared, context)
    told = sound.notice(prepared, result)
    is_measurable = not result.is_silent
    return Soundtrack(
        result.integrated_lufs if is_measurable else None,
        result.true_peak_dbtp if is_measurable else None,
        correction.gain_db,
        (told,) if told else (),
    )


def _prepare(path: Path, info: MediaInfo, clock: ClipClock, context: StageContext) -> Loudness:
    reads = plan_reads(clock, info)
    inputs = [open_read(path, read, number) for number, read in enumerate(reads)]
    tracks = [stream[str(info.audio[0].index)] for stream in inputs]
    joined = sound.measured(sound.joined_sound(tracks, reads, info.start_s))
    samples = joined.output(_SAMPLES_FILE, format="wav", acodec="pcm_f32le", ac=2, ar=AUDIO_HZ)
    return _run(samples.global_args("-copyts"), context)


def _correct(prepared: Loudness, context: StageContext) -> tuple[Correction, Loudness]:
    """The best of a few attempts, left as `sound.m4a`."""
    correction: Correction | None = sound.first_correction(prepared)
    best: tuple[Correction, Loudness] | None = None
    for _ in range(sound.MOST_ROUNDS):
        if correction is None:
            break
        result = _attempt(correction, context)
        if best is None or sound.penalty(result) < sound.penalty(best[1]):
            best = correction, result
            (context.job_dir / _ATTEMPT_FILE).replace(context.job_dir / SOUND_FILE)
        correction = None if prepared.is_silent else sound.next_correction(correction, result)
    assert best is not None
    return best


def _attempt(correction: Correction, context: StageContext) -> Loudness:
    samples = ffmpeg_python.input(_SAMPLES_FILE)
    _run(_encoded(sound.corrected(samples.audio, correction), _ATTEMPT_FILE), context)
    encoded = ffmpeg_python.input(_ATTEMPT_FILE)
    return _run(sound.measured(encoded.audio).output("-", format="null"), context)


def _encoded(stream: Any, name: str) -> Any:
    return stream.output(name, acodec="aac", audio_bitrate=AUDIO_BITS_S, ac=2, ar=AUDIO_HZ)


def _run(output: Any, context: StageContext) -> Loudness:
    report = ffmpeg.run(output.get_args(), context=context, working_dir=context.job_dir)
    return sound.parse_loudness(report.log_tail)
