"""What is to be seen in a stretch of a source: faces, cuts, insets. Looked up once and kept.

One low-resolution pass on the source's own clock: faces three times a second, mouths in between
where several people are seen, cuts in the same frames. Stretches are cached per source; what a
clip needs is put together from them, and only what is missing is decoded. So cutting words out,
another caption style, shape or framing never decodes anything again.
"""

import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import msgspec
import numpy as np
from av.video.frame import VideoFrame

from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.domain.wire import decode, encode
from clipforge_desktop.faces import mouths
from clipforge_desktop.faces.detector import PICTURE_WIDTH_PX, FaceBox, FaceDetector
from clipforge_desktop.faces.inset import Grey, Inset, find_inset
from clipforge_desktop.faces.tracks import Glimpse, link, look_of, packed, unpacked
from clipforge_desktop.media.reader import Reader, open_picture, wide_px
from clipforge_desktop.media.shots import CutSearch, Tiny, tiny

LOOK_EVERY_S = 0.3
ANALYSIS_VERSION = 4

_AROUND_S = 0.5  # looked at before and after a stretch, for cuts near its ends
_LEAST_GAP_S = 0.02  # shorter holes between stretches are rounding
_FRAMES_TO_SPARE = 4  # between two looks, before frames are left out
_SPARSE_S = 0.2  # frames further apart than this: too many were left out
_EDGE_S = 0.002  # half the finest step of common time bases
_MOST_STILLS = 160  # small pictures held for finding insets

Check = Callable[[], None]


@dataclass(frozen=True)
class SeenFace:
    """One face at one source time, with its colours as small numbers."""

    at_s: float
    box: FaceBox
    look: bytes
    mouth: float | None

    def glimpse(self) -> Glimpse:
        return Glimpse(self.at_s, self.box, self.mouth, look=unpacked(self.look))


@dataclass(frozen=True)
class SeenInset:
    """A camera's inset, and the source time in which its face was seen."""

    start_s: float
    end_s: float
    inset: Inset


@dataclass(frozen=True)
class Stretch:
    """Everything seen from `start_s` to `end_s`, on the source's clock and in time order."""

    start_s: float
    end_s: float
    looked_s: tuple[float, ...] = ()
    cuts_s: tuple[float, ...] = ()
    faces: tuple[SeenFace, ...] = ()
    insets: tuple[SeenInset, ...] = ()


class Looking:
    """Looks at one source, and remembers in `cache_dir`."""

    def __init__(
        self,
        path: Path,
        media: SourceMedia,
        detector: FaceDetector,
        cache_dir: Path,
        check: Check,
    ) -> None:
        assert media.info.video is not None
        self._path, self._media, self._detector, self._check = path, media, detector, check
        self._folder = cache_dir / "seen" / f"{ANALYSIS_VERSION}-{detector.name}"
        self._width_px = media.info.video.display_size_px[0]

    def at(self, start_s: float, end_s: float, on_progress: Callable[[float], None]) -> Stretch:
        """All there is to be seen from `start_s` to `end_s`; `on_progress` takes source times."""
        known = self._known(start_s, end_s)
        fresh: list[Stretch] = []
        for gap_start_s, gap_end_s in _gaps(known, start_s, end_s):
            fresh.append(self._look(gap_start_s, gap_end_s, on_progress))
            self._keep(fresh[-1])
        on_progress(end_s)
        return _put_together([*known, *fresh], start_s, end_s)

    def _known(self, start_s: float, end_s: float) -> list[Stretch]:
        found: list[Stretch] = []
        for file in sorted(self._folder.glob("*.json")):
            bounds = _bounds(file.stem)
            if bounds is None or bounds[0] >= end_s or bounds[1] <= start_s:
                continue
            try:
                found.append(decode(Stretch, file.read_text("utf-8")))
            except (OSError, ValueError, msgspec.MsgspecError):  # not whole: looked at again
                continue
        return found

    def _keep(self, stretch: Stretch) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        name = f"{round(stretch.start_s * 1000)}-{round(stretch.end_s * 1000)}"
        part = self._folder / f"{name}.{os.getpid()}.part"
        part.write_text(encode(stretch), encoding="utf-8")
        part.replace(self._folder / f"{name}.json")

    def _look(self, start_s: float, end_s: float, on_progress: Callable[[float], None]) -> Stretch:
        search = CutSearch(self._media.info)
        notes = _Notes(self._detector, self._width_px, start_s, end_s, on_progress)
        cuts_s = search.cuts(self._path, self._frames(notes, start_s, end_s), self._check)
        inside = tuple(cut_s for cut_s in cuts_s if start_s <= cut_s < end_s)
        faces = notes.faces()
        return Stretch(
            start_s, end_s, tuple(notes.looked_s), inside, faces, self._insets(faces, inside, notes)
        )

    def _frames(self, notes: "_Notes", start_s: float, end_s: float) -> Iterator[Tiny]:
        """Every frame of the pass for the search of cuts; `notes` sees them as well.

        Begins with only those frames that no later one is needed for. Where that leaves too few,
        it goes on from there with more of them.
        """
        info = self._media.info
        fps = info.video.fps if info.video else 0.0
        may_skip = LOOK_EVERY_S * fps >= _FRAMES_TO_SPARE and CutSearch(info).is_fast
        last_s = -math.inf
        for is_sparse in (True, False) if may_skip else (False,):
            with open_picture(self._path, info, self._check, threads=1, is_rough=True) as reader:
                if may_skip:
                    (reader.skip_bidirectional if is_sparse else reader.skip_unreferenced)()
                for at_s, frame in reader.read_from(max(start_s - _AROUND_S, last_s)):
                    if at_s >= end_s + _AROUND_S:
                        return
                    if at_s < start_s - _AROUND_S or at_s <= last_s:
                        continue
                    if is_sparse and at_s - max(last_s, start_s - _AROUND_S) > _SPARSE_S:
                        break
                    last_s = at_s
                    notes.see(at_s, frame, reader)
                    yield tiny(at_s, frame, reader)
                else:
                    return

    def _insets(
        self, faces: tuple[SeenFace, ...], cuts_s: tuple[float, ...], notes: "_Notes"
    ) -> tuple[SeenInset, ...]:
        video = self._media.info.video
        assert video is not None
        width, height = video.display_size_px
        found: list[SeenInset] = []
        for track in link([face.glimpse() for face in faces], cuts_s):
            pictures = [
                still for at_s, still in notes.stills if track.start_s <= at_s <= track.end_s
            ]
            inset = find_inset(track, pictures, width, height)
            if inset is not None:
                found.append(SeenInset(track.start_s, track.end_s, inset))
        return tuple(found)


