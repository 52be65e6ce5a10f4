"""Which framing a shot gets, how sure that is and why, in words.

A cascade of plain rules over the people of one shot. What is not sure falls to Fit, which never
cuts a head off. All of it is arithmetic: the same tracks give the same framing. Every other
framing is made ready as well, so that the user's choice needs nothing of this again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from clipforge_desktop.domain.framing import FramingKind, FramingShot
from clipforge_desktop.faces import ways
from clipforge_desktop.faces.following import INSIDE_NEEDED, Followed, Leg
from clipforge_desktop.faces.inset import Inset
from clipforge_desktop.faces.speaking import Turn, Voice, is_clear, lead_of, turns_of
from clipforge_desktop.faces.tracks import Sighting, Track
from clipforge_desktop.faces.ways import Canvas, Shot

_SAME_SHAPE = 0.03  # nothing to frame when the shapes differ by less
_LITTLE_LOST = 0.85  # a crop that keeps this much of the picture needs no face to justify it
_PERSISTENT = 0.35  # share of the looks at a shot in which a face must be seen
_TOGETHER = 0.6  # ... and in which each of two must be seen for both to get a half
_COMPANION = 0.2  # of the main face's area: smaller ones are bystanders
_SURE_ENOUGH = 0.3
_SHORT_SHOT_S = 1.2
_THROUGHOUT = 0.85  # share of the time that one person speaks
_LEAST_TURN_S = 2.5  # on average: faster turns are for both to be seen
_SURE_INSET = 0.5
_FILLED_ALREADY = "That face fills the picture already, so the picture is shown once, whole."


@dataclass(frozen=True)
class Evidence:
    """What is known of one shot, on the clip's clock."""

    tracks: tuple[Track, ...]
    voices: tuple[Voice, ...] = ()
    insets: tuple[tuple[Track, Inset], ...] = ()


@dataclass(frozen=True)
class Framed:
    """What the rules chose for one shot, and the shot in every framing."""

    chosen: FramingKind
    ways: tuple[FramingShot, ...]


@dataclass(frozen=True)
class _Filled:
    """The shot as Fill, and whether that is a good picture: nobody who matters is left out."""

    shot: FramingShot
    is_good: bool


def frame_shots(
    canvas: Canvas, shots: Sequence[Shot], evidence: Sequence[Evidence]
) -> tuple[Framed, ...]:
    """The shots of one clip for one output, in order."""
    framed: list[Framed] = []
    for shot, known in zip(shots, evidence, strict=True):
        before = framed[-1].chosen if framed else None
        framed.append(_frame(canvas, shot, known, before))
    return tuple(framed)


def _frame(canvas: Canvas, shot: Shot, known: Evidence, before: FramingKind | None) -> Framed:
    people = group(shot, known.tracks)
    turns = turns_of(people, known.voices, shot.start_s, shot.end_s)
    filled = _fill(canvas, shot, people, turns)
    split, pair = ways.split(canvas, shot, people)
    track, inset = _main_inset(known, people)
    shown = track or (people[0] if people else None)
    screen, _ = ways.screen(canvas, shot, inset.rect if inset else None, shown)
    ready = {
        FramingKind.FILL: filled.shot,
        FramingKind.FIT: _told(ways.fit(canvas, shot), 1.0, "The whole picture is shown."),
        FramingKind.SPLIT: _told(split, *_about_split(split, people)),
        FramingKind.SCREEN: _told(screen, *_about_screen(screen, inset, shown)),
        FramingKind.WIDE: _told(
            ways.wide(canvas, shot), 1.0, "The whole picture is shown, with room for captions."
        ),
    }
    kind, confidence, reason = _choose(canvas, shot, people, inset, filled, pair, before)
    ready[kind] = _told(ready[kind], confidence, reason)
    return Framed(kind, tuple(ready[kind] for kind in FramingKind))


