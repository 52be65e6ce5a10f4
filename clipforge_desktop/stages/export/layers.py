"""What lies over a framed picture: glass with the picture behind it out of focus, captions, and
before them, where a style asks for it, the people of the picture once more.

All of it comes out of one sheet of frames (see `captions`), from which every layer is cropped.
The steps that blur are those of `captions.glass`, so that the file is what the window showed.
"""

from dataclasses import dataclass

import ffmpeg

from clipforge_desktop.captions.extents import Strip
from clipforge_desktop.captions.glass import BOX_RADII, Glass
from clipforge_desktop.stages.export.streams import Stream, split


@dataclass(frozen=True)
class GlassArea:
    """How glass blurs, and where its mask lies in the sheet (luma, 255 is glass)."""

    glass: Glass
    sheet_y_px: int


@dataclass(frozen=True)
class CaptionArea:
    """Where one output's strip lies: in its picture, and in the sheet of all strips.

    In the sheet it begins at the left edge.
    """

    strip: Strip
    sheet_y_px: int
    glass: GlassArea | None = None
    is_behind_people: bool = False


def with_captions(
    picture: Stream, sheet: Stream, area: CaptionArea, matte: Stream | None = None
) -> Stream:
    """The picture with its strip of the sheet over it.

    `matte` is framed like the picture; where it is white (luma 235), the captions are hidden.
    """
    if matte is not None:
        branches = split(picture, 2)
        captioned = with_captions(branches[0], sheet, area)
        return _laid_over(captioned, _cut_out(branches[1], matte, area), area)
    if area.glass is not None:
        branches = split(sheet, 2)
        sheet = branches[0]
        picture = _glazed(picture, branches[1], area, area.glass)
    strip = _of_sheet(sheet, area, area.sheet_y_px)
    return _laid_over(picture, strip, area)


def _glazed(picture: Stream, sheet: Stream, area: CaptionArea, pane: GlassArea) -> Stream:
    """The picture, out of focus where the mask says."""
    branches = split(picture, 2)
    small_width, small_height = pane.glass.small_px
    blurred = _of_picture(branches[1], area)
    blurred = blurred.filter("scale", w=small_width, h=small_height, flags="area")
    blurred = blurred.filter("format", "yuv444p")  # every plane alike
    for radius in BOX_RADII:
        blurred = blurred.filter(
            "boxblur", luma_radius=radius, luma_power=1, chroma_radius=radius, chroma_power=1
        )
    blurred = blurred.filter(
        "scale", w=area.strip.width_px, h=area.strip.height_px, flags="bilinear"
    )
    blurred = blurred.filter("format", "yuva420p").filter("setsar", 1)
    mask = _of_sheet(sheet, area, pane.sheet_y_px)
    mask = mask.filter("extractplanes", "y")
    glass = ffmpeg.filter([blurred, mask], "alphamerge")
    return _laid_over(branches[0], glass, area)


def _cut_out(picture: Stream, matte: Stream, area: CaptionArea) -> Stream:
    """The people in the strip's part of the picture."""
    shown = _of_picture(picture, area).filter("format", "yuva420p")
    alpha = _of_picture(matte, area)
    alpha = alpha.filter("lutyuv", y="(val-16)*255/219").filter("extractplanes", "y")
    return ffmpeg.filter([shown, alpha], "alphamerge")


def _of_picture(stream: Stream, area: CaptionArea) -> Stream:
    """What lies under the strip."""
    at = area.strip
    return stream.filter("crop", w=at.width_px, h=at.height_px, x=at.x_px, y=at.y_px, exact=1)


def _of_sheet(sheet: Stream, area: CaptionArea, y_px: int) -> Stream:
    return sheet.filter("crop", w=area.strip.width_px, h=area.strip.height_px, x=0, y=y_px, exact=1)


def _laid_over(picture: Stream, layer: Stream, area: CaptionArea) -> Stream:
    return ffmpeg.overlay(
        picture, layer, x=area.strip.x_px, y=area.strip.y_px, format="yuv420", eof_action="pass"
    )
