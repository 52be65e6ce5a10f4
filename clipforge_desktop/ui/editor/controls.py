"""Controls for plain values: numbers with range and unit, switches, choices, text.

A control shows a value and emits `edited` when the user changes it, never when it is told to
show one. `is_dragging` says that more of the same gesture will follow until `settled`.
"""

from PySide6.QtCore import QEvent, QObject, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSlider,
    QWidget,
)

from clipforge_desktop.ui import painting
from clipforge_desktop.ui.editor.fields import Choice, Number, Plain, Text
from clipforge_desktop.ui.editor.naming import option_title
from clipforge_desktop.ui.icons import icon_pixmap
from clipforge_desktop.ui.theme import Theme

MOST_SEGMENT_LETTERS = 20
_UNDO_KEYS = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class Control(QWidget):
    """Shows one value of the style."""

    edited = Signal(object, bool)  # the new value, is_dragging
    settled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_value(self, value: Plain) -> None:
        raise TypeError(f"{type(self).__name__} shows nothing")

    def _row(self, *widgets: QWidget) -> QHBoxLayout:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in widgets:
            row.addWidget(widget)
        return row


class UndoElsewhere(QObject):
    """Keeps text fields from undoing on their own: the editor's history has it all."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            pressed = QKeySequence(event.keyCombination())  # type: ignore[attr-defined] # a QKeyEvent
            if any(pressed in QKeySequence.keyBindings(key) for key in _UNDO_KEYS):
                event.ignore()
                return True
        return super().eventFilter(watched, event)


class Slider(QSlider):
    """Goes to where it is pressed, and leaves the wheel to the page unless it has the focus."""

    def __init__(self, name: str) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def _follow(self, event: QMouseEvent) -> None:
        handle = 14
        share = (event.position().x() - handle / 2) / max(self.width() - handle, 1)
        self.setValue(round(self.minimum() + share * (self.maximum() - self.minimum())))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class NumberField(QDoubleSpinBox):
    """The number itself, to be typed; without needless zeros, with its unit."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setKeyboardTracking(False)
        self.setAccessibleName(name)
        self.lineEdit().setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.installEventFilter(UndoElsewhere(self))  # it passes the event on by itself

    def textFromValue(self, value: float) -> str:
        text = super().textFromValue(value)
        point = self.locale().decimalPoint()
        return text.rstrip("0").rstrip(point) if point in text else text

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class NumberControl(Control):
    """A slider over the whole range and the number beside it."""

    def __init__(self, shape: Number, name: str) -> None:
        super().__init__()
        self._shape = shape
        self._steps = round((shape.high - shape.low) / shape.step)
        times = shape.unit.times
        self.slider = Slider(name)
        self.slider.setRange(0, self._steps)
        self.slider.setPageStep(max(self._steps // 10, 1))
        self.field = NumberField(f"{name}, as a number")
        self.field.setDecimals(0 if shape.is_whole else 3 if times == 1 else 1)
        self.field.setRange(shape.low * times, shape.high * times)
        self.field.setSingleStep(shape.step * times)
        self.field.setSuffix(shape.unit.suffix)
        self.field.setFixedWidth(80)
        self._row(self.slider, self.field)
        self.setEnabled(shape.low < shape.high)
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderReleased.connect(self.settled)
        self.field.valueChanged.connect(self._typed)
        self.setFocusProxy(self.slider)

    @property
    def range_text(self) -> str:
        """ "1 to 14 %"."""
        field = self.field
        low, high = field.textFromValue(field.minimum()), field.textFromValue(field.maximum())
        return f"{low} to {high}{field.suffix()}"

    def show_value(self, value: Plain) -> None:
        assert isinstance(value, int | float)
        with QSignalBlocker(self.slider), QSignalBlocker(self.field):
            self.slider.setValue(round((value - self._shape.low) / self._shape.step))
            self.field.setValue(value * self._shape.unit.times)

    def _slid(self, place: int) -> None:
        value = min(self._shape.low + place * self._shape.step, self._shape.high)
        with QSignalBlocker(self.field):
            self.field.setValue(value * self._shape.unit.times)
        self.edited.emit(self._exact(value), self.slider.isSliderDown())

    def _typed(self, shown: float) -> None:
        value = shown / self._shape.unit.times
        with QSignalBlocker(self.slider):
            self.slider.setValue(round((value - self._shape.low) / self._shape.step))
        self.edited.emit(self._exact(value), False)

    def _exact(self, value: float) -> Plain:
        return round(value) if self._shape.is_whole else round(value, 5)


class Toggle(QAbstractButton):
    """A switch as everybody knows it."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(self.sizeHint())
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(36, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_on = self.isChecked()
        track = QRectF(2, 3, 32, 16)
        painting.fill_round(painter, track, 8, self._theme.color("text" if is_on else "line"))
        knob = QRectF(19 if is_on else 5, 5, 12, 12)
        painting.fill_round(painter, knob, 6, self._theme.color("panel" if is_on else "muted"))
        if self.hasFocus():
            ring = QRectF(self.rect()).adjusted(0, 1, 0, -1)
            painting.draw_ring(painter, ring, 10, self._theme.color("accent"), 1.5)
        painter.end()


class SwitchControl(Control):
    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.toggle = Toggle(theme, name)
        self._row(self.toggle).addStretch()
        self.toggle.toggled.connect(lambda is_on: self.edited.emit(is_on, False))
        self.setFocusProxy(self.toggle)

    def show_value(self, value: Plain) -> None:
        with QSignalBlocker(self.toggle):
            self.toggle.setChecked(bool(value))
        self.toggle.update()


class Chooser(QComboBox):
    """A list that opens; its arrow has the scheme's colour, and the wheel is the page's."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.view().setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        tone = self.palette().color(QPalette.ColorRole.PlaceholderText).name()
        arrow = icon_pixmap("chevron-down", tone, 14, painter.device().devicePixelRatio())
        painter.drawPixmap(self.width() - 21, (self.height() - 14) // 2, arrow)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ChoiceControl(Control):
    """A few short options side by side, more of them in a list."""

    def __init__(self, shape: Choice, name: str) -> None:
        super().__init__()
        self._options = shape.options
        titles = [option_title(option) for option in shape.options]
        self.buttons = QButtonGroup(self)
        self.list = Chooser(name)
        self.is_segments = sum(map(len, titles)) <= MOST_SEGMENT_LETTERS and len(titles) <= 4
        if not self.is_segments:
            self.list.addItems(titles)
            self.list.activated.connect(self._choose)
            self._row(self.list)
            self.setFocusProxy(self.list)
            return
        row = self._row()
        row.setSpacing(4)
        self.list.deleteLater()
        for place, title in enumerate(titles):
            made = QPushButton(title)
            made.setProperty("role", "segment")
            made.setCheckable(True)
            made.setAccessibleName(f"{name}: {title}")
            made.setCursor(Qt.CursorShape.PointingHandCursor)
            self.buttons.addButton(made, place)
            row.addWidget(made, 1)
        self.buttons.idClicked.connect(self._choose)

    def show_value(self, value: Plain) -> None:
        place = self._options.index(str(value))
        if self.is_segments:
            self.buttons.button(place).setChecked(True)
        else:
            self.list.setCurrentIndex(place)

    def choose(self, option: str) -> None:
        """As a click does."""
        self.show_value(option)
        self._choose(self._options.index(option))

    def _choose(self, place: int) -> None:
        self.edited.emit(self._options[place], False)


class TextControl(Control):
    """A line of text; one step from coming to leaving."""

    def __init__(self, shape: Text, name: str) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setMaxLength(shape.longest)
        self.line.setAccessibleName(name)
        self.line.installEventFilter(UndoElsewhere(self))
        self._row(self.line)
        self.line.textEdited.connect(lambda text: self.edited.emit(text, True))
        self.line.editingFinished.connect(self.settled)
        self.setFocusProxy(self.line)

    def show_value(self, value: Plain) -> None:
        if self.line.text() != value:
            self.line.setText(str(value))


class FamilyControl(Control):
    """A font family: those that are installed, each in its own face, or any name typed."""

    def __init__(self, families: list[str], name: str) -> None:
        super().__init__()
        self.list = Chooser(name)
        self.list.setEditable(True)
        self.list.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.list.addItems(families)
        self.list.setMinimumContentsLength(8)
        self._row(self.list)
        line = self.list.lineEdit()
        assert line is not None
        self.list.installEventFilter(UndoElsewhere(self))
        line.editingFinished.connect(lambda: self._take(self.list.currentText()))
        self.list.textActivated.connect(self._take)
        self.setFocusProxy(self.list)
        self._shown = ""

    def show_value(self, value: Plain) -> None:
        self._shown = str(value)
        if self.list.currentText() != value and not self.list.view().isVisible():
            self.list.setEditText(str(value))

    def _take(self, text: str) -> None:
        if text.strip() and text != self._shown:
            self.edited.emit(text.strip(), False)
        self.settled.emit()
