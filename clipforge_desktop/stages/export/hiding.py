"""Whether the logo or the headline of a finished file lies over a face, and what helps.

The window and `--fix` tell this before the export, once somebody looked at the clip. An export
that was asked for at once only knows it at its end, and says it then.
"""

from collections.abc import Iterator, Sequence

from clipforge_desktop.captions.fonts import load_font_folder
from clipforge_desktop.captions.mark_boxes import logo_shape, mark_boxes
from clipforge_desktop.captions.marks import Frame
from clipforge_desktop.captions.qt import ensure_gui_application
from clipforge_desktop.domain.shown import ShownFace, hides_face
from clipforge_desktop.domain.stage import StageContext
from clipforge_desktop.stages.export.recipe import Ingredients

HIDDEN_BY_LOGO = "The logo lies over a face: put it into another corner, or make it smaller."
HIDDEN_BY_HEADLINE = (
    "The headline lies over a face: use fewer words, show it for a shorter time, or leave it out."
)


def hidden_by(
    made_of: Ingredients, duration_s: float, faces: Sequence[ShownFace], context: StageContext
) -> Iterator[str]:
    """What is to be said of one output that shows these faces."""
    branding, zone = made_of.branding, made_of.safe_zone
    if branding is None or zone is None or not faces:
        return
    ensure_gui_application()
    load_font_folder(context.fonts_dir)
    shape = None if branding.logo is None else logo_shape(branding.logo.path)
    boxes = mark_boxes(
        branding,
        shape if isinstance(shape, tuple) else None,
        made_of.style,
        made_of.words,
        Frame(made_of.size_px, zone, duration_s),
        made_of.grounds,
    )
    if boxes.logo is not None and hides_face(boxes.logo, duration_s, faces):
        yield HIDDEN_BY_LOGO
    if boxes.headline is not None and hides_face(boxes.headline, boxes.until_s, faces):
        yield HIDDEN_BY_HEADLINE
