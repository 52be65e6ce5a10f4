"""Editing by words in the real window: corrected, struck, trimmed, tightened, named, saved."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.cuts import words_in
from clipforge_desktop.domain.edit import NO_EDIT, ClipEdit
from clipforge_desktop.domain.transcript import Sentence, Transcript, Word
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.ui.main_window import MainWindow
from tests.gui import furnishing as f
from tests.gui.conftest import PATIENCE_MS, OpenWindow

SAID = "So um nobody shared it for the lens. You know, they shared it anyway."
PAUSED = {5: 0.7, 8: 0.5}  # seconds of silence before these words
LEFT = Qt.MouseButton.LeftButton


def words() -> tuple[Word, ...]:
    found: list[Word] = []
    at_s = 0.2
    for number, text in enumerate(SAID.split()):
        at_s += PAUSED.get(number, 0.05)
        sure = 0.2 if text == "lens." else 0.9
        found.append(Word(round(at_s, 3), round(at_s + 0.22, 3), text, sure))
        at_s += 0.22
    return tuple(found)


HEARD = Transcript("en", "whisper", "test", words(), (Sentence(0, 8), Sentence(8, 14)))


@pytest.fixture
def clip_id(store: Store, home: Home, video: Path) -> int:
    """A clip over all words but the last two, in a video of six seconds."""
    media = f.media_of(home, video, "talk", 6.0, (320, 180))
    store.library.save_transcript("talk", "p", HEARD)
    source_id, order_id = f.add_source(store, video, "talk.mp4", media)
    clips = [f.found(0, [(0.1, HEARD.words[12].start_s - 0.02)]), f.found(1, [(4.0, 5.9)])]
    return f.add_clips(store, source_id, order_id, clips)[0]


@pytest.fixture
def window(qtbot: QtBot, clip_id: int, open_window: OpenWindow) -> MainWindow:
    """The window with that clip in the player and its words in the transcript."""
    opened = open_window()
    view = opened.side.transcript
    qtbot.waitUntil(lambda: view.word_rect(13).isValid(), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: opened.player.canvas.captions is not None, timeout=PATIENCE_MS)
    return opened


def place(window: MainWindow, index: int) -> QPoint:
    return window.side.transcript.word_rect(index).center().toPoint()


def drag(window: MainWindow, first: int, last: int) -> None:
    viewport = window.side.transcript.viewport()
    QTest.mousePress(viewport, LEFT, pos=place(window, first))
    for step in (0.3, 0.7, 1.0):
        way = QPointF(place(window, last) - place(window, first)) * step
        QTest.mouseMove(viewport, place(window, first) + way.toPoint())
    QTest.mouseRelease(viewport, LEFT, pos=place(window, last))


def edit_of(store: Store, clip_id: int) -> ClipEdit:
    return store.library.clip(clip_id).edit


def undo(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def action(menu: QMenu, beginning: str) -> QAction:
    menu.aboutToShow.emit()
    return next(one for one in menu.actions() if one.text().startswith(beginning))


def spoken(window: MainWindow) -> list[str]:
    """What the captions of the player say."""
    captions = window.player.canvas.captions
    assert isinstance(captions, CaptionPainter)
    return [token.spoken for token in captions.track.tokens]


def test_a_double_click_corrects_a_word_everywhere(
    qtbot: QtBot, store: Store, window: MainWindow
) -> None:
    view = window.side.transcript
    qtbot.mouseDClick(view.viewport(), LEFT, pos=place(window, 3))
    assert view.field.isVisible()
    assert view.field.selectedText() == "shared"
    qtbot.keyClicks(view.field, "copied")
    qtbot.keyClick(view.field, Qt.Key.Key_Return)
    assert not view.field.isVisible()
    assert view.hasFocus()
    assert view.marks.corrected == {3}
    qtbot.waitUntil(lambda: len(store.library.search("copied")) == 1, timeout=PATIENCE_MS)
    assert store.library.corrected("talk", HEARD).words[3].text == "copied"
    qtbot.waitUntil(lambda: "copied" in spoken(window), timeout=PATIENCE_MS)
    undo(qtbot, window)
    assert view.marks.corrected == frozenset()
    qtbot.waitUntil(lambda: store.library.search("copied") == [], timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: "copied" not in spoken(window), timeout=PATIENCE_MS)


def test_tab_goes_to_the_next_word_and_escape_gives_up(
    qtbot: QtBot, store: Store, window: MainWindow
) -> None:
    view = window.side.transcript
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    active = view.active_word
    qtbot.keyClick(view, Qt.Key.Key_F2)
    assert view.field.isVisible()
    qtbot.keyClicks(view.field, "one")
    qtbot.keyClick(view.field, Qt.Key.Key_Tab)
    assert view.field.index == active + 1
    qtbot.keyClicks(view.field, "two")
    qtbot.keyClick(view.field, Qt.Key.Key_Escape)
    assert not view.field.isVisible()
    assert view.marks.corrected == {active}
    assert window.isVisible()


def test_a_word_without_text_leaves_captions_and_is_one_click_away(
    qtbot: QtBot, store: Store, window: MainWindow
) -> None:
    view, bar = window.side.transcript, window.side.cuts
    view.edit_word(4)
    view.field.clear()
    qtbot.keyClick(view.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "it" not in spoken(window)[:5], timeout=PATIENCE_MS)
    assert view.word_rect(4).width() > 0, "it can still be seen and clicked"
    view.select(4, 5)
    assert bar.as_recognised.isVisible()
    bar.as_recognised.click()
    assert view.marks.corrected == frozenset()
    qtbot.waitUntil(lambda: "it" in spoken(window)[:5], timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: store.library.corrections("talk", HEARD) == (), timeout=PATIENCE_MS)


def test_dragged_words_are_struck_skipped_and_come_back(
    qtbot: QtBot, store: Store, window: MainWindow, clip_id: int
) -> None:
    view = window.side.transcript
    drag(window, 2, 4)
    assert view.selection == (2, 5)
    assert "Selected: nobody shared it" in view.accessibleDescription()
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert view.selection is None
    assert view.marks.struck == {2, 3, 4}
    assert "1 cut" in window.side.cuts.saved.text()
    qtbot.waitUntil(lambda: edit_of(store, clip_id).cuts != (), timeout=PATIENCE_MS)
    assert words_in(HEARD.words, edit_of(store, clip_id).cuts) == {2, 3, 4}
    qtbot.waitUntil(lambda: "nobody" not in spoken(window), timeout=PATIENCE_MS)
    (cut,) = edit_of(store, clip_id).cuts
    window.player.playback.seek((cut.start_s + cut.end_s) / 2)
    at_s = window.player.playback.position_s
    assert not cut.start_s <= at_s < cut.end_s, "what is cut out is not played"
    qtbot.mouseClick(view.viewport(), LEFT, pos=place(window, 3))
    assert view.selection == (3, 4), "a struck word is chosen, not gone to"
    assert window.side.cuts.restore.isVisible()
    window.side.cuts.restore.click()
    assert view.marks.struck == {2, 4}
    undo(qtbot, window)
    undo(qtbot, window)
    qtbot.waitUntil(lambda: edit_of(store, clip_id) == NO_EDIT, timeout=PATIENCE_MS)
    assert view.marks.struck == frozenset()


def test_the_player_jumps_over_a_strike(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(window.player.canvas.has_frame, timeout=PATIENCE_MS)
    view = window.side.transcript
    view.select(3, 7)
    window.side.cuts.cut.click()
    cut = window.cutting.clip.edit.cuts[0] if window.cutting.clip else None
    assert cut is not None
    seen: list[float] = []
    window.player.playback.frame_shown.connect(lambda _, time_s: seen.append(time_s))
    window.player.playback.seek(cut.start_s - 0.3)
    window.player.playback.play()
    qtbot.waitUntil(lambda: max(seen, default=0.0) > cut.end_s + 0.2, timeout=PATIENCE_MS)
    assert not [at_s for at_s in seen if cut.start_s + 0.1 < at_s < cut.end_s - 0.1]


def test_words_are_selected_with_shift_by_mouse_and_keys(qtbot: QtBot, window: MainWindow) -> None:
    view = window.side.transcript
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.mouseClick(view.viewport(), LEFT, pos=place(window, 2))
    qtbot.mouseClick(view.viewport(), LEFT, shift, pos=place(window, 5))
    assert view.selection == (2, 6)
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Right, shift)
    assert view.selection == (2, 7)
    qtbot.keyClick(view, Qt.Key.Key_Left, shift)
    assert view.selection == (2, 6)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.selection is None


def test_nothing_is_changed_when_nothing_would_be_left(
    qtbot: QtBot, store: Store, window: MainWindow, clip_id: int
) -> None:
    view = window.side.transcript
    view.select(0, 14)
    view.strike_wanted.emit()
    assert "Nobody would speak" in window.notice.text.text()
    clip = window.cutting.clip
    assert clip is not None
    window.player.wave.trimmed.emit("end", clip.pieces[0].start_s + 0.2)
    assert "before it ends" in window.notice.text.text()
    whole = replace(clip.edit, cuts=(Piece(0.0, 6.0),))
    assert not window.actions_.edit_clip(clip, whole, "all of it")
    assert "cut out" in window.notice.text.text()
    assert window.cutting.clip == clip
    assert window.actions_.undo_stack.count() == 0


def test_i_and_o_trim_to_the_nearest_word_and_beyond_what_was_found(
    qtbot: QtBot, store: Store, window: MainWindow, clip_id: int
) -> None:
    window.setFocus()
    window.player.playback.seek(HEARD.words[2].start_s + 0.07)
    qtbot.keyClick(window, Qt.Key.Key_I)
    start_s = HEARD.words[2].start_s - 0.025
    qtbot.waitUntil(
        lambda: edit_of(store, clip_id).start_s == pytest.approx(start_s), timeout=PATIENCE_MS
    )
    window.side.transcript.select(12, 14)
    qtbot.keyClick(window, Qt.Key.Key_O)
    end_s = HEARD.words[13].end_s + 0.1
    qtbot.waitUntil(
        lambda: edit_of(store, clip_id).end_s == pytest.approx(end_s), timeout=PATIENCE_MS
    )
    assert window.player.shown is not None
    assert window.player.shown.clip is not None
    assert window.player.shown.clip.pieces[-1].end_s == pytest.approx(end_s)
    action(window.side.cuts.more_menu, "Start and end as found").trigger()
    qtbot.waitUntil(lambda: edit_of(store, clip_id).start_s is None, timeout=PATIENCE_MS)


def test_the_ends_are_dragged_on_the_waveform(
    qtbot: QtBot, store: Store, window: MainWindow, clip_id: int
) -> None:
    wave, clip = window.player.wave, window.cutting.clip
    assert clip is not None
    start_s, end_s = clip.pieces[0].start_s, clip.pieces[-1].end_s
    wanted = HEARD.words[9].end_s
    x, y = round(wave.handle_x("end")), wave.height() // 2
    points_a_second = (wave.handle_x("end") - wave.handle_x("start")) / (end_s - start_s)
    to_x = round(x - (end_s - wanted) * points_a_second)
    QTest.mousePress(wave, LEFT, pos=QPoint(x, y))
    QTest.mouseMove(wave, QPoint((x + to_x) // 2, y))
    QTest.mouseMove(wave, QPoint(to_x, y))
    QTest.mouseRelease(wave, LEFT, pos=QPoint(to_x, y))
    qtbot.waitUntil(lambda: edit_of(store, clip_id).end_s is not None, timeout=PATIENCE_MS)
    assert edit_of(store, clip_id).end_s == pytest.approx(wanted + 0.025, abs=0.01)


def test_tighten_says_what_goes_and_each_strike_comes_back(
    qtbot: QtBot, store: Store, window: MainWindow, clip_id: int
) -> None:
    menu, view = window.side.cuts.tighten_menu, window.side.transcript
    natural = action(menu, "Natural")
    assert natural.text() == f"Natural: pauses over 0.6 s\t{chr(0x2212)}0.5 s"
    assert action(menu, "As spoken").isChecked()
    assert action(menu, "Cut 2 fillers").text().endswith(" s")
    action(menu, "Fast").trigger()
    assert view.marks.pauses == {4, 7}
    assert action(menu, "Fast").isChecked()
    action(menu, "Cut 2 fillers").trigger()
    assert view.marks.struck == {1, 8, 9}
    assert action(menu, "Fast").isChecked()
    assert action(menu, "Cut 2 fillers").isChecked()
    qtbot.waitUntil(lambda: "um" not in spoken(window), timeout=PATIENCE_MS)
    action(menu, "As spoken").trigger()
    assert view.marks.struck == {1, 8, 9}
    assert view.marks.pauses == frozenset()
    action(menu, "Cut 2 fillers").trigger()
    assert view.marks.struck == frozenset()
    qtbot.waitUntil(lambda: edit_of(store, clip_id) == NO_EDIT, timeout=PATIENCE_MS)


def test_a_shortened_pause_comes_back_with_a_click_on_its_mark(
    qtbot: QtBot, window: MainWindow
) -> None:
    view = window.side.transcript
    action(window.side.cuts.tighten_menu, "Fast").trigger()
    rect = view.word_rect(4)
    mark = QPoint(round(rect.right()) + 2, round(rect.center().y()))
    qtbot.mouseClick(view.viewport(), LEFT, pos=mark)
    assert view.marks.pauses == {7}


def test_a_title_is_given_in_place_and_kept(
    qtbot: QtBot, store: Store, window: MainWindow, clip_id: int
) -> None:
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_F2)
    field = window.cutting.title
    assert field.isVisible()
    assert field.text() == f.TITLES[0]
    qtbot.keyClicks(field, "The lens was not it")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert not field.isVisible()
    qtbot.waitUntil(
        lambda: store.library.clip(clip_id).title == "The lens was not it", timeout=PATIENCE_MS
    )
    assert window.shelf.cards.index(0).data() == "The lens was not it"
    window.cutting.edit_title()
    field.clear()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: store.library.clip(clip_id).title == f.TITLES[0], timeout=PATIENCE_MS)


@pytest.mark.parametrize(("which", "ending"), [("this clip", "json"), ("the whole video", "ass")])
def test_subtitles_are_saved_as_they_were_edited(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    which: str, ending: str,
) -> None:  # fmt: skip
    offered: list[str] = []
    out = tmp_path / f"mine.{ending}"

    def ask(_parent: object, _title: str, start: str, _kinds: str) -> tuple[str, str]:
        offered.append(start)
        return str(out), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    window.cutting.corrections.correct(0, "Then")
    window.side.transcript.select(2, 3)
    window.side.cuts.cut.click()
    action(window.side.cuts.more_menu, f"Save subtitles of {which}").trigger()
    qtbot.waitUntil(out.is_file, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: "mine" in window.notice.text.text(), timeout=PATIENCE_MS)
    text = out.read_text("utf-8")
    assert "Then" in text
    assert ("nobody" in text) == (which == "the whole video")
    if ending == "json":
        assert len(json.loads(text)["segments"][0]["words"]) > 3
        assert Path(offered[0]).name.startswith("talk-01-")
    else:
        assert Path(offered[0]).name == "talk.srt"


def test_a_word_that_was_not_surely_recognised_is_marked(window: MainWindow) -> None:
    view = window.side.transcript
    picture = view.viewport().grab().toImage()
    ratio = picture.devicePixelRatio()

    def underline(index: int) -> int:
        """Points of the warning tone under a word."""
        rect = view.word_rect(index)
        warn = window.theme.color("warn").hue()
        line = [
            picture.pixelColor(round(x * ratio), round((rect.bottom() - 3) * ratio))
            for x in range(round(rect.left()), round(rect.right()))
        ]
        return sum(abs(tone.hue() - warn) < 8 and tone.saturation() > 90 for tone in line)

    unsure = SAID.split().index("lens.")
    assert underline(unsure) >= 5
    assert underline(unsure - 1) == 0


def test_edits_outlive_the_window(
    qtbot: QtBot, store: Store, window: MainWindow, clip_id: int, open_window: OpenWindow
) -> None:
    window.cutting.corrections.correct(5, "from")
    window.side.transcript.select(2, 4)
    window.side.cuts.cut.click()
    qtbot.waitUntil(lambda: edit_of(store, clip_id).cuts != (), timeout=PATIENCE_MS)
    with qtbot.waitSignal(window.closing, timeout=PATIENCE_MS):
        window.close()
    again = open_window()
    view = again.side.transcript
    qtbot.waitUntil(lambda: view.marks.struck == {2, 3}, timeout=PATIENCE_MS)
    assert view.marks.corrected == {5}


def test_every_control_has_a_name_and_can_be_reached(window: MainWindow) -> None:
    bar = window.side.cuts
    window.side.transcript.select(2, 3)
    for control in bar.findChildren(QPushButton):
        assert control.accessibleName()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert bar.width() >= bar.minimumSizeHint().width(), "all of it fits"
