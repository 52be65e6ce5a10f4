"""The export side of the window: what is chosen, what it tells before, and what it asks for."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDrag
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from clipforge_desktop.domain.branding import Branding, Headline, Logo
from clipforge_desktop.domain.job import Queue
from clipforge_desktop.domain.order import ExportOptions, decode
from clipforge_desktop.domain.pipeline import ExportTask
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.ui.application import Session
from clipforge_desktop.ui.choices import load_choices
from clipforge_desktop.ui.exporting import dragging
from clipforge_desktop.ui.main_window import MainWindow
from tests import logos
from tests.gui import furnishing as f

PATIENCE_MS = 60_000
OpenWindow = Callable[..., MainWindow]
CONTROL = Qt.KeyboardModifier.ControlModifier
OWN_PLATFORMS = """
[platforms.blink]
name = "Blink"
aspect = "1:1"
max_s = 1
loudness_lufs = -20.0
"""


@pytest.fixture
def clips(store: Store, home: Home, video: Path) -> list[int]:
    """Three clips of two seconds each."""
    media = f.media_of(home, video, "talk", 6.0, (320, 180))
    store.library.save_transcript("talk", "p", f.transcript_of(f.spoken(6.0)))
    source_id, order_id = f.add_source(store, video, "talk.mp4", media)
    found = [f.found(place, [(place, place + 2.0)]) for place in range(3)]
    return f.add_clips(store, source_id, order_id, found)


@pytest.fixture
def window(
    qtbot: QtBot, home: Home, clips: list[int], tmp_path: Path, open_window: OpenWindow
) -> MainWindow:
    """The export settings are open, and the first clip is selected."""
    (home.root / "platforms.toml").write_text(OWN_PLATFORMS, encoding="utf-8")
    opened = open_window()
    opened.side.export.set_folder(str(tmp_path / "out"))
    qtbot.waitUntil(lambda: opened.shelf.cards.rowCount() == 3, timeout=PATIENCE_MS)
    opened.side.open_tab("Export")
    qtbot.waitUntil(lambda: bool(opened.side.export.platforms.chips), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: opened.side.styles.style_name() is not None, timeout=PATIENCE_MS)
    settle(qtbot, opened)
    return opened


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait for a look ahead that is about what is chosen now."""
    looks: list[object] = []
    window.background.read(lambda _: None, looks.append)
    window.exporting.look_again()
    before = window.exporting.ahead
    qtbot.waitUntil(lambda: window.exporting.ahead is not before, timeout=PATIENCE_MS)


def codes(window: MainWindow) -> list[str]:
    return [row.finding.code for row in window.side.export_footer.rows]


def exported(qtbot: QtBot, window: MainWindow, store: Store) -> list[ExportOptions]:
    with qtbot.waitSignal(window.actions_.exported, timeout=PATIENCE_MS):
        window.side.export_footer.export.click()
    jobs = [job for job in store.jobs.all() if job.queue is Queue.EXPORT]
    return [decode(ExportTask, job.request).options for job in jobs]


def test_choosing_a_platform_sets_what_it_needs_and_says_what_it_means(
    qtbot: QtBot, store: Store, window: MainWindow
) -> None:
    export = window.side.export
    for key in ("linkedin", "tiktok"):
        export.platforms.chips[key].click()
    said = export.platforms.meaning.text().replace("\N{NO-BREAK SPACE}", " ")
    said = said.replace("\N{MULTIPLICATION SIGN}", "x").replace("\N{MINUS SIGN}", "-")
    assert said == "1080 x 1920, 1080 x 1350, up to 10 min (LinkedIn), -14 LUFS"
    assert export.shapes.own.isChecked()
    settle(qtbot, window)
    assert window.side.export_footer.summary.text().startswith("2 files into ")
    options = exported(qtbot, window, store)[0]
    assert [one.platform for one in options.deliveries] == ["tiktok", "linkedin"]
    assert options.aspects == (), "each has its own"


def test_without_platforms_a_clip_keeps_at_least_one_shape(window: MainWindow) -> None:
    export = window.side.export
    export.platforms.chips["tiktok"].click()
    export.platforms.chips["tiktok"].click()
    assert not export.shapes.own.isVisible()
    assert window.side.wish().aspects == ("9:16",)
    export.aspects["9:16"].click()
    assert window.side.wish().aspects == ("9:16",)


