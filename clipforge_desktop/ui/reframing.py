"""Which part of a frame the preview shows: the clip's framing plan, or the middle without one.

Sizes are in upright, square-pixel source pixels, as everywhere; the export asks the same plan.
"""

from PySide6.QtCore import QRectF

from clipforge_desktop.domain.framing import FramingPlan

ASPECTS = ("9:16", "1:1", "4:5", "16:9")


def ratio(aspect: str) -> float:
    """Width over height of "9:16"."""
    width, height = aspect.split(":")
    return int(width) / int(height)


def centred_crop(size_px: tuple[int, int], aspect: str) -> QRectF:
    """The largest part of that shape, in the middle."""
    width, height = size_px
    wanted = ratio(aspect)
    crop_width, crop_height = (height * wanted, float(height))
    if crop_width > width:
        crop_width, crop_height = float(width), width / wanted
    return QRectF((width - crop_width) / 2, (height - crop_height) / 2, crop_width, crop_height)


def crop_at(
    plan: FramingPlan | None, size_px: tuple[int, int], aspect: str, clip_s: float
) -> QRectF:
    """What Fill shows at `clip_s`."""
    if plan is None or plan.aspect != aspect or not plan.shots:
        return centred_crop(size_px, aspect)
    rect = plan.crop_at(clip_s)
    return QRectF(rect.x, rect.y, rect.width, rect.height)
