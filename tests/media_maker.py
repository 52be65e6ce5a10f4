"""Small media made on the spot by ffmpeg's own generators, for every room's tests.

Each function writes one file and returns its path. Sizes are tiny and x264 runs at its fastest,
so that one file costs a fraction of a second.
"""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import imageio_ffmpeg

H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
AAC = ("-c:a", "aac", "-b:a", "64k")

TALK_CUES = """1
00:00:00,500 --> 00:00:04,000
The biggest mistake I made was waiting for the perfect camera.

2
00:00:04,600 --> 00:00:08,000
Nobody ever shared a video because the lens was expensive.

3
00:00:09,000 --> 00:00:12,500
Let me tell you a story about what happened to me that winter.

4
00:00:13,200 --> 00:00:16,500
We sold three hundred tickets in a single evening.
"""
"""Subtitles for a talk of 20 s or more, so that nothing has to be recognised."""


def ffmpeg(*arguments: str | Path, cwd: Path | None = None) -> None:
    """Run ffmpeg to its end; an error of the generator itself fails the test with its log."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error", "-nostdin"]
    done = subprocess.run(
        [*command, "-y", *map(str, arguments)], capture_output=True, text=True, cwd=cwd, check=False
    )
    assert done.returncode == 0, done.stderr


def lavfi(source: str) -> tuple[str, ...]:
    return ("-f", "lavfi", "-i", source)


def talk(
    path: Path,
    seconds: float = 4.0,
    *,
    size: str = "320x180",
    fps: float = 25,
    hz: int = 440,
    options: Sequence[str] = (),
) -> Path:
    """A moving test picture with a tone: what most tests call a video."""
    ffmpeg(
        *lavfi(f"testsrc2=size={size}:rate={fps}:duration={seconds}"),
        *lavfi(f"sine=frequency={hz}:sample_rate=48000:duration={seconds}"),
        *H264, "-g", "25", *AAC, *options, f"file:{path}",
    )  # fmt: skip
    return path


def picture_only(
    path: Path, seconds: float = 2.0, *, size: str = "320x180", fps: float = 25
) -> Path:
    ffmpeg(*lavfi(f"testsrc2=size={size}:rate={fps}:duration={seconds}"), *H264, f"file:{path}")
    return path


def sound_only(path: Path, seconds: float = 2.0, *, source: str = "sine=frequency=440") -> Path:
    """`source` is a lavfi audio source; the codec follows the file's ending."""
    ffmpeg(*lavfi(source), "-t", str(seconds), f"file:{path}")
    return path


def silence(path: Path, seconds: float = 2.0) -> Path:
    return sound_only(path, seconds, source="anullsrc=channel_layout=stereo:sample_rate=48000")


def shots(path: Path, lengths_s: Sequence[float], *, size: str = "320x180", fps: int = 25) -> Path:
    """Plainly different shots, hard cut one after another; each moves a little."""
    parts: list[str] = []
    sources = ("testsrc2", "smptebars", "mandelbrot=inner=period", "rgbtestsrc", "testsrc")
    graph = ""
    for index, length_s in enumerate(lengths_s):
        source = sources[index % len(sources)]
        joint = ":" if "=" in source else "="
        parts += lavfi(f"{source}{joint}size={size}:rate={fps}")
        graph += (
            f"[{index}:v]trim=end_frame={round(length_s * fps)},setpts=PTS-STARTPTS,"
            f"scale={size.replace('x', ':')},setsar=1,format=yuv420p[s{index}];"
        )
    inputs = "".join(f"[s{index}]" for index in range(len(lengths_s)))
    graph += f"{inputs}concat=n={len(lengths_s)}:v=1:a=0[v]"
    ffmpeg(*parts, "-filter_complex", graph, "-map", "[v]", *H264, f"file:{path}")
    return path


def with_rotation(source: Path, path: Path, degrees: int) -> Path:
    """A copy whose display matrix turns the picture `degrees` counter-clockwise."""
    ffmpeg("-display_rotation", str(degrees), "-i", f"file:{source}", "-c", "copy", f"file:{path}")
    return path


def truncated(source: Path, path: Path, share: float) -> Path:
    data = source.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path