def test_a_shape_is_typed_and_a_wrong_one_is_told(qtbot: QtBot, window: MainWindow) -> None:
    shapes = window.side.export.shapes
    shapes.other.click()
    QTest.keyClicks(shapes.typed, "720 x 99999")
    qtbot.keyClick(shapes.typed, Qt.Key.Key_Return)
    assert shapes.said.isVisible()
    shapes.typed.setText("720x1280")
    qtbot.keyClick(shapes.typed, Qt.Key.Key_Return)
    assert not shapes.typed.isVisible()
    assert shapes.buttons["720x1280"].isChecked()
    assert window.side.wish().aspects == ("9:16", "720x1280")
    assert not shapes.said.isVisible()
    shapes.other.click()
    shapes.typed.setText("301x777")
    qtbot.keyClick(shapes.typed, Qt.Key.Key_Return)
    assert "300x776" in shapes.said.text()
    assert shapes.said.isVisible()
    assert window.side.wish().aspects == ("9:16", "720x1280", "300x776"), "the real size"


def test_further_styles_are_added_by_ctrl_click_and_by_key(
    qtbot: QtBot, store: Store, window: MainWindow
) -> None:
    styles = window.side.styles
    window.side.open_tab("Captions")
    qtbot.waitUntil(lambda: styles.has_samples, timeout=PATIENCE_MS)
    qtbot.mouseClick(styles.button("pill"), Qt.MouseButton.LeftButton, CONTROL)
    assert styles.further() == ("pill",)
    assert "as well" in styles.button("pill").accessibleName()
    qtbot.keyClick(styles.button("karaoke"), Qt.Key.Key_Plus)
    assert styles.further() == ("pill", "karaoke")
    kept = styles.button("pill")
    for _ in ("light", "dark"):
        window.theme.toggle()
        assert styles.button("pill") is kept, "dark and light need no new buttons"
        marked, plain = (styles.button(name).grab().toImage() for name in ("pill", "neon"))
        accent = window.theme.color("accent")
        tops = [[one.pixelColor(x, 0) for x in range(20, 60)] for one in (marked, plain)]
        assert [accent in top for top in tops] == [True, False]
    qtbot.mouseClick(styles.button("pill"), Qt.MouseButton.LeftButton, CONTROL)
    window.side.open_tab("Export")
    settle(qtbot, window)
    options = exported(qtbot, window, store)[0]
    assert options.style is not None
    assert [style.name for style in options.further_styles] == ["karaoke"]


def test_everything_under_more_is_asked_for_and_remembered(
    qtbot: QtBot, store: Store, home: Home, video: Path, clips: list[int], tmp_path: Path,
    open_session: Callable[..., Session],
) -> None:  # fmt: skip
    session = open_session()
    window = session.window
    qtbot.waitUntil(lambda: window.shelf.cards.rowCount() == 3, timeout=PATIENCE_MS)
    window.side.open_tab("Export")
    export, more = window.side.export, window.side.export.more
    export.set_folder(str(tmp_path / "out"))
    assert not more.noise.isVisible()
    more.head.click()
    assert more.noise.isVisible()
    more.quality.choose("best")
    more.card.click()
    more.noise.click()
    more.music.take(str(video))
    more.music.level.field.setValue(-18)
    marks = more.branding
    marks.take(__file__)
    assert "PNG" in marks.refusal.text()
    marks.take(str(logos.drawn(tmp_path / "logo.png")))
    assert not marks.refusal.isVisible()
    marks.corner.choose("bottom-left")
    marks.extent.field.setValue(20)
    marks.opacity.field.setValue(50)
    marks.headline.click()
    marks.time.choose("the first 3 seconds")
    marks.text.setFocus()
    QTest.keyClicks(marks.text, "Watch this")
    canvas = window.player.canvas
    qtbot.waitUntil(lambda: len(canvas.marks) == 2, timeout=PATIENCE_MS)
    everywhere = canvas.marks[1].strip.y_px
    qtbot.waitUntil(lambda: bool(export.platforms.chips), timeout=PATIENCE_MS)
    export.platforms.chips["tiktok"].click()
    qtbot.waitUntil(lambda: canvas.marks[1].strip.y_px < everywhere, timeout=PATIENCE_MS)
    export.platforms.chips["tiktok"].click()
    more.names.set_template("{title} {aspect}")
    qtbot.waitUntil(
        lambda: more.names.preview.text().startswith(f"{f.TITLES[0]} 9x16.mp4"), timeout=PATIENCE_MS
    )
    options = exported(qtbot, window, store)[0]
    assert (options.quality, options.encoder, options.reduce_noise) == ("best", "hardware", True)
    assert options.music is not None
    assert (options.music.path, options.music.level_lu) == (str(video), -18.0)
    assert options.name_template == "{title} {aspect}"
    logo = Logo(str(tmp_path / "logo.png"), "bottom-left", 0.2, 0.5)
    assert options.branding == Branding(logo, Headline("Watch this", 3.0))
    with qtbot.waitSignal(session.ended, timeout=PATIENCE_MS):
        window.close()
    kept = load_choices(home)
    assert (kept.quality, kept.shows_more, kept.music_level_lu) == ("best", True, -18.0)
    assert kept.name_template == "{title} {aspect}"
    assert (kept.logo_path, kept.logo_corner, kept.logo_size) == (logo.path, logo.corner, 0.2)
    assert (kept.shows_headline, kept.headline_text, kept.headline_s) == (True, "Watch this", 3.0)


