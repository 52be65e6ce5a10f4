"""Playing never makes the window wait: frames are converted one at a time, off its thread."""

import pytest
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QVideoFrame
from pytestqt.qtbot import QtBot

from clipforge_desktop.ui.playback import Playback

FRAMES = 60


@pytest.fixture
def pictures() -> list[QVideoFrame]:
    """Frames of a 25 fps video, as the player hands them over."""
    frames = []
    for number in range(FRAMES):
        image = QImage(640, 360, QImage.Format.Format_RGB32)
        image.fill(number)
        frame = QVideoFrame(image)
        frame.setStartTime(number * 40_000)
        frames.append(frame)
    return frames


def test_frames_that_come_too_fast_are_dropped_and_the_newest_is_shown(
    qtbot: QtBot, pictures: list[QVideoFrame]
) -> None:
    playback = Playback()
    shown: list[float] = []
    playback.frame_shown.connect(lambda _picture, time_s: shown.append(time_s))
    for frame in pictures:  # the window's thread is busy: none of them can be shown meanwhile
        playback._on_frame(frame)
    newest_s = (FRAMES - 1) * 0.04
    qtbot.waitUntil(lambda: bool(shown) and shown[-1] == pytest.approx(newest_s))
    assert len(shown) <= 3
    assert shown == sorted(shown)
