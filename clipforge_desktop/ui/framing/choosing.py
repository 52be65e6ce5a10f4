"""A person's choices for single shots, as values: each function gives the clip's framing anew.

Overrides are kept in source time at the middle of what the shot shows, so that they outlive
trims and cut words. A shot has at most one choice of framing and one shift per pane.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from clipforge_desktop.domain.edit import ClipEdit
from clipforge_desktop.domain.framing import (
    FramingKind,
    FramingOverride,
    FramingShot,
    FramingStudy,
)

Shift = tuple[float, float]
"""By how much a crop is moved, in shares of its own size."""


@dataclass(frozen=True)
class ClipFraming:
    """The part of a clip's edit that is about framing. `default` None leaves it to the rules."""

    default: FramingKind | None = None
    overrides: tuple[FramingOverride, ...] = ()

    @classmethod
    def of(cls, edit: ClipEdit) -> "ClipFraming":
        return cls(edit.framing, edit.overrides)

    def put_on(self, edit: ClipEdit) -> ClipEdit:
        return replace(edit, framing=self.default, overrides=self.overrides)

    def with_default(self, kind: FramingKind | None) -> "ClipFraming":
        """Choices for single shots stay."""
        return replace(self, default=kind)


def chosen_kind(framing: ClipFraming, study: FramingStudy, number: int) -> FramingKind | None:
    """What was chosen for shot `number` itself."""
    kinds = [one.kind for one in _of_shot(framing, study, number) if one.kind is not None]
    return kinds[-1] if kinds else None


def is_touched(framing: ClipFraming, study: FramingStudy, number: int) -> bool:
    """Did a person decide anything about this shot?"""
    return bool(_of_shot(framing, study, number))


def with_kind(
    framing: ClipFraming, study: FramingStudy, number: int, kind: FramingKind | None
) -> ClipFraming:
    """Another framing for one shot, its crops where they are by themselves; None gives it back."""
    chosen = () if kind is None else (FramingOverride(_moment_s(study, number), kind),)
    return replace(framing, overrides=(*_of_others(framing, study, number), *chosen))


def shift_of(framing: ClipFraming, study: FramingStudy, number: int, pane: int) -> Shift:
    return _shifts(framing, study, number).get(pane, (0.0, 0.0))


def with_shift(
    framing: ClipFraming, study: FramingStudy, number: int, pane: int, shift: Shift
) -> ClipFraming:
    """Pane `pane` of one shot moved; the others and the framing stay as they are."""
    kind = chosen_kind(framing, study, number)
    at_s = _moment_s(study, number)
    kept = [FramingOverride(at_s, kind)] if kind is not None else []
    shifts = {**_shifts(framing, study, number), pane: shift}
    kept += [
        FramingOverride(at_s, None, round(x, 4), round(y, 4), moved)
        for moved, (x, y) in sorted(shifts.items())
        if (round(x, 4), round(y, 4)) != (0.0, 0.0)
    ]
    return replace(framing, overrides=(*_of_others(framing, study, number), *kept))


def within_picture(
    way: FramingShot, pane: int, shift: Shift, clip_s: float, source_size_px: tuple[int, int]
) -> Shift:
    """`shift` no further than the crop of an unmoved shot can go at `clip_s`."""
    crop = way.panes[pane].crop_at(clip_s)
    width, height = source_size_px
    return (
        _between(shift[0], -crop.x / crop.width, (width - crop.x) / crop.width - 1),
        _between(shift[1], -crop.y / crop.height, (height - crop.y) / crop.height - 1),
    )


def shown_kind(framing: ClipFraming, study: FramingStudy, number: int) -> FramingKind:
    shot = study.shots[number]
    return chosen_kind(framing, study, number) or framing.default or shot.chosen


def _shifts(framing: ClipFraming, study: FramingStudy, number: int) -> Mapping[int, Shift]:
    way = study.shots[number].way(shown_kind(framing, study, number))
    found: dict[int, Shift] = {}
    for one in _of_shot(framing, study, number):
        panes = range(len(way.panes)) if one.pane is None else (one.pane,)
        found |= dict.fromkeys(panes, (one.shift_x, one.shift_y))
    return found


def _of_shot(framing: ClipFraming, study: FramingStudy, number: int) -> Sequence[FramingOverride]:
    return [one for one in framing.overrides if study.shot_number(one.source_s) == number]


def _of_others(framing: ClipFraming, study: FramingStudy, number: int) -> Sequence[FramingOverride]:
    return [one for one in framing.overrides if study.shot_number(one.source_s) != number]


def _moment_s(study: FramingStudy, number: int) -> float:
    """The middle of the longest stretch that the shot shows."""
    span = max(study.shots[number].spans, key=lambda span: span.duration_s)
    return round((span.start_s + span.end_s) / 2, 3)


def _between(value: float, low: float, high: float) -> float:
    return min(max(value, min(low, 0.0)), max(high, 0.0))
