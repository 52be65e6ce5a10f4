"""The style editor in the real window: every field, undo, the JSON beside it, the live preview."""

import pathlib
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.ui.editor import fields as fl
from clipforge_desktop.ui.editor import nodes as n
from clipforge_desktop.ui.editor import values
from clipforge_desktop.ui.editor.colors import ColorControl
from clipforge_desktop.ui.editor.controls import (
    ChoiceControl,
    Control,
    FamilyControl,
    NumberControl,
    SwitchControl,
    TextControl,
)
from clipforge_desktop.ui.editor.rows import Node, Row
from clipforge_desktop.ui.editor.tables import TableControl
from clipforge_desktop.ui.main_window import MainWindow
from tests.gui import furnishing as f
from tests.gui.editor_fields import everything_on, walk

PATIENCE_MS = 60_000
OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def window(
    qtbot: QtBot, store: Store, home: Home, video: pathlib.Path, open_window: OpenWindow
) -> MainWindow:
    """The editor open on the first of three clips, its captions laid out."""
    media = f.media_of(home, video, "talk", 6.0, (320, 180))
    store.library.save_transcript("talk", "p", f.transcript_of(f.spoken(6.0)))
    source_id, order_id = f.add_source(store, video, "talk.mp4", media)
    clips = [f.found(place, [(place, place + 2.5)]) for place in range(3)]
    f.add_clips(store, source_id, order_id, clips)
    window = open_window()
    qtbot.waitUntil(window.player.canvas.has_frame, timeout=PATIENCE_MS)
    window.style_desk.open()
    qtbot.waitUntil(lambda: is_fed(window), timeout=PATIENCE_MS)
    return window


def is_fed(window: MainWindow) -> bool:
    desk = window.style_desk
    return desk.is_open and desk.preview.live is not None


def open_all(window: MainWindow) -> None:
    for section in window.style_desk.panel.settings.sections:
        section.set_open(True)
        section.refresh()


def all_nodes(window: MainWindow) -> Iterator[Node]:
    waiting = [node for s in window.style_desk.panel.settings.sections for node in s.nodes()]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.nodes()


def node_at(window: MainWindow, *path: str | int) -> Node:
    return next(node for node in all_nodes(window) if node.path == path)


def control_at(window: MainWindow, *path: str | int) -> Control:
    node = node_at(window, *path)
    assert isinstance(node, Row)
    return node.control


def switch_everything_on(window: MainWindow) -> None:
    draft = window.style_desk.draft
    made = values.style_of(everything_on(fl.style_fields(), draft.data))
    assert isinstance(made, CaptionStyle), made
    draft.put(made, "everything")
    draft.settle()


def another(shape: fl.Shape, name: str, value: fl.Plain, control: Control) -> None:
    """Change the value as a user does."""
    if isinstance(control, NumberControl):
        slider = control.slider
        slider.setValue(slider.maximum() if slider.value() == 0 else slider.minimum())
    elif isinstance(control, SwitchControl):
        control.toggle.click()
    elif isinstance(control, ChoiceControl):
        assert isinstance(shape, fl.Choice)
        control.choose(next(option for option in shape.options if option != value))
    elif isinstance(control, ColorControl):
        control.hex.setText("#12AB34")
        control.hex.textEdited.emit("#12AB34")
    elif isinstance(control, TextControl):
        control.line.setText("other")
        control.line.textEdited.emit("other")
    elif isinstance(control, FamilyControl):
        control.list.setEditText("Lora")
        control.list.textActivated.emit("Lora")
    else:
        assert isinstance(control, TableControl)
        control.table.pasted.emit("one: \N{SPARKLES}\n" if name == "emoji" else "one\ntwo\n")


