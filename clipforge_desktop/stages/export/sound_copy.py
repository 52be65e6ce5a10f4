"""When a clip's sound may stay as it is: the source's own packets, copied without a new encode.

That is so for a whole source whose sound is already what would be made of it (AAC-LC, 48 kHz,
stereo, as loud as wished) and runs beside the picture from beginning to end without a hole.
Everywhere else pieces must be joined, faded or made louder, and for that packets are too coarse.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from clipforge_desktop.domain.source import MediaInfo
from clipforge_desktop.media import ffmpeg
from clipforge_desktop.media.container import AV_ERRORS, opened
from clipforge_desktop.stages.export.clock import ClipClock
from clipforge_desktop.stages.export.formats import AUDIO_HZ
from clipforge_desktop.stages.export.sound import (
    CLOSE_ENOUGH_LU,
    Loudness,
    SoundWish,
    Stream,
)

FRAME_S = 1024 / AUDIO_HZ  # of AAC-LC

_MOST_PRIMING_S = 2112 / AUDIO_HZ + FRAME_S / 2  # what encoders put before the first sample
_UNEVEN_S = 0.002  # containers round times, the coarsest to a millisecond


def is_right(prepared: Loudness, wish: SoundWish) -> bool:
    """Whether nothing is wished for that would change this sound."""
    is_plain = not wish.reduce_noise and wish.music is None and not prepared.is_silent
    off_lu = abs(prepared.integrated_lufs - wish.lufs)
    return is_plain and off_lu <= CLOSE_ENOUGH_LU and prepared.true_peak_dbtp <= wish.peak_dbtp


def is_whole(info: MediaInfo, clock: ClipClock) -> bool:
    """Whether the clip is the source from its first to its last frame, uncut."""
    if len(clock.pieces) != 1:
        return False
    missing_s = info.duration_s - clock.pieces[0].start_s - clock.duration_s
    return abs(clock.pieces[0].start_s) <= FRAME_S / 2 and missing_s <= float(1 / clock.rate)


def has_fitting_packets(
    path: Path, info: MediaInfo, clock: ClipClock, check: Callable[[], None]
) -> bool:
    """Whether the first track's packets can stand for the clip's sound, and keep in step with it.

    Looks at every packet without decoding any; `check` is called often and may raise to stop.
    """
    track = info.audio[0]
    if (track.codec, track.channels, track.sample_rate_hz) != ("aac", 2, AUDIO_HZ):
        return False
    times_s = _packet_times_s(path, info, check)
    first_s = next(times_s, None)
    if first_s is None or not -_MOST_PRIMING_S <= first_s <= FRAME_S / 2:
        return False
    last_s, even_s = first_s, first_s
    for at_s in times_s:
        even_s += FRAME_S
        if at_s is None or abs(at_s - even_s) > _UNEVEN_S:
            return False
        last_s = at_s
    return last_s >= clock.duration_s - 2 * FRAME_S


def copied(path: Path, info: MediaInfo, clock: ClipClock, name: str) -> Stream:
    """The graph that writes the packets as the file `name`, in step with the picture."""
    track = ffmpeg.input_file(path)[str(info.audio[0].index)]
    return track.output(
        name,
        acodec="copy",
        to=f"{info.start_s + clock.duration_s:.6f}",
        output_ts_offset=f"{-info.start_s:.6f}",
        map_metadata=-1,
        map_chapters=-1,
    ).global_args("-copyts")


def _packet_times_s(
    path: Path, info: MediaInfo, check: Callable[[], None]
) -> Iterator[float | None]:
    """When each packet begins, by the clip's clock; None where that cannot be told."""
    with opened(path) as container:
        stream = container.streams[info.audio[0].index]
        if getattr(stream.codec_context, "profile", None) != "LC":
            yield None
        try:
            for packet in container.demux(stream):
                check()
                if packet.size and packet.pts is not None and packet.time_base is not None:
                    yield float(packet.pts * packet.time_base) - info.start_s
                elif packet.size:
                    yield None
        except AV_ERRORS:
            yield None