def test_a_wrong_name_template_is_told_where_it_is_typed_and_blocks(
    qtbot: QtBot, store: Store, window: MainWindow
) -> None:
    names = window.side.export.more.names
    names.set_template("{titel}")
    qtbot.waitUntil(lambda: "titel" in names.preview.text(), timeout=PATIENCE_MS)
    footer = window.side.export_footer
    assert not footer.export.isEnabled()
    assert not window.top.export.isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_E)
    qtbot.waitUntil(window.notice.isVisible, timeout=PATIENCE_MS)
    assert "titel" in window.notice.text.text()
    assert [job for job in store.jobs.all() if job.queue is Queue.EXPORT] == []


def test_what_blocks_is_put_right_by_its_remedy_and_the_panel_says_so(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.side.export.more.music.take("/nowhere/song.mp3")
    qtbot.waitUntil(lambda: "music_missing" in codes(window), timeout=PATIENCE_MS)
    footer = window.side.export_footer
    assert not footer.export.isEnabled()
    assert "song.mp3" in footer.export.toolTip()
    footer.rows[codes(window).index("music_missing")].remedy.click()
    qtbot.waitUntil(footer.export.isEnabled, timeout=PATIENCE_MS)
    assert "music_missing" not in codes(window)
    assert window.choices.music_path == ""
    assert window.side.export.more.music.bed() is None
    window.choices.logo_path = "/nowhere/logo.png"
    window.side.export.more.branding.headline.click()
    qtbot.waitUntil(lambda: "logo_missing" in codes(window), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: len(window.player.canvas.marks) == 1, timeout=PATIENCE_MS)
    footer.rows[codes(window).index("logo_missing")].remedy.click()
    qtbot.waitUntil(footer.export.isEnabled, timeout=PATIENCE_MS)
    assert window.side.export.more.branding.branding() == Branding(None, Headline())


def test_a_clip_too_long_for_its_platform_is_shortened_by_one_click_and_undo_takes_it_back(
    qtbot: QtBot, store: Store, window: MainWindow, clips: list[int]
) -> None:
    window.side.export.platforms.chips["blink"].click()
    qtbot.waitUntil(lambda: "too_long" in codes(window), timeout=PATIENCE_MS)
    window.side.export_footer.rows[codes(window).index("too_long")].remedy.click()
    length = lambda: sum(p.duration_s for p in store.library.clip(clips[0]).pieces)  # noqa: E731
    qtbot.waitUntil(lambda: length() <= 1.0, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: "too_long" not in codes(window), timeout=PATIENCE_MS)
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: length() == 2.0, timeout=PATIENCE_MS)