def test_every_field_of_the_model_has_a_control_on_the_page(window: MainWindow) -> None:
    switch_everything_on(window)
    open_all(window)
    nodes = {node.path: node for node in all_nodes(window)}
    sections = window.style_desk.panel.settings.sections
    shown_as_group = {s.group.fields for s in sections if len(s.group.fields) == 1}
    for path, field in walk(fl.style_fields()):
        if path in shown_as_group and path not in nodes:
            continue  # the group is that part, and shows its fields
        if isinstance(nodes.get(path[:-1]), n.MaybeNode) and path not in nodes:
            owner = nodes[path[:-1]]
            assert isinstance(owner, n.MaybeNode)
        node = nodes.get(path)
        assert node is not None, f"{path} has no control"
        assert node.field.name == field.name
        names = [w.accessibleName() for w in node.findChildren(QWidget) if w.accessibleName()]
        assert names, f"{path} says nothing to a screen reader"


def test_each_control_changes_its_own_field_and_nothing_else(window: MainWindow) -> None:
    switch_everything_on(window)
    open_all(window)
    draft = window.style_desk.draft
    rows = [node for node in all_nodes(window) if isinstance(node, Row)]
    assert len(rows) > 150
    for row in rows:
        if row.path == ("version",):
            assert not row.control.isEnabled()
            continue
        before = draft.data
        value = values.at(before, row.path)
        assert not isinstance(value, values.Missing)
        another(row.field.shape, row.field.name, value, row.control)
        changed = values.at(draft.data, row.path)
        if row.problem:  # two fields that belong together, such as the shortest and longest time
            assert draft.data == before, row.path
            continue
        assert changed != value, row.path
        assert not isinstance(changed, values.Missing)
        expected = values.replaced(before, row.path, changed)
        if row.path in (("position", "y"), ("position", "anchor")):  # by hand: they stay there
            expected = values.replaced(expected, ("position", "follows_framing"), False)
        assert expected == draft.data, row.path
        draft.undo()
        assert draft.data == before, row.path


def test_captions_moved_by_hand_stay_there_until_they_are_moved_back(window: MainWindow) -> None:
    draft = window.style_desk.draft
    place = values.at(draft.data, ("position", "y"))
    assert not isinstance(place, values.Missing)
    assert draft.set_value(("position", "y"), 0.4, "moving") == ""
    assert not draft.style.position.follows_framing
    assert draft.set_value(("position", "margin"), 0.1, "narrowing") == ""
    assert not draft.style.position.follows_framing
    assert draft.reset(("position", "y"), place, "back") == ""
    assert draft.style.position.follows_framing
    assert draft.set_value(("position", "anchor"), "top", "standing") == ""
    assert not draft.style.position.follows_framing
    assert draft.set_value(("position", "follows_framing"), True, "following") == ""
    assert draft.style.position.follows_framing


def test_numbers_keep_to_their_range_from_slider_and_field(window: MainWindow) -> None:
    open_all(window)
    draft = window.style_desk.draft
    numbers = [
        node
        for node in all_nodes(window)
        if isinstance(node, Row) and isinstance(node.control, NumberControl)
    ]
    for row in numbers:
        shape, control = row.field.shape, row.control
        assert isinstance(shape, fl.Number)
        assert isinstance(control, NumberControl)
        times = shape.unit.times
        assert control.field.minimum() == pytest.approx(shape.low * times)
        assert control.field.maximum() == pytest.approx(shape.high * times)
        if row.problem or not control.isEnabled():
            continue
        control.slider.setValue(control.slider.maximum())
        if not row.problem:
            assert values.at(draft.data, row.path) == pytest.approx(shape.high)
        draft.undo()


