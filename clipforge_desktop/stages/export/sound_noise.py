"""Takes steady noise (a fan, hiss, hum) out of a clip's sound, leaving the voice as it was.

The noise is learned from the clip's own pauses, and every moment and frequency is turned down
by how much of it is noise: the log-spectral amplitude estimator of Ephraim and Malah (IEEE ASSP
33, 1985) with their decision-directed signal-to-noise ratio. Measured against ffmpeg's afftdn
(also with a profile sampled from the pauses), it takes 11 dB out of noise of any colour, where
afftdn takes 5 to 10; anlmdn crashes in the ffmpeg we ship, and arnndn needs a model file.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.stages.export.formats import AUDIO_HZ
from clipforge_desktop.stages.export.sound_samples import Samples

Spectrum = npt.NDArray[np.float64]  # (frequencies,), power of both channels together
Spectra = npt.NDArray[np.float64]  # (moments, frequencies)

REDUCTION_DB = 12.0  # more would be heard as a voice that cuts in and out of silence
AUDIBLE_BELOW_VOICE_DB = 45.0  # noise further down than this is left alone

_WINDOW = 2048
_HOP = _WINDOW // 4
_HOPS_PER_BLOCK = 1000
_MARGIN_S = 0.05  # a voice's breath and echo reach into the pause
_LEAST_MOMENTS = 28  # a third of a second
_MOST_MOMENTS = 3000  # half a minute of them: bounds the memory for a long clip
_QUIETER_SHARE = 60.0  # per cent of a pause's moments: the rest may be a cough or a door
_NOTHING = 1e-10 * _WINDOW**2 / 2  # a moment's power in digital silence: under -100 dB
_SMOOTHING = 0.98  # of the decision-directed ratio, as in the paper
_LEAST_RATIO = 10**-2.5
_LEAST_BELOW_REST_DB = 6.0
_LOW_PERCENTILE = 10.0
_MOST_ABOVE_LOW = 2.0  # louder only in the pauses is no noise, but music or a voice not found
_LOW_SHARE = 0.22  # that percentile over the mean, of noise that is heard alone half the time


def pauses(speech: Sequence[Piece], duration_s: float) -> tuple[Piece, ...]:
    """Where nobody speaks, a little away from the voice. `speech` is in order."""
    ends_s = (-_MARGIN_S, *(spoken.end_s for spoken in speech))
    starts_s = (*(spoken.start_s for spoken in speech), duration_s + _MARGIN_S)
    between = zip(ends_s, starts_s, strict=True)
    found = (Piece(end_s + _MARGIN_S, start_s - _MARGIN_S) for end_s, start_s in between)
    return tuple(pause for pause in found if pause.duration_s * AUDIO_HZ > _WINDOW)


def learned_noise(samples: Samples, speech: Sequence[Piece]) -> Spectrum | None:
    """The power of the steady noise per frequency; None when there is too little to be heard.

    Learned in the pauses; where pace has cut them out, or nobody knows where somebody speaks
    (`speech` empty), at the low points of each frequency. Then what is steady must be well below
    the rest: else it is no noise under a voice, but all there is.
    """
    duration_s = len(samples) / AUDIO_HZ
    spoken = _heard(_powers(samples, speech or (Piece(0.0, duration_s),)))
    if not len(spoken):
        return None
    noise: Spectrum = np.percentile(spoken, _LOW_PERCENTILE, axis=0) / _LOW_SHARE
    quiet = _powers(samples, pauses(speech, duration_s) if speech else ())
    if len(quiet) >= _LEAST_MOMENTS:
        heard = _heard(quiet)
        if 2 * len(heard) < len(quiet):  # a gate or an editor has silenced the pauses
            return None
        totals = heard.sum(axis=1)
        steady = heard[totals <= np.percentile(totals, _QUIETER_SHARE)].mean(axis=0)
        noise = np.minimum(steady, _MOST_ABOVE_LOW * noise)
    below_voice_db = 10 * np.log10(spoken.sum(axis=1).mean() / max(noise.sum(), _NOTHING))
    least_db = -np.inf if speech else _LEAST_BELOW_REST_DB
    return noise if least_db <= below_voice_db <= AUDIBLE_BELOW_VOICE_DB else None


def without_noise(
    samples: Samples, noise: Spectrum, check: Callable[[], None]
) -> Iterator[Samples]:
    """`samples` with `noise` turned down, in blocks, as many and in the same places.

    `check` is called before each block and may raise to stop.
    """
    window = _window()[:, None]
    gains = _Gains(np.maximum(noise, 1e-20))
    held = np.zeros((_WINDOW, 2))  # what overlapping windows have added up so far
    lead = _WINDOW - _HOP
    hops = -(-(len(samples) + lead) // _HOP)
    to_skip, to_give = lead, len(samples)
    for first in range(0, hops, _HOPS_PER_BLOCK):
        check()
        count = min(_HOPS_PER_BLOCK, hops - first)
        heard = _stretch(samples, first * _HOP - lead, (count - 1) * _HOP + _WINDOW)
        made = np.zeros((count * _HOP, 2))
        for hop in range(count):
            spectrum = np.fft.rfft(heard[hop * _HOP : hop * _HOP + _WINDOW] * window, axis=0)
            spectrum *= gains.following((np.abs(spectrum) ** 2).sum(axis=1))[:, None]
            held += np.fft.irfft(spectrum, _WINDOW, axis=0) * window
            made[hop * _HOP : (hop + 1) * _HOP] = held[:_HOP]
            held = np.concatenate((held[_HOP:], np.zeros((_HOP, 2))))
        given = made[to_skip:][:to_give] / 2  # four Hann windows add up to two
        to_skip, to_give = max(0, to_skip - len(made)), to_give - len(given)
        yield given.astype(np.float32)


class _Gains:
    """How far each frequency is turned down, moment after moment."""

    def __init__(self, noise: Spectrum) -> None:
        self._noise = noise
        self._floor = 10 ** (-REDUCTION_DB / 20)
        self._voice = np.zeros(len(noise))  # what was left a moment ago, over the noise

    def following(self, power: Spectrum) -> Spectrum:
        """The gains for the next moment, whose power this is."""
        ratio = np.maximum(power / self._noise, 1e-3)  # a posteriori
        prior = _SMOOTHING * self._voice + (1 - _SMOOTHING) * np.maximum(ratio - 1, 0)
        prior = np.maximum(prior, _LEAST_RATIO)
        share = prior / (1 + prior)
        rise = np.exp(0.5 * _exponential_integral(np.clip(share * ratio, 1e-6, 50)))
        gains: Spectrum = np.clip(share * rise, self._floor, 1.0)
        self._voice = gains**2 * ratio
        return gains


def _exponential_integral(x: Spectrum) -> Spectrum:
    """E1 for x > 0 (Abramowitz and Stegun 5.1.53 and 5.1.54; errors below 5e-5)."""
    small = np.minimum(x, 1.0)
    series = (0.00107857, -0.00976004, 0.05519968, -0.24991055, 0.99999193, -0.57721566)
    below = np.polyval(series, small) - np.log(small)
    large = np.maximum(x, 1.0)
    over = np.polyval((1.0, 2.334733, 0.250621), large)
    under = np.polyval((1.0, 3.330657, 1.681534), large)
    integral: Spectrum = np.where(x < 1, below, over / under * np.exp(-large) / large)
    return integral


def _window() -> Spectrum:
    """The root of a Hann window: once before and once after makes one Hann window."""
    root: Spectrum = np.sqrt(np.hanning(_WINDOW + 1)[:_WINDOW])
    return root


def _powers(samples: Samples, spans: Sequence[Piece]) -> Spectra:
    """Windows inside the spans, evenly spread over a long clip."""
    starts: list[int] = []
    for span in spans:
        first, last = round(span.start_s * AUDIO_HZ), round(span.end_s * AUDIO_HZ) - _WINDOW
        starts += range(max(first, 0), min(last, len(samples) - _WINDOW) + 1, _HOP)
    window, moments = _window()[:, None], list[Spectrum]()
    for start in starts[:: -(-len(starts) // _MOST_MOMENTS) or 1]:
        heard = samples[start : start + _WINDOW].astype(np.float64)
        moments.append((np.abs(np.fft.rfft(heard * window, axis=0)) ** 2).sum(axis=1))
    return np.array(moments).reshape(len(moments), _WINDOW // 2 + 1)


def _heard(powers: Spectra) -> Spectra:
    """Those moments that are not digital silence."""
    heard: Spectra = powers[powers.sum(axis=1) > _NOTHING]
    return heard


def _stretch(samples: Samples, start: int, length: int) -> npt.NDArray[np.float64]:
    """Samples from `start` on, with zeros where there are none."""
    inside = samples[max(start, 0) : max(start + length, 0)].astype(np.float64)
    before = min(max(-start, 0), length)
    return np.pad(inside, ((before, length - before - len(inside)), (0, 0)))
