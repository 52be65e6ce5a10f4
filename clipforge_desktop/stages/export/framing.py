"""From what is seen in a source to the framing of one clip: the study of every shot.

Cuts, faces and speech are on the source's clock; here they are mapped to the clip's pieces. What
lies in removed parts drops out. A join of two pieces within one scene goes on, unless a face
jumps there: then the crop snaps.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.framing import (
    EVERYWHERE,
    CropKey,
    FramingKind,
    FramingPlan,
    FramingShot,
    FramingStudy,
    Pane,
    Rect,
    SeenFace,
    StudiedShot,
)
from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.faces.inset import Inset
from clipforge_desktop.faces.layout import Evidence, frame_shots
from clipforge_desktop.faces.layout import group as people_of
from clipforge_desktop.faces.speaking import Voice
from clipforge_desktop.faces.tracks import Sighting, Track, link
from clipforge_desktop.faces.ways import Canvas, Shot
from clipforge_desktop.stages.export.clock import SEEK_GAP_S
from clipforge_desktop.stages.export.hearing import voices_at
from clipforge_desktop.stages.export.looking import Looking, Stretch

_JUMP = 0.5  # face widths between two sides of a join: there the crop snaps
_FACE_EVERY_S = 2.0


@dataclass(frozen=True)
class Scenes:
    """What was seen and heard around some pieces of a clip that lie near each other.

    `pieces` are in source order and begin at `clip_start_s`; all other times are the source's.
    """

    pieces: tuple[Piece, ...]
    clip_start_s: float
    stretch: Stretch
    tracks: tuple[Track, ...]
    voices: tuple[Voice, ...]


@dataclass(frozen=True)
class _Part:
    """A shot of the clip: consecutive `spans` of one scene, at their clip times."""

    scenes: Scenes
    scene: Piece
    spans: tuple[tuple[Piece, float], ...]  # (source time, clip time at which it begins)


def scenes_of(
    looking: Looking,
    media: SourceMedia,
    cache_dir: Path,
    pieces: tuple[Piece, ...],
    on_progress: Callable[[float], None],
) -> tuple[Scenes, ...]:
    """Look at all a clip shows, from the cache as far as it is there."""
    found: list[Scenes] = []
    groups = list(_groups(pieces))
    whole_s = sum(group[-1].end_s - group[0].start_s for group, _ in groups)
    done_s = 0.0
    for group, clip_start_s in groups:
        start_s, end_s = group[0].start_s, group[-1].end_s

        def report(at_s: float, before_s: float = done_s - start_s) -> None:
            on_progress(min((before_s + at_s) / whole_s, 1.0))

        stretch = looking.at(start_s, end_s, report)
        tracks = link([face.glimpse() for face in stretch.faces], stretch.cuts_s)
        voices = voices_at(stretch.looked_s, media, cache_dir)
        found.append(Scenes(group, clip_start_s, stretch, tracks, voices))
        done_s += end_s - start_s
    return tuple(found)


def unseen(pieces: tuple[Piece, ...]) -> tuple[Scenes, ...]:
    """Where nobody needs to look: one scene without faces."""
    return tuple(
        Scenes(group, clip_start_s, Stretch(group[0].start_s, group[-1].end_s), (), ())
        for group, clip_start_s in _groups(pieces)
    )


def study_of(
    scenes: Sequence[Scenes],
    aspect: str,
    size_px: tuple[int, int],
    source_size_px: tuple[int, int],
    duration_s: float,
    rate: Fraction,
) -> FramingStudy:
    """Every shot in every framing, for one output; shots begin on frames of `rate`."""
    parts = [part for each in scenes for part in _parts(each)]
    placed = list(_placed(parts, duration_s, rate))
    shots = [_shot(part, start_s, end_s, rate) for part, start_s, end_s in placed]
    evidence = [_evidence(part, start_s, end_s) for part, start_s, end_s in placed]
    width, height = source_size_px
    canvas = Canvas(width, height, size_px[0] / size_px[1])
    framed = frame_shots(canvas, shots, evidence)
    studied = tuple(
        StudiedShot(
            part.scene,
            tuple(span for span, _ in part.spans),
            each.chosen,
            each.ways,
            tuple(_faces(shot, known.tracks)),
        )
        for (part, _, _), each, shot, known in zip(placed, framed, shots, evidence, strict=True)
    )
    pieces = tuple(piece for each in scenes for piece in each.pieces)
    return FramingStudy(source_size_px, aspect, pieces, studied)


def _faces(shot: Shot, tracks: Sequence[Track]) -> Iterator[SeenFace]:
    """Where the people who matter are, every two seconds: for whoever must not cover them."""
    for person in people_of(shot, tracks):
        last_s = -_FACE_EVERY_S
        for seen in person.sightings:
            if seen.at_s - last_s >= _FACE_EVERY_S:
                last_s, box = seen.at_s, seen.box
                rounded = (round(side, 1) for side in (box.x, box.y, box.width, box.height))
                yield SeenFace(seen.at_s, Rect(*rounded))


def plain_plan(aspect: str, size_px: tuple[int, int], duration_s: float) -> FramingPlan:
    """For sources without a picture: a plain background of the output's own size."""
    width, height = size_px
    pane = Pane(EVERYWHERE, (float(width), float(height)), (CropKey(0.0, width / 2, height / 2),))
    reason = "There is no picture, so a plain background is shown."
    shot = FramingShot(0.0, duration_s, FramingKind.FILL, 1.0, reason, (pane,))
    return FramingPlan(size_px, aspect, (shot,))