def test_a_drag_is_one_step_and_undo_and_redo_go_through_the_keys(
    qtbot: QtBot, window: MainWindow
) -> None:
    draft = window.style_desk.draft
    before = draft.style
    control = control_at(window, "font", "size_percent")
    assert isinstance(control, NumberControl)
    slider = control.slider
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    for x in range(24, 80, 4):
        qtbot.mouseMove(slider, QPoint(x, 10))
        slider.setValue(slider.value() + 1)
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(80, 10))
    after = draft.style
    assert after.font.size_percent != before.font.size_percent
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert draft.style == before
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_Z, both)
    assert draft.style == after
    control.field.setFocus()
    qtbot.keyClick(control.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert draft.style == before, "a number field undoes with the editor, not by itself"


def test_reset_shows_on_a_changed_field_and_brings_the_shelfs_value_back(
    window: MainWindow,
) -> None:
    draft = window.style_desk.draft
    node = node_at(window, "font", "weight")
    assert not node.reset.is_wanted
    assert isinstance(node, Row)
    assert isinstance(node.control, NumberControl)
    node.control.field.setValue(300)
    assert draft.style.font.weight == 300
    assert node.reset.is_wanted
    node.reset.click()
    assert draft.style == draft.saved.style
    assert not node.reset.is_wanted
    draft.undo()
    assert draft.style.font.weight == 300


def test_lists_grow_shrink_and_change_places(window: MainWindow) -> None:
    open_all(window)
    draft = window.style_desk.draft
    node = node_at(window, "fill", "colors")
    assert isinstance(node, n.ListNode)
    while node.add.isEnabled():
        node.add.click()
    assert len(draft.style.fill.colors) == node.shape.most
    assert draft.set_value(("fill", "colors"), ("#111111", "#222222", "#333333"), "x") == ""
    node.cards[0].down.click()
    assert draft.style.fill.colors == ("#222222", "#111111", "#333333")
    node.cards[2].gone.click()
    node.cards[1].gone.click()
    assert draft.style.fill.colors == ("#222222",)
    assert not node.cards[0].gone.isEnabled(), "one colour is the least"


def test_an_optional_part_is_remembered_while_it_is_off(window: MainWindow) -> None:
    open_all(window)
    draft = window.style_desk.draft
    node = node_at(window, "block_box")
    assert isinstance(node, n.MaybeNode)
    node.toggle.setChecked(True)
    assert draft.set_value(("block_box", "radius_em"), 0.75, "x") == ""
    node.toggle.setChecked(False)
    assert draft.style.block_box is None
    node.toggle.setChecked(True)
    assert draft.style.block_box is not None
    assert draft.style.block_box.radius_em == 0.75


def test_a_setting_is_found_by_its_name(window: MainWindow) -> None:
    settings = window.style_desk.panel.settings
    settings.filter.setText("letter spacing")
    assert next(s.group.title for s in settings.sections if not s.isHidden()) == "Type"
    shown = [node.path for node in settings.section("Type").nodes() if not node.isHidden()]
    assert shown == [("font", "letter_spacing_em")]
    settings.filter.setText("nothing like this")
    assert all(s.isHidden() for s in settings.sections)
    settings.filter.setText("")
    assert not any(s.isHidden() for s in settings.sections)
    assert [s.is_open for s in settings.sections][:2] == [True, False]


def test_json_is_taken_as_it_is_typed_and_follows_the_controls(window: MainWindow) -> None:
    desk = window.style_desk
    desk.panel.show_json(True)
    pane = desk.panel.json
    text = pane.edit.toPlainText()
    assert f'"name": "{desk.draft.style.name}"' in text
    assert desk.draft.set_value(("font", "weight"), 500, "x") == ""
    assert '"weight": 500' in pane.edit.toPlainText()
    pane.edit.setPlainText(pane.edit.toPlainText().replace('"weight": 500', '"weight": 450'))
    assert desk.draft.style.font.weight == 450
    control = control_at(window, "font", "weight")
    assert isinstance(control, NumberControl)
    assert control.field.value() == 450
    desk.undo()
    assert desk.draft.style.font.weight == 500
    assert '"weight": 500' in pane.edit.toPlainText()


def test_broken_json_is_told_at_its_line_and_field_and_the_last_style_stays(
    window: MainWindow,
) -> None:
    desk = window.style_desk
    desk.panel.show_json(True)
    pane, before = desk.panel.json, desk.draft.style
    lines = ['{"version": 2, "name": "x",', ' "font": {', '  "size_percent": 99}}']
    pane.edit.setPlainText("\n".join(lines))
    assert pane.problem.startswith("Line 3 · font.size_percent: At most 14")
    pane.edit.setPlainText('{"version": 2,\n "name": }')
    assert pane.problem.startswith("Line 2 · Expecting value")
    pane.edit.setPlainText("[" * 100_000)
    assert pane.problem
    pane.edit.setPlainText("\n".join([*lines[:2], f'  "size_percent": {"9" * 5000}}}}}']))
    assert pane.problem.startswith("Line 3 · ")
    pane.edit.setPlainText("\n".join([*lines[:2], '  "weight": 500,', '  "weight": 600}}']))
    assert pane.problem.startswith("Line 4 · font.weight: this field is written twice")
    assert desk.draft.style == before
    assert is_fed(window)
    pane.edit.setPlainText(lines[0] + '"font": {"size_percent": 9}}')
    assert pane.problem == ""
    assert desk.draft.style.font.size_percent == 9


def test_a_change_is_in_the_very_next_painted_frame(qtbot: QtBot, window: MainWindow) -> None:
    desk = window.style_desk
    live, canvas = desk.preview.live, window.player.canvas
    assert live is not None
    qtbot.waitUntil(lambda: canvas.captions is live, timeout=PATIENCE_MS)
    window.player.playback.pause()
    before = shot(window)
    assert desk.draft.set_value(("fill", "colors"), ("#00FF00",), "x") == ""
    assert not live.is_whole, "only what is looked at is laid out at once"
    now = shot(window)
    assert now != before
    qtbot.waitUntil(lambda: is_whole(window), timeout=PATIENCE_MS)
    assert shot(window) == now, "the caption stays when the whole clip is laid out"


def is_whole(window: MainWindow) -> bool:
    """Also when the clip was laid out for another size meanwhile, by captions made anew."""
    live = window.style_desk.preview.live
    return live is not None and live.is_whole


def shot(window: MainWindow) -> QImage:
    return window.player.canvas.grab().toImage()


def test_holding_the_button_shows_the_saved_style(qtbot: QtBot, window: MainWindow) -> None:
    desk = window.style_desk
    assert desk.preview.live is not None
    assert desk.draft.set_value(("fill", "colors"), ("#00FF00",), "x") == ""
    desk.panel.hold.pressed.emit()
    assert desk.preview.live.style == desk.draft.saved.style
    desk.panel.hold.released.emit()
    assert desk.preview.live.style == desk.draft.style
    qtbot.keyPress(desk.panel, Qt.Key.Key_Backslash)
    assert desk.preview.live.style == desk.draft.saved.style
    qtbot.keyRelease(desk.panel, Qt.Key.Key_Backslash)
    assert desk.preview.live.style == desk.draft.style


def test_two_styles_stand_side_by_side_over_the_same_moment(
    qtbot: QtBot, window: MainWindow
) -> None:
    preview = window.style_desk.preview
    window.style_desk.panel.compare.click()
    second = preview.second
    qtbot.waitUntil(lambda: second.canvas.captions is not None, timeout=PATIENCE_MS)
    assert second.isVisible()
    assert second.canvas.clip_s == window.player.canvas.clip_s
    qtbot.waitUntil(lambda: second.styles.count() > 10, timeout=PATIENCE_MS)
    shown = second.canvas.captions
    second.choose("pill")
    qtbot.waitUntil(lambda: second.canvas.captions is not shown, timeout=PATIENCE_MS)
    window.player.playback.seek(1.0)
    qtbot.waitUntil(lambda: window.player.canvas.clip_s > 0.8, timeout=PATIENCE_MS)
    assert second.canvas.clip_s == window.player.canvas.clip_s
    window.style_desk.panel.compare.click()
    assert not second.isVisible()


def test_without_a_clip_a_sample_shows_the_style(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_E, both)
    qtbot.waitUntil(lambda: is_fed(window), timeout=PATIENCE_MS)
    sample = window.style_desk.preview.sample
    assert sample.isVisible()
    assert window.side.isVisible()
    qtbot.waitUntil(lambda: sample.canvas.captions is not None, timeout=PATIENCE_MS)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.style_desk.is_open
    assert window.middle.currentWidget() is window.empty
