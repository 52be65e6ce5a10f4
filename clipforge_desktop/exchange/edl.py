"""EDL in the CMX 3600 form: one text file per clip, understood by every editor and grader.

Reels are `AX` (a file, no tape), with the file's name in a comment, as Premiere writes them and
Resolve and Avid match them. Record time begins at one hour, as conforming expects. Notes: no
event list can hold more than two sound channels or 999 events.
"""

from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.exchange.sequence import Event, Sequence, plain
from clipforge_desktop.exchange.timecode import frame_of, timecode

MOST_EVENTS = 999
_LONGEST_LINE = 240


def edl(sequence: Sequence) -> str:
    """Raises InputError `edl_too_long` for a clip of more pieces than event numbers go to."""
    if len(sequence.events) > MOST_EVENTS:
        raise InputError(
            "edl_too_long",
            f"{sequence.name} has {len(sequence.events)} pieces; an EDL holds {MOST_EVENTS}.",
            "Send it as FCPXML, Premiere XML or OpenTimelineIO.",
        )
    mode = "DROP FRAME" if sequence.is_drop else "NON-DROP FRAME"
    lines = [f"TITLE: {_line(sequence.name)[:70]}", f"FCM: {mode}", ""]
    start = record_start(sequence)
    for number, event in enumerate(sequence.events, start=1):
        lines.append(_event_line(number, event, sequence, start))
        lines.append(f"* FROM CLIP NAME: {_line(sequence.media.path.name)}")
        lines.append(f"* SOURCE FILE: {_line(str(sequence.media.path))}")
        if number == 1:
            lines += _remarks(sequence, start)
        lines.append("")
    return "\n".join(lines)


def record_start(sequence: Sequence) -> int:
    """The frame number of the timecode 01:00:00:00."""
    mark = ";" if sequence.is_drop else ":"
    return frame_of(f"01:00:00{mark}00", sequence.rate) or 0


def _event_line(number: int, event: Event, sequence: Sequence, start: int) -> str:
    source = sequence.media_start + event.source
    record = start + event.record
    times = " ".join(
        timecode(frame, sequence.rate, sequence.is_drop)
        for frame in (source, source + event.frames, record, record + event.frames)
    )
    return f"{number:03d}  {'AX':8} {_channels(sequence):5} C        {times}"


def _channels(sequence: Sequence) -> str:
    """`V` picture, `A` or `AA` one or two channels of sound, `B` and `AA/V` both."""
    media = sequence.media
    if media.sound is None:
        return "V"
    is_mono = media.sound.channels == 1
    if media.size_px is None:
        return "A" if is_mono else "AA"
    return "B" if is_mono else "AA/V"


def _remarks(sequence: Sequence, start: int) -> list[str]:
    """The title as a locator where the clip begins, the reasons as a comment."""
    at = timecode(start, sequence.rate, sequence.is_drop)
    remarks = [f"* LOC: {at} GREEN   {_line(sequence.name)}"]
    if sequence.note:
        remarks.append(f"* COMMENT: {_line(sequence.note)}")
    return remarks


def _line(text: str) -> str:
    return " ".join(plain(text).split())[:_LONGEST_LINE]
