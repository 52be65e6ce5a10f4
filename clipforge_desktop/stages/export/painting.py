"""The painters of what lies over an export: one for each look that differs, in one sheet.

Captions first, then the logos and headlines that keep out of their way. Where captions stand
behind people, the sheet carries their mattes too.
"""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QImage

from clipforge_desktop.captions.fonts import load_font_folder
from clipforge_desktop.captions.logo_file import read_logo
from clipforge_desktop.captions.marks import Frame, MarkPainter, marks_of, taken_by
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.qt import ensure_gui_application
from clipforge_desktop.domain.branding import Branding
from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.domain.stage import StageContext
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.stages.export.captions import CaptionSheet
from clipforge_desktop.stages.export.clock import ClipClock
from clipforge_desktop.stages.export.recipe import Ingredients
from clipforge_desktop.stages.matting import find_people


def sheet_of(
    path: Path,
    media: SourceMedia,
    wanted: Sequence[Ingredients],
    words: tuple[Word, ...],
    clock: ClipClock,
    context: StageContext,
) -> tuple[CaptionSheet | None, list[tuple[int, ...]], list[str]]:
    """(the sheet, the numbers of each output's strips in it, what the creator should know).

    Outputs that look alike share strips; no sheet where nothing lies over any of them. Mattes come
    from the source's cache, or are made again. Raises what `find_people` and `read_logo` do.
    """
    if any(made_of.style is not None or made_of.branding is not None for made_of in wanted):
        ensure_gui_application()
        load_font_folder(context.fonts_dir)
    times_s = [float(number / clock.rate) for number in range(clock.frames)]
    looks: list[tuple[object, ...]] = []
    painters: list[CaptionPainter] = []
    strips: list[int | None] = []
    for made_of in wanted:
        if made_of.style is None or not words:
            strips.append(None)
            continue
        style = made_of.style
        if not made_of.people and style.position.behind_people:
            in_front = {"behind_people": False, "follows_framing": False}  # and where it was
            position = style.position.model_copy(update=in_front)
            style = style.model_copy(update={"position": position})
        size_px, zone, grounds = made_of.size_px, made_of.safe_zone, made_of.grounds
        if (style, size_px, zone, grounds) not in looks:
            looks.append((style, size_px, zone, grounds))
            painters.append(
                CaptionPainter(
                    words, style, size_px, clock.duration_s, zone, grounds=grounds, times_s=times_s
                )
            )
        strips.append(looks.index((style, size_px, zone, grounds)))
    marking = _Marking(len(painters), clock.duration_s, times_s)
    numbers = [
        (*own, *marking.strips_of(made_of, [painters[number] for number in own]))
        for made_of, number in zip(wanted, strips, strict=True)
        for own in [() if number is None else (number,)]
    ]
    notices = [note for painter in painters for note in painter.notices] + marking.notices
    if not painters and not marking.painters:
        return None, numbers, notices
    hidden = next((made_of for made_of in wanted if made_of.people), None)
    people = None
    if hidden is not None:
        people = find_people(path, media, hidden.pieces, context, lambda done: None)
    return CaptionSheet(painters, people, marking.painters), numbers, notices


class _Marking:
    """Logos and headlines of all outputs; their strips follow the first `count` of the sheet."""

    def __init__(self, count: int, duration_s: float, times_s: Sequence[float]) -> None:
        self.painters: list[MarkPainter] = []
        self.notices: list[str] = []
        self._count, self._duration_s, self._times_s = count, duration_s, times_s
        self._known: dict[tuple[object, ...], tuple[int, ...]] = {}

    def strips_of(
        self, made_of: Ingredients, captions: Sequence[CaptionPainter]
    ) -> tuple[int, ...]:
        """The numbers of what one output has over its `captions`, which are one painter or none."""
        branding, zone = made_of.branding, made_of.safe_zone
        if branding is None or zone is None:
            return ()
        key = (branding, zone, made_of.size_px, id(captions[0]) if captions else made_of.style)
        if key not in self._known:
            marks = marks_of(
                branding,
                _picture(branding),
                made_of.style,
                taken_by(captions[0] if captions else None),
                Frame(made_of.size_px, zone, self._duration_s, self._times_s),
            )
            begin = self._count + len(self.painters)
            self.painters += marks.painters
            self.notices += marks.notices
            self._known[key] = tuple(range(begin, self._count + len(self.painters)))
        return self._known[key]


def _picture(branding: Branding) -> QImage | None:
    logo = branding.logo
    return None if logo is None else read_logo(logo.path, logo.key).image
