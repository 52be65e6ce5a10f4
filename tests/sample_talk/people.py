"""Who sits in the studio, and how a face can be posed.

Colours and shapes tell one person from the other; a pose is one moment of a face.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """The colours and shapes that tell one person from the other."""

    skin_light: str
    skin: str
    skin_shadow: str
    blush: str
    lip: str
    lip_dark: str
    hair: str
    hair_light: str
    iris: str
    brow_width: float
    jaw: float  # half width of the jaw
    has_long_hair: bool
    stubble: int  # opacity, 0 to 255
    garment: str
    garment_shadow: str
    shirt: str


HOST = Look(
    skin_light="#f3c8a2",
    skin="#dda37b",
    skin_shadow="#9a6146",
    blush="#d57f63",
    lip="#b96f5c",
    lip_dark="#84463c",
    hair="#2a1d17",
    hair_light="#5b4334",
    iris="#5a3d22",
    brow_width=0.105,
    jaw=0.80,
    has_long_hair=False,
    stubble=70,
    garment="#2f5d73",
    garment_shadow="#183645",
    shirt="#e9e4da",
)
GUEST = Look(
    skin_light="#ffdcc3",
    skin="#efb795",
    skin_shadow="#ad7156",
    blush="#e98770",
    lip="#c8504f",
    lip_dark="#8c2f35",
    hair="#6e2c17",
    hair_light="#b9603a",
    iris="#3f6d54",
    brow_width=0.07,
    jaw=0.70,
    has_long_hair=True,
    stubble=0,
    garment="#b5563c",
    garment_shadow="#6f2c20",
    shirt="#f1e6d3",
)


@dataclass(frozen=True)
class Pose:
    """One moment of a face: openings 0 to 1, turns in head units, tilt in degrees."""

    mouth_open: float = 0.0
    mouth_wide: float = 0.0  # -1 rounded, 1 spread
    smile: float = 0.3
    lids: float = 1.0  # 1 open, 0 shut
    brows: float = 0.0
    gaze: float = 0.0
    turn_x: float = 0.0
    turn_y: float = 0.0
    tilt_deg: float = 0.0
