"""What the finished picture shows: faces, and what captions have to stand on in each shot.

Two pictures one above the other meet at a seam, and there captions cover nobody; a picture that
leaves room above and below is a band beside which they stand. Times are the clip's, lengths
shares of the picture or its pixels. Preview, export and preflight ask the same functions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clipforge_desktop.domain.clip import Piece, TimeMap
from clipforge_desktop.domain.framing import FramingPlan, FramingShot, FramingStudy, Pane, Rect

COVERED_FACE = 0.3
"""Share of a face, or of the caption where that is smaller, from which on one is over the other."""
COVERED_TIME = 0.2
"""Share of the looks at faces under captions from which on that counts."""
MARKED_FACE = 0.12
"""As COVERED_FACE, for logo and headline: they stay, and a covered forehead is seen."""
LEAST_LOOKS = 2
"""So many looks at faces it takes before one is said to be covered."""

_SHOWN = 0.5  # of a face: less than that in a pane is not there to be covered
_ALMOST = 0.01  # panes that are this near to each other, or to an edge, touch


@dataclass(frozen=True)
class ShownFace:
    """Where a face is in the finished picture at a clip time: a box in output pixels."""

    clip_s: float
    box: Rect


@dataclass(frozen=True)
class Ground:
    """What captions stand on from `start_s` to `end_s` of the clip, in shares of the picture.

    At `seam` two pictures meet, one above the other; `band` is top and bottom of a picture that
    leaves room. `faces` are looks at the people shown, only where there is a seam.
    """

    start_s: float
    end_s: float
    seam: float | None = None
    band: tuple[float, float] | None = None
    faces: tuple[Rect, ...] = ()


def is_over(caption: Rect, face: Rect, least: float = COVERED_FACE) -> bool:
    """Whether they have at least that share of the smaller one in common."""
    across = min(caption.x + caption.width, face.x + face.width) - max(caption.x, face.x)
    along = min(caption.y + caption.height, face.y + face.height) - max(caption.y, face.y)
    if across <= 0 or along <= 0:
        return False
    smaller = min(caption.width * caption.height, face.width * face.height)
    return across * along >= least * smaller


def looks_under(mark: Rect, until_s: float, faces: Sequence[ShownFace]) -> tuple[int, int]:
    """At how many looks a logo or headline lies over a face, of how many while it is shown."""
    seen = [face for face in faces if face.clip_s < until_s]
    return sum(is_over(mark, face.box, MARKED_FACE) for face in seen), len(seen)


def hides_face(mark: Rect, until_s: float, faces: Sequence[ShownFace]) -> bool:
    over, seen = looks_under(mark, until_s, faces)
    return seen >= LEAST_LOOKS and over >= COVERED_TIME * seen


def shown_faces(
    study: FramingStudy, plan: FramingPlan, pieces: tuple[Piece, ...], size_px: tuple[int, int]
) -> tuple[ShownFace, ...]:
    """Every face of the people who matter, wherever a pane of the plan shows most of it.

    `pieces` are the clip as it will be cut: the study may have looked at another cut of it.
    """
    found: list[ShownFace] = []
    looked, heard = TimeMap(study.pieces), TimeMap(pieces)
    for shot in study.shots:
        for face in shot.faces:
            clip_s = heard.to_clip_s(looked.to_source_s(face.clip_s))
            if clip_s is None:
                continue
            for place, crop in plan.panes_at(face.clip_s):
                box = _mapped(face.box, place, crop, size_px)
                if box is not None:
                    found.append(ShownFace(clip_s, box))
    return tuple(found)


def caption_grounds(
    study: FramingStudy, plan: FramingPlan, pieces: tuple[Piece, ...]
) -> tuple[Ground, ...]:
    """Where captions may have to leave the place that their style gives them, in order.

    `plan` is one of the study's; `pieces` are the clip as it will be cut.
    """
    faces = shown_faces(study, plan, pieces, (1, 1))
    found: list[Ground] = []
    for start_s, end_s, shot in _times(study, plan, pieces):
        seam, band = _seam(shot.panes), _band(shot.panes)
        if seam is None and band is None:
            continue
        seen = [face.box for face in faces if start_s <= face.clip_s < end_s]
        kept = () if seam is None else tuple(_rounded(box) for box in seen)
        found.append(Ground(start_s, end_s, seam, band, kept))
    return tuple(sorted(found, key=lambda one: one.start_s))


def ground_at(grounds: Sequence[Ground], clip_s: float) -> Ground | None:
    return next((one for one in grounds if one.start_s <= clip_s < one.end_s), None)


def _times(
    study: FramingStudy, plan: FramingPlan, pieces: tuple[Piece, ...]
) -> Iterator[tuple[float, float, FramingShot]]:
    """When each shot is shown: from frame to frame, or as near as another cut lets it be told."""
    if pieces == study.pieces:
        for shot in plan.shots:
            yield shot.start_s, shot.end_s, shot
        return
    clip_s = 0.0
    for piece in pieces:
        for studied, shot in zip(study.shots, plan.shots, strict=True):
            for span in studied.spans:
                start_s, end_s = max(span.start_s, piece.start_s), min(span.end_s, piece.end_s)
                if end_s > start_s:
                    begins_s = clip_s + start_s - piece.start_s
                    yield begins_s, begins_s + end_s - start_s, shot
        clip_s += piece.duration_s


def _seam(panes: Sequence[Pane]) -> float | None:
    """Where the upper of two panes ends and the lower begins."""
    if len(panes) != 2:
        return None
    upper, lower = sorted((pane.place for pane in panes), key=lambda place: place.y)
    is_one_column = abs(upper.x - lower.x) < _ALMOST and abs(upper.width - lower.width) < _ALMOST
    ends = upper.y + upper.height
    return ends if is_one_column and abs(ends - lower.y) < _ALMOST else None


def _band(panes: Sequence[Pane]) -> tuple[float, float] | None:
    """Top and bottom of the only pane, where it does not reach from edge to edge."""
    if len(panes) != 1 or panes[0].place.height > 1 - _ALMOST:
        return None
    place = panes[0].place
    return place.y, place.y + place.height


def _rounded(box: Rect) -> Rect:
    return Rect(*(round(side, 4) for side in (box.x, box.y, box.width, box.height)))


def _mapped(face: Rect, place: Rect, crop: Rect, size_px: tuple[int, int]) -> Rect | None:
    left, top = max(face.x, crop.x), max(face.y, crop.y)
    width = min(face.x + face.width, crop.x + crop.width) - left
    height = min(face.y + face.height, crop.y + crop.height) - top
    if width <= 0 or height <= 0 or width * height < _SHOWN * face.width * face.height:
        return None
    across = place.width * size_px[0] / crop.width
    along = place.height * size_px[1] / crop.height
    return Rect(
        place.x * size_px[0] + (left - crop.x) * across,
        place.y * size_px[1] + (top - crop.y) * along,
        width * across,
        height * along,
    )
