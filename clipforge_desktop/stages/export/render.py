"""The one command that renders a clip: every output from one decode, captions from one pipe.

Pure: it composes arguments and writes the filter graph into the job's folder (a command line
has a limit on Windows, and a graph over many shots is long). Fixed ASCII names only, in there.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from clipforge_desktop.domain.framing import FramingPlan, Rect
from clipforge_desktop.domain.source import MediaInfo, VideoStream
from clipforge_desktop.media.encoders import HardwareEncoder
from clipforge_desktop.stages.export import formats
from clipforge_desktop.stages.export.captions import CaptionSheet
from clipforge_desktop.stages.export.clock import ClipClock, lead_in_s, plan_reads
from clipforge_desktop.stages.export.crop import View
from clipforge_desktop.stages.export.inputs import open_read
from clipforge_desktop.stages.export.picture import (
    Colour,
    Output,
    outputs,
    plain_outputs,
)
from clipforge_desktop.stages.export.soundtrack import SOUND_FILE
from clipforge_desktop.stages.export.streams import joined_pieces, thinned, whole_frames

GRAPH_FILE = "graph.txt"


@dataclass(frozen=True)
class RenderOutput:
    """One file to write.

    `strips` are the numbers of what lies over it in the sheet, the lowest first. It shows every
    `every`th frame of the clip and never takes more than `most_bits_s`. `sound` is the name of a
    file in the job's folder. `hardware` None: x264.
    """

    plan: FramingPlan
    size_px: tuple[int, int]
    quality: formats.Quality
    file: Path
    strips: tuple[int, ...] = ()
    every: int = 1
    most_bits_s: int | None = None
    sound: str = SOUND_FILE
    hardware: HardwareEncoder | None = None


@dataclass(frozen=True)
class Render:
    """Everything the command says. `colour` is None exactly when the source has no picture.

    `threads` are those of each x264; with another number of them it gives other frames.
    """

    path: Path
    info: MediaInfo
    clock: ClipClock
    colour: Colour | None
    outputs: tuple[RenderOutput, ...]
    captions: CaptionSheet | None
    threads: int = 1


def render_arguments(render: Render, job_dir: Path) -> list[str]:
    """Arguments for `media.ffmpeg.run` in `job_dir`, where the sounds lie."""
    every = _common_step(render)
    sounds = {name: ffmpeg.input(name) for name in {output.sound for output in render.outputs}}
    encoded = [
        ffmpeg.output(
            _for_encoder(picture, output),
            sounds[output.sound]["a"],
            f"file:{output.file}",
            **_encoding(render, output),
        )
        for picture, output in zip(_pictures(render, every), render.outputs, strict=True)
    ]
    devices = dict.fromkeys(
        argument
        for output in render.outputs
        if output.hardware is not None
        for argument in output.hardware.device
    )
    merged = ffmpeg.merge_outputs(*encoded).global_args(
        "-copyts", "-filter_complex_threads", "1", *devices
    )
    arguments: list[str] = merged.get_args()
    place = arguments.index("-filter_complex")
    (job_dir / GRAPH_FILE).write_text(arguments[place + 1], encoding="ascii")
    arguments[place : place + 2] = ["-/filter_complex", GRAPH_FILE]
    return arguments


def sheet_frames(render: Render, check: Callable[[], None]) -> Iterator[bytes] | None:
    """What the render reads from its pipe: captions at the rate of its fastest output."""
    if render.captions is None:
        return None
    every = _common_step(render)
    count = -(-render.clock.frames // every)
    return render.captions.frames(count, render.clock.rate / every, check)


def _common_step(render: Render) -> int:
    return math.gcd(*(output.every for output in render.outputs))


def _pictures(render: Render, every: int) -> Sequence[Any]:
    clock, info = render.clock, render.info
    rate, frames = clock.rate / every, -(-clock.frames // every)
    areas = render.captions.areas if render.captions else []
    wanted = [
        Output(
            output.plan,
            output.size_px,
            tuple(areas[strip] for strip in output.strips),
            output.every // every,
        )
        for output in render.outputs
    ]
    sheet = _sheet(render, rate)
    if info.video is None or render.colour is None:
        return plain_outputs(wanted, sheet, rate, frames)
    reads = plan_reads(clock, info)
    pictures = [
        whole_frames(open_read(render.path, read, number)[str(info.video.index)])
        for number, read in enumerate(reads)
    ]
    base = joined_pieces(pictures, reads, info.start_s, clock.rate, lead_in_s(info, clock.rate))
    base = thinned(base, every, clock.rate)
    view = decoded_view(info.video)
    matte = render.captions.matte if render.captions else None
    return outputs(base, wanted, sheet, view, render.colour, rate, frames, matte)


def decoded_view(video: VideoStream) -> View:
    """Decoded frames show the whole picture: upright, but still with the source's own pixels."""
    width, height = video.display_size_px
    size_px = (video.width_px, video.height_px)
    if video.rotation_deg in (90, 270):
        size_px = (video.height_px, video.width_px)
    return View(Rect(0.0, 0.0, float(width), float(height)), size_px)


def _sheet(render: Render, rate: Fraction) -> Any:
    """Bare frames through the pipe; tagged, or ffmpeg would convert them on a guess."""
    if render.captions is None:
        return None
    width, height = render.captions.size_px
    return ffmpeg.input(
        "pipe:0",
        format="rawvideo",
        pix_fmt="yuva420p",
        video_size=(width, height),
        framerate=f"{rate.numerator}/{rate.denominator}",
    ).filter("setparams", range="tv", colorspace="bt709")


def _for_encoder(picture: Any, output: RenderOutput) -> Any:
    """Some encoders read the memory of their own device only."""
    if output.hardware is None or not output.hardware.is_uploaded:
        return picture
    return picture.filter("format", "nv12").filter("hwupload")


def _encoding(render: Render, output: RenderOutput) -> dict[str, Any]:
    rate = render.clock.rate / output.every
    if output.hardware is None:
        codec = formats.x264(output.quality, render.threads, output.most_bits_s)
    else:
        codec = output.hardware.settings(output.quality, output.most_bits_s)
    return {
        **codec,
        "format": "mp4",
        "g": round(rate * formats.KEYFRAME_EVERY_S),
        "r": f"{rate.numerator}/{rate.denominator}",
        "fps_mode": "cfr",
        "colorspace": "bt709",
        "color_primaries": "bt709",
        "color_trc": "bt709",
        "color_range": "tv",
        "acodec": "copy",
        "map_metadata": -1,
        "movflags": "+faststart",
    }
