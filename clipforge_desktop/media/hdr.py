"""HDR pictures made fit for ordinary screens: for posters, thumbnails and face detection.

PQ and HLG (ITU-R BT.2100) are turned into light, brought from BT.2020 to BT.709 colours, their
highlights rolled off, and coded again. Exports do the same inside ffmpeg; here the pictures are
small, so lookup tables and one matrix are enough.
"""

import functools

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_LEVELS = 4096
_REFERENCE_WHITE_NITS = 203.0  # ITU-R BT.2408
_PEAK = 1000.0 / _REFERENCE_WHITE_NITS
_KNEE = 0.7  # below it light stays as it is
_BT2020_TO_BT709 = np.array(  # ITU-R BT.2087
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]],
    np.float32,
)
_LUMINANCE = np.array([0.2627, 0.6780, 0.0593], np.float32)  # BT.2020


def to_sdr(pixels: npt.NDArray[np.uint16], transfer: str) -> npt.NDArray[np.uint8]:
    """BT.2020 RGB of 16 bits (height x width x 3) in `transfer` to BT.709 BGR of 8 bits."""
    light = _light(transfer)[pixels >> 4]
    if transfer == "arib-std-b67":  # HLG's overall gamma, 1.2 on a display of 1000 nits
        light *= np.maximum(light @ _LUMINANCE, 1e-6)[..., None] ** np.float32(0.2)
        light *= np.float32(_PEAK)
    bt709 = np.maximum(light @ _BT2020_TO_BT709.T, 0)
    brightest = np.maximum(bt709.max(axis=-1, keepdims=True), 1e-6)
    shown = bt709 * (_rolled_off(brightest) / brightest)
    coded = np.clip(shown, 0, 1) ** np.float32(1 / 2.2)
    return np.ascontiguousarray((coded[..., ::-1] * 255 + 0.5).astype(np.uint8))


@functools.cache
def _light(transfer: str) -> Floats:
    """Light for each of 4096 code values: PQ in units of reference white, HLG scene light 0..1."""
    code = np.linspace(0, 1, _LEVELS, dtype=np.float64)
    if transfer == "smpte2084":
        root = code ** (1 / 78.84375)
        nits = 10000 * (np.maximum(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)) ** (
            1 / 0.1593017578125
        )
        return (nits / _REFERENCE_WHITE_NITS).astype(np.float32)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12).astype(np.float32)


def _rolled_off(light: Floats) -> Floats:
    """Straight up to the knee, then bent so that the peak of 1000 nits just reaches white."""
    over = np.maximum(light - _KNEE, 0) / (1 - _KNEE)
    peak = (_PEAK - _KNEE) / (1 - _KNEE)
    bent = over * (1 + over / peak**2) / (1 + over)
    return np.where(light <= _KNEE, light, _KNEE + (1 - _KNEE) * bent).astype(np.float32)
