"""The sound of an export: pieces joined without clicks, stereo, and as loud as platforms want it.

Made once for all outputs of a clip and copied into each: prepared as samples, corrected by a
measured gain (and a limiter only where peaks need it), encoded, and measured again as encoded,
until loudness and peak are right. So the figure in the recipe is that of the file itself.
Loudness is ITU-R BS.1770 / EBU R 128, integrated over the clip; peaks are true peaks.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ffmpeg

from clipforge_desktop.domain.delivery import SoundWish as SoundWish
from clipforge_desktop.stages.export.clock import ClipPiece, Read
from clipforge_desktop.stages.export.formats import AUDIO_HZ

Stream = Any  # a node of ffmpeg-python, which has no types

JOIN_FADE_S = 0.01
MOST_ROUNDS = 6
CLOSE_ENOUGH_LU = 0.3

_PROMISED_LU = 0.5
_SILENT_LUFS = -50.0  # a voice is never that low: what is there is noise
_MOST_GAIN_DB = 24.0
_OVERSAMPLED_HZ = 4 * AUDIO_HZ  # so that the limiter sees the peaks between the samples


@dataclass(frozen=True)
class Loudness:
    """Integrated loudness in LUFS and the highest true peak in dBTP, of one whole sound."""

    integrated_lufs: float
    true_peak_dbtp: float

    @property
    def is_silent(self) -> bool:
        return self.integrated_lufs < _SILENT_LUFS


@dataclass(frozen=True)
class Correction:
    """What is done to the prepared sound; no limiter when `limit_db` is None."""

    gain_db: float
    limit_db: float | None = None


def first_correction(prepared: Loudness, wish: SoundWish) -> Correction:
    """Gain to the target, with a limiter when that would lift the peaks too high."""
    if prepared.is_silent:
        return Correction(0.0)
    gain_db = min(wish.lufs - prepared.integrated_lufs, _MOST_GAIN_DB)
    is_too_high = prepared.true_peak_dbtp + gain_db > wish.first_limit_db
    return Correction(round(gain_db, 2), wish.first_limit_db if is_too_high else None)


def next_correction(tried: Correction, result: Loudness, wish: SoundWish) -> Correction | None:
    """A better correction after `tried` gave `result`; None when it is good enough."""
    off_lu = 0.0 if result.is_silent else wish.lufs - result.integrated_lufs
    over_db = result.true_peak_dbtp - wish.peak_dbtp
    if abs(off_lu) <= CLOSE_ENOUGH_LU and over_db <= 0:
        return None
    limit_db = tried.limit_db
    if over_db > 0:
        lower_db = wish.first_limit_db if limit_db is None else limit_db - over_db - 0.1
        limit_db = max(round(lower_db, 2), wish.least_limit_db)
    if limit_db is None and result.true_peak_dbtp + off_lu > wish.first_limit_db:
        limit_db = wish.first_limit_db
    push = 1.0 if tried.limit_db is None else 1.4  # a limiter eats a part of every added decibel
    gain_db = min(tried.gain_db + off_lu * push, _MOST_GAIN_DB)
    corrected = Correction(round(gain_db, 2), limit_db)
    return None if corrected == tried else corrected


def penalty(result: Loudness, wish: SoundWish) -> float:
    """How far from right, to choose between attempts: peaks count before loudness."""
    over_db = max(0.0, result.true_peak_dbtp - wish.peak_dbtp)
    return abs(wish.lufs - result.integrated_lufs) + 100 * over_db


def notices(prepared: Loudness, result: Loudness, wish: SoundWish) -> list[str]:
    """What a creator should know about this clip's loudness, if anything."""
    if prepared.is_silent:
        return ["This clip is silent, or nearly so; its sound was left as it is."]
    if abs(result.integrated_lufs - wish.lufs) > _PROMISED_LU:
        return [
            f"The sound could only be brought to {result.integrated_lufs:.1f} LUFS "
            f"(wanted: {wish.lufs:g}); the recording is very quiet or very uneven."
        ]
    return []


def joined_sound(inputs: Sequence[Stream], reads: Sequence[Read], start_s: float) -> Stream:
    """All pieces in clip order as 48 kHz stereo, exact to the sample, faded at every join."""
    parts: list[Stream] = []
    for stream, read in zip(inputs, reads, strict=True):
        count = len(read.pieces)
        branches = stream.filter_multi_output("asplit", count) if count > 1 else [stream]
        parts += [_piece(branches[n], piece, start_s) for n, piece in enumerate(read.pieces)]
    return parts[0] if len(parts) == 1 else ffmpeg.concat(*parts, v=0, a=1)


def _piece(stream: Stream, piece: ClipPiece, start_s: float) -> Stream:
    at_s = start_s + piece.start_s
    length_s = piece.samples / AUDIO_HZ
    fade_s = min(JOIN_FADE_S, length_s / 4)
    return (
        stream.filter("atrim", start=f"{at_s:.6f}", end=f"{at_s + length_s + 0.1:.6f}")
        .filter("asetpts", f"PTS-({at_s:.6f})/TB")
        .filter("aresample", AUDIO_HZ, **{"async": 1}, first_pts=0)
        .filter("aformat", sample_fmts="fltp", channel_layouts="stereo")
        .filter("apad", whole_len=piece.samples)
        .filter("atrim", end_sample=piece.samples)
        .filter("asetpts", "N/SR/TB")
        .filter("afade", type="in", start_time=0, duration=fade_s)
        .filter("afade", type="out", start_time=f"{length_s - fade_s:.6f}", duration=fade_s)
    )


def corrected(stream: Stream, correction: Correction) -> Stream:
    """The prepared sound made as loud as it should be."""
    stream = stream.filter("volume", volume=f"{correction.gain_db}dB", precision="float")
    if correction.limit_db is not None:
        limit = 10 ** (correction.limit_db / 20)
        stream = (
            stream.filter("aresample", _OVERSAMPLED_HZ)
            .filter("alimiter", limit=f"{limit:.5f}", level=0, attack=4, release=60, latency=1)
            .filter("aresample", AUDIO_HZ)
        )
    return stream.filter("aformat", sample_fmts="fltp", channel_layouts="stereo")


def measured(stream: Stream) -> Stream:
    """`stream` unchanged, with a meter whose summary ffmpeg logs at the end."""
    return stream.filter("ebur128", peak="true", framelog="quiet")


def parse_loudness(log: str) -> Loudness:
    """The meter's summary in a log. Sound too short to measure counts as silent."""
    lufs = re.findall(r"\bI:\s+(-?[\d.]+|-?inf|nan) LUFS", log)
    peaks = re.findall(r"\bPeak:\s+(-?[\d.]+|-?inf|nan) dBFS", log)
    return Loudness(_number(lufs, -70.0), _number(peaks, -99.0))


def _number(found: Sequence[str], otherwise: float) -> float:
    if not found or "inf" in found[-1] or "nan" in found[-1]:
        return otherwise
    return float(found[-1])