def _choose(
    canvas: Canvas,
    shot: Shot,
    people: Sequence[Track],
    inset: Inset | None,
    filled: _Filled,
    pair: Followed | None,
    before: FramingKind | None,
) -> tuple[FramingKind, float, str]:
    fill = (FramingKind.FILL, filled.shot.confidence, filled.shot.reason)
    if 1 - canvas.kept < _SAME_SHAPE:
        return FramingKind.FILL, 1.0, "The picture already has this shape."
    if inset is not None and inset.confidence >= _SURE_INSET:
        return FramingKind.SCREEN, *_about_inset(inset)
    if not people:
        return _without_faces(canvas, shot, before)
    if filled.is_good:
        return fill
    if len(people) == 1:
        return _doubtful(filled)
    if pair is not None and len(people) == 2 and _both_matter(shot, people, pair):
        reason = "Both people matter, and they are too far apart for this shape."
        return FramingKind.SPLIT, round(0.8 * pair.inside, 3), reason
    far = f"The {_count(len(people))} people are too far apart for this shape."
    return FramingKind.FIT, 0.7, far


def _doubtful(filled: _Filled) -> tuple[FramingKind, float, str]:
    if filled.shot.confidence < _SURE_ENOUGH:
        reason = "A face was seen, but not surely enough to follow it."
        return FramingKind.FIT, 0.4, reason
    reason = "The face is too large or too fast for this shape, so the whole picture is shown."
    return FramingKind.FIT, 0.6, reason


def _without_faces(
    canvas: Canvas, shot: Shot, before: FramingKind | None
) -> tuple[FramingKind, float, str]:
    if canvas.kept >= _LITTLE_LOST:
        return FramingKind.FILL, 0.6, "The middle keeps almost all of the picture."
    if shot.end_s - shot.start_s < _SHORT_SHOT_S and before is FramingKind.FILL:
        return FramingKind.FILL, 0.3, "Too short to change the framing for."
    return FramingKind.FIT, 0.5, "No face was found, so the whole picture is shown."


def group(shot: Shot, tracks: Sequence[Track]) -> tuple[Track, ...]:
    """The people who matter, the main one first: persistent, and not much smaller than that one.

    Several tracks of one person are one.
    """
    people = _merged(tracks)
    looks = max(len(shot.looked_s), 1)
    seen = [person for person in people if len(person.sightings) / looks >= _PERSISTENT]
    if not seen:  # people may come and go: then the one who stays longest, if anybody stays
        everyone = sum(len(person.sightings) for person in people)
        seen = people if everyone / looks >= _PERSISTENT else []
    by_weight = sorted(seen, key=lambda person: -len(person.sightings) * person.median_width**2)
    if not by_weight:
        return ()
    least = _COMPANION * by_weight[0].median_width ** 2
    return tuple(person for person in by_weight if person.median_width**2 >= least)


def _merged(tracks: Sequence[Track]) -> list[Track]:
    by_person: dict[int, list[Track]] = {}
    for track in tracks:
        by_person.setdefault(track.person, []).append(track)
    return [
        Track(person, tuple(sorted((seen for one in own for seen in one.sightings), key=_time)))
        for person, own in by_person.items()
    ]


def _time(seen: Sighting) -> float:
    return seen.at_s


def _fill(canvas: Canvas, shot: Shot, people: Sequence[Track], turns: Sequence[Turn]) -> _Filled:
    if not people:
        middle, _ = ways.fill(canvas, shot, ())
        return _Filled(_told(middle, 0.3, "No face was found, so the middle is kept."), False)
    if len(people) > 1:
        together = _followed(canvas, shot, people, ways.legs_of(shot, people))
        if together.is_good:
            reason = f"The {_count(len(people))} faces fit into this shape together."
            return replace(together, shot=replace(together.shot, reason=reason))
        spoken = _speaker(canvas, shot, people, turns)
        if spoken is not None:
            return spoken
    main = _followed(canvas, shot, people[:1], ways.legs_of(shot, people[:1]))
    reason = "One face is followed." if len(people) == 1 else "The main face is followed."
    return _Filled(replace(main.shot, reason=reason), main.is_good and len(people) == 1)


