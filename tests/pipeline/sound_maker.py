"""What the tests of sound share: clips on the clock of export, and voice-like sounds."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.source import MediaInfo
from clipforge_desktop.media.probe import probe
from clipforge_desktop.stages.export import formats
from clipforge_desktop.stages.export.clock import ClipClock, clip_clock
from tests import media_maker

VOICE = (
    "aevalsrc='0.2*(random(0)-0.5)*(0.3+0.7*gt(sin(2*PI*1.7*t),-0.3))*gt(sin(2*PI*0.4*t),-0.8)"
    "':s=48000:c=stereo"
)
"""Bursts of noise in the rhythm of syllables, with pauses."""


def clip(source: Path, pieces: Sequence[Piece]) -> tuple[MediaInfo, ClipClock]:
    info = probe(source)
    rate = formats.output_rate(info.video)
    return info, clip_clock(tuple(pieces), rate, formats.AUDIO_HZ)


def lag(one: npt.NDArray[np.int16], other: npt.NDArray[np.int16]) -> int:
    """By how many samples `other` comes later, where both fit each other best."""
    length = min(len(one), len(other))
    waves = [np.fft.rfft(wave[:length, 0].astype(float), 2 * length) for wave in (one, other)]
    fits = np.fft.irfft(waves[1] * np.conj(waves[0]))
    best = int(np.argmax(fits))
    return best if best < length else best - 2 * length


def with_hole(source: Path, path: Path, start_s: float, end_s: float) -> Path:
    """A copy that has lost its packets of sound between two times."""
    keep = f"noise=drop='between(pts*tb,{start_s},{end_s})'"
    media_maker.ffmpeg("-i", source, "-c", "copy", "-bsf:a", keep, path)
    return path
