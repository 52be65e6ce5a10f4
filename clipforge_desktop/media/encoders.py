"""Encoders in graphics chips: which one of them works on this machine, and how it is asked.

A name in ffmpeg's list proves nothing (no device, an old driver, a card without an encoder), so
each is made to encode a picture, and the verdict is kept for as long as ffmpeg and the drivers
are the same. One that fails is asked again after a day. Quality settings aim at the look of
x264's levels; makers publish no common scale, so they are near it and not equal.
"""

import json
import os
import platform
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import ffmpeg as ffmpeg_python

from clipforge_desktop.domain.delivery import Quality
from clipforge_desktop.domain.errors import CancelledError, ClipForgeError
from clipforge_desktop.domain.stage import StageContext
from clipforge_desktop.domain.wire import fingerprint
from clipforge_desktop.media import ffmpeg

CACHE_FILE = "encoders.json"

_FAILURE_COUNTS_S = 24 * 3600.0
_PROBE_STALL_S = 15.0
_lock = threading.Lock()  # exports of one worker share the file

_Settings = Mapping[Quality, Mapping[str, str | int]]


@dataclass(frozen=True)
class HardwareEncoder:
    """One encoder as ffmpeg names it, and `name` as people do.

    `device` are arguments that stand before everything else. `is_uploaded`: pictures are brought
    into the chip's memory first. `has_cap`: it keeps to a highest bit rate beside its quality.
    """

    codec: str
    name: str
    systems: tuple[str, ...]
    pix_fmt: str
    levels: _Settings
    device: tuple[str, ...] = ()
    is_uploaded: bool = False
    has_cap: bool = False

    def settings(self, quality: Quality, most_bits_s: int | None = None) -> dict[str, str | int]:
        """Options of an output of ffmpeg."""
        options: dict[str, str | int] = {"vcodec": self.codec, "profile:v": "high"}
        if not self.is_uploaded:
            options["pix_fmt"] = self.pix_fmt
        options |= self.levels[quality]
        if self.has_cap and most_bits_s:
            options |= {"maxrate": most_bits_s, "bufsize": most_bits_s}
        return options


ENCODERS = (
    HardwareEncoder(
        "h264_videotoolbox",
        "Apple VideoToolbox",
        ("darwin",),
        "yuv420p",
        {"draft": {"q:v": 62}, "standard": {"q:v": 65}, "best": {"q:v": 70}},
    ),
    HardwareEncoder(
        "h264_nvenc",
        "NVIDIA NVENC",
        ("win32", "linux"),
        "yuv420p",
        {
            "draft": {"preset": "p2", "rc": "vbr", "cq": 23, "b:v": 0},
            "standard": {"preset": "p4", "rc": "vbr", "cq": 23, "b:v": 0},
            "best": {"preset": "p6", "rc": "vbr", "cq": 22, "b:v": 0, "spatial-aq": 1},
        },
        has_cap=True,
    ),
    HardwareEncoder(
        "h264_qsv",
        "Intel Quick Sync",
        ("win32", "linux"),
        "nv12",
        {
            "draft": {"preset": "veryfast", "global_quality": 22},
            "standard": {"preset": "medium", "global_quality": 22},
            "best": {"preset": "slower", "global_quality": 21},
        },
    ),
    HardwareEncoder(
        "h264_amf",
        "AMD AMF",
        ("win32",),
        "nv12",
        {
            "draft": {"quality": "speed", "rc": "cqp", "qp_i": 21, "qp_p": 23},
            "standard": {"quality": "balanced", "rc": "cqp", "qp_i": 21, "qp_p": 23},
            "best": {"quality": "quality", "rc": "cqp", "qp_i": 20, "qp_p": 22},
        },
    ),
    HardwareEncoder(
        "h264_vaapi",
        "VA-API",
        ("linux",),
        "vaapi",
        {
            "draft": {"rc_mode": "CQP", "qp": 23},
            "standard": {"rc_mode": "CQP", "qp": 22},
            "best": {"rc_mode": "CQP", "qp": 21},
        },
        device=("-vaapi_device", "/dev/dri/renderD128"),
        is_uploaded=True,
    ),
)