class _Notes:
    """What one pass has seen so far."""

    def __init__(
        self,
        detector: FaceDetector,
        width_px: int,
        start_s: float,
        end_s: float,
        on_progress: Callable[[float], None],
    ) -> None:
        self._detector, self._width_px, self._on_progress = detector, width_px, on_progress
        self._start_s, self._end_s = start_s, end_s
        self._next_s = math.ceil((start_s - _EDGE_S) / LOOK_EVERY_S) * LOOK_EVERY_S
        self.looked_s: list[float] = []
        self.stills: list[tuple[float, Grey]] = []
        self._faces: list[list[SeenFace]] = []
        self._watch: mouths.MouthWatch | None = None
        self._every_still = 1

    def see(self, at_s: float, frame: VideoFrame, reader: Reader) -> None:
        """One frame, in display order."""
        if self._watch is not None:
            self._watch.see(self._fine(frame, reader))
        if self._next_s - _EDGE_S < at_s < self._end_s:
            self._look(at_s, frame, reader)
            # Always the same moments of a source, wherever a stretch begins.
            self._next_s = (math.floor((at_s + _EDGE_S) / LOOK_EVERY_S) + 1) * LOOK_EVERY_S

    def faces(self) -> tuple[SeenFace, ...]:
        self._end_watch()
        return tuple(face for faces in self._faces for face in faces)

    def _look(self, at_s: float, frame: VideoFrame, reader: Reader) -> None:
        self._end_watch()
        at_s = round(at_s, 4)
        picture = reader.pixels(frame, wide_px(reader.video, PICTURE_WIDTH_PX))
        boxes = self._detector.detect(picture, self._width_px)
        self.looked_s.append(at_s)
        self._faces.append(
            [
                SeenFace(at_s, box, packed(look_of(picture, box, self._width_px)), None)
                for box in boxes
            ]
        )
        if len(boxes) > 1:
            self._watch = mouths.MouthWatch(boxes, self._fine(frame, reader), self._width_px)
        self._hold(at_s, np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8))
        self._on_progress(at_s)

    def _end_watch(self) -> None:
        if self._watch is not None and self._faces:
            self._faces[-1] = [
                SeenFace(face.at_s, face.box, face.look, mouth)
                for face, mouth in zip(self._faces[-1], self._watch.motions(), strict=True)
            ]
        self._watch = None

    def _fine(self, frame: VideoFrame, reader: Reader) -> Grey:
        return reader.grey(frame, wide_px(reader.video, mouths.PICTURE_WIDTH_PX))

    def _hold(self, at_s: float, still: Grey) -> None:
        if len(self.looked_s) % self._every_still == 0:
            self.stills.append((at_s, still))
        if len(self.stills) > _MOST_STILLS:
            self.stills = self.stills[::2]
            self._every_still *= 2


def _bounds(name: str) -> tuple[float, float] | None:
    start, _, end = name.partition("-")
    if not (start.isdecimal() and end.isdecimal()):
        return None
    return int(start) / 1000, int(end) / 1000


def _gaps(known: list[Stretch], start_s: float, end_s: float) -> list[tuple[float, float]]:
    """What of `start_s` to `end_s` none of the stretches covers."""
    gaps: list[tuple[float, float]] = []
    at_s = start_s
    for stretch in sorted(known, key=lambda stretch: stretch.start_s):
        if stretch.start_s - at_s > _LEAST_GAP_S:
            gaps.append((at_s, min(stretch.start_s, end_s)))
        at_s = max(at_s, stretch.end_s)
    if end_s - at_s > _LEAST_GAP_S:
        gaps.append((at_s, end_s))
    return gaps


def _put_together(stretches: list[Stretch], start_s: float, end_s: float) -> Stretch:
    """One stretch of all, cut to `start_s` to `end_s`; a moment seen twice counts once."""
    faces: dict[float, tuple[SeenFace, ...]] = {}
    cuts_s: set[float] = set()
    insets: list[SeenInset] = []
    for stretch in stretches:
        by_time: dict[float, list[SeenFace]] = {at_s: [] for at_s in stretch.looked_s}
        for face in stretch.faces:
            by_time[face.at_s].append(face)
        faces |= {at_s: tuple(seen) for at_s, seen in by_time.items()}
        cuts_s |= set(stretch.cuts_s)
        insets += stretch.insets
    looked_s = sorted(at_s for at_s in faces if start_s - _EDGE_S <= at_s < end_s)
    return Stretch(
        start_s,
        end_s,
        tuple(looked_s),
        tuple(sorted(cut_s for cut_s in cuts_s if start_s < cut_s < end_s)),
        tuple(face for at_s in looked_s for face in faces[at_s]),
        tuple(seen for seen in insets if seen.start_s < end_s and seen.end_s > start_s),
    )
