"""Dragging finished clips out of the window, as files that any program takes."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QRect, QSize, Qt, QUrl
from PySide6.QtGui import QColor, QDrag, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from clipforge_desktop.ui import painting
from clipforge_desktop.ui.theme import font

STARTS_PX = 8
_BADGE = QSize(26, 18)


def there(paths: Sequence[str]) -> list[str]:
    """Those of the files that are still at their place, none twice."""
    return [path for path in dict.fromkeys(paths) if Path(path).is_file()]


def clips_drag(source: QWidget, paths: Sequence[str], poster: QPixmap | None) -> QDrag:
    """A drag of copies of these videos; the caller runs it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    drag = QDrag(source)
    drag.setMimeData(data)
    if poster is not None and not poster.isNull():
        drag.setPixmap(_numbered(poster, len(paths)))
        drag.setHotSpot(QPoint(12, 12))
    return drag


def run(drag: QDrag) -> None:
    """Until it is let go: other programs get copies, never the files themselves."""
    drag.exec(Qt.DropAction.CopyAction)


def _numbered(poster: QPixmap, number: int) -> QPixmap:
    """The poster with how many files come along."""
    if number < 2:
        return poster
    made = QPixmap(poster)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    width = round(poster.width() / poster.devicePixelRatio())
    place = QRect(QPoint(width - _BADGE.width() - 5, 5), _BADGE)
    painting.draw_chip(
        painter, place.toRectF(), str(number), font(11, 600), QColor(15, 17, 21), QColor("white")
    )
    painter.end()
    return made
