"""The clip itself, large: the reframed frame with the captions painted on top, live.

Paints whatever frame it was given last; the corners are round, and under it lies the one
shadow of the window. Captions come from the same painter that the export uses. A pane that
shows a part of the frame can be dragged.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from clipforge_desktop.domain.framing import Backdrop
from clipforge_desktop.ui import painting
from clipforge_desktop.ui.framing import picture
from clipforge_desktop.ui.framing.layout import WHOLE_FRAME, Layout, ratio
from clipforge_desktop.ui.theme import Theme, font

if TYPE_CHECKING:
    from clipforge_desktop.captions.extents import Strip
    from clipforge_desktop.captions.glass import Panes
    from clipforge_desktop.captions.marks import MarkPainter
    from clipforge_desktop.domain.caption_style import CaptionStyle

RADIUS = 16
SHADOW = 28
_FINER = 4  # what becomes out of focus is painted this many times as large as it is blurred
DRAG_FROM = 4  # points: less is a click


class Layer(Protocol):
    """What paints over the picture: captions, a logo or a headline."""

    @property
    def frame_size_px(self) -> tuple[int, int]: ...

    @property
    def strip(self) -> "Strip":
        """Where the picture that was painted last belongs."""

    def paint(self, clip_s: float) -> QImage: ...

    def backdrop(self, clip_s: float) -> "Panes | None":
        """Where the picture that was painted last is glass."""


class Captions(Layer, Protocol):
    """What paints captions: a `CaptionPainter`, or the live ones of the style editor."""

    @property
    def style(self) -> "CaptionStyle": ...


class People(Protocol):
    """Where people are in the clip's frames: a `PersonTrack`."""

    def image_at(self, clip_s: float) -> QImage | None: ...


