"""A small video with studies made by hand: two shots, five framings, four shapes."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.framing import CropKey, FramingKind, FramingStudy, Pane, StudiedShot
from clipforge_desktop.faces.ways import Canvas, Shot, fill, fit, screen, split, wide
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.ui.main_window import MainWindow
from tests import media_maker
from tests.gui import furnishing as f

PATIENCE_MS = 60_000
SIZE = (640, 360)
FRAMES_S = 25
DURATION_S = 1.6
PIECES = (Piece(0.0, DURATION_S),)
CUT_S = 0.8
SHAPES = {"9:16": 9 / 16, "1:1": 1.0, "4:5": 4 / 5, "16:9": 16 / 9}


def make_video(path: Path) -> Path:
    """Soft shapes that move a little, every frame another, in pale colours.

    Strong ones differ by what Qt and ffmpeg take for BT.709 without a graphics card.
    """
    media_maker.ffmpeg(
        *media_maker.lavfi(f"testsrc2=size={SIZE[0]}x{SIZE[1]}:rate={FRAMES_S}:duration={DURATION_S}"),
        *media_maker.lavfi(f"sine=frequency=440:sample_rate=48000:duration={DURATION_S}"),
        "-vf", "hue=s=0.2,gblur=sigma=3,scale=out_color_matrix=bt709,format=yuv420p",
        *media_maker.H264, "-crf", "8", "-colorspace", "bt709", "-color_primaries", "bt709",
        "-color_trc", "bt709", "-color_range", "tv", *media_maker.AAC, path,
    )  # fmt: skip
    return path


def study_of(aspect: str, pieces: tuple[Piece, ...] = PIECES) -> FramingStudy:
    """Two shots with all five framings; Fill pans through the first one."""
    canvas = Canvas(*SIZE, SHAPES[aspect])
    shots = []
    end_s = sum(piece.duration_s for piece in pieces)
    for start_s, stop_s in ((0.0, CUT_S), (CUT_S, end_s)):
        shot = Shot(start_s, stop_s, ())
        filled = fill(canvas, shot, ())[0]
        if start_s == 0.0:
            pan = (CropKey(0.0, 150.0, 180.0), CropKey(CUT_S, 480.0, 180.0))
            filled = replace(filled, panes=(moved(filled.panes[0], pan),))
        ways = (
            replace(filled, confidence=0.9, reason="One face is followed."),
            fit(canvas, shot),
            split(canvas, shot, ())[0],
            screen(canvas, shot, None, None)[0],
            wide(canvas, shot),
        )
        scene = Piece(pieces[0].start_s + start_s, pieces[0].start_s + stop_s)
        shots.append(StudiedShot(scene, (scene,), FramingKind.FILL, ways))
    return FramingStudy(SIZE, aspect, pieces, tuple(shots))


def moved(pane: Pane, keys: Sequence[CropKey]) -> Pane:
    width = pane.crop_size_px[0]
    inside = (min(max(key.center_x, width / 2), SIZE[0] - width / 2) for key in keys)
    return replace(
        pane, keys=tuple(replace(key, center_x=x) for key, x in zip(keys, inside, strict=True))
    )


STUDIES = tuple(study_of(aspect) for aspect in SHAPES)


def furnish(store: Store, home: Home, video: Path) -> list[int]:
    """Two clips of one silent video, not looked at yet; their ids."""
    media = f.media_of(home, video, "scene", DURATION_S, SIZE)
    stream = replace(f.video_stream(SIZE), fps=float(FRAMES_S))
    media = replace(media, info=replace(media.info, video=stream))
    source_id, order_id = f.add_source(store, video, "scene.mp4", media)
    found = [f.found(0, [(0.0, DURATION_S)]), f.found(1, [(0.4, 1.5)])]
    return f.add_clips(store, source_id, order_id, found)


def go_to(qtbot: QtBot, window: MainWindow, source_s: float) -> None:
    """Until the frame of that moment, or the one before, is on the screen."""
    window.player.playback.seek(source_s)
    qtbot.waitUntil(lambda: abs(window.player.frame_s - source_s) < 0.05, timeout=PATIENCE_MS)


def painted(window: MainWindow) -> NDArray[np.uint8]:
    """What the player shows, without the sign that it is paused: (height, width, 3)."""
    canvas = window.player.canvas
    canvas.set_paused(False)
    place = canvas.picture_rect().toRect()
    image = canvas.grab(place).toImage().convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return lines[:, : image.width() * 3].reshape(image.height(), -1, 3).copy()
