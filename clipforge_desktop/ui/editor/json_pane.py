"""The style's file itself, for those who prefer typing; one history with the controls.

What is typed is taken as soon as it is a style. Until then the problem is told at its line and
field, and the last style that was one stays shown.
"""

import json
import re

from pydantic import ValidationError
from PySide6.QtCore import QRegularExpression, QSignalBlocker, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFont,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from clipforge_desktop.captions.own_styles import style_text
from clipforge_desktop.captions.shelf import MAX_STYLE_BYTES, parse_style
from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.ui.editor import json_places, values
from clipforge_desktop.ui.editor.controls import UndoElsewhere
from clipforge_desktop.ui.editor.draft import Draft
from clipforge_desktop.ui.theme import Theme
from clipforge_desktop.ui.widgets import label, set_role

GESTURE = "typing"
PAUSE_MS = 900
"""A pause in typing this long ends the step that undo takes back."""
LONGEST_COLORED = 2000
"""A longer line is data and not typing; it stays plain."""
_LINE = re.compile(r" at line (\d+) column \d+")
FINE = "What you type is taken as soon as it is a style."


class ProblemError(Exception):
    """A sentence and the line it is about."""

    def __init__(self, sentence: str, line: int) -> None:
        super().__init__(sentence)
        self.line = line


def read(text: str) -> CaptionStyle:
    """The style in the text, of older versions too. Raises ProblemError."""
    if len(text) > MAX_STYLE_BYTES:
        raise ProblemError("A caption style is at most 1 MB.", 1)
    try:
        json.loads(text, parse_int=str)
    except RecursionError:
        raise ProblemError("This is nested too deeply.", 1) from None
    except json.JSONDecodeError as error:
        raise ProblemError(f"{error.msg} (column {error.colno})", error.lineno) from error
    try:
        return parse_style(text.encode("utf-8", "replace"), "This style")
    except InputError as error:
        cause = error.__cause__
        if not isinstance(cause, ValidationError):
            raise ProblemError(error.failure.message, 1) from error
        first = cause.errors(include_url=False, include_input=False)[0]
        path = first["loc"]
        name = ".".join(str(part) for part in path)
        sentence = values.said(first)
        unread = _LINE.search(first["msg"]) if first["type"] == "json_invalid" else None
        line = int(unread[1]) if unread else json_places.line_of(text, path)
        raise ProblemError(f"{name}: {sentence}" if name else sentence, line) from error


class JsonPane(QWidget):
    def __init__(self, draft: Draft, theme: Theme) -> None:
        super().__init__()
        self._draft, self._theme = draft, theme
        self._typed: CaptionStyle | None = None  # the style that the text stands for
        self.edit = QPlainTextEdit()
        self.edit.setAccessibleName("The style as JSON")
        self.edit.setUndoRedoEnabled(False)
        self.edit.setTabChangesFocus(True)
        self.edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.edit.installEventFilter(UndoElsewhere(self))
        face = QFont("JetBrains Mono")
        face.setStyleHint(QFont.StyleHint.Monospace)
        face.setPixelSize(12)
        self.edit.document().setDefaultFont(face)
        self.edit.setProperty("role", "code")
        self._colors = _Colors(self.edit.document(), theme)
        self.say = label(FINE, "secondary", wraps=True)
        self.say.setMinimumHeight(34)
        self.say.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(draft.settle)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 8)
        column.setSpacing(6)
        column.addWidget(label("JSON", "label"))
        column.addWidget(self.edit, 1)
        column.addWidget(self.say)
        self.edit.textChanged.connect(self._take)
        draft.changed.connect(self.refresh)
        theme.changed.connect(self._dress)
        self.refresh()

    @property
    def problem(self) -> str:
        """What is wrong with the text, "" while it is a style."""
        return self.say.text() if self.say.property("role") == "bad" else ""

    def refresh(self) -> None:
        """Show the draft, unless the text already stands for it or nobody is looking."""
        if self._typed == self._draft.style or self.isHidden():
            return
        text = style_text(self._draft.style)
        place = self.edit.verticalScrollBar().value()
        with QSignalBlocker(self.edit):
            _replace(self.edit, text)
        self.edit.verticalScrollBar().setValue(place)
        self._typed = self._draft.style
        self._mark(None)

    def setVisible(self, is_visible: bool) -> None:
        super().setVisible(is_visible)
        self.refresh()

    def _take(self) -> None:
        text = self.edit.toPlainText()
        try:
            style = read(text)
        except ProblemError as problem:
            self._typed = None
            self._mark(problem)
            return
        self._mark(None)
        self._typed = style
        self._pause.start()
        self._draft.put(style, "typing", GESTURE)

    def _mark(self, problem: ProblemError | None) -> None:
        """Underline the line that is wrong and say why below."""
        set_role(self.say, "secondary" if problem is None else "bad")
        self.say.setText(FINE if problem is None else f"Line {problem.line} · {problem}")
        marks: list[QTextEdit.ExtraSelection] = []
        if problem is not None:
            block = self.edit.document().findBlockByNumber(problem.line - 1)
            mark = QTextEdit.ExtraSelection()
            mark.cursor = QTextCursor(block)
            mark.cursor.select(QTextCursor.SelectionType.LineUnderCursor)
            form = QTextCharFormat()
            form.setBackground(self._theme.color("bad", 0.22))
            form.setProperty(QTextCharFormat.Property.FullWidthSelection, True)
            mark.format = form
            marks.append(mark)
        self.edit.setExtraSelections(marks)

    def _dress(self) -> None:
        self._colors.dress(self._theme)


def _replace(edit: QPlainTextEdit, text: str) -> None:
    """Put in other text where it differs, so that only those lines are laid out and coloured."""
    old = edit.toPlainText()
    shortest = min(len(old), len(text))
    same = next((n for n in range(shortest) if old[n] != text[n]), shortest)
    left = shortest - same
    tail = next((n for n in range(left) if old[-1 - n] != text[-1 - n]), left)
    cursor = QTextCursor(edit.document())
    cursor.setPosition(_utf16(old[:same]))
    cursor.setPosition(_utf16(old[: len(old) - tail]), QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(text[same : len(text) - tail])


def _utf16(text: str) -> int:
    """Qt counts positions in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class _Colors(QSyntaxHighlighter):
    """Keys, values and numbers apart; nothing louder than that."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._rules: list[tuple[QRegularExpression, QTextCharFormat]] = []
        self.dress(theme)

    def dress(self, theme: Theme) -> None:
        self._rest = _tone(theme.color("muted"))
        tones = (
            (r'"(?:[^"\\]|\\.)*"', theme.color("ok")),
            (r"\b(?:true|false|null|-?\d[\d.eE+-]*)\b", theme.color("accent")),
            (r'"(?:[^"\\]|\\.)*"(?=\s*:)', theme.color("text")),
        )
        self._rules = [(QRegularExpression(rule), _tone(tone)) for rule, tone in tones]
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        if len(text) > LONGEST_COLORED:
            return
        self.setFormat(0, len(text), self._rest)
        for rule, form in self._rules:
            found = rule.globalMatch(text)
            while found.hasNext():
                match = found.next()
                self.setFormat(match.capturedStart(), match.capturedLength(), form)


def _tone(color: QColor) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setForeground(color)
    return form
