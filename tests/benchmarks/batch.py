"""Goal 2: a batch of clips in three shapes, against as many hand-written commands.

One `clipforge export` makes every clip in 9:16, 1:1 and 16:9 from one decode; by hand each file
is a command of its own, one after the other with all of ffmpeg's threads, as a script would run
them. The clips are found beforehand. Pairs interleaved, median of the ratios. `--clips`,
`--seconds` and `--pairs` make a quicker run, `--height 2160` takes a source in 4K.
"""

import argparse
import statistics
import tempfile
from pathlib import Path

from tests.benchmarks._measuring import (
    STYLE,
    Cost,
    Found,
    by_hand,
    clipforge,
    cost,
    find,
    fresh_homes,
    make_home,
    source,
    write_subtitles,
)

SHAPES = {
    "9:16": ("2*floor(ih*9/32):ih", (1080, 1920)),
    "1:1": ("ih:ih", (1080, 1080)),
    "16:9": ("iw:ih", (1920, 1080)),
}
"""What is cropped by hand, out of the middle, and the size of the file."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=12.0)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--height", type=int, default=1080)
    options = parser.parse_args()
    total_s = options.clips * (options.seconds + 4) + 20
    lengths = ("--min-seconds", str(options.seconds - 4), "--max-seconds", str(options.seconds))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source(folder / "source.mp4", total_s, options.height)
        words = write_subtitles(folder / "words.srt", total_s)
        wanted = (*lengths, "--count", str(options.clips), "--transcript", words)
        prepared = make_home(folder / "prepared").root
        clips = find(prepared, folder, *wanted)
        shapes = [part for shape in SHAPES for part in ("--aspect", shape)]
        cpu, wall = [], []
        for pair, home in zip(range(options.pairs), fresh_homes(prepared, folder), strict=False):
            hand = all_by_hand(folder, clips)
            export = ("--style", STYLE, "--out", f"out-{pair}", *shapes)
            ours = cost(clipforge(home, "export", "source.mp4", *export), folder)
            cpu.append(ours.cpu_s / hand.cpu_s)
            wall.append(ours.wall_s / hand.wall_s)
            print(f"by hand {hand}, clipforge export {ours}", flush=True)
    what = f"{len(clips)} clips x {len(SHAPES)} shapes from {options.height}p"
    print(f"RESULT\t{what}, CPU\t{statistics.median(cpu):.2f}x\t0.90x (2)")
    print(f"RESULT\t{what}, wall\t{statistics.median(wall):.2f}x\t0.95x (2)")


def all_by_hand(folder: Path, clips: list[Found]) -> Cost:
    costs = [
        cost(by_hand(folder, clip, f"hand-{number}", crop, size_px), folder)
        for number, clip in enumerate(clips)
        for crop, size_px in SHAPES.values()
    ]
    return Cost(sum(one.cpu_s for one in costs), sum(one.wall_s for one in costs))


if __name__ == "__main__":
    main()
