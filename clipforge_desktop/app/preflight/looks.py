"""What the files will look like: enlarged pictures, and captions where they should not stand.

Framing is known once a clip was looked at; before that, only what follows from sizes is said.
Captions are measured by the layout that paints them, with the first words of the batch.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from clipforge_desktop.app.preflight.batch import (
    SAMPLE_WORDS,
    Batch,
    Output,
    Planned,
    named,
    smaller,
)
from clipforge_desktop.domain.caption_style import CaptionStyle, Position
from clipforge_desktop.domain.delivery import Covered
from clipforge_desktop.domain.formats import OWN_SHAPE
from clipforge_desktop.domain.framing import Rect
from clipforge_desktop.domain.order import ExportOptions
from clipforge_desktop.domain.preflight import (
    Finding,
    Remedy,
    enlargement,
)
from clipforge_desktop.domain.shown import (
    COVERED_TIME,
    LEAST_LOOKS,
    Ground,
    ShownFace,
    ground_at,
    is_over,
)
from clipforge_desktop.domain.transcript import Word

MOST_ENLARGED = 1.5
_LINGERS_S = 0.5  # a caption stands a little longer than its last word
_PX = 1.0  # nobody sees that
_SIDES_PX = (900, 720, 540)
_WHOLE = ("fit", "wide")
_PLACES: tuple[tuple[str, Position], ...] = (
    ("the bottom", Position(y=1.0, anchor="bottom")),
    ("the top", Position(y=0.0, anchor="top")),
    ("the middle", Position(y=0.5, anchor="middle")),
)


def enlarged(batch: Batch) -> Iterator[Finding]:
    """Pictures that become more than 1.5 times as large as they were taken."""
    factors = {one.clip.id: _factor(one) for one in batch.planned}
    ids = tuple(id_ for id_, factor in factors.items() if factor > MOST_ENLARGED)
    if not ids:
        return
    worst = max(factors.values())
    message = f"The picture is enlarged up to {worst:.1f} times, so it looks soft."
    remedy = _sharper(batch, worst)
    yield Finding("enlarged", message, ids, remedy, is_blocking=False)


def _sharper(batch: Batch, worst: float) -> Remedy | None:
    for side in _SIDES_PX:
        options = smaller(batch.options, side)
        if _worst(batch, options) <= MOST_ENLARGED:
            return Remedy(f"Export at {side}p", options=options)
    fitted = replace(batch.options, framing="fit")
    if _worst(batch, fitted) < worst:
        return Remedy("Show the whole picture (Fit)", options=fitted)
    return None


def _worst(batch: Batch, options: ExportOptions) -> float:
    """How much would be enlarged with other options."""
    return max(_factor(one.under(options)) for one in batch.planned)


def _factor(one: Planned) -> float:
    video = one.media.info.video
    if video is None:
        return 1.0
    source_px = video.display_size_px
    return max(
        (_enlarged(one, out, source_px) for out in one.outputs if out.wish.aspect != OWN_SHAPE),
        default=1.0,
    )


def _enlarged(one: Planned, output: Output, source_px: tuple[int, int]) -> float:
    framed = one.framed(output.size_px)
    if framed is not None:
        return enlargement(framed[1], output.size_px)
    factors = [made / taken for made, taken in zip(output.size_px, source_px, strict=True)]
    return min(factors) if one.options.framing in _WHOLE else max(factors)


@dataclass(frozen=True)
class _Captioned:
    """One file with captions, and the faces that it shows while somebody speaks, look by look.

    `grounds` are what captions stand on in its shots.
    """

    one: Planned
    output: Output
    style: CaptionStyle
    faces: tuple[ShownFace, ...]
    grounds: tuple[Ground, ...]


def captions(batch: Batch) -> Iterator[Finding]:
    """Fonts, letters, buttons and faces, for every style of the batch."""
    captioned = [found for one in batch.planned for found in _captioned(one)]
    if not captioned:
        return
    from clipforge_desktop.captions import boxes  # Qt is only loaded where captions are measured

    boxes.ready(batch.store.home)
    for style in dict.fromkeys(each.style for each in captioned):
        those = [each for each in captioned if each.style == style]
        sample = max((each.one.words[:SAMPLE_WORDS] for each in those), key=len)
        yield from _fonts(style, those)
        yield from _under_buttons(batch, style, those, sample)
        yield from _over_faces(batch, style, those, sample)


def _captioned(one: Planned) -> Iterator[_Captioned]:
    seen: dict[tuple[int, int], tuple[tuple[ShownFace, ...], tuple[Ground, ...]]] = {}
    for output in one.outputs:
        style, size_px = output.wish.style, output.size_px
        if style is None or not one.words:
            continue
        if size_px not in seen:
            faces, grounds = one.shown(size_px)
            seen[size_px] = tuple(_while_spoken(one, faces)), grounds
        yield _Captioned(one, output, style, *seen[size_px])


def _while_spoken(one: Planned, faces: Sequence[ShownFace]) -> Iterator[ShownFace]:
    starts_s = [word.start_s for word in one.words]
    for face in faces:
        number = bisect_right(starts_s, face.clip_s) - 1
        if number >= 0 and face.clip_s <= one.words[number].end_s + _LINGERS_S:
            yield face


def _fonts(style: CaptionStyle, those: Sequence[_Captioned]) -> Iterator[Finding]:
    from clipforge_desktop.captions.boxes import missing_of

    texts = {word.text for each in those for word in each.one.words}
    for notice in missing_of(tuple(sorted(texts)), style):
        message = f"Captions “{style.name}”: {notice}"
        yield Finding("font_missing", message, _ids(those), None, is_blocking=False)


def _under_buttons(
    batch: Batch, style: CaptionStyle, those: Sequence[_Captioned], sample: tuple[Word, ...]
) -> Iterator[Finding]:
    bad = [each for each in those if _is_under_buttons(each, style, sample)]
    if not bad:
        return
    where = ", ".join(dict.fromkeys(named(each.output.wish.delivery) for each in bad))
    message = f"Captions “{style.name}” lie under buttons of {where}."
    remedy = None
    for place, position in _PLACES:
        moved = _moved(style, position)
        if not any(_is_under_buttons(each, moved, sample) for each in bad):
            remedy = _moving(batch, style, moved, place, bad)
            break
    yield Finding("captions_covered", message, _ids(bad), remedy, is_blocking=False)


def _is_under_buttons(each: _Captioned, style: CaptionStyle, sample: tuple[Word, ...]) -> bool:
    """Only where buttons cover more than captions can keep out of: they keep out of the rest."""
    from clipforge_desktop.captions.boxes import caption_boxes
    from clipforge_desktop.captions.zones import is_under_buttons, safe_zone

    covered, size_px = each.output.wish.delivery.covered, each.output.size_px
    zone = safe_zone(size_px, covered)
    if covered is None or not is_under_buttons(zone, size_px, covered):
        return False
    width, height = size_px
    return any(
        box.x < covered.left * width - _PX
        or box.y < covered.top * height - _PX
        or box.x + box.width > (1 - covered.right) * width + _PX
        or box.y + box.height > (1 - covered.bottom) * height + _PX
        for box in caption_boxes(sample, style, size_px, zone)
    )


def _over_faces(
    batch: Batch, style: CaptionStyle, those: Sequence[_Captioned], sample: tuple[Word, ...]
) -> Iterator[Finding]:
    those = [each for each in those if len(each.faces) >= LEAST_LOOKS]
    shares = _covered_shares(those, style, sample)
    bad = [each for each, share in zip(those, shares, strict=True) if share >= COVERED_TIME]
    if not bad:
        return
    ids = _ids(bad)
    whose = f"“{bad[0].one.clip.title}”" if len(ids) == 1 else f"{len(ids)} clips"
    message = f"The captions of {whose} lie over a face."
    remedy, least = None, sum(shares) / 2
    for place, position in _PLACES:
        moved = _moved(style, position)
        over = sum(_covered_shares(those, moved, sample))
        if over < least:
            remedy, least = _moving(batch, style, moved, place, bad), over
    yield Finding("captions_over_face", message, ids, remedy, is_blocking=False)


def _covered_shares(
    those: Sequence[_Captioned], style: CaptionStyle, sample: tuple[Word, ...]
) -> list[float]:
    """Shares of the looks at faces, while somebody speaks, at which captions lie over one."""
    from clipforge_desktop.captions.boxes import typical_box
    from clipforge_desktop.captions.zones import safe_zone

    @cache
    def box_of(size_px: tuple[int, int], covered: Covered | None, ground: Ground | None) -> Rect:
        return typical_box(sample, style, size_px, safe_zone(size_px, covered), ground)

    def covers(each: _Captioned, face: ShownFace) -> bool:
        ground = ground_at(each.grounds, face.clip_s)
        covered = each.output.wish.delivery.covered
        return is_over(box_of(each.output.size_px, covered, ground), face.box)

    return [sum(covers(each, face) for face in each.faces) / len(each.faces) for each in those]


def _moved(style: CaptionStyle, position: Position) -> CaptionStyle:
    changed = style.position.model_copy(update={"y": position.y, "anchor": position.anchor})
    return style.model_copy(update={"position": changed})


def _moving(
    batch: Batch, style: CaptionStyle, moved: CaptionStyle, place: str, bad: Sequence[_Captioned]
) -> Remedy | None:
    """The batch with the style moved; none where clips have this style as their own copy."""
    options = batch.options
    if any(each.one.clip.own_style is not None for each in bad):
        return None
    styles = [moved if one == style else one for one in (options.style, *options.further_styles)]
    changed = replace(
        options,
        style=styles[0],
        further_styles=tuple(one for one in styles[1:] if one is not None),
    )
    return Remedy(f"Move the captions to {place}", options=changed)


def _ids(those: Sequence[_Captioned]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(each.one.clip.id for each in those))
