"""Goals 1 and 4: what one captioned vertical clip costs, against one hand-written command.

Goal 1: `clipforge export` of one found clip through the real queue (start, worker, faces,
loudness, render, checks) against ffmpeg cropping, scaling and burning in ASS captions with the
same preset. Goal 4: the render with captions and a moving crop against the same render without
either. Pairs interleaved, CPU seconds of all processes, median of the ratios. `--seconds` and
`--pairs` make a quicker run.
"""

import argparse
import math
import statistics
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.qt import ensure_gui_application
from clipforge_desktop.captions.shelf import load_style
from clipforge_desktop.domain.clip import Piece, TimeMap
from clipforge_desktop.domain.framing import (
    EVERYWHERE,
    CropKey,
    FramingKind,
    FramingPlan,
    FramingShot,
    Pane,
)
from clipforge_desktop.media import ffmpeg
from clipforge_desktop.stages.export import soundtrack
from clipforge_desktop.stages.export.captions import CaptionSheet
from clipforge_desktop.stages.export.clock import clip_clock
from clipforge_desktop.stages.export.picture import Colour
from clipforge_desktop.stages.export.render import Render, RenderOutput, render_arguments
from tests.benchmarks._measuring import (
    STYLE,
    by_hand,
    clipforge,
    cost,
    cpu_s,
    find,
    fresh_homes,
    make_home,
    said,
    source,
    write_subtitles,
)
from tests.pipeline import export_maker as maker
from tests.stage_context import RecordingContext

START_S = 5.0
CROP = "608:1080:656:0"


def main() -> None:
    """Measure and print; with a role, be one of the measured processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--role", choices=["moving", "still"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.role:
        render(options.folder, options.seconds, is_moving=options.role == "moving")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source(folder / "source.mp4", options.seconds + 20)
        one_clip(folder, options.seconds, options.pairs)
        captions_and_crop(folder, options.seconds, options.pairs)


def one_clip(folder: Path, seconds: float, pairs: int) -> None:
    lengths = ("--min-seconds", str(seconds - 4), "--max-seconds", str(seconds + 1), "--count", "1")
    words = write_subtitles(folder / "words.srt", seconds + 20)
    wanted = (*lengths, "--transcript", words)
    prepared = make_home(folder / "prepared").root
    (clip,) = find(prepared, folder, *wanted)
    ratios = []
    for pair, home in zip(range(pairs), fresh_homes(prepared, folder), strict=False):
        hand = cost(by_hand(folder, clip, f"hand-{pair}", CROP, (1080, 1920)), folder)
        options = ("export", "source.mp4", "--style", STYLE, "--out", f"out-{pair}")
        ours = cost(clipforge(home, *options), folder)
        ratios.append(ours.cpu_s / hand.cpu_s)
        print(
            f"by hand {hand.cpu_s:.1f} s ({hand.wall_s:.1f} s wall), "
            f"clipforge export {ours.cpu_s:.1f} s ({ours.wall_s:.1f} s wall)",
            flush=True,
        )
    ratio = statistics.median(ratios)
    print(f"RESULT\tone captioned clip of {clip.duration_s:.0f} s, CPU\t{ratio:.2f}x\t1.05x (1)")


def captions_and_crop(folder: Path, seconds: float, pairs: int) -> None:
    ratios = []
    for _ in range(pairs):
        still_s = cpu_s(role("still", folder, seconds), folder)
        moving_s = cpu_s(role("moving", folder, seconds), folder)
        ratios.append(moving_s / still_s)
        print(f"plain render {still_s:.1f} s, captions and moving crop {moving_s:.1f} s")
    four = statistics.median(ratios)
    print(f"RESULT\tcaptions and moving crop, CPU\t{four:.2f}x\t1.10x (4)")


def role(name: str, folder: Path, seconds: float) -> list[str]:
    module = ["-m", "tests.benchmarks.export_clip", "--role", name]
    return [sys.executable, *module, "--folder", str(folder), "--seconds", str(seconds)]


def render(folder: Path, seconds: float, *, is_moving: bool) -> None:
    """The render alone: with captions and a move of 200 pixels every 5 s, or without either."""
    path = folder / "source.mp4"
    media = maker.media_of(path)
    piece = Piece(START_S, START_S + seconds)
    clock = clip_clock((piece,), Fraction(30), 48_000)
    moves = [(n * 5.0, 960 + 100 * (-1) ** n) for n in range(math.ceil(seconds / 5) + 1)]
    corners = [corner for at_s, x in moves for corner in ((at_s, x), (at_s + 3.5, x))]
    keys = tuple(CropKey(at_s, x, 540) for at_s, x in (corners if is_moving else [(0.0, 960)]))
    shot = FramingShot(
        0, seconds, FramingKind.FILL, 1, "", (Pane(EVERYWHERE, (607.5, 1080), keys),)
    )
    plan = FramingPlan((1920, 1080), "9:16", (shot,))
    sheet = None
    if is_moving:
        ensure_gui_application()
        words = TimeMap((piece,)).words(maker.transcript(*said(piece.end_s)).words)
        times_s = [float(number / clock.rate) for number in range(clock.frames)]
        look = load_style(STYLE)
        sheet = CaptionSheet([CaptionPainter(words, look, (1080, 1920), seconds, times_s=times_s)])
    with tempfile.TemporaryDirectory(dir=folder) as name:
        context = RecordingContext(Path(name))
        soundtrack.make(path, media.info, clock, context)
        strips = (0,) if sheet else ()
        output = RenderOutput(plan, (1080, 1920), "standard", Path(name) / "out.mp4", strips)
        command = Render(path, media.info, clock, Colour(None, False), (output,), sheet)
        ffmpeg.run(
            render_arguments(command, context.job_dir),
            context=context,
            working_dir=context.job_dir,
            total_s=seconds,
            frames=sheet.frames(clock.frames, clock.rate, context.check) if sheet else None,
        )


if __name__ == "__main__":
    main()
