"""The picture of an export as an ffmpeg graph: pieces joined, framed per shot, layers on top.

One decode feeds every output by `split`. Everything runs at the clip's constant rate from the
first filter on, so that frame `n` of the picture and frame `n` of the captions are the same
moment. There is no text of a user in the graph: numbers and fixed names only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType

import ffmpeg

from clipforge_desktop.domain.framing import Backdrop, FramingPlan, FramingShot
from clipforge_desktop.stages.export.crop import (
    Run,
    View,
    Window,
    moving_crop,
    needed_view,
    runs,
)
from clipforge_desktop.stages.export.formats import even
from clipforge_desktop.stages.export.layers import CaptionArea, with_captions
from clipforge_desktop.stages.export.streams import Stream, concat, rate_text, split, thinned

_BACKDROP_SHRINK = 8  # the blurred copy is made this small: cheap, and soft by itself
_BACKDROP_LIGHT = 0.55
_PLAIN_COLOUR = "0x16181d"
_DARK_COLOUR = "0x101216"
_MATTE_LONG_SIDE_PX = 960  # finer than any matte is, so that its crops fall where the picture's do


@dataclass(frozen=True)
class Colour:
    """How decoded colours are brought to BT.709: `matrix` names an untagged source's own."""

    matrix: str | None
    is_wide: bool  # HDR, or the primaries of BT.2020: mapped, not only re-tagged

    def scale_options(self) -> dict[str, str]:
        options = {"out_color_matrix": "bt709", "out_range": "tv"}
        if self.matrix is not None and not self.is_wide:
            options["in_color_matrix"] = self.matrix
        return options


_PLAIN = Colour(None, False)


@dataclass(frozen=True)
class Output:
    """One picture to make, of every `every`th frame, with `layers` over it, the lowest first."""

    plan: FramingPlan
    size_px: tuple[int, int]
    layers: tuple[CaptionArea, ...]
    every: int = 1

    @property
    def is_behind_people(self) -> bool:
        return any(layer.is_behind_people for layer in self.layers)


def outputs(
    base: Stream,
    wanted: Sequence[Output],
    sheet: Stream | None,
    view: View,
    colour: Colour,
    rate: Fraction,
    frames: int,
    matte: Window | None = None,
) -> list[Stream]:
    """The finished picture of every output, in order; `sheet` carries all captions.

    `base` holds `frames` frames at `rate`, upright, and shows `view` of the source. `matte` says
    where in the sheet the people of the whole source are.
    """
    sheets = split(sheet, 1 + (matte is not None))
    mattes: dict[int, Stream] = {}
    if matte is not None:
        mattes = _mattes(sheets.pop(), matte, wanted, view, rate, frames)
    if colour.is_wide:
        base, view = _mapped(base, view, wanted)
    pictures = _pictures(base, wanted, view, colour, rate, frames)
    return _finished(pictures, wanted, sheets[0] if sheets else None, rate, mattes)


def _mattes(
    sheet: Stream,
    window: Window,
    wanted: Sequence[Output],
    view: View,
    rate: Fraction,
    frames: int,
) -> dict[int, Stream]:
    """People for every output that needs them, framed as its picture is; nobody around the panes.

    The matte is brought to the shape of the source first, as finely as crops need it.
    """
    places = [place for place, output in enumerate(wanted) if output.is_behind_people]
    x, y, across, along = window
    share = min(_MATTE_LONG_SIDE_PX / max(view.size_px), 1.0)
    coarse = View(view.shown, (even(view.size_px[0] * share), even(view.size_px[1] * share)))
    stream = sheet.filter("crop", w=across, h=along, x=x, y=y, exact=1)
    stream = stream.filter("format", "yuv420p")
    stream = stream.filter("scale", w=coarse.size_px[0], h=coarse.size_px[1], flags="bilinear")
    alone = [replace(wanted[place], plan=_alone(wanted[place].plan)) for place in places]
    framed = _pictures(stream.filter("setsar", 1), alone, coarse, _PLAIN, rate, frames, "black")
    return dict(zip(places, framed, strict=True))


def _alone(plan: FramingPlan) -> FramingPlan:
    """The same panes, on nothing."""
    shots = tuple(replace(shot, backdrop=Backdrop.DARK) for shot in plan.shots)
    return replace(plan, shots=shots)


