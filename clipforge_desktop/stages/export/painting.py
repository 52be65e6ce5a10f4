"""The painters of an export's captions: one for each look that differs, in one sheet.

Where captions stand behind people, the sheet carries their mattes too.
"""

from collections.abc import Sequence
from pathlib import Path

from clipforge_desktop.captions.fonts import load_font_folder
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.qt import ensure_gui_application
from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.domain.stage import StageContext
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.stages.export.captions import CaptionSheet
from clipforge_desktop.stages.export.recipe import Ingredients
from clipforge_desktop.stages.matting import find_people


def sheet_of(
    path: Path,
    media: SourceMedia,
    wanted: Sequence[Ingredients],
    words: tuple[Word, ...],
    duration_s: float,
    context: StageContext,
) -> tuple[CaptionSheet | None, list[int | None], list[str]]:
    """(the sheet, the number of each output's strip in it, what the creator should know).

    Outputs that look alike share a strip; None where there are no captions. Mattes come from the
    source's cache, or are made again, which raises what `find_people` does.
    """
    looks: list[tuple[object, ...]] = []
    painters: list[CaptionPainter] = []
    strips: list[int | None] = []
    for made_of in wanted:
        if made_of.style is None or not words:
            strips.append(None)
            continue
        style = made_of.style
        if not made_of.people and style.position.behind_people:
            in_front = style.position.model_copy(update={"behind_people": False})
            style = style.model_copy(update={"position": in_front})
        size_px, zone, grounds = made_of.size_px, made_of.safe_zone, made_of.grounds
        if (style, size_px, zone, grounds) not in looks:
            if not looks:
                ensure_gui_application()
                load_font_folder(context.fonts_dir)
            looks.append((style, size_px, zone, grounds))
            painter = CaptionPainter(words, style, size_px, duration_s, zone, grounds=grounds)
            painters.append(painter)
        strips.append(looks.index((style, size_px, zone, grounds)))
    notices = [note for painter in painters for note in painter.notices]
    if not painters:
        return None, strips, notices
    hidden = next((made_of for made_of in wanted if made_of.people), None)
    people = None
    if hidden is not None:
        people = find_people(path, media, hidden.pieces, context, lambda done: None)
    return CaptionSheet(painters, people), strips, notices
