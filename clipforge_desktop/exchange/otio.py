"""OpenTimelineIO: one timeline per clip, for Resolve, Premiere, Avid and everything in between.

Needs the library of that name, which is an extra: it is only imported when a file is asked for.
"""

from types import ModuleType
from typing import TYPE_CHECKING, Any

from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.exchange.file_url import file_url
from clipforge_desktop.exchange.sequence import Event, Sequence, plain

if TYPE_CHECKING:
    from fractions import Fraction


def otio_json(sequence: Sequence) -> str:
    """The clip as a timeline. Raises InputError `otio_missing`."""
    otio = _library()
    timeline = otio.schema.Timeline(name=sequence.name)
    kinds = otio.schema.TrackKind
    if sequence.media.size_px is not None:
        timeline.tracks.append(_track(otio, sequence, "Video 1", kinds.Video))
    if sequence.media.sound is not None:
        timeline.tracks.append(_track(otio, sequence, "Audio 1", kinds.Audio))
    timeline.tracks[0][0].markers.append(_marker(otio, sequence))
    timeline.metadata["clipforge"] = {"title": sequence.name, "note": sequence.note}
    text: str = timeline.to_json_string(indent=1)
    return text + "\n"


def _library() -> ModuleType:
    try:
        import opentimelineio
    except ImportError as error:
        raise InputError(
            "otio_missing",
            "OpenTimelineIO is not installed, so no .otio files can be written.",
            "Install it with `pip install opentimelineio`, or choose FCPXML, Premiere XML or EDL.",
        ) from error
    library: ModuleType = opentimelineio
    return library


def _track(otio: ModuleType, sequence: Sequence, name: str, kind: str) -> Any:
    track = otio.schema.Track(name=name, kind=kind)
    for number, event in enumerate(sequence.events, start=1):
        track.append(_clip(otio, sequence, event, number))
    return track


def _clip(otio: ModuleType, sequence: Sequence, event: Event, number: int) -> Any:
    """Events of the same number belong together: Resolve links them by their group."""
    media, rate = sequence.media, sequence.rate
    available = _range(otio, media.start, media.frames, media.rate)
    clip = otio.schema.Clip(
        name=plain(media.path.name),
        media_reference=otio.schema.ExternalReference(file_url(media.path), available),
        source_range=_range(otio, sequence.media_start + event.source, event.frames, rate),
    )
    clip.media_reference.name = plain(media.path.name)
    clip.metadata["Resolve_OTIO"] = {"Link Group ID": number}
    return clip


def _marker(otio: ModuleType, sequence: Sequence) -> Any:
    first = sequence.media_start + sequence.events[0].source
    return otio.schema.Marker(
        name=sequence.name,
        marked_range=_range(otio, first, 1, sequence.rate),
        color=otio.schema.MarkerColor.GREEN,
        comment=sequence.note,
    )


def _range(otio: ModuleType, start: int, frames: int, rate: "Fraction") -> Any:
    time = otio.opentime.RationalTime
    fps = float(rate)
    return otio.opentime.TimeRange(time(start, fps), time(frames, fps))
