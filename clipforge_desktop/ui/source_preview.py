"""The source with the parts that the clip shows outlined on it, small or large."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from clipforge_desktop.ui import painting
from clipforge_desktop.ui.framing.layout import Layout
from clipforge_desktop.ui.theme import Theme

ALMOST_ALL = 0.995
MOST_HEIGHT = 190  # while it is small


class SourcePreview(QWidget):
    """272 points wide at most, in the source's own shape."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._frame: QImage | None = None
        self._poster: QPixmap | None = None
        self._parts: tuple[QRectF, ...] = ()  # shares of the frame
        self._is_large = False
        self._shape = 16 / 9
        self.setAccessibleName("Source")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(272, self.heightForWidth(272))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return min(round(width / self._shape), MOST_HEIGHT)

    def set_large(self, is_large: bool) -> None:
        """As large as there is room, or small."""
        self._is_large = is_large
        if is_large:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        else:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.updateGeometry()

    def set_shape(self, size_px: tuple[int, int]) -> None:
        self._shape = max(size_px[0] / max(size_px[1], 1), 0.4)
        self.updateGeometry()

    def set_poster(self, poster: QPixmap | None) -> None:
        self._poster = poster
        self.update()

    def clear(self) -> None:
        self._frame = self._poster = None
        self._parts = ()
        self.update()

    def show_frame(self, frame: QImage, layout: Layout) -> None:
        """Outlines what `layout` shows, where that is less than everything."""
        self._frame = frame
        self._parts = tuple(
            QRectF(part.x, part.y, part.width, part.height)
            for _, part in layout.panes
            if min(part.width, part.height) < ALMOST_ALL
        )
        self.update()

    @property
    def outlined(self) -> tuple[QRectF, ...]:
        """The outlined parts, in shares of the picture."""
        return self._parts

    def _picture_rect(self) -> QRectF:
        room = QRectF(self.rect())
        width = min(room.width(), room.height() * self._shape)
        rect = QRectF(0, 0, width, min(room.height(), width / self._shape))
        if self._is_large:
            rect.moveCenter(room.center())
        return rect

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
        if self._parts and (self._frame is not None or self._poster is not None):
            self._paint_parts(painter, rect)
        painter.end()

    def _paint_parts(self, painter: QPainter, rect: QRectF) -> None:
        """The rest in shade, so that the parts stand out."""
        shade = QPainterPath()
        shade.addRect(rect)
        boxes = [
            QRectF(
                rect.left() + part.x() * rect.width(),
                rect.top() + part.y() * rect.height(),
                part.width() * rect.width(),
                part.height() * rect.height(),
            ).intersected(rect)
            for part in self._parts
        ]
        for box in boxes:
            hole = QPainterPath()
            hole.addRect(box)
            shade -= hole
        painter.fillPath(shade, QColor(0, 0, 0, 120))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.color("accent"), 2))
        for box in boxes:
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)
