"""Goals 4 and 17, the captions' part: what they add to an export, and to one frame of the preview.

The same export with captions and without, each in a process of its own, interleaved, CPU seconds
of the process tree, median of the ratios: for the default style and for the one whose frames cost
most. Then the painter alone at 1080x1920 and 30 frames a second, as the preview asks it: CPU time
of a frame, 95th percentile, per style. `--seconds`, `--pairs` and `--styles` make a quicker run,
`--frames-only` one without exports.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.qt import ensure_gui_application
from clipforge_desktop.captions.shelf import DEFAULT_STYLE, list_styles, load_style
from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.order import ExportOptions, ExportRequest
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.stages import exporting
from tests.benchmarks._measuring import cpu_s, said, source
from tests.pipeline import export_maker as maker
from tests.stage_context import RecordingContext

FRAME = (1080, 1920)
RATE = 30
NONE = "-"


def main() -> None:
    """Measure and print; with `--style`, be one of the measured processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=12.0)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--styles", nargs="*", default=[])
    parser.add_argument("--frames-only", action="store_true")
    parser.add_argument("--style", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    ensure_gui_application()
    if options.style:
        export(options.folder, options.seconds, options.style)
        return
    entries = [entry.style for entry in list_styles() if entry.style is not None]
    styles = [style for style in entries if not options.styles or style.name in options.styles]
    heaviest = frames(styles)
    if not options.frames_only:
        exports(options.styles or sorted({DEFAULT_STYLE, heaviest}), options.seconds, options.pairs)


def frames(styles: list[CaptionStyle]) -> str:
    """Print the cost of a frame in each style; the name of the one that costs an export most."""
    rows = sorted((frame_costs(style) for style in styles), reverse=True)
    print("export, ms/s   preview, p95 ms   of changed frames   changed/s   style")
    for load_ms, shown_ms, changed_ms, count, name in rows:
        print(f"{load_ms:12.1f}   {shown_ms:15.2f}   {changed_ms:17.2f}   {count:9.1f}   {name}")
    worst = max(rows, key=lambda row: row[1])
    over = sum(row[1] > 4 for row in rows)
    print(f"RESULT\tone caption frame, p95 of {worst[4]}\t{worst[1]:.1f} ms\t4 ms (17)")
    print(f"RESULT\tstyles over 4 ms\t{over} of {len(rows)}\t0 (17)")
    return rows[0][4]


def frame_costs(style: CaptionStyle) -> tuple[float, float, float, float, str]:
    """CPU ms per second of exported video, p95 of previewed frames, of the slowest twentieth of
    those that changed, changed frames a second, name.
    """
    seconds = 12.0
    words = tuple(Word(start_s, end_s, text, speaker="Mira") for start_s, end_s, text in said(12))
    preview, export = (CaptionPainter(words, style, FRAME, seconds) for _ in range(2))
    times_s = [number / RATE for number in range(int(seconds * RATE))]
    begun_s = time.thread_time()
    for at_s in times_s:
        export.frame(at_s)
    load_ms = (time.thread_time() - begun_s) * 1000 / seconds
    shown_ms: list[float] = []
    changed_ms: list[float] = []
    last: object = None
    for at_s in times_s:
        before_s = time.thread_time()
        preview.paint(at_s)
        shown_ms.append((time.thread_time() - before_s) * 1000)
        if (key := preview.key_at(at_s)) != last:
            changed_ms.append(shown_ms[-1])
        last = key
    return load_ms, p95(shown_ms), p95(changed_ms), len(changed_ms) / seconds, style.name


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def exports(names: list[str], seconds: float, pairs: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source(folder / "source.mp4", seconds + 2)
        ratios: dict[str, list[float]] = {style: [] for style in names}
        for _ in range(pairs):
            for style in names:
                bare_s = cpu_s(role(folder, seconds, NONE), folder)
                captioned_s = cpu_s(role(folder, seconds, style), folder)
                ratios[style].append(captioned_s / bare_s)
                print(f"without {bare_s:.1f} s, with {style} {captioned_s:.1f} s", flush=True)
    for style, found in ratios.items():
        ratio = statistics.median(found)
        print(f"RESULT\tcaptions in {style}, CPU of the export\t{ratio:.2f}x\t1.10x (4)")


def role(folder: Path, seconds: float, style: str) -> list[str]:
    module = [sys.executable, "-m", "tests.benchmarks.captions", f"--style={style}"]
    return [*module, "--folder", str(folder), "--seconds", str(seconds)]


def export(folder: Path, seconds: float, style: str) -> None:
    """The export stage, from nothing."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        exporting.run(
            ExportRequest(
                path=str(folder / "source.mp4"),
                media=maker.media_of(folder / "source.mp4"),
                transcript=maker.transcript(*said(seconds)),
                pieces=(Piece(0.0, seconds),),
                title="A title",
                stem="clip",
                options=ExportOptions(
                    f"{name}/out",
                    ("9:16",),
                    "fit",
                    None if style == NONE else load_style(style),
                ),
            ),
            RecordingContext(Path(name)),
        )


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main()
