"""A clip as an editor sees it: a sequence of events, each some frames of one media file.

Everything is whole frames here. Events begin on the sequence's grid as an export's pieces do, so
that joins never drift: record times are off by half a frame at most, source times by one frame
at most, over any number of pieces and any length. A source whose rate varies is counted by its
seconds at the sequence's rate, which is how editors conform it.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from pathlib import PurePath

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.formats import output_rate
from clipforge_desktop.domain.source import MediaInfo, VideoStream
from clipforge_desktop.exchange.timecode import can_drop, frame_of, is_drop_frame

SOUND_ONLY_SIZE_PX = (1920, 1080)
_NTSC = (Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60000, 1001))
_RATES = tuple(sorted((*_NTSC, *(Fraction(rate) for rate in (24, 25, 30, 48, 50, 60)))))
_NEAR_FPS = 0.01
_NO_TEXT = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Sound:
    """The track that is heard. `first_channel` counts from 1 over all tracks of the file."""

    channels: int
    first_channel: int
    sample_rate_hz: int
    file_tracks: int
    file_channels: int


@dataclass(frozen=True)
class Media:
    """One file. `rate` is its own, `start` the frame number of its first frame's timecode."""

    path: PurePath
    rate: Fraction
    duration_s: Fraction
    start: int
    has_timecode: bool
    size_px: tuple[int, int] | None
    sound: Sound | None

    @property
    def start_s(self) -> Fraction:
        """Seconds from timecode zero to the first frame."""
        return self.start / self.rate

    @property
    def frames(self) -> int:
        """Its length at its own rate."""
        return max(round(self.duration_s * self.rate), 1)


@dataclass(frozen=True)
class Event:
    """`frames` frames of the media from its frame `source` on, shown at `record`.

    All at the sequence's rate; `source` counts from the media's first frame.
    """

    source: int
    record: int
    frames: int


@dataclass(frozen=True)
class Sequence:
    """One clip. `note` says in words why it was chosen; `stem` names its file."""

    name: str
    note: str
    stem: str
    rate: Fraction
    is_drop: bool
    media: Media
    events: tuple[Event, ...]

    @property
    def frames(self) -> int:
        return sum(event.frames for event in self.events)

    @property
    def size_px(self) -> tuple[int, int]:
        return self.media.size_px or SOUND_ONLY_SIZE_PX

    @property
    def media_start(self) -> int:
        """The timecode of the media's first frame, as a frame number at the sequence's rate."""
        return round(self.media.start_s * self.rate)

    @property
    def media_frames(self) -> int:
        """The media's length at the sequence's rate, never less than what is shown of it."""
        last = max(event.source + event.frames for event in self.events)
        return max(round(self.media.duration_s * self.rate), last)


def sequence_of(
    path: PurePath,
    info: MediaInfo,
    pieces: tuple[Piece, ...],
    *,
    name: str,
    note: str = "",
    stem: str = "clip",
) -> Sequence:
    """The clip `pieces` of the file at `path` (absolute), in the rate that it is exported in."""
    rate = editing_rate(info.video)
    media = _media(path, info, rate)
    counts_real_time = is_drop_frame(info.timecode) if media.has_timecode else True
    return Sequence(
        name=plain(name),
        note=plain(note),
        stem=stem,
        rate=rate,
        is_drop=can_drop(rate) and counts_real_time,
        media=media,
        events=_events(pieces, rate, int(media.duration_s * rate + Fraction(1, 100))),
    )


def editing_rate(video: VideoStream | None) -> Fraction:
    """The rate of the exported clip, or the next above it that editors have sequences of."""
    rate = output_rate(video)
    return next((known for known in _RATES if known >= rate), _RATES[-1])


def plain(text: str) -> str:
    """`text` without the characters that no XML document can hold."""
    return _NO_TEXT.sub("", text).strip()


def _media(path: PurePath, info: MediaInfo, rate: Fraction) -> Media:
    video = info.video
    own = rate
    if video is not None and not video.is_variable_rate and abs(rate - video.fps) > _NEAR_FPS:
        own = Fraction(video.fps).limit_denominator(1001)
    start = frame_of(info.timecode, own)
    return Media(
        path=path,
        rate=own,
        duration_s=Fraction(info.duration_s),
        start=start or 0,
        has_timecode=start is not None,
        size_px=video.display_size_px if video else None,
        sound=_sound(info),
    )


def _sound(info: MediaInfo) -> Sound | None:
    if not info.audio:
        return None
    heard = info.audio[0]
    before = sum(track.channels for track in info.audio if track.index < heard.index)
    return Sound(
        channels=heard.channels,
        first_channel=before + 1,
        sample_rate_hz=heard.sample_rate_hz,
        file_tracks=len(info.audio),
        file_channels=sum(track.channels for track in info.audio),
    )


def _events(pieces: tuple[Piece, ...], rate: Fraction, media_frames: int) -> tuple[Event, ...]:
    """Pieces shorter than half a frame vanish; one frame always stays."""
    ends_s = list(accumulate(Fraction(piece.end_s) - Fraction(piece.start_s) for piece in pieces))
    ends = [round(end_s * rate) for end_s in ends_s]
    ends[-1] = max(ends[-1], 1)
    events: list[Event] = []
    begin_s, begin = Fraction(0), 0
    for piece, end_s, end in zip(pieces, ends_s, ends, strict=True):
        if end > begin:
            source = round((Fraction(piece.start_s) - begin_s) * rate + begin)
            source = max(min(source, media_frames - (end - begin)), 0)
            events.append(Event(source, begin, end - begin))
        begin_s, begin = end_s, max(begin, end)
    return tuple(events)
