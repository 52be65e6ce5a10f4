"""A colour with its opacity: a swatch that opens the colour dialog, hex digits, and percent."""

import re

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QColorDialog, QLineEdit

from clipforge_desktop.captions.sprites import css_color
from clipforge_desktop.ui import painting
from clipforge_desktop.ui.editor.controls import Control, NumberField, UndoElsewhere
from clipforge_desktop.ui.editor.fields import Plain
from clipforge_desktop.ui.theme import Theme

_WRITTEN = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")


def written(color: QColor) -> str:
    """#RRGGBB, with AA behind it (as on the web) unless it is opaque."""
    text = color.name(QColor.NameFormat.HexRgb).upper()
    return text if color.alpha() == 255 else f"{text}{color.alpha():02X}"


def read(text: str) -> str | None:
    """What somebody typed, as styles write it: "f80", "#FF8800" and "#FF880080" are taken."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    digits = found[1].upper()
    return "#" + ("".join(2 * digit for digit in digits) if len(digits) == 3 else digits)


class Swatch(QAbstractButton):
    """The colour over a chessboard, which shows how much of it one sees through."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.color = QColor("white")
        self.setAccessibleName(name)
        self.setToolTip("Choose a colour…")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(self.sizeHint())
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(34, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        outline = QPainterPath()
        outline.addRoundedRect(area, 5, 5)
        painter.save()
        painter.setClipPath(outline)
        if self.color.alpha() < 255:
            painter.fillRect(area, QColor("#ffffff"))
            for row in range(4):
                for column in range(row % 2, 6, 2):
                    painter.fillRect(QRectF(2 + 6 * column, 2 + 6 * row, 6, 6), QColor("#b8bcc4"))
        painter.fillRect(area, self.color)
        painter.restore()
        is_focused = self.hasFocus()
        ring = area.adjusted(-1.5, -1.5, 1.5, 1.5) if is_focused else area
        tone = self._theme.color("accent" if is_focused else "line")
        painting.draw_ring(painter, ring, 6, tone, 2 if is_focused else 1)
        painter.end()


class ColorControl(Control):
    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._name = name
        self.swatch = Swatch(theme, f"{name}: choose")
        self.hex = QLineEdit()
        self.hex.setAccessibleName(f"{name}, #RRGGBB")
        self.hex.setMaxLength(9)
        self.hex.setMinimumWidth(76)
        self.hex.installEventFilter(UndoElsewhere(self))
        self.opacity = NumberField(f"{name}, opacity")
        self.opacity.setDecimals(0)
        self.opacity.setRange(0, 100)
        self.opacity.setSuffix(" %")
        self.opacity.setFixedWidth(64)
        self.opacity.setToolTip("Opacity, 0 to 100 %")
        self._row(self.swatch, self.hex, self.opacity)
        self.swatch.clicked.connect(self.open_dialog)
        self.hex.textEdited.connect(self._type)
        self.hex.editingFinished.connect(self._leave)
        self.opacity.valueChanged.connect(self._see_through)
        self.setFocusProxy(self.swatch)
        self.dialog: QColorDialog | None = None

    def show_value(self, value: Plain) -> None:
        color = css_color(str(value))
        self.swatch.color = color
        self.swatch.update()
        with QSignalBlocker(self.opacity):
            self.opacity.setValue(round(color.alphaF() * 100))
        typed = read(self.hex.text())
        if typed is None or written(css_color(typed)) != written(color) or not self.hex.hasFocus():
            self.hex.setText(color.name(QColor.NameFormat.HexRgb).upper())

    def open_dialog(self) -> None:
        """The colour dialog; what is picked shows at once, and Cancel takes it back."""
        before = self.swatch.color
        dialog = QColorDialog(before, self)
        dialog.setOption(QColorDialog.ColorDialogOption.ShowAlphaChannel)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.setWindowTitle(self._name)
        dialog.currentColorChanged.connect(lambda color: self.edited.emit(written(color), True))
        dialog.rejected.connect(lambda: self.edited.emit(written(before), True))
        dialog.finished.connect(lambda _: self.settled.emit())
        dialog.finished.connect(dialog.deleteLater)
        self.dialog = dialog
        dialog.open()

    def _type(self, text: str) -> None:
        color = read(text)
        if color is not None and len(color) > 7:
            self.edited.emit(written(css_color(color)), True)
        elif color is not None:
            self._emit(css_color(color), self.opacity.value(), True)

    def _leave(self) -> None:
        self.hex.setText(self.swatch.color.name(QColor.NameFormat.HexRgb).upper())
        self.settled.emit()

    def _see_through(self, percent: float) -> None:
        self._emit(self.swatch.color, percent, False)

    def _emit(self, color: QColor, percent: float, is_dragging: bool) -> None:
        color = QColor(color)
        color.setAlpha(round(percent * 2.55))
        self.edited.emit(written(color), is_dragging)
