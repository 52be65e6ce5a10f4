"""The source, small, with the part that the clip shows outlined on it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from clipforge_desktop.ui import painting
from clipforge_desktop.ui.theme import Theme


class SourcePreview(QWidget):
    """272 points wide at most, in the source's own shape."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._frame: QImage | None = None
        self._poster: QPixmap | None = None
        self._crop: QRectF | None = None
        self._shape = 16 / 9
        self.setAccessibleName("Source")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(272, self.heightForWidth(272))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return min(round(width / self._shape), 190)

    def set_shape(self, size_px: tuple[int, int]) -> None:
        self._shape = max(size_px[0] / max(size_px[1], 1), 0.4)
        self.updateGeometry()

    def set_poster(self, poster: QPixmap | None) -> None:
        self._poster = poster
        self.update()

    def clear(self) -> None:
        self._frame = self._poster = self._crop = None
        self.update()

    def show_frame(self, frame: QImage, crop: QRectF | None) -> None:
        """`crop` in shares of the frame, None when the whole of it is shown."""
        self._frame, self._crop = frame, crop
        self.update()

    def _picture_rect(self) -> QRectF:
        room = QRectF(self.rect())
        width = min(room.width(), room.height() * self._shape)
        return QRectF(0, 0, width, min(room.height(), width / self._shape))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self._picture_rect()
        if self._frame is not None:
            painter.drawImage(rect, self._frame)
        elif self._poster is not None:
            painter.drawPixmap(rect, self._poster, QRectF(self._poster.rect()))
        else:
            painting.fill_round(painter, rect, 8, self._theme.color("raised"))
        if self._crop is not None and (self._frame is not None or self._poster is not None):
            self._paint_crop(painter, rect, self._crop)
        painter.end()

    def _paint_crop(self, painter: QPainter, rect: QRectF, share: QRectF) -> None:
        crop = QRectF(
            rect.left() + share.x() * rect.width(),
            rect.top() + share.y() * rect.height(),
            share.width() * rect.width(),
            share.height() * rect.height(),
        ).intersected(rect)
        shade = QColor(0, 0, 0, 120)
        painter.fillRect(
            QRectF(rect.left(), rect.top(), crop.left() - rect.left(), rect.height()), shade
        )
        painter.fillRect(
            QRectF(crop.right(), rect.top(), rect.right() - crop.right(), rect.height()), shade
        )
        painter.fillRect(
            QRectF(crop.left(), rect.top(), crop.width(), crop.top() - rect.top()), shade
        )
        painter.fillRect(
            QRectF(crop.left(), crop.bottom(), crop.width(), rect.bottom() - crop.bottom()), shade
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.color("accent"), 2))
        painter.drawRoundedRect(crop.adjusted(1, 1, -1, -1), 3, 3)