class ClipCanvas(QWidget):
    """Shows one picture in the clip's shape. Clicking plays or pauses, dragging moves a crop.

    Places and ways of the mouse are in shares of the picture.
    """

    clicked = Signal()
    grabbed = Signal(float, float)
    dragged = Signal(float, float)  # how far, since it was grabbed
    dropped = Signal()
    reset_wanted = Signal(float, float)
    frame_taken = Signal(QImage, object, float)  # what `show_frame` was given
    people_wanted = Signal()  # captions are to stand behind people, and none are known here
    resized = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._aspect = "9:16"
        self._frame: QImage | None = None
        self._layout = WHOLE_FRAME
        self.captions: Captions | None = None
        self.marks: tuple[MarkPainter, ...] = ()
        self.people: People | None = None
        self._has_asked = False
        self._clip_s = 0.0
        self._is_paused = True
        self._sentence = ""
        self._shadow: QPixmap | None = None
        self._poster: QPixmap | None = None
        self.is_movable = False  # crops can be dragged
        self._pressed: QPointF | None = None
        self._is_dragging = False
        self.setMouseTracking(True)
        self.setAccessibleName("Clip")
        self.setAccessibleDescription("The clip as it will be exported. Space plays and pauses.")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(140, 180)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(320, 560)

    def set_aspect(self, aspect: str) -> None:
        self._aspect = aspect
        self.update()

    def set_captions(self, captions: Captions | None) -> None:
        """The painter, laid out in any size of this shape; None for no captions."""
        self.captions = captions
        self._has_asked = False
        self.update()

    def set_marks(self, marks: "tuple[MarkPainter, ...]") -> None:
        """Logo and headline, laid out like the captions; they lie over everything."""
        self.marks = marks
        self.update()

    def set_people(self, people: People | None) -> None:
        """Those before whom captions do not stand, in styles that ask for it; None: unknown."""
        self.people = people
        self._has_asked = False
        self.update()

    def set_paused(self, is_paused: bool) -> None:
        self._is_paused = is_paused
        self.update()

    def set_poster(self, poster: QPixmap | None) -> None:
        """Shown until the first frame comes."""
        self._poster = poster
        self.update()

    def say(self, sentence: str) -> None:
        """A sentence in place of the picture, "" for none."""
        self._sentence = sentence
        self.setAccessibleDescription(sentence or "The clip as it will be exported.")
        self.update()

    def clear(self) -> None:
        self._frame = None
        self._poster = None
        self.captions = None
        self.marks = ()
        self.people = None
        self.update()

    def show_frame(self, frame: QImage, layout: Layout, clip_s: float) -> None:
        self._frame, self._layout, self._clip_s = frame, layout, clip_s
        self.update(self.picture_rect().toAlignedRect())
        self.frame_taken.emit(frame, layout, clip_s)

    def send_frame(self) -> None:
        """Emit `frame_taken` once more, for one who has come later."""
        if self._frame is not None:
            self.frame_taken.emit(self._frame, self._layout, self._clip_s)

    @property
    def clip_s(self) -> float:
        """The moment that is shown."""
        return self._clip_s

    def picture_size(self) -> QSize:
        return self.picture_rect().size().toSize()

    def has_frame(self) -> bool:
        return self._frame is not None

    def picture_rect(self) -> QRectF:
        """Where the clip is, in points."""
        room = QRectF(self.rect()).adjusted(SHADOW, 12, -SHADOW, -20)
        width = min(room.width(), room.height() * ratio(self._aspect))
        height = width / ratio(self._aspect)
        return QRectF(
            round(room.center().x() - width / 2),
            round(room.center().y() - height / 2),
            round(width),
            round(height),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self.picture_rect()
        self._paint_shadow(painter, rect)
        outline = QPainterPath()
        outline.addRoundedRect(rect, RADIUS, RADIUS)
        painter.setClipPath(outline)
        self._paint_picture(painter, rect)
        if self.captions is not None and self._frame is not None:
            self._paint_layer(painter, rect, self.captions, self._in_front(self.captions))
        for mark in self.marks if self._frame is not None else ():
            self._paint_layer(painter, rect, mark)
        if self._is_paused and not self._sentence and self._frame is not None:
            self._paint_play(painter, rect)
        if self._sentence:
            self._paint_sentence(painter, rect)
        painter.end()

    def _paint_picture(self, painter: QPainter, rect: QRectF) -> None:
        if self._frame is not None:
            picture.paint(painter, rect, self._frame, self._layout)
        elif self._poster is not None:
            painter.drawPixmap(rect, self._poster, QRectF(self._poster.rect()))
        else:
            painter.fillRect(rect, self._theme.color("raised"))

    def _paint_layer(
        self, painter: QPainter, rect: QRectF, captions: Layer, people: QImage | None = None
    ) -> None:
        width, height = captions.frame_size_px
        layers = [(captions.paint(self._clip_s), QPoint(0, 0))]
        strip, panes = captions.strip, captions.backdrop(self._clip_s)
        if panes is not None:
            layers.insert(0, (self._seen_through(captions, panes), panes.bounds.topLeft()))
        scale_x, scale_y = rect.width() / width, rect.height() / height
        for layer, corner in layers:
            place = QRectF(
                rect.left() + (strip.x_px + corner.x()) * scale_x,
                rect.top() + (strip.y_px + corner.y()) * scale_y,
                layer.width() * scale_x,
                layer.height() * scale_y,
            )
            shown = layer if people is None else self._cleared(layer, people, corner)
            painter.drawImage(place, shown)

    def _cleared(self, layer: QImage, people: QImage, corner: QPoint) -> QImage:
        from clipforge_desktop.captions.composing import without_people  # as with `behind`

        return without_people(layer, people, corner)

    def _in_front(self, captions: Captions) -> QImage | None:
        """The people before the captions, in the strip's own pixels."""
        if not captions.style.position.behind_people:
            return None
        if self.people is None:
            if not self._has_asked:
                self._has_asked = True
                self.people_wanted.emit()
            return None
        matte = self.people.image_at(self._clip_s)
        if matte is None:
            return None
        width, height = captions.frame_size_px
        strip = captions.strip
        found = QImage(width, strip.height_px, QImage.Format.Format_ARGB32_Premultiplied)
        found.fill(0)
        inner = QPainter(found)
        inner.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        whole = QRectF(0, -strip.y_px, width, height)
        picture.paint(inner, whole, matte, replace(self._layout, backdrop=Backdrop.NONE))
        inner.end()
        return found

    def _seen_through(self, captions: Layer, panes: "Panes") -> QImage:
        """What is behind the strip's glass, out of focus; painted anew, and not large."""
        from clipforge_desktop.captions.glass import behind  # numpy: with the first glass

        width, height = captions.frame_size_px
        strip, small = captions.strip, panes.glass.small_px
        across = min(small[0] * _FINER, width)
        scale = across / width
        under = QImage(across, max(round(strip.height_px * scale), 1), QImage.Format.Format_RGB32)
        inner = QPainter(under)
        inner.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        inner.translate(0, -strip.y_px * scale)
        self._paint_picture(inner, QRectF(0, 0, width * scale, height * scale))
        inner.end()
        return behind(under, panes)

    def _paint_play(self, painter: QPainter, rect: QRectF) -> None:
        centre = QPointF(rect.right() - 30, rect.bottom() - 30)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 150))
        painter.drawEllipse(centre, 18, 18)
        arrow = QPainterPath(centre + QPointF(-5, -8))
        arrow.lineTo(centre + QPointF(9, 0))
        arrow.lineTo(centre + QPointF(-5, 8))
        arrow.closeSubpath()
        painter.fillPath(arrow, QColor("white"))

    def _paint_sentence(self, painter: QPainter, rect: QRectF) -> None:
        painter.setPen(self._theme.color("muted"))
        painter.setFont(font(13))
        inner = rect.adjusted(20, 20, -20, -20).toRect()
        if self._frame is not None or self._poster is not None:
            painting.fill_round(painter, rect, RADIUS, QColor(0, 0, 0, 150))
            painter.setPen(QColor("white"))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(inner, flags, self._sentence)

    def _paint_shadow(self, painter: QPainter, rect: QRectF) -> None:
        size = rect.size().toSize()
        if self._shadow is None or self._shadow.size() != size + QSize(2 * SHADOW, 2 * SHADOW):
            self._shadow = painting.soft_shadow(size, SHADOW)
        painter.setOpacity(1.0 if self._theme.tokens.is_dark else 0.45)
        painter.drawPixmap(rect.topLeft() - QPointF(SHADOW, SHADOW - 8), self._shadow)
        painter.setOpacity(1.0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    # -- the mouse ----------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        is_left = event.button() is Qt.MouseButton.LeftButton
        if is_left and self.picture_rect().contains(event.position()):
            self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        pressed = self._pressed
        if pressed is None:
            self._show_cursor(event.position())
            return
        way = event.position() - pressed
        if not self._is_dragging and way.manhattanLength() >= DRAG_FROM:
            if not self._moves(pressed):
                return
            self._is_dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.grabbed.emit(*self._share(pressed))
        if self._is_dragging:
            rect = self.picture_rect()
            self.dragged.emit(way.x() / rect.width(), way.y() / rect.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        is_click = self._pressed is not None and not self._is_dragging
        was_dragging, self._is_dragging, self._pressed = self._is_dragging, False, None
        if was_dragging:
            self.dropped.emit()
            self._show_cursor(event.position())
        elif is_click and self.picture_rect().contains(event.position()):
            self.clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second click plays or pauses too, so that the two together leave it as it was."""
        self.mousePressEvent(event)
        if self._moves(event.position()):
            self.reset_wanted.emit(*self._share(event.position()))

    def _share(self, at: QPointF) -> tuple[float, float]:
        rect = self.picture_rect()
        return (at.x() - rect.left()) / rect.width(), (at.y() - rect.top()) / rect.height()

    def _moves(self, at: QPointF) -> bool:
        """Is there a crop here that can be somewhere else?"""
        number = self._layout.pane_at(*self._share(at)) if self._frame is not None else None
        if number is None or not self.is_movable:
            return False
        part = self._layout.panes[number][1]
        return min(part.width, part.height) < 0.999

    def _show_cursor(self, at: QPointF) -> None:
        if self._moves(at):
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()
