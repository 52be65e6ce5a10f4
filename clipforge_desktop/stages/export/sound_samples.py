"""Sound on its way to an export, as bare samples in the job's folder: 48 kHz, stereo, 32-bit float.

Files without a header can be read by numpy where they lie, a stretch at a time, and have no
longest length as WAV has. What was made once in a job is found again by its name.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg as ffmpeg_python
import numpy as np
import numpy.typing as npt

from clipforge_desktop.domain.stage import StageContext
from clipforge_desktop.domain.wire import decode, encode
from clipforge_desktop.media import ffmpeg
from clipforge_desktop.stages.export import sound
from clipforge_desktop.stages.export.formats import AUDIO_HZ
from clipforge_desktop.stages.export.sound import Loudness, Stream

Samples = npt.NDArray[np.float32]  # (samples, 2)

_FORMAT = {"format": "f32le", "ar": AUDIO_HZ}
_BYTES_PER_SAMPLE = 8


@dataclass(frozen=True)
class SampleFile:
    """The name of a file of samples in the job's folder, and how loud it is."""

    name: str
    loudness: Loudness


def once(stem: str, write: Callable[[str], Loudness], context: StageContext) -> SampleFile:
    """The samples called `stem`: those in the job's folder, or made now by `write(name)`."""
    name, note = f"{stem}.f32", context.job_dir / f"{stem}.json"
    if not note.is_file():
        note.write_text(encode(write(name)), encoding="ascii")
    return SampleFile(name, decode(Loudness, note.read_text(encoding="ascii")))


def opened(name: str, **options: Any) -> Stream:
    """A file of samples as sound in a graph of ffmpeg-python."""
    return ffmpeg_python.input(name, ch_layout="stereo", **_FORMAT, **options).audio


def written(stream: Stream, name: str, **options: Any) -> Stream:
    """An output of a graph that writes a file of samples."""
    return stream.output(name, acodec="pcm_f32le", ac=2, **_FORMAT, **options)


def run(output: Stream, context: StageContext) -> Loudness:
    """Run the graph in the job's folder; what its meter said, if there is one in it."""
    report = ffmpeg.run(output.get_args(), context=context, working_dir=context.job_dir)
    return sound.parse_loudness(report.log_tail)


def measure(stream: Stream, context: StageContext) -> Loudness:
    return run(sound.measured(stream).output("-", format="null"), context)


def mapped(path: Path) -> Samples:
    """The samples of a file, read only where they are looked at."""
    count = path.stat().st_size // _BYTES_PER_SAMPLE
    if not count:
        return np.zeros((0, 2), np.float32)
    return np.memmap(path, np.dtype("<f4"), "r", shape=(count, 2))


def save(name: str, blocks: Iterable[Samples], context: StageContext) -> Loudness:
    """Write blocks one after another as the file `name`; how loud they are together."""
    with (context.job_dir / name).open("wb") as file:
        for block in blocks:
            file.write(np.ascontiguousarray(block, "<f4").tobytes())
    return measure(opened(name), context)