def named(codec: str) -> HardwareEncoder | None:
    """The encoder that ffmpeg calls so; None for those that need no chip."""
    return next((encoder for encoder in ENCODERS if encoder.codec == codec), None)


def working(context: StageContext) -> HardwareEncoder | None:
    """The first encoder of this system that works here; None when all is left to x264.

    Raises CancelledError, and what `ffmpeg.executable` raises.
    """
    listed = ffmpeg.capabilities().encoders
    for encoder in ENCODERS:
        if encoder.codec in listed and sys.platform in encoder.systems:
            with _lock:
                verdict = _known(context.machine_dir, encoder)
            if verdict is None:
                verdict = works(encoder, context)
                _keep(context.machine_dir, encoder, verdict)
            if verdict:
                return encoder
    return None


def works(encoder: HardwareEncoder, context: StageContext) -> bool:
    """Whether it encodes a picture right now; nothing is asked from or kept in the cache."""
    picture = ffmpeg_python.input("color=c=gray:s=640x368:r=30", f="lavfi")
    if encoder.is_uploaded:
        picture = picture.filter("format", "nv12").filter("hwupload")
    asked = picture.output(
        "-", format="null", **{"frames:v": 1}, **encoder.settings("standard", 4_000_000)
    ).global_args(*encoder.device)
    try:
        done = ffmpeg.run(
            asked.get_args(), context=context, working_dir=context.job_dir, stall_s=_PROBE_STALL_S
        )
    except CancelledError:
        raise
    except ClipForgeError as error:
        context.log(f"{encoder.name} does not encode here: {error.failure.message}")
        return False
    return done.frames > 0


def failed(encoder: HardwareEncoder, context: StageContext) -> None:
    """Remember that it failed on real work: it is not asked again before tomorrow."""
    _keep(context.machine_dir, encoder, False)


def _known(folder: Path, encoder: HardwareEncoder) -> bool | None:
    verdict = _read(folder / CACHE_FILE).get(encoder.codec)
    if not isinstance(verdict, dict):
        return None
    works, at_s = verdict.get("works"), verdict.get("at_s")
    if not isinstance(works, bool) or not isinstance(at_s, (int, float)):
        return None
    if not works and not 0 <= time.time() - at_s < _FAILURE_COUNTS_S:
        return None
    return works


def _keep(folder: Path, encoder: HardwareEncoder, works: bool) -> None:
    with _lock:
        verdicts = _read(folder / CACHE_FILE)
        verdicts[encoder.codec] = {"works": works, "at_s": time.time()}
        text = json.dumps({"machine": _machine(), "encoders": verdicts}, indent=1)
        part = folder / f"{CACHE_FILE}.part"
        try:
            part.write_text(text, encoding="utf-8")
            part.replace(folder / CACHE_FILE)
        except OSError:
            part.unlink(missing_ok=True)  # asked again next time


def _read(file: Path) -> dict[str, object]:
    """The verdicts that still hold; none where ffmpeg or a driver is another by now."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(kept, dict) or kept.get("machine") != _machine():
        return {}
    verdicts = kept.get("encoders")
    return verdicts if isinstance(verdicts, dict) else {}


def _machine() -> str:
    """Another for another ffmpeg, system, graphics driver or device."""
    program = ffmpeg.executable()
    about = program.stat()
    return fingerprint(
        str(program), about.st_size, about.st_mtime_ns, platform.platform(), *_drivers()
    )


def _drivers() -> list[str]:
    """What tells drivers apart without loading one."""
    found: list[str] = []
    for told in (Path("/proc/driver/nvidia/version"), Path("/sys/module/amdgpu/version")):
        found += [told.read_text(encoding="utf-8")] if told.is_file() else []
    if Path("/dev/dri").is_dir():
        found += sorted(entry.name for entry in Path("/dev/dri").iterdir())
    system = Path(os.environ.get("SYSTEMROOT", "")) / "System32"
    for name in ("nvEncodeAPI64.dll", "amfrt64.dll", "libmfxhw64.dll", "libvpl.dll"):
        if (library := system / name).is_file():
            found.append(f"{name} {library.stat().st_size} {library.stat().st_mtime_ns}")
    return found
