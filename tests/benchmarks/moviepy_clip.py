"""Goal 3: the captioned vertical clip of goal 1 against MoviePy 2, with the same x264 preset.

MoviePy does what its users do: cut, crop, resize, one text clip per word, write. It is installed
only for this: `pip install .[bench]`. Pairs interleaved, median of the ratios.
"""

import argparse
import importlib.util
import statistics
import sys
import tempfile
from pathlib import Path

from clipforge_desktop.paths import resources
from tests.benchmarks._measuring import (
    STYLE,
    Found,
    clipforge,
    cost,
    find,
    fresh_homes,
    make_home,
    said,
    source,
    write_subtitles,
)

_FONT = resources() / "fonts" / "Inter"


def main() -> None:
    """Measure and print; with `--role`, be MoviePy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--role", nargs=2, type=float, metavar=("START", "END"))
    options = parser.parse_args()
    if options.role:
        write_with_moviepy(Found(*options.role))
    elif importlib.util.find_spec("moviepy") is None:
        print("RESULT\tMoviePy\tnot installed: pip install .[bench]\t0.40x (3)")
    else:
        measure(options.seconds, options.pairs)


def measure(seconds: float, pairs: int) -> None:
    lengths = ("--min-seconds", str(seconds - 4), "--max-seconds", str(seconds + 1), "--count", "1")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source(folder / "source.mp4", seconds + 20)
        words = write_subtitles(folder / "words.srt", seconds + 20)
        wanted = (*lengths, "--transcript", words)
        prepared = make_home(folder / "prepared").root
        (clip,) = find(prepared, folder, *wanted)
        theirs = [sys.executable, "-m", "tests.benchmarks.moviepy_clip", "--role"]
        cpu, wall = [], []
        for pair, home in zip(range(pairs), fresh_homes(prepared, folder), strict=False):
            other = cost([*theirs, str(clip.start_s), str(clip.end_s)], folder)
            options = ("export", "source.mp4", "--style", STYLE, "--out", f"out-{pair}")
            ours = cost(clipforge(home, *options), folder)
            cpu.append(ours.cpu_s / other.cpu_s)
            wall.append(ours.wall_s / other.wall_s)
            print(f"MoviePy {other}, clipforge export {ours}", flush=True)
    what = f"one captioned clip of {clip.duration_s:.0f} s against MoviePy"
    print(f"RESULT\t{what}, CPU\t{statistics.median(cpu):.2f}x\t0.40x (3)")
    print(f"RESULT\t{what}, wall\t{statistics.median(wall):.2f}x\t0.35x (3)")


def write_with_moviepy(found: Found) -> None:
    from moviepy import CompositeVideoClip, TextClip, VideoFileClip

    clip = VideoFileClip("source.mp4").subclipped(found.start_s, found.end_s)
    picture = clip.cropped(x1=656, y1=0, width=608, height=1080).resized((1080, 1920))
    font = str(next(_FONT.glob("*.ttf")))
    words = [
        TextClip(
            font=font, text=text, font_size=84, color="white", stroke_color="black",
            stroke_width=5, margin=(20, 20),
        )
        .with_start(start_s - found.start_s)
        .with_end(end_s - found.start_s)
        .with_position(("center", 1300))
        for start_s, end_s, text in said(found.end_s)
        if start_s >= found.start_s
    ]  # fmt: skip
    CompositeVideoClip([picture, *words], size=(1080, 1920)).write_videofile(
        "moviepy.mp4", codec="libx264", audio_codec="aac", preset="veryfast", fps=30,
        ffmpeg_params=["-crf", "20", "-pix_fmt", "yuv420p"], logger=None,
    )  # fmt: skip


if __name__ == "__main__":
    main()
