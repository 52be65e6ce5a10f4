"""What the export tests share: requests over made media, drawn faces, and a look at results.

Outputs are asked for in small sizes, so that one export takes about a second.
"""

import json
import re
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import av
import cv2
import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

from clipforge_desktop.captions.qt import ensure_gui_application
from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.order import ExportedFile, ExportOptions, ExportRequest, Framing
from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.domain.transcript import Sentence, Transcript, Word
from clipforge_desktop.media.content_key import content_key
from clipforge_desktop.media.probe import probe
from tests import media_maker

Frames = NDArray[np.uint8]  # (frames, height, width, 3), RGB

SMALL = "216x384"
PLAIN = CaptionStyle(name="test")


def media_of(path: Path) -> SourceMedia:
    """What import would have learned, as far as export asks for it."""
    return SourceMedia(
        content_key(path), probe(path), None, None, (), (0, 0), None, None, None, None, ()
    )


def transcript(*words: tuple[float, float, str]) -> Transcript:
    said = tuple(Word(start_s, end_s, text) for start_s, end_s, text in words)
    sentences = (Sentence(0, len(said)),) if said else ()
    return Transcript("en", "sidecar", "test", said, sentences)


def request(
    path: Path,
    out_dir: Path,
    *,
    pieces: Sequence[tuple[float, float]] = ((0.0, 2.0),),
    words: Sequence[tuple[float, float, str]] = (),
    aspects: tuple[str, ...] = (SMALL,),
    framing: Framing = "fit",
    style: CaptionStyle | None = None,
    stem: str = "clip",
) -> ExportRequest:
    if style is not None:
        ensure_gui_application()
    return ExportRequest(
        path=str(path),
        media=media_of(path),
        transcript=transcript(*words),
        pieces=tuple(Piece(start_s, end_s) for start_s, end_s in pieces),
        title="A title",
        stem=stem,
        options=ExportOptions(str(out_dir), aspects, framing, style, "draft"),
    )


def with_style(asked: ExportRequest, style: CaptionStyle) -> ExportRequest:
    return replace(asked, options=replace(asked.options, style=style))


def ffmpeg_says(*arguments: str | Path) -> str:
    """What ffmpeg logs about something."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def streams(path: str | Path) -> str:
    return "\n".join(re.findall(r"Stream #.*", ffmpeg_says("-i", f"file:{path}")))


def decoded(path: str | Path) -> Frames:
    """Every frame of the picture."""
    width, height = map(int, re.findall(r"Video:.*? (\d{2,5})x(\d{2,5})", streams(path))[0])
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", f"file:{path}"]
    command += ["-f", "rawvideo", "-pix_fmt", "rgb24", "-fps_mode", "passthrough", "-"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3)


def samples(path: str | Path) -> NDArray[np.int16]:
    """The sound as (samples, 2) at 48 kHz."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", f"file:{path}", "-vn"]
    command += ["-f", "s16le", "-ar", "48000", "-ac", "2", "-"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.int16).reshape(-1, 2)


def packets(path: str | Path) -> list[tuple[int, int | None, int | None, bytes]]:
    """(stream, shown at, decoded at, coded bytes) of all that is in a file."""
    with av.open(f"file:{path}") as container:
        found = [(one.stream.index, one.pts, one.dts, bytes(one)) for one in container.demux()]
    return sorted(one for one in found if one[1] is not None)


def loudness(path: str | Path) -> tuple[float, float]:
    """(LUFS, dBTP) as an independent reading of the finished file."""
    log = ffmpeg_says("-i", f"file:{path}", "-vn", "-af", "ebur128=peak=true", "-f", "null", "-")
    summary = log[log.index("Summary:") :]
    lufs, peak = re.search(r"I:\s+(\S+)", summary), re.search(r"Peak:\s+(\S+)", summary)
    assert lufs is not None
    assert peak is not None
    return float(lufs[1]), float(peak[1])


def recipe_of(file: ExportedFile) -> dict[str, object]:
    found: dict[str, object] = json.loads(Path(file.recipe).read_text(encoding="utf-8"))
    return found


def drawn_face(width_px: int) -> NDArray[np.uint8]:
    """A soft portrait from ellipses, (1.3 width, width, 3) BGR, which both detectors know."""
    scale, fine = width_px * 4 / 100, 4
    size = (width_px * fine, int(width_px * 1.3) * fine)
    picture = np.full((size[1], size[0], 3), (60, 70, 80), np.uint8)

    def ellipse(x: float, y: float, a: float, b: float, colour: tuple[int, int, int]) -> None:
        center = (int(size[0] / 2 + x * scale), int(size[1] / 2 + y * scale))
        axes = (int(a * scale), int(b * scale))
        cv2.ellipse(picture, center, axes, 0, 0, 360, colour, -1)

    ellipse(0, -8, 44, 58, (30, 40, 60))
    ellipse(0, 6, 38, 50, (140, 170, 215))
    ellipse(0, 24, 24, 20, (150, 180, 225))
    for side in (-1, 1):
        ellipse(17 * side, -6, 13, 8, (95, 120, 160))
        ellipse(17 * side, -6, 9, 4, (235, 235, 235))
        ellipse(17 * side, -6, 4, 4, (40, 30, 30))
        ellipse(17 * side, -17, 12, 3, (30, 40, 60))
        ellipse(22 * side, 14, 9, 8, (150, 180, 235))
    ellipse(0, 6, 4, 14, (165, 195, 235))
    ellipse(0, 19, 8, 3, (100, 125, 170))
    ellipse(0, 34, 14, 4, (80, 80, 170))
    soft = cv2.GaussianBlur(picture, (0, 0), 1.0 * scale)
    small = cv2.resize(soft, (width_px, int(width_px * 1.3)), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def face_video(
    path: Path,
    centers_x: Sequence[float],
    *,
    size: tuple[int, int] = (640, 360),
    face_px: int = 150,
    fps: int = 25,
    background: tuple[int, int, int] = (60, 70, 80),
) -> Path:
    """A drawn face whose centre is at `centers_x[n]` in frame `n`; one flat tone beside it."""
    width, height = size
    face = drawn_face(face_px)
    top = (height - face.shape[0]) // 2
    raw = path.with_suffix(".raw")
    with raw.open("wb") as file:
        for center_x in centers_x:
            picture = np.full((height, width, 3), background, np.uint8)
            left = round(center_x) - face_px // 2
            picture[top : top + face.shape[0], left : left + face_px] = face
            file.write(picture.tobytes())
    media_maker.ffmpeg(
        "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{width}x{height}", "-r", str(fps), "-i", raw,
        *media_maker.lavfi(f"sine=frequency=300:duration={len(centers_x) / fps}"),
        *media_maker.H264, "-g", "50", *media_maker.AAC, f"file:{path}",
    )  # fmt: skip
    raw.unlink()
    return path
