"""What ffmpeg says about its own progress, read by pure functions.

`-progress` writes blocks of `key=value` lines that end with a line `progress=`; one block becomes
one `Progress`. With several outputs ffmpeg's own time can fall back or be unknown again for a
moment; what was reached stays reached.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far a run has come. `fraction` and `seconds_left` are None while nobody can know."""

    out_time_s: float
    frames: int
    total_bytes: int
    speed: float | None  # seconds of output per second of wall time
    fraction: float | None
    seconds_left: float | None


NO_PROGRESS = Progress(0.0, 0, 0, None, None, None)


def blocks(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """Group the lines of `-progress` into finished blocks; an unfinished last one is dropped."""
    block: dict[str, str] = {}
    for line in lines:
        key, separator, value = line.strip().partition("=")
        if not separator:
            continue
        block[key] = value.strip()
        if key == "progress":
            yield block
            block = {}


def reports(lines: Iterable[str], total_s: float | None) -> Iterator[Progress]:
    """Every block as a value, in time that never falls."""
    reached_s = 0.0
    for block in blocks(lines):
        report = parse(block, total_s, reached_s)
        reached_s = report.out_time_s
        yield report


def parse(block: dict[str, str], total_s: float | None, reached_s: float = 0.0) -> Progress:
    """One block as a value; ffmpeg writes N/A, and negative times before the first frame."""
    out_time_s = max((_number(block.get("out_time_us")) or 0.0) / 1e6, reached_s)
    speed = _number(block.get("speed", "").removesuffix("x"))
    fraction = min(out_time_s / total_s, 1.0) if total_s and total_s > 0 else None
    left_s = max((total_s or 0.0) - out_time_s, 0.0) / speed if total_s and speed else None
    return Progress(
        out_time_s=out_time_s,
        frames=int(_number(block.get("frame")) or 0),
        total_bytes=int(_number(block.get("total_size")) or 0),
        speed=speed or None,
        fraction=fraction,
        seconds_left=left_s,
    )


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