def test_a_clip_that_is_better_left_out_is_off_the_selection_by_one_click(
    qtbot: QtBot, store: Store, home: Home, window: MainWindow, clips: list[int], tmp_path: Path
) -> None:
    clip = store.library.clip(clips[1])
    video = tmp_path / "one.mp4"
    video.write_bytes(b"video")
    twin = f.found(7, [(0.0, 1.9)], is_on_shelf=False)
    other = store.library.keep_clip(clip.source_id, clip.order_id, 8, twin)
    f.add_export(store, home, clip.source_id, clip.order_id, other, video)
    window.shelf.selectAll()
    qtbot.waitUntil(lambda: "same_moment" in codes(window), timeout=PATIENCE_MS)
    window.side.export_footer.rows[codes(window).index("same_moment")].remedy.click()
    assert window.shelf.selected_ids() == clips[1:]
    qtbot.waitUntil(lambda: "same_moment" not in codes(window), timeout=PATIENCE_MS)
    assert window.side.export_footer.export.text() == "Export 2 clips"


def test_only_what_is_chosen_last_is_told(qtbot: QtBot, window: MainWindow) -> None:
    music = window.side.export.more.music
    for name in ("a.mp3", "b.mp3", "c.mp3"):
        music.take(f"/nowhere/{name}")
    qtbot.waitUntil(lambda: "music_missing" in codes(window), timeout=PATIENCE_MS)
    settle(qtbot, window)
    place = codes(window).index("music_missing")
    assert "c.mp3" in window.side.export_footer.rows[place].finding.message


def test_damaged_platforms_are_named_and_exporting_goes_on_without_them(
    qtbot: QtBot, store: Store, home: Home, clips: list[int], open_window: OpenWindow
) -> None:
    (home.root / "platforms.toml").write_text("[platforms.x]\nmax_s = 'long'", encoding="utf-8")
    window = open_window()
    meaning = window.side.export.platforms.meaning
    qtbot.waitUntil(lambda: "platforms.toml" in meaning.text(), timeout=PATIENCE_MS)
    assert window.side.wish().deliveries == ()


def test_finished_clips_are_dragged_out_as_files_and_others_say_why_not(
    qtbot: QtBot, store: Store, home: Home, window: MainWindow, clips: list[int], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    drags: list[QDrag] = []
    monkeypatch.setattr(dragging, "run", drags.append)
    first = store.library.clip(clips[0])
    videos = [tmp_path / f"{name}.mp4" for name in ("one", "two")]
    for clip_id, file in zip(clips, videos, strict=False):
        file.write_bytes(b"video")
        f.add_export(store, home, first.source_id, first.order_id, clip_id, file)
    qtbot.waitUntil(lambda: len(window.side.export.files.rows) == 2, timeout=PATIENCE_MS)
    cards = window.shelf.cards
    for row in range(2):  # the shelf is read anew in a thread of its own
        qtbot.waitUntil(lambda r=row: cards.card_at(r).mark == "exported", timeout=PATIENCE_MS)
    pull(qtbot, window, 2)
    assert "not exported yet" in window.notice.text.text()
    window.shelf.selectAll()
    pull(qtbot, window, 0)
    assert [url.toLocalFile() for url in drags[0].mimeData().urls()] == [str(v) for v in videos]
    click(qtbot, window, 0)
    row = window.side.export.files.rows[1]
    qtbot.mousePress(row, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    qtbot.mouseMove(row, QPoint(40, 20))
    assert [url.toLocalFile() for url in drags[1].mimeData().urls()] == [str(videos[0])]
    videos[0].unlink()
    pull(qtbot, window, 0)
    assert "not at their place" in window.notice.text.text()
    assert len(drags) == 2


def click(qtbot: QtBot, window: MainWindow, row: int) -> None:
    shelf = window.shelf
    place = shelf.visualRect(shelf.cards.index(row)).center()
    qtbot.mouseClick(shelf.viewport(), Qt.MouseButton.LeftButton, pos=place)


def pull(qtbot: QtBot, window: MainWindow, row: int) -> None:
    """Take hold of a card and what is selected with it, as a drag begins."""
    shelf = window.shelf
    index = shelf.cards.index(row)
    if not shelf.selectionModel().isSelected(index):
        click(qtbot, window, row)
    shelf.startDrag(Qt.DropAction.CopyAction)