def _groups(pieces: tuple[Piece, ...]) -> Iterator[tuple[tuple[Piece, ...], float]]:
    """(pieces near each other and in order, the clip time at which they begin)."""
    group: list[Piece] = []
    start_s = at_s = 0.0
    for piece in pieces:
        if group and not 0 <= piece.start_s - group[-1].end_s <= SEEK_GAP_S:
            yield tuple(group), start_s
            group, start_s = [], at_s
        group.append(piece)
        at_s += piece.duration_s
    yield tuple(group), start_s


def _parts(scenes: Scenes) -> Iterator[_Part]:
    """The shots of some pieces: spans of source time, as long as they are of one scene."""
    edges = [scenes.pieces[0].start_s, *scenes.stretch.cuts_s, scenes.pieces[-1].end_s]
    bounds = [Piece(a, b) for a, b in pairwise(edges) if b > a]
    clip_s = scenes.clip_start_s
    scene: Piece | None = None
    spans: list[tuple[Piece, float]] = []
    for piece in scenes.pieces:
        for bound in bounds:
            span = Piece(max(piece.start_s, bound.start_s), min(piece.end_s, bound.end_s))
            if span.end_s <= span.start_s:
                continue
            if scene is not None and bound != scene:
                yield _Part(scenes, scene, tuple(spans))
                spans = []
            scene = bound
            spans.append((span, clip_s))
            clip_s += span.duration_s
    if scene is not None:
        yield _Part(scenes, scene, tuple(spans))


def _placed(
    parts: Sequence[_Part], duration_s: float, rate: Fraction
) -> Iterator[tuple[_Part, float, float]]:
    """The parts that show at least one frame, with the clip times at which they are shown."""
    last = round(duration_s * rate)
    firsts = [0, *(min(round(part.spans[0][1] * rate), last) for part in parts[1:]), last]
    shown = [number for number in range(len(parts)) if firsts[number + 1] > firsts[number]]
    for place, number in enumerate(shown):
        is_last = place + 1 == len(shown)
        end_s = duration_s if is_last else float(firsts[shown[place + 1]] / rate)
        yield parts[number], float(firsts[number] / rate), end_s


def _shot(part: _Part, start_s: float, end_s: float, rate: Fraction) -> Shot:
    looked_s = tuple(
        clip_s
        for at_s in part.scenes.stretch.looked_s
        if (clip_s := _clip_s(part, at_s)) is not None
    )
    return Shot(start_s, end_s, looked_s, tuple(_jumps(part, start_s, end_s, rate)))


def _clip_s(part: _Part, source_s: float) -> float | None:
    for span, clip_s in part.spans:
        if span.start_s <= source_s < span.end_s:
            return round(clip_s + source_s - span.start_s, 4)
    return None


def _jumps(part: _Part, start_s: float, end_s: float, rate: Fraction) -> Iterator[float]:
    """Joins at which a face jumps, on the first frame after them."""
    last_s = start_s
    for (before, _), (after, clip_s) in zip(part.spans, part.spans[1:], strict=False):
        at_s = float(round(clip_s * rate) / rate)
        if last_s < at_s < end_s and any(
            _is_jump(track, before.end_s, after.start_s) for track in part.scenes.tracks
        ):
            yield at_s
            last_s = at_s


def _is_jump(track: Track, before_s: float, after_s: float) -> bool:
    if not track.start_s <= before_s <= track.end_s or not (
        track.start_s <= after_s <= track.end_s
    ):
        return False
    times_s = [seen.at_s for seen in track.sightings]
    xs = [seen.box.center[0] for seen in track.sightings]
    ys = [seen.box.center[1] for seen in track.sightings]
    (x, next_x), (y, next_y) = (np.interp([before_s, after_s], times_s, line) for line in (xs, ys))
    moved_px = float(max(abs(next_x - x), abs(next_y - y)))
    return moved_px > _JUMP * track.median_width


def _evidence(part: _Part, start_s: float, end_s: float) -> Evidence:
    scene = part.scene
    tracks: list[Track] = []
    insets: list[tuple[Track, Inset]] = []
    for track in part.scenes.tracks:
        if not scene.start_s <= track.start_s < scene.end_s:
            continue
        mapped = Track(track.person, tuple(_mapped(part, track)))
        if not mapped.sightings:
            continue
        tracks.append(mapped)
        insets += [
            (mapped, seen.inset)
            for seen in part.scenes.stretch.insets
            if seen.start_s <= track.end_s and seen.end_s >= track.start_s
            if _holds(seen.inset, track)
        ]
    voices = tuple(
        replace(voice, at_s=clip_s)
        for voice in part.scenes.voices
        if (clip_s := _clip_s(part, voice.at_s)) is not None
    )
    return Evidence(tuple(tracks), voices, tuple(insets))


def _mapped(part: _Part, track: Track) -> Iterator[Sighting]:
    """The sightings that the part shows, at clip times; in between two looks one is made up.

    Only where a span is too short to hold a look, so that its place is known all the same.
    """
    for span, clip_s in part.spans:
        inside = [seen for seen in track.sightings if span.start_s <= seen.at_s < span.end_s]
        for seen in inside:
            yield replace(seen, at_s=round(clip_s + seen.at_s - span.start_s, 4))
        if not inside and track.start_s <= span.start_s <= track.end_s:
            near = min(track.sightings, key=lambda seen: abs(seen.at_s - span.start_s))
            yield replace(near, at_s=round(clip_s, 4))


def _holds(inset: Inset, track: Track) -> bool:
    x, y = track.sightings[len(track.sightings) // 2].box.center
    rect = inset.rect
    return rect.x <= x <= rect.x + rect.width and rect.y <= y <= rect.y + rect.height
