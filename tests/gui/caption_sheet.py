"""Sheets of captions to look at, painted by the program's own painter.

`python -m tests.gui.caption_sheet FOLDER` writes the whole shelf over pictures of people (or over
drawn ones where the shared media are missing) in three shapes; `--style NAME` one style in many
moments; `--scripts` one line per script with its active word. Nothing is judged here but by eye.
"""

import argparse
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter

from clipforge_desktop.captions.composing import lay_over
from clipforge_desktop.captions.fonts import load_fonts
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.qt import ensure_gui_application
from clipforge_desktop.captions.shelf import list_styles, load_style
from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.paths import Home
from tests.gui.script_lines import SCRIPT_LINES

SHARED = Path(os.environ.get("CLIPFORGE_SHARED", Path(__file__).resolve().parents[3] / "shared"))
SHAPES = {"9x16": (540, 960), "1x1": (720, 720), "16x9": (960, 540)}
STILLS = (
    ("people/demo1_video.mp4", 2.0),
    ("people/demo3_video.mp4", 5.0),
    ("people/s18.mp4", 3.0),
    ("people/d9.mp4", 4.0),
    ("faces/two_people.jpg", 0.0),
    ("faces/img18.jpg", 0.0),
    ("faces/couple.jpg", 0.0),
    ("people/man-on-green-screen.mp4", 3.0),
)
SAID = (
    ("Mira", "Nobody tells you this, but the first 90 days in Berlin decide everything."),
    ("Jonas", "And what did you actually learn?"),
)
MOMENTS_S = (0.45, 0.55, 0.7, 0.95, 1.35, 1.9, 2.5, 2.62, 2.75, 3.3, 5.6, 7.1)


@dataclass(frozen=True)
class Cell:
    style: CaptionStyle
    at_s: float
    ground: QImage


def spoken(said: tuple[tuple[str, str], ...] = SAID, step_s: float = 0.38) -> tuple[Word, ...]:
    """Words of each speaker in turn, evenly spoken."""
    words: list[Word] = []
    for speaker, text in said:
        for part in text.split():
            start_s = 0.4 + len(words) * step_s
            words.append(Word(start_s, start_s + step_s - 0.04, part, speaker=speaker))
    return tuple(words)


def stills(size_px: tuple[int, int]) -> list[QImage]:
    """Frames that fill `size_px`, cropped around their middle."""
    width, height = size_px
    found: list[QImage] = []
    for name, at_s in STILLS:
        file = SHARED / "media" / name
        if file.is_file():
            seek = ["-ss", str(at_s)] if at_s else []
            cover = f"scale={width}:{height}:force_original_aspect_ratio=increase"
            command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *seek, "-i", str(file)]
            command += [
                "-frames:v",
                "1",
                "-vf",
                f"{cover},crop={width}:{height}",
                "-f",
                "rawvideo",
                "-pix_fmt",
                "bgra",
                "-",
            ]
            raw = subprocess.run(command, capture_output=True, check=True).stdout
            picture = QImage(raw, width, height, QImage.Format.Format_RGB32)
            found.append(picture.copy())
    return found or [drawn(size_px, light) for light in (30, 130, 235)]


