"""The one command that renders a clip: every output from one decode, captions from one pipe.

Pure: it composes arguments and writes the filter graph into the job's folder (a command line
has a limit on Windows, and a graph over many shots is long). Fixed ASCII names only, in there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg

from clipforge_desktop.domain.framing import FramingPlan, Rect
from clipforge_desktop.domain.source import MediaInfo, VideoStream
from clipforge_desktop.stages.export import formats
from clipforge_desktop.stages.export.captions import CaptionSheet
from clipforge_desktop.stages.export.clock import ClipClock, lead_in_s, plan_reads
from clipforge_desktop.stages.export.crop import View
from clipforge_desktop.stages.export.inputs import open_read, threads
from clipforge_desktop.stages.export.picture import (
    Colour,
    Output,
    joined_pieces,
    outputs,
    plain_outputs,
)
from clipforge_desktop.stages.export.soundtrack import SOUND_FILE

GRAPH_FILE = "graph.txt"
_LOOK_AHEAD = 20  # frames that x264 holds back at most: bounds the memory of several encoders


@dataclass(frozen=True)
class RenderOutput:
    """One file to write."""

    plan: FramingPlan
    size_px: tuple[int, int]
    quality: formats.Quality
    file: Path


@dataclass(frozen=True)
class Render:
    """Everything the command says. `colour` is None exactly when the source has no picture."""

    path: Path
    info: MediaInfo
    clock: ClipClock
    colour: Colour | None
    outputs: tuple[RenderOutput, ...]
    captions: CaptionSheet | None


def render_arguments(render: Render, job_dir: Path) -> list[str]:
    """Arguments for `media.ffmpeg.run` in `job_dir`, where the sound lies as `sound.m4a`."""
    sound = ffmpeg.input(SOUND_FILE)
    encoded = [
        ffmpeg.output(picture, sound["a"], f"file:{output.file}", **_encoding(render, output))
        for picture, output in zip(_pictures(render), render.outputs, strict=True)
    ]
    merged = ffmpeg.merge_outputs(*encoded).global_args("-copyts", "-filter_complex_threads", "1")
    arguments: list[str] = merged.get_args()
    place = arguments.index("-filter_complex")
    (job_dir / GRAPH_FILE).write_text(arguments[place + 1], encoding="ascii")
    arguments[place : place + 2] = ["-/filter_complex", GRAPH_FILE]
    return arguments


def _pictures(render: Render) -> Sequence[Any]:
    clock, info = render.clock, render.info
    areas = render.captions.areas if render.captions else [None] * len(render.outputs)
    wanted = [
        Output(output.plan, output.size_px, area)
        for output, area in zip(render.outputs, areas, strict=True)
    ]
    sheet = _sheet(render)
    if info.video is None or render.colour is None:
        return plain_outputs(wanted, sheet, clock.rate, clock.frames)
    reads = plan_reads(clock, info)
    pictures = [
        open_read(render.path, read, number)[str(info.video.index)]
        for number, read in enumerate(reads)
    ]
    base = joined_pieces(pictures, reads, info.start_s, clock.rate, lead_in_s(info, clock.rate))
    return outputs(base, wanted, sheet, decoded_view(info.video), render.colour, clock)


def decoded_view(video: VideoStream) -> View:
    """Decoded frames show the whole picture: upright, but still with the source's own pixels."""
    width, height = video.display_size_px
    size_px = (video.width_px, video.height_px)
    if video.rotation_deg in (90, 270):
        size_px = (video.height_px, video.width_px)
    return View(Rect(0.0, 0.0, float(width), float(height)), size_px)


def _sheet(render: Render) -> Any:
    """Bare frames through the pipe; tagged, or ffmpeg would convert them on a guess."""
    if render.captions is None:
        return None
    width, height = render.captions.size_px
    rate = render.clock.rate
    return ffmpeg.input(
        "pipe:0",
        format="rawvideo",
        pix_fmt="yuva420p",
        video_size=(width, height),
        framerate=f"{rate.numerator}/{rate.denominator}",
    ).filter("setparams", range="tv", colorspace="bt709")


def _encoding(render: Render, output: RenderOutput) -> dict[str, Any]:
    rate, settings = render.clock.rate, formats.encoding(output.quality)
    return {
        **({"rc-lookahead": _LOOK_AHEAD} if settings.preset == "medium" else {}),
        "format": "mp4",
        "vcodec": "libx264",
        "preset": settings.preset,
        "crf": settings.crf,
        "profile:v": "high",
        "pix_fmt": "yuv420p",
        "g": round(rate * formats.KEYFRAME_EVERY_S),
        "threads": threads(),
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
