"""Which platforms the clips are for: chips of `platforms.toml`, and what choosing them means."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from clipforge_desktop.domain.delivery import ANYWHERE, Delivery
from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.formats import OWN_SHAPE, output_size
from clipforge_desktop.ui import phrases
from clipforge_desktop.ui.choices import Choices
from clipforge_desktop.ui.exporting.flow import Flow
from clipforge_desktop.ui.widgets import label, option, set_role

NOT_FOR_ONE = "For no platform in particular"
MOST_SIZES = 3


class PlatformSection(QWidget):
    changed = Signal()

    def __init__(self, choices: Choices) -> None:
        super().__init__()
        self._choices = choices
        self._known: dict[str, Delivery] = {}
        self.chips: dict[str, QPushButton] = {}
        self.meaning = label("", "secondary", wraps=True)
        self._flow = Flow()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label("PLATFORMS", "label"))
        column.addLayout(self._flow)
        column.addWidget(self.meaning)

    def show_known(self, known: Mapping[str, Delivery]) -> None:
        """The platforms as the files have them now."""
        self._known = dict(known)
        for old in self.chips.values():
            self._flow.removeWidget(old)
            old.deleteLater()
        self.chips = {key: self._chip(one) for key, one in known.items()}
        for made in self.chips.values():
            self._flow.addWidget(made)
        self.changed.emit()

    def show_failure(self, failure: Failure) -> None:
        """The user's own file cannot be read: the platforms are left out, and it says why."""
        set_role(self.meaning, "bad")
        self.meaning.setText(f"{failure.message} {failure.next_step}")

    def chosen(self) -> tuple[Delivery, ...]:
        """Those that are chosen, in the file's order."""
        return tuple(one for key, one in self._known.items() if key in self._choices.platforms)

    def show_meaning(self, shapes: Sequence[str]) -> None:
        if not self._known:
            return
        text = meaning(self.chosen() or (ANYWHERE,), shapes)
        set_role(self.meaning, "secondary")
        self.meaning.setText(text if self.chosen() else f"{NOT_FOR_ONE}: {text}")

    def set_chosen(self, keys: Sequence[str]) -> None:
        for key, made in self.chips.items():
            made.setChecked(key in keys)
        self._take()

    def _chip(self, delivery: Delivery) -> QPushButton:
        made = option(delivery.name, f"For {delivery.name}")
        made.setProperty("role", "pill")
        made.setToolTip(all_about(delivery))
        made.setChecked(delivery.platform in self._choices.platforms)
        made.clicked.connect(self._take)
        return made

    def _take(self) -> None:
        self._choices.platforms = [key for key, made in self.chips.items() if made.isChecked()]
        self.changed.emit()


def meaning(deliveries: Sequence[Delivery], shapes: Sequence[str]) -> str:
    """One line: 1080 x 1920, up to 3 min, -14 LUFS; the strictest of several."""
    sizes = list(
        dict.fromkeys(
            _size(shape or one.aspect, one.short_side_px)
            for shape in (shapes or ("",))
            for one in deliveries
        )
    )
    limited = [one for one in deliveries if one.longest_s is not None]
    strictest = min(limited, key=lambda one: one.longest_s or 0.0, default=None)
    longest = ""
    if strictest is not None:
        longest = f"up to {phrases.length(strictest.longest_s or 0.0)}"
        if len({one.longest_s for one in deliveries}) > 1:
            longest += f" ({strictest.name})"
    shown = ", ".join(sizes[:MOST_SIZES]) + (" …" if len(sizes) > MOST_SIZES else "")
    levels = dict.fromkeys(phrases.lufs(one.lufs) for one in deliveries)
    return ", ".join(part for part in (shown, longest, " and ".join(levels)) if part)


def all_about(delivery: Delivery) -> str:
    """Everything the file says of one platform."""
    most = delivery.largest_bytes
    return ", ".join(
        part
        for part in (
            f"{delivery.name}: {meaning([delivery], [])}",
            f"peaks under {phrases.minus(delivery.peak_dbtp)} dBTP",
            f"at most {delivery.most_fps} frames a second",
            f"and {most / 1e6:,.0f} MB" if most else "",
        )
        if part
    )


def _size(shape: str, short_side_px: int) -> str:
    if shape == OWN_SHAPE:
        return "as filmed"
    width, height = output_size(shape, short_side_px)
    return f"{width}\N{NO-BREAK SPACE}\N{MULTIPLICATION SIGN}\N{NO-BREAK SPACE}{height}"