def drawn(size_px: tuple[int, int], light: int) -> QImage:
    picture = QImage(*size_px, QImage.Format.Format_RGB32)
    gradient = QLinearGradient(0, 0, 0, size_px[1])
    gradient.setColorAt(0, QColor(light, light, min(light + 20, 255)))
    gradient.setColorAt(1, QColor(light // 2, light // 2, light // 2))
    painter = QPainter(picture)
    painter.fillRect(picture.rect(), gradient)
    painter.end()
    return picture


def telling_s(painter: CaptionPainter) -> float:
    """Late in the longest caption, while a word is being spoken."""
    caption = max(painter.track.captions, key=lambda one: (one.end - one.first, one.end_s))
    token = painter.track.tokens[max(caption.end - 2, caption.first)]
    return token.start_s * 0.25 + token.end_s * 0.75


def sheet(
    cells: list[Cell], cell_px: tuple[int, int], columns: int, words: tuple[Word, ...]
) -> QImage:
    """Each cell's captions over its ground, painted in its own size and shown in `cell_px`."""
    rows = -(-len(cells) // columns)
    width, height = cell_px
    label_px = 18
    picture = QImage(columns * width, rows * (height + label_px), QImage.Format.Format_RGB32)
    picture.fill(QColor("#20242E"))
    brush = QPainter(picture)
    brush.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for number, cell in enumerate(cells):
        size_px = (cell.ground.width(), cell.ground.height())
        painter = CaptionPainter(words, cell.style, size_px, words[-1].end_s + 1)
        at_s = cell.at_s if cell.at_s >= 0 else telling_s(painter)
        frame = cell.ground.copy()
        lay_over(frame, painter, at_s, painter.strip.y_px)
        left, top = number % columns * width, number // columns * (height + label_px)
        brush.drawImage(
            QRect(left, top + label_px, width, height),
            frame.scaled(width, height, mode=Qt.TransformationMode.SmoothTransformation),
        )
        brush.setPen(QColor("white"))
        brush.drawText(left + 4, top + 14, f"{cell.style.name}  {at_s:.2f} s")
    brush.end()
    return picture


def shelf_sheets(folder: Path, names: list[str], per_page: int) -> None:
    styles = [entry.style for entry in list_styles() if entry.style is not None]
    styles = [style for style in styles if not names or style.name in names]
    for shape, size_px in SHAPES.items():
        grounds = stills(size_px)
        cells = [
            Cell(style, -1.0, grounds[number % len(grounds)]) for number, style in enumerate(styles)
        ]
        scale = {"9x16": 0.62, "1x1": 0.5, "16x9": 0.5}[shape]
        cell_px = (int(size_px[0] * scale), int(size_px[1] * scale))
        for page in range(0, len(cells), per_page):
            columns = {"9x16": 5, "1x1": 4, "16x9": 3}[shape]
            made = sheet(cells[page : page + per_page], cell_px, columns, spoken())
            save(made, folder / f"shelf-{shape}-{page // per_page + 1}.png")


def moments_sheet(folder: Path, name: str, shape: str) -> None:
    grounds = stills(SHAPES[shape])
    cells = [
        Cell(load_style(name), at_s, grounds[n % len(grounds)]) for n, at_s in enumerate(MOMENTS_S)
    ]
    save(sheet(cells, (324, 576), 6, spoken()), folder / f"moments-{name}.png")


def script_sheet(folder: Path, name: str) -> None:
    """One row per script: its line while its second word is spoken."""
    shelf = load_style(name)
    style = shelf.model_copy(
        update={
            "font": shelf.font.model_copy(update={"size_percent": 2.2}),
            "lines": shelf.lines.model_copy(
                update={"max_words": 20, "max_chars": 60, "max_lines": 1, "max_s": 15.0}
            ),
        }
    )
    width, height = 760, 92
    picture = QImage(2 * width, -(-len(SCRIPT_LINES) // 2) * height, QImage.Format.Format_RGB32)
    picture.fill(QColor("#39424F"))
    brush = QPainter(picture)
    for number, (script, line) in enumerate(SCRIPT_LINES.items()):
        painter = CaptionPainter(spoken((("", line),)), style, (width, width * 16 // 9), 30.0)
        token = painter.track.tokens[min(1, len(painter.track.tokens) - 1)]
        strip = painter.paint((token.start_s + token.end_s) / 2)
        left, top = number % 2 * width, number // 2 * height
        brush.drawImage(left, top + (height - strip.height()) // 2 + 8, strip)
        brush.setPen(QColor("white"))
        brush.drawText(left + 4, top + 13, f"{script}   {' | '.join(painter.notices)}")
    brush.end()
    save(picture, folder / f"scripts-{name}.png")


def save(picture: QImage, file: Path) -> None:
    picture.save(str(file))
    sys.stderr.write(f"{file}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=[], metavar="STYLE")
    parser.add_argument("--style", help="this style in twelve moments")
    parser.add_argument("--shape", choices=SHAPES, default="9x16")
    parser.add_argument("--home", type=Path, help="a home folder with fonts of one's own")
    parser.add_argument("--scripts", metavar="STYLE", help="one line per script in this style")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    ensure_gui_application()
    load_fonts(Home(options.home) if options.home else None)
    if options.style:
        moments_sheet(options.folder, options.style, options.shape)
    elif options.scripts:
        script_sheet(options.folder, options.scripts)
    else:
        shelf_sheets(options.folder, options.only, 10 if not options.only else 12)


if __name__ == "__main__":
    main()