def _speaker(
    canvas: Canvas, shot: Shot, people: Sequence[Track], turns: Sequence[Turn]
) -> _Filled | None:
    """The one who speaks, where that is clear; None else."""
    if not is_clear(turns):
        return None
    total_s = shot.end_s - shot.start_s
    told_s: dict[int, float] = {}
    for turn in turns:
        told_s[turn.person] = told_s.get(turn.person, 0.0) + turn.end_s - turn.start_s
    first = max(told_s, key=lambda person: told_s[person])
    if told_s[first] >= _THROUGHOUT * total_s:
        legs = ways.legs_of(shot, (people[first],))
        reason = f"One of the {_count(len(people))} people speaks, and is followed."
    elif total_s / len(turns) >= _LEAST_TURN_S:
        legs = _turn_legs(shot, people, turns)
        reason = f"The {_count(len(people))} people take turns: whoever speaks is shown."
    else:
        return None
    spoken = _followed(canvas, shot, people, legs)
    sure = round(min(0.5 + lead_of(turns) / 2, 0.95) * spoken.shot.confidence, 3)
    return replace(spoken, shot=replace(spoken.shot, confidence=sure, reason=reason))


def _turn_legs(shot: Shot, people: Sequence[Track], turns: Sequence[Turn]) -> tuple[Leg, ...]:
    edges = sorted({turn.start_s for turn in turns} | {shot.end_s} | set(shot.jumps_s))
    speaker = {turn.start_s: people[turn.person] for turn in turns}
    legs: list[Leg] = []
    now = people[turns[0].person]
    for start_s, end_s in pairwise(edges):
        now = speaker.get(start_s, now)
        legs.append(Leg(start_s, end_s, (now,)))
    return tuple(legs)


def _followed(canvas: Canvas, shot: Shot, people: Sequence[Track], legs: Sequence[Leg]) -> _Filled:
    framed, followed = ways.fill(canvas, shot, legs)
    assert followed is not None
    seen = len({seen.at_s for person in people for seen in person.sightings})
    share = min(1.0, seen / max(len(shot.looked_s), 1))
    sure = round(share * followed.inside * followed.certainty, 3)
    is_good = followed.inside >= INSIDE_NEEDED and (len(people) > 1 or sure >= _SURE_ENOUGH)
    return _Filled(replace(framed, confidence=sure), is_good)


def _both_matter(shot: Shot, people: Sequence[Track], pair: Followed) -> bool:
    looks = max(len(shot.looked_s), 1)
    return pair.inside >= INSIDE_NEEDED and all(
        len(person.sightings) / looks >= _TOGETHER for person in people
    )


def _main_inset(known: Evidence, people: Sequence[Track]) -> tuple[Track | None, Inset | None]:
    """The inset of the only face that matters; somebody else's says nothing."""
    for track, inset in known.insets:
        if len(people) == 1 and track.person == people[0].person:
            return people[0], inset
    return None, None


def _about_split(split: FramingShot, people: Sequence[Track]) -> tuple[float, str]:
    if len(people) >= 2:
        return 0.8, "Each of two people gets a half."
    if people and len(split.panes) == 1:
        return 0.3, f"There is one person. {_FILLED_ALREADY}"
    if people:
        return 0.3, "The one person from close by, and the whole picture."
    return 0.2, "Nobody is seen here, so the left and the right half are shown."


def _about_screen(
    screen: FramingShot, inset: Inset | None, shown: Track | None
) -> tuple[float, str]:
    if inset is not None:
        return _about_inset(inset)
    if shown is None:
        return 0.2, "No camera was found in a corner, so the likeliest one is shown."
    if len(screen.panes) == 1:
        return 0.3, f"No camera was found in a corner. {_FILLED_ALREADY}"
    return 0.3, "No camera was found in a corner: the whole picture, and the person from close by."


def _about_inset(inset: Inset) -> tuple[float, str]:
    return inset.confidence, "A small, still face in a corner: a camera over a shared screen."


def _told(shot: FramingShot, confidence: float, reason: str) -> FramingShot:
    return replace(shot, confidence=confidence, reason=reason)


def _count(number: int) -> str:
    return {2: "two", 3: "three", 4: "four"}.get(number, str(number))
