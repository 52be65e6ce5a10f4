"""Is a file that we wrote really whole? Read back before it is renamed into place.

An exit code of 0 proves little (a full disk, a source that stops early), so every packet is read
by PyAV: the streams must be there and must last as long as they should.
"""

from pathlib import Path

import av

from clipforge_desktop.domain.errors import ClipForgeError


def verify(
    path: Path,
    expected_s: float,
    *,
    tolerance_s: float = 0.25,
    has_video: bool = True,
    has_audio: bool = True,
) -> None:
    """Check streams and length of an output; `has_audio` False means that it may not have any.

    Every stream must end within `tolerance_s` of `expected_s`, or within three of its own frames
    when those are longer. Raises ClipForgeError("output_incomplete").
    """
    try:
        lengths_s = _lengths_s(path)
    except (av.FFmpegError, OSError, ValueError, EOFError, AttributeError, IndexError) as error:
        raise _incomplete("it cannot be read back") from error
    wanted = {kind for kind, is_wanted in (("video", has_video), ("audio", has_audio)) if is_wanted}
    if {kind for kind, _, _ in lengths_s} != wanted:
        raise _incomplete("its picture or its sound is missing")
    for kind, length_s, frame_s in lengths_s:
        if abs(length_s - expected_s) > max(tolerance_s, 3 * frame_s):
            raise _incomplete(f"its {kind} lasts {length_s:.1f} s instead of {expected_s:.1f} s")


def _lengths_s(path: Path) -> list[tuple[str, float, float]]:
    """(kind, end of the last packet, length of the longest packet) of each stream, by packets."""
    ends_s: dict[int, float] = {}
    longest_s: dict[int, float] = {}
    with av.open(f"file:{path}", metadata_errors="ignore") as container:
        kinds = {stream.index: stream.type for stream in container.streams}
        for packet in container.demux():
            if packet.pts is None or packet.time_base is None:
                continue
            index = packet.stream.index
            length_s = float((packet.duration or 0) * packet.time_base)
            end_s = float(packet.pts * packet.time_base) + length_s
            ends_s[index] = max(ends_s.get(index, 0.0), end_s)
            longest_s[index] = max(longest_s.get(index, 0.0), length_s)
    return [
        (kinds[index], end_s, longest_s[index])
        for index, end_s in ends_s.items()
        if kinds[index] in ("video", "audio")
    ]


def _incomplete(what: str) -> ClipForgeError:
    return ClipForgeError(
        "output_incomplete",
        f"The written file is not whole: {what}.",
        "Press Retry; when it happens again, check the disk and the job's log.",
    )
