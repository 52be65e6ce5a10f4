"""The painters of an export's captions: one for each look that differs, in one sheet."""

from collections.abc import Sequence

from clipforge_desktop.captions.fonts import load_font_folder
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.qt import ensure_gui_application
from clipforge_desktop.domain.stage import StageContext
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.stages.export.captions import CaptionSheet
from clipforge_desktop.stages.export.recipe import Ingredients


def sheet_of(
    wanted: Sequence[Ingredients],
    words: tuple[Word, ...],
    duration_s: float,
    context: StageContext,
) -> tuple[CaptionSheet | None, list[int | None], list[str]]:
    """(the sheet, the number of each output's strip in it, what the creator should know).

    Outputs that look alike share a strip; None where there are no captions.
    """
    looks: list[tuple[object, ...]] = []
    painters: list[CaptionPainter] = []
    strips: list[int | None] = []
    for made_of in wanted:
        if made_of.style is None or not words:
            strips.append(None)
            continue
        style, size_px, zone = made_of.style, made_of.size_px, made_of.safe_zone
        if (style, size_px, zone) not in looks:
            if not looks:
                ensure_gui_application()
                load_font_folder(context.fonts_dir)
            looks.append((style, size_px, zone))
            painters.append(CaptionPainter(words, style, size_px, duration_s, zone))
        strips.append(looks.index((style, size_px, zone)))
    notices = [note for painter in painters for note in painter.notices]
    return CaptionSheet(painters) if painters else None, strips, notices
