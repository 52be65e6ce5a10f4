"""Logo and headline before an export: a logo that cannot be drawn, and faces that they hide.

They are placed beside the captions and inside the safe zone, so buttons cover them only where a
platform leaves hardly anything free, and only where captions fill the zone is there no room.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf

from clipforge_desktop.app.preflight.batch import (
    SAMPLE_WORDS,
    Batch,
    Output,
    Planned,
    named,
)
from clipforge_desktop.domain.branding import CORNERS, Branding, Corner, branding_of
from clipforge_desktop.domain.framing import Rect
from clipforge_desktop.domain.preflight import Finding, Remedy
from clipforge_desktop.domain.shown import (
    Ground,
    ShownFace,
    hides_face,
    looks_under,
)

_PX = 1.0  # nobody sees that
_BRIEFLY_S = 3.0

_Shape = tuple[int, int] | None


@dataclass(frozen=True)
class _Marked:
    """One file of a clip with its faces, and what captions stand on."""

    one: Planned
    output: Output
    faces: tuple[ShownFace, ...]
    grounds: tuple[Ground, ...]


def marks(batch: Batch) -> Iterator[Finding]:
    wished = batch.options.branding
    if wished is None:
        return
    from clipforge_desktop.captions import boxes, mark_boxes  # Qt: only where it is measured

    shape: _Shape = None
    if wished.logo is not None:
        found = mark_boxes.logo_shape(wished.logo.path)
        if not isinstance(found, tuple):
            message = f"{found.message} {found.next_step}"
            remedy = _without(batch, "logo")
            yield Finding(found.code, message, batch.ids, remedy, is_blocking=True)
            return
        shape = found
    boxes.ready(batch.store.home)
    those = [_marked(one, output) for one in batch.planned for output in one.outputs]
    yield from _over_faces(batch, wished, shape, those)
    yield from _covered(batch, wished, shape, those)


def _marked(one: Planned, output: Output) -> _Marked:
    return _Marked(one, output, *one.shown(output.size_px))


def _boxes(each: _Marked, wished: Branding, shape: _Shape) -> dict[str, tuple[Rect, float]]:
    """What is drawn, by name: its box, and until when it is shown."""
    from clipforge_desktop.captions.mark_boxes import mark_boxes
    from clipforge_desktop.captions.marks import Frame
    from clipforge_desktop.captions.zones import safe_zone

    one, output = each.one, each.output
    branding = wished.of_clip(one.clip.title, "")
    if branding is None:
        return {}
    zone = safe_zone(output.size_px, output.wish.delivery.covered)
    frame = Frame(output.size_px, zone, one.duration_s)
    words = one.words[:SAMPLE_WORDS]
    found = mark_boxes(branding, shape, output.wish.style, words, frame, each.grounds)
    drawn = {"logo": (found.logo, one.duration_s), "headline": (found.headline, found.until_s)}
    return {name: (box, until_s) for name, (box, until_s) in drawn.items() if box is not None}


def _over_faces(
    batch: Batch, wished: Branding, shape: _Shape, those: Sequence[_Marked]
) -> Iterator[Finding]:
    for name in ("logo", "headline"):
        bad = [each for each in those if _hides(each, name, wished, shape)]
        ids = _ids(bad)
        if not bad:
            continue
        whose = f"“{bad[0].one.clip.title}”" if len(ids) == 1 else f"{len(ids)} clips"
        message = f"The {name} lies over a face in {whose}."
        better = _other_corner if name == "logo" else _shorter
        remedy = better(batch, wished, shape, those) or _without(batch, name)
        yield Finding(f"{name}_over_face", message, ids, remedy, is_blocking=False)


def _ids(those: Sequence[_Marked]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(each.one.clip.id for each in those))


def _hides(each: _Marked, name: str, wished: Branding, shape: _Shape) -> bool:
    drawn = _boxes(each, wished, shape).get(name)
    return drawn is not None and hides_face(*drawn, each.faces)


def _shorter(
    batch: Batch, wished: Branding, shape: _Shape, those: Sequence[_Marked]
) -> Remedy | None:
    """A headline that is gone before a face comes under it."""
    headline = wished.headline
    if headline is None or (headline.for_s or inf) <= _BRIEFLY_S:
        return None
    brief = replace(wished, headline=replace(headline, for_s=_BRIEFLY_S))
    for each in those:
        drawn = _boxes(each, brief, shape).get("headline")
        if drawn is not None and looks_under(*drawn, each.faces)[0]:
            return None
    label = f"Show the headline for the first {_BRIEFLY_S:g} seconds"
    return Remedy(label, options=replace(batch.options, branding=brief))


def _other_corner(
    batch: Batch, wished: Branding, shape: _Shape, those: Sequence[_Marked]
) -> Remedy | None:
    """A corner in which the logo hides nobody."""
    for corner in CORNERS:
        moved = _in_corner(wished, corner)
        if not any(_hides(each, "logo", moved, shape) for each in those):
            options = replace(batch.options, branding=moved)
            return Remedy(f"Move the logo to the {corner.replace('-', ' ')}", options=options)
    return None


def _in_corner(wished: Branding, corner: Corner) -> Branding:
    logo = wished.logo
    return replace(wished, logo=None if logo is None else replace(logo, corner=corner))


def _covered(
    batch: Batch, wished: Branding, shape: _Shape, those: Sequence[_Marked]
) -> Iterator[Finding]:
    for name in ("logo", "headline"):
        bad = [each for each in those if _is_covered(each, name, wished, shape)]
        where = ", ".join(dict.fromkeys(named(each.output.wish.delivery) for each in bad))
        if where:
            message, left = f"The {name} lies under buttons of {where}.", _without(batch, name)
            yield Finding(f"{name}_covered", message, _ids(bad), left, is_blocking=False)


def _is_covered(each: _Marked, name: str, wished: Branding, shape: _Shape) -> bool:
    from clipforge_desktop.captions.zones import is_under_buttons, safe_zone

    covered, size_px = each.output.wish.delivery.covered, each.output.size_px
    if covered is None or not is_under_buttons(safe_zone(size_px, covered), size_px, covered):
        return False
    drawn = _boxes(each, wished, shape).get(name)
    if drawn is None:
        return False
    box, (width, height) = drawn[0], size_px
    return (
        box.x < covered.left * width - _PX
        or box.y < covered.top * height - _PX
        or box.x + box.width > (1 - covered.right) * width + _PX
        or box.y + box.height > (1 - covered.bottom) * height + _PX
    )


def _without(batch: Batch, name: str) -> Remedy:
    wished = batch.options.branding or Branding()
    left = branding_of(
        None if name == "logo" else wished.logo, None if name == "headline" else wished.headline
    )
    options = replace(batch.options, branding=left)
    return Remedy(f"Export without the {name}", options=options)
