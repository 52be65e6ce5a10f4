"""Captions behind people in the window: what the player paints, asks for, and says."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from clipforge_desktop.captions.composing import lay_over
from clipforge_desktop.captions.matte import SIDE_PX, Chunk, PersonTrack, chunks_of, write_chunk
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.shelf import load_style
from clipforge_desktop.domain.catalogue import ModelKind, entries
from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.framing import Rect
from clipforge_desktop.domain.job import Queue
from clipforge_desktop.domain.order import decode
from clipforge_desktop.domain.pipeline import FramingTask
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.ui import people_desk
from clipforge_desktop.ui.clip_canvas import ClipCanvas
from clipforge_desktop.ui.framing.layout import Layout
from clipforge_desktop.ui.main_window import MainWindow
from clipforge_desktop.ui.theme import Theme
from tests.gui import framed
from tests.gui.caption_words import WORDS, bgra, spoken

PATIENCE_MS = 60_000
AT_S = 0.9
BEHIND = load_style("backstage")


class LeftHalf:
    """Somebody who fills the left half of the source."""

    def image_at(self, clip_s: float) -> QImage | None:
        lines = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
        lines[:, : SIDE_PX // 2] = 255
        return QImage(
            lines.tobytes(), SIDE_PX, SIDE_PX, SIDE_PX, QImage.Format.Format_Alpha8
        ).copy()


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[ClipCanvas]:
    shown = ClipCanvas(Theme("dark"))
    shown.resize(420, 720)
    shown.set_paused(False)
    yield shown
    shown.deleteLater()


def shown(canvas: ClipCanvas, painter: CaptionPainter, part: Rect) -> QImage:
    frame = QImage(640, 360, QImage.Format.Format_RGB32)
    frame.fill(QColor("#305070"))
    canvas.set_captions(painter)
    canvas.show_frame(frame, Layout(((Rect(0, 0, 1, 1), part),)), AT_S)
    rect = canvas.picture_rect().toRect()
    return canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32).copy(rect)


@pytest.mark.parametrize(("left", "edge"), [(0.25, 0.5), (0.3, 0.4)])
def test_the_player_hides_captions_behind_people_where_the_crop_shows_them(
    canvas: ClipCanvas, left: float, edge: float
) -> None:
    size = canvas.picture_size()
    painter = CaptionPainter(WORDS, BEHIND, (size.width(), size.height()), 6.0)
    canvas.set_people(LeftHalf())
    found = shown(canvas, painter, Rect(left, 0, 0.5, 1))
    expected = QImage(size, QImage.Format.Format_RGB32)
    expected.fill(QColor("#305070"))
    people = QImage(
        size.width(), painter.strip.height_px, QImage.Format.Format_ARGB32_Premultiplied
    )
    people.fill(0)
    at_px = round(edge * size.width())
    for x in range(at_px):
        for y in range(people.height()):
            people.setPixelColor(QPoint(x, y), QColor("white"))
    lay_over(expected, painter, AT_S, painter.strip.y_px, people)
    one, other = (bgra(image).astype(int)[20:-20] for image in (expected, found))
    near = slice(at_px - 6, at_px + 6)  # the matte's own edge is soft
    one[:, near], other[:, near] = 0, 0
    assert np.abs(one - other).max() < 24
    assert np.abs(one - other).mean() < 0.5
    background = np.array([0x70, 0x50, 0x30])
    inked = (np.abs(other[:, :, :3] - background).max(axis=2) > 60).any(axis=0)
    assert not inked[10 : at_px - 6].any()
    assert inked[at_px + 6 : -10].any()


def test_captions_of_other_styles_and_without_mattes_stand_in_front(canvas: ClipCanvas) -> None:
    size = canvas.picture_size()
    painter = CaptionPainter(WORDS, BEHIND, (size.width(), size.height()), 6.0)
    asked: list[None] = []
    canvas.people_wanted.connect(lambda: asked.append(None))
    whole = Rect(0, 0, 1, 1)
    bare = shown(canvas, painter, whole)
    shown(canvas, painter, whole)
    assert len(asked) == 2  # once for each painter that was set, not for each frame
    position = BEHIND.position.model_copy(update={"behind_people": False})
    front = BEHIND.model_copy(update={"position": position})
    canvas.set_people(LeftHalf())
    found = shown(canvas, CaptionPainter(WORDS, front, painter.frame_size_px, 6.0), whole)
    assert np.array_equal(bgra(bare), bgra(found))
    assert len(asked) == 2


def test_people_are_looked_for_when_a_style_needs_them(
    qtbot: QtBot, home: Home, store: Store, framed_clips: list[int], framed_window: MainWindow
) -> None:
    window, canvas = framed_window, framed_window.player.canvas
    size = canvas.picture_size()
    painter = CaptionPainter(spoken("Hello there"), BEHIND, (size.width(), size.height()), 1.6)
    canvas.set_captions(painter)
    canvas.repaint()
    qtbot.waitUntil(lambda: window.notice.text.text() == people_desk.NO_MODEL, timeout=PATIENCE_MS)
    for entry in entries(ModelKind.PEOPLE):
        (home.models / entry.required[0]).write_bytes(b"the workshop looks closer")
    canvas.set_captions(painter)
    canvas.repaint()

    def wishes() -> list[FramingTask]:
        jobs = [job for job in store.jobs.all() if job.queue is Queue.FRAMING]
        return [decode(FramingTask, job.request) for job in jobs]

    qtbot.waitUntil(
        lambda: FramingTask(framed.PIECES, is_matted=True) in wishes(), timeout=PATIENCE_MS
    )
    assert window.notice.text.text() == people_desk.LOOKING
    source = window.stage.source
    assert source is not None
    assert source.media is not None
    for number in chunks_of(framed.PIECES):
        mattes = np.full((40, SIDE_PX, SIDE_PX), 255, np.uint8)
        chunk = Chunk(np.arange(40) / 25.0, mattes)
        write_chunk(home.cache / source.media.content_key, number, chunk)
    store.library.save_studies(framed_clips[0], framed.STUDIES)  # as the job does at its end
    qtbot.waitUntil(lambda: canvas.people is not None, timeout=PATIENCE_MS)
    matte = canvas.people.image_at(0.4) if canvas.people is not None else None
    assert matte is not None
    assert matte.pixelColor(5, 5).alpha() == 255


def test_a_clip_that_is_cut_otherwise_is_looked_up_anew(framed_window: MainWindow) -> None:
    canvas = framed_window.player.canvas
    canvas.set_people(LeftHalf())
    framed_window.player.opened.emit()
    assert canvas.people is None


def test_a_track_knows_only_what_is_near(home: Home) -> None:
    cache_dir = home.cache / "some-source"
    write_chunk(cache_dir, 0, Chunk(np.array([0.5]), np.full((1, SIDE_PX, SIDE_PX), 9, np.uint8)))
    track = PersonTrack(cache_dir, (Piece(0.0, 4.0),))
    assert track.at(0.6) is not None
    assert track.at(1.2) is None
    assert track.image_at(3.0) is None
    assert track.has_person()