def _pictures(
    base: Stream,
    wanted: Sequence[Output],
    view: View,
    colour: Colour,
    rate: Fraction,
    frames: int,
    ground: str = _DARK_COLOUR,
) -> list[Stream]:
    """Every output framed, on `ground`. What several of them show alike is made once: frames of
    one rate, the crop of one framing and size.
    """
    pictures: list[Stream] = [None] * len(wanted)
    steps = _alike([output.every for output in wanted])
    for places, branch in zip(steps, split(base, len(steps)), strict=True):
        every = wanted[places[0]].every
        slower = thinned(branch, every, rate)
        framings = _alike([(wanted[place].plan, wanted[place].size_px) for place in places])
        for alike, stream in zip(framings, split(slower, len(framings)), strict=True):
            framed = _framed(stream, wanted[places[alike[0]]], view, colour, rate, frames, ground)
            for number, picture in zip(alike, split(framed, len(alike)), strict=True):
                pictures[places[number]] = picture
    return pictures


def _mapped(stream: Stream, view: View, wanted: Sequence[Output]) -> tuple[Stream, View]:
    """HDR or wide colours to BT.709, once, on the part that is shown.

    ffmpeg computes a table of about ten CPU seconds for every filter that does this (and anew
    whenever the frames' own metadata change), and then takes some 25 ns for each pixel.
    """
    needed = [(output.plan, output.size_px) for output in wanted]
    (x, y, width, height), smaller = needed_view(view, needed)
    if (width, height) != view.size_px:
        stream = stream.filter("crop", w=width, h=height, x=x, y=y, exact=1)
    mapped = stream.filter("sidedata", mode="delete", type="DYNAMIC_HDR_PLUS").filter(
        "scale",
        w=smaller.size_px[0],
        h=smaller.size_px[1],
        out_primaries="bt709",
        out_transfer="bt709",
        out_color_matrix="bt709",
        out_range="tv",
        intent="perceptual",
    )
    return mapped.filter("format", "yuv420p"), smaller


def plain_outputs(
    wanted: Sequence[Output], sheet: Stream | None, rate: Fraction, frames: int
) -> list[Stream]:
    """Captions over a plain background, for sources that have sound only."""
    sizes = [output.size_px for output in wanted]
    pictures: list[Stream] = [None] * len(wanted)
    for places in _alike(sizes):
        width, height = sizes[places[0]]
        plain = f"color=c={_PLAIN_COLOUR}:s={width}x{height}:r={rate_text(rate)}"
        picture = ffmpeg.input(plain, f="lavfi").filter("trim", end_frame=frames)
        picture = picture.filter("format", "yuv420p").filter("setsar", 1)
        for place, branch in zip(places, split(picture, len(places)), strict=True):
            pictures[place] = thinned(branch, wanted[place].every, rate)
    return _finished(pictures, wanted, sheet, rate)


def _finished(
    pictures: Sequence[Stream],
    wanted: Sequence[Output],
    sheet: Stream | None,
    rate: Fraction,
    mattes: Mapping[int, Stream] = MappingProxyType({}),
) -> list[Stream]:
    """Their layers on top. Outputs with the very same picture still get a stream each."""
    strips = iter(split(sheet, sum(len(output.layers) for output in wanted)))
    finished: list[Stream] = []
    for place, (picture, output) in enumerate(zip(pictures, wanted, strict=True)):
        for layer in output.layers:
            strip = thinned(next(strips), output.every, rate)
            matte = mattes.get(place) if layer.is_behind_people else None
            picture = with_captions(picture, strip, layer, matte)
        finished.append(_tagged(picture))
    return finished


def _alike(values: Sequence[object]) -> list[list[int]]:
    """The places of equal values together, by the first of each."""
    groups: list[list[int]] = []
    for place, value in enumerate(values):
        known = next((group for group in groups if values[group[0]] == value), None)
        if known is None:
            groups.append([place])
        else:
            known.append(place)
    return groups


