"""Goals 1 and 4: what one captioned vertical clip costs, against one hand-written command.

Goal 1: the export stage in a process of its own (start, faces, loudness, render, checks) against
ffmpeg cropping, scaling and burning in ASS captions with the same preset. Goal 4: the render with
captions and a moving crop against the same render without either. Pairs interleaved, CPU seconds
of all processes, median of the ratios. `--seconds` and `--pairs` make a quicker run.
"""

import argparse
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

import imageio_ffmpeg

from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.qt import ensure_gui_application
from clipforge_desktop.captions.shelf import load_style
from clipforge_desktop.captions.subtitles import write_ass
from clipforge_desktop.domain.clip import Piece, TimeMap
from clipforge_desktop.domain.framing import (
    EVERYWHERE,
    CropKey,
    FramingKind,
    FramingPlan,
    FramingShot,
    Pane,
)
from clipforge_desktop.domain.order import ExportOptions, ExportRequest
from clipforge_desktop.faces.detector import YUNET_FILE
from clipforge_desktop.media import ffmpeg
from clipforge_desktop.stages import exporting
from clipforge_desktop.stages.export import soundtrack
from clipforge_desktop.stages.export.captions import CaptionSheet
from clipforge_desktop.stages.export.clock import clip_clock
from clipforge_desktop.stages.export.picture import Colour
from clipforge_desktop.stages.export.render import Render, RenderOutput, render_arguments
from tests import media_maker
from tests.pipeline import export_maker as maker
from tests.stage_context import RecordingContext

START_S = 5.0
SHARED = Path(os.environ.get("CLIPFORGE_SHARED", Path(__file__).resolve().parents[3] / "shared"))
STYLE = "clean"
SAID = ("So", "this", "is", "what", "we", "learned", "after", "ten", "years", "of", "building.")


def main() -> None:
    """Measure and print; with a role, be one of the measured processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--role", choices=["stage", "moving", "still"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.role == "stage":
        export(options.folder, options.seconds)
    elif options.role:
        render(options.folder, options.seconds, is_moving=options.role == "moving")
    else:
        measure(options.seconds, options.pairs)


def measure(seconds: float, pairs: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source(folder / "source.mp4", START_S + seconds + 2)
        words = TimeMap((Piece(START_S, START_S + seconds),)).words(
            maker.transcript(*said(START_S + seconds)).words
        )
        write_ass(words, folder / "captions.ass", load_style(STYLE), (1080, 1920), seconds)
        first, second = [], []
        for _ in range(pairs):
            by_hand_s = cpu_s(hand_written(folder, seconds), folder)
            stage_s = cpu_s(role("stage", folder, seconds), folder)
            first.append(stage_s / by_hand_s)
            still_s = cpu_s(role("still", folder, seconds), folder)
            moving_s = cpu_s(role("moving", folder, seconds), folder)
            second.append(moving_s / still_s)
            print(
                f"by hand {by_hand_s:.1f} s, export {stage_s:.1f} s; "
                f"plain render {still_s:.1f} s, captions and moving crop {moving_s:.1f} s"
            )
    one, four = statistics.median(first), statistics.median(second)
    print(f"RESULT\tone captioned clip of {seconds:.0f} s, CPU\t{one:.2f}x\t1.05x (1)")
    print(f"RESULT\tcaptions and moving crop, CPU\t{four:.2f}x\t1.10x (4)")


def source(path: Path, seconds: float) -> None:
    """Real people where the shared media are, a drawn and noisy picture otherwise."""
    person = SHARED / "media" / "people" / "s18.mp4"
    picture: tuple[str | Path, ...] = media_maker.lavfi("testsrc2=size=1920x1080:rate=30")
    if person.is_file():
        picture = ("-stream_loop", "-1", "-i", person)
    media_maker.ffmpeg(
        *picture, *media_maker.lavfi("anoisesrc=color=pink:amplitude=0.05"),
        "-map", "0:v", "-map", "1:a", "-t", str(seconds),
        "-vf", "scale=1920:1080,noise=alls=3:allf=t,fps=30",
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-g", "60", "-c:a", "aac", path,
    )  # fmt: skip


def said(seconds: float) -> list[tuple[float, float, str]]:
    return [(n * 0.4, n * 0.4 + 0.35, SAID[n % len(SAID)]) for n in range(int(seconds / 0.4))]


def hand_written(folder: Path, seconds: float) -> list[str]:
    return [
        imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-v", "error", "-ss", str(START_S),
        "-t", str(seconds), "-i", "source.mp4",
        "-vf", "crop=608:1080:656:0,scale=1080:1920,ass=captions.ass",
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-profile:v", "high",
        "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "192k", "-ar", "48000", "-ac", "2",
        "-movflags", "+faststart", str(folder / "by_hand.mp4"),
    ]  # fmt: skip


def role(name: str, folder: Path, seconds: float) -> list[str]:
    module = ["-m", "tests.benchmarks.export_clip", "--role", name]
    return [sys.executable, *module, "--folder", str(folder), "--seconds", str(seconds)]


def cpu_s(command: list[str], folder: Path) -> float:
    """User and system seconds of a command and of everything that it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = dict(os.environ, PYTHONPATH=str(Path(__file__).resolve().parents[2]))
    subprocess.run(command, cwd=folder, env=environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def export(folder: Path, seconds: float) -> None:
    """The stage, from nothing."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        context = RecordingContext(Path(name))
        model = SHARED / "models" / YUNET_FILE
        if model.is_file():
            (context.models_dir / YUNET_FILE).symlink_to(model)
        ensure_gui_application()
        exporting.run(
            ExportRequest(
                path=str(folder / "source.mp4"),
                media=maker.media_of(folder / "source.mp4"),
                transcript=maker.transcript(*said(START_S + seconds)),
                pieces=(Piece(START_S, START_S + seconds),),
                title="A title",
                stem="clip",
                options=ExportOptions(f"{name}/out", ("9:16",), "auto", load_style(STYLE)),
            ),
            context,
        )


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
        sheet = CaptionSheet([CaptionPainter(words, load_style(STYLE), (1080, 1920), seconds)])
    with tempfile.TemporaryDirectory(dir=folder) as name:
        context = RecordingContext(Path(name))
        soundtrack.make(path, media.info, clock, context)
        output = RenderOutput(plan, (1080, 1920), "standard", Path(name) / "out.mp4")
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
