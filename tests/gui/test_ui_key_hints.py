"""Key hints: whole ones or none, and the way to all keys before any other."""

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from clipforge_desktop.ui.widgets import KeyHints

HINTS = [(("J", "K"), "back and play"), (("A",), "accept"), (("?",), "all keys")]


def shown(row: KeyHints) -> list[str]:
    return [found.text() for found in row.findChildren(QLabel) if found.isVisible()]


@pytest.mark.parametrize("grows", [True, False], ids=["growing", "shrinking"])
def test_a_narrow_row_shows_fewer_hints_but_none_cut_off(qtbot: QtBot, grows: bool) -> None:
    ground = QWidget()
    qtbot.addWidget(ground)
    row = KeyHints(HINTS)
    row.setParent(ground)
    ground.show()
    seen: dict[int, list[str]] = {}
    for width in range(20, 500, 10) if grows else range(490, 10, -10):
        row.resize(width, row.sizeHint().height())
        seen[width] = shown(row)
        for found in row.findChildren(QLabel):
            if found.isVisible():
                qtbot.waitUntil(
                    lambda found=found: found.width() >= found.sizeHint().width()  # type: ignore[misc]
                )
    whole = ["J", "K", "back and play", "A", "accept", "?", "all keys"]
    assert seen[20] == []
    assert seen[490] == whole
    counts = [len(seen[width]) for width in sorted(seen)]
    fewer = [["?", "all keys"], ["J", "K", "back and play", "?", "all keys"]]
    assert all(found in ([], *fewer, whole) for found in seen.values())
    assert all(found in seen.values() for found in fewer)
    assert counts == sorted(counts)