def _framed(
    base: Stream,
    output: Output,
    view: View,
    colour: Colour,
    base_rate: Fraction,
    frames: int,
    ground: str,
) -> Stream:
    rate = base_rate / output.every
    alike = runs(output.plan, -(-frames // output.every), rate)
    parts: list[Stream] = []
    for run, branch in zip(alike, split(base, len(alike)), strict=True):
        stream = branch
        if len(alike) > 1:
            stream = stream.filter("trim", start_frame=run.first, end_frame=run.end).filter(
                "setpts", "PTS-STARTPTS"
            )
        parts.append(_laid_out(stream, run, output, view, colour, rate, ground))
    return concat(parts, rate)


def _laid_out(
    stream: Stream,
    run: Run,
    output: Output,
    view: View,
    colour: Colour,
    rate: Fraction,
    ground_colour: str,
) -> Stream:
    """The panes of a run in their places."""
    shot, boxes = run.shots[0], pane_boxes(run.shots[0], output.size_px)
    is_blurred = shot.backdrop is Backdrop.BLUR
    branches = split(stream, len(boxes) + is_blurred)
    panes = [
        _cropped(branch, run, number, (box[2], box[3]), view, colour, rate)
        for number, (branch, box) in enumerate(zip(branches, boxes, strict=False))
    ]
    if not is_blurred and _is_tiled(boxes, output.size_px):
        return _stacked(panes, boxes)
    if is_blurred:
        ground = _blurred(branches[-1], output, colour)
    else:
        (x, y, _, _), first = boxes.pop(0), panes.pop(0)
        width, height = output.size_px
        ground = first.filter("pad", w=width, h=height, x=x, y=y, color=ground_colour)
    for (x, y, _, _), pane in zip(boxes, panes, strict=True):
        ground = ffmpeg.overlay(ground, pane, x=x, y=y, format="yuv420")
    return ground


def pane_boxes(shot: FramingShot, size_px: tuple[int, int]) -> list[Window]:
    """Each pane's place in output pixels, on even ones; panes that touch still do."""
    boxes: list[Window] = []
    for place in (pane.place for pane in shot.panes):
        left, top = _even_edge(place.x * size_px[0]), _even_edge(place.y * size_px[1])
        right = _even_edge((place.x + place.width) * size_px[0])
        bottom = _even_edge((place.y + place.height) * size_px[1])
        boxes.append((left, top, max(right - left, 2), max(bottom - top, 2)))
    return boxes


def _even_edge(at_px: float) -> int:
    return round(at_px / 2) * 2


def _is_tiled(boxes: Sequence[Window], size_px: tuple[int, int]) -> bool:
    """Do the panes cover everything, one below or beside the other?"""
    covered = sum(width * height for _, _, width, height in boxes)
    in_rows = all(width == size_px[0] for _, _, width, _ in boxes)
    in_columns = all(height == size_px[1] for _, _, _, height in boxes)
    return covered == size_px[0] * size_px[1] and (in_rows or in_columns)


def _stacked(panes: Sequence[Stream], boxes: Sequence[Window]) -> Stream:
    if len(panes) == 1:
        return panes[0]
    kind = "vstack" if boxes[0][0] == boxes[1][0] else "hstack"
    order = sorted(range(len(boxes)), key=lambda number: boxes[number][:2])
    return ffmpeg.filter([panes[number] for number in order], kind, inputs=len(panes))


def _cropped(
    stream: Stream,
    run: Run,
    number: int,
    size_px: tuple[int, int],
    view: View,
    colour: Colour,
    rate: Fraction,
) -> Stream:
    crop = moving_crop(run, number, rate, view, size_px)
    if crop.taken != view.size_px:
        width, height = crop.taken
        stream = stream.filter("crop", w=width, h=height, x=crop.from_x, y=crop.from_y, exact=1)
    stream = _scaled(stream, crop.scaled, colour)
    if crop.scaled != crop.cropped:
        across, along = crop.cropped
        stream = stream.filter("crop", w=across, h=along, x=crop.x, y=crop.y, exact=1)
    if crop.cropped != size_px:
        stream = stream.filter("scale", w=size_px[0], h=size_px[1], flags="neighbor")
        stream = stream.filter("setsar", 1)
    return stream


def _blurred(stream: Stream, output: Output, colour: Colour) -> Stream:
    """A blurred, darkened copy of the whole picture that covers the frame."""
    width, height = output.size_px
    shape = output.plan.source_size_px[0] / output.plan.source_size_px[1]
    small = (even(width / _BACKDROP_SHRINK), even(height / _BACKDROP_SHRINK))
    cover = (max(small[0], even(small[1] * shape)), max(small[1], even(small[0] / shape)))
    return (
        _scaled(stream, cover, colour)
        .filter("crop", w=small[0], h=small[1])
        # Not gblur: it reads past the ends of rows as short as these chroma rows.
        .filter("boxblur", luma_radius=4, luma_power=3, chroma_radius=2, chroma_power=3)
        .filter("lutyuv", y=f"16+(val-16)*{_BACKDROP_LIGHT}")
        .filter("scale", w=width, h=height)
        .filter("setsar", 1)
    )


def _scaled(stream: Stream, size_px: tuple[int, int], colour: Colour) -> Stream:
    return (
        stream.filter("scale", w=size_px[0], h=size_px[1], **colour.scale_options())
        .filter("format", "yuv420p")
        .filter("setsar", 1)
    )


def _tagged(stream: Stream) -> Stream:
    return stream.filter(
        "setparams", range="tv", color_primaries="bt709", color_trc="bt709", colorspace="bt709"
    )
