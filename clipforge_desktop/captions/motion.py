"""Coming and going: easing curves, and the pose of a block, line or word while it moves.

Easing formulas are Robert Penner's ("Programming Macromedia Flash MX", 2002), written for a
share 0 to 1. A pose is relative to the place at rest.
"""

import math
from dataclasses import dataclass

from clipforge_desktop.domain.caption_style import Easing, Idle, Motion

_OVERSHOOT = 1.70158  # Penner's constant: 10 % beyond the goal
_FIRST_FRAME_S = 1 / 24  # the longest that a first frame is seen: what comes shows in it already
_SUNK_AT_MOST = 0.5  # of a line with the room around it; lower, its small letters are all hidden
_WIPED_AT_LEAST = 0.15  # of a group with the room beside it; less ends before a word's letters
_TYPED_AT_LEAST = 0.5  # of what letters are typed on, which has room for the first one


@dataclass(frozen=True)
class Pose:
    """Offsets in em; `shown` is the share that is revealed in the direction of reading.

    A `sunk` share of the group's own height is still hidden behind its lower edge.
    """

    x_em: float = 0.0
    y_em: float = 0.0
    scale: float = 1.0
    opacity: float = 1.0
    tilt_deg: float = 0.0
    shown: float = 1.0
    sunk: float = 0.0


AT_REST = Pose()
GONE = Pose(opacity=0.0)


def eased(share: float, easing: Easing) -> float:
    """`share` 0..1 on the curve; starts at 0 and ends at 1, may leave that range between."""
    t = min(max(share, 0.0), 1.0)
    match easing:
        case "linear":
            return t
        case "ease_in":
            return t**3
        case "ease_out":
            return 1 - (1 - t) ** 3
        case "ease_in_out":
            return 4 * t**3 if t < 0.5 else 1 - (-2 * t + 2) ** 3 / 2
        case "overshoot":
            return 1 + (_OVERSHOOT + 1) * (t - 1) ** 3 + _OVERSHOOT * (t - 1) ** 2
        case "bounce":
            return _bounced(t)
        case "snap":
            return 1 - math.cos(t * math.pi * 2.5) * (1 - t) ** 2 if t < 1 else 1.0


def _bounced(t: float) -> float:
    if t < 1 / 2.75:
        return 7.5625 * t * t
    if t < 2 / 2.75:
        return 7.5625 * (t - 1.5 / 2.75) ** 2 + 0.75
    if t < 2.5 / 2.75:
        return 7.5625 * (t - 2.25 / 2.75) ** 2 + 0.9375
    return 7.5625 * (t - 2.625 / 2.75) ** 2 + 0.984375


def pose(motion: Motion, share: float, number: int, *, is_exit: bool = False) -> Pose:
    """The pose at `share` of the motion: below 0 is gone, 1 at rest. `number` alternates the sides.

    What comes is a frame's way in at 0, however slowly it sets out, so that no frame at the start
    is empty; only a wipe, which begins beside the letters, reaches those of very short words later.
    """
    if share >= 1 or motion.kind == "none":
        return AT_REST
    if share < 0:
        return GONE
    first = 0.0 if is_exit else min(_FIRST_FRAME_S / max(motion.duration_s, _FIRST_FRAME_S), 0.5)
    least = max(first, _WIPED_AT_LEAST) if motion.kind == "wipe" and not is_exit else first
    begun = eased(share, motion.easing)
    share = first + (1 - first) * share
    p = max(eased(share, motion.easing), least + (1 - least) * begun)
    away = 1 - p
    visible = min(max(share * 2, 0.0), 1.0)
    far = motion.distance_em
    match motion.kind:
        case "fade":
            return Pose(opacity=min(max(p, 0.0), 1.0))
        case "pop":
            return Pose(scale=max(0.6 + 0.4 * p, 0.05), opacity=visible)
        case "rise":
            return Pose(y_em=far * away, opacity=visible)
        case "drop":
            return Pose(y_em=-far * away, opacity=visible)
        case "slide":
            return Pose(x_em=far * away * (1 if number % 2 else -1), opacity=visible)
        case "bounce":
            return Pose(y_em=-far * (1 - _bounced(share)), opacity=visible)
        case "snap":
            side = 1 if number % 2 else -1
            return Pose(scale=1 + 0.5 * away, tilt_deg=12 * away * side, opacity=visible)
        case "glitch":
            return Pose(x_em=far * away * _jitter(share, number), opacity=visible)
        case "reveal":
            return Pose(sunk=(1.0 if is_exit else _SUNK_AT_MOST) * max(1 - begun, 0.0))
        case "wipe":
            return Pose(shown=min(max(p, 0.0), 1.0))
        case "typewriter":
            return Pose(shown=min(max(p, 0.0 if is_exit else _TYPED_AT_LEAST), 1.0))


def _jitter(share: float, number: int) -> float:
    """A step of -1 to 1, another one every tenth of the motion, the same every time."""
    return _noise(int(share * 10) + 1, number)


def _noise(step: int, number: int) -> float:
    """-1 to 1, without order but always the same: the fractional part of a large sine."""
    return math.sin(step * 12.9898 + number * 78.233) * 43758.5453 % 2 - 1


def idle_pose(idle: Idle, passed_s: float, number: int) -> Pose:
    """Where the `number`th line, word or letter is `passed_s` after its idling began."""
    turns = passed_s / idle.period_s
    if idle.kind == "wave":
        wave = math.sin(2 * math.pi * (turns - number * idle.spread))
        return Pose(y_em=-idle.distance_em * wave)
    step = int(turns * 6)
    return Pose(
        x_em=idle.distance_em * _noise(step, number),
        y_em=idle.distance_em * _noise(step + 71, number),
        tilt_deg=3 * _noise(step + 173, number),
    )


def reach_em(motion: Motion) -> float:
    """The farthest that a motion carries anything from its place, overshoot included, in em."""
    if motion.kind in ("rise", "drop", "slide", "bounce"):
        return motion.distance_em * 1.2
    return 0.8 if motion.kind == "snap" else 0.15 if motion.kind == "pop" else 0.0
