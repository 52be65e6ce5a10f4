"""Frame numbers as SMPTE timecode and back, drop-frame included.

Timecode counts frames at a whole nominal rate. At 29.97 and 59.94 frames a second it would fall
behind the clock by 3.6 s an hour; drop-frame leaves out the first frame *numbers* of each minute
but every tenth (SMPTE ST 12-1), never a frame.
"""

import re
from fractions import Fraction

_TIMECODE = re.compile(r"(\d{2}):(\d{2}):(\d{2})([:;.])(\d{2,3})")


def nominal(rate: Fraction) -> int:
    """Frames that a second of timecode counts: 30 for 29.97."""
    return round(rate)


def can_drop(rate: Fraction) -> bool:
    return rate.denominator == 1001 and nominal(rate) in (30, 60)


def timecode(frame: int, rate: Fraction, is_drop: bool) -> str:
    """`01:00:00:00`, with `;` before the frames when it drops. Wraps around at 24 hours."""
    base = nominal(rate)
    if is_drop:
        left_out = base // 15
        in_minute = base * 60 - left_out
        in_ten = in_minute * 10 + left_out
        tens, rest = divmod(frame % (in_ten * 144), in_ten)
        frame = frame % (in_ten * 144) + left_out * 9 * tens
        if rest >= base * 60:  # the first minute of ten leaves nothing out
            frame += left_out * (1 + (rest - base * 60) // in_minute)
    seconds, frames = divmod(frame, base)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    mark = ";" if is_drop else ":"
    return f"{hours % 24:02d}:{minutes:02d}:{seconds:02d}{mark}{frames:02d}"


def is_drop_frame(text: str) -> bool:
    return ";" in text or "." in text


def frame_of(text: str, rate: Fraction) -> int | None:
    """The frame number that a timecode names; None when it is none at this rate."""
    match = _TIMECODE.fullmatch(text.strip())
    if match is None:
        return None
    base = nominal(rate)
    hours, minutes, seconds, frames = (int(match[part]) for part in (1, 2, 3, 5))
    if hours > 23 or minutes > 59 or seconds > 59 or frames >= base:
        return None
    frame = ((hours * 60 + minutes) * 60 + seconds) * base + frames
    if not is_drop_frame(text) or not can_drop(rate):
        return frame
    all_minutes = hours * 60 + minutes
    return frame - base // 15 * (all_minutes - all_minutes // 10)
