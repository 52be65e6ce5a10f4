"""Framing: how one clip can be shown in every shape, studied ahead of any export.

Faces, cuts and insets are looked up in the source (from the cache where they are known), and
every shot is made ready in all five framings. The export asks the same functions, so the
preview of a study is the picture of the export.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.framing import FramingStudy
from clipforge_desktop.domain.job import Queue
from clipforge_desktop.domain.order import FramingRequest, FramingResult
from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.domain.stage import VERSIONS, StageContext
from clipforge_desktop.faces.detector import FaceDetector, open_detector
from clipforge_desktop.paths import resources
from clipforge_desktop.stages.export import formats
from clipforge_desktop.stages.export.clock import ClipClock, clip_clock
from clipforge_desktop.stages.export.framing import Scenes, scenes_of, study_of
from clipforge_desktop.stages.export.looking import Looking
from clipforge_desktop.stages.export.source import check_source, inside_source
from clipforge_desktop.stages.matting import PEOPLE, mattes

VERSION = VERSIONS[Queue.FRAMING]
LOOKING = "Looking for faces"


def parameters(request: FramingRequest, context: StageContext) -> str:
    """Another detector sees other faces: a study is known by the one that it was made with."""
    return _detector(context).name


def run(request: FramingRequest, context: StageContext) -> FramingResult:
    """Study one clip.

    Raises InputError (aspect_not_understood, clip_outside_source, source_missing,
    source_changed, and what opening a damaged file raises) and CancelledError.
    """
    path, media = Path(request.path), request.media
    for aspect in request.aspects:
        formats.output_size(aspect)
    check_source(path, media)
    pieces = inside_source(request.pieces, media.info.duration_s)
    if media.info.video is None:
        context.progress(1.0, "There is no picture to frame")
        return FramingResult(())
    clock = clip_clock(pieces, formats.output_rate(media.info.video), formats.AUDIO_HZ)
    scenes = look(path, media, pieces, context, lambda done: context.progress(done, LOOKING))
    studies = studies_of(scenes, media, request.aspects, clock)
    notices = _matted(path, media, pieces, context) if request.is_matted else ()
    context.progress(1.0, "Framed")
    return FramingResult(studies, notices)


def _matted(
    path: Path, media: SourceMedia, pieces: tuple[Piece, ...], context: StageContext
) -> tuple[str, ...]:
    """Mattes of the clip's people in the cache; why there are none."""
    return mattes(
        path,
        media,
        pieces,
        context,
        lambda done: context.progress(done, f"{PEOPLE} … {round(done * 100)} %"),
    ).notices


def look(
    path: Path,
    media: SourceMedia,
    pieces: tuple[Piece, ...],
    context: StageContext,
    on_progress: Callable[[float], None],
) -> tuple[Scenes, ...]:
    """All that is seen in the pieces of a source with a picture."""
    cache_dir = context.cache_dir(media.content_key)
    detector = _detector(context)
    looking = Looking(path, media, detector, cache_dir, context.check)
    return scenes_of(looking, media, cache_dir, pieces, on_progress)


def _detector(context: StageContext) -> FaceDetector:
    return open_detector([context.models_dir, resources() / "models"])


def studies_of(
    scenes: Sequence[Scenes], media: SourceMedia, aspects: Sequence[str], clock: ClipClock
) -> tuple[FramingStudy, ...]:
    """One study per different aspect, in order."""
    assert media.info.video is not None
    size_px = media.info.video.display_size_px
    return tuple(
        study_of(scenes, aspect, formats.output_size(aspect), size_px, clock.duration_s, clock.rate)
        for aspect in dict.fromkeys(aspects)
    )
