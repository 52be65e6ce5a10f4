"""Exporting in the window: looks ahead while choices are made, applies remedies, and exports.

Every way to export goes through `export`, so nothing that cannot be made is ever queued.
"""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.ui import phrases
from clipforge_desktop.ui.exporting import dragging
from clipforge_desktop.ui.exporting.ahead import Ahead, keep, look_ahead
from clipforge_desktop.ui.exporting.checks import Plan

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from clipforge_desktop.domain.delivery import Delivery
    from clipforge_desktop.domain.order import ExportOptions
    from clipforge_desktop.domain.preflight import Finding, Remedy
    from clipforge_desktop.store import Store
    from clipforge_desktop.store.library import Clip
    from clipforge_desktop.ui.main_window import MainWindow
    from clipforge_desktop.ui.styling import ExportWish

LOOK_AFTER_MS = 150
NOTHING_CHOSEN = Plan("Export", "Choose clips on the shelf; Ctrl click for more.", "No clip chosen")
NOT_EXPORTED = "This clip is not exported yet. Press E first, then drag it out."
FILES_GONE = "The exported files are not at their place any more. Export the clip again."


class ExportDesk(QObject):
    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._ahead: Ahead | None = None
        self._only_now: tuple[ExportWish, ExportOptions] | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(LOOK_AFTER_MS)
        self._later.timeout.connect(self._look)
        side = window.side
        side.export_footer.export_wanted.connect(window.export_selected)
        side.export_footer.remedy_wanted.connect(self.apply)
        side.tab_opened.connect(lambda _: self.look_again())
        side.look_changed.connect(self.look_again)
        window.shelf.selection_changed.connect(lambda _: self.look_again())
        window.desk.clips_changed.connect(lambda _: self.look_again())
        window.shelf.drag_wanted.connect(self.drag_cards)
        side.export.files.drag_wanted.connect(partial(self._drag, source=side.export.files))

    @property
    def ahead(self) -> Ahead | None:
        """The last look; None while nothing is known of what is chosen now."""
        return self._ahead

    def load(self) -> None:
        """Read the platforms: they are files that people change."""
        export = self._window.side.export.platforms
        self._window.background.read(_deliveries, export.show_known, failed=export.show_failure)

    # -- looking ahead ------------------------------------------------------------------

    def look_again(self) -> None:
        """Something that matters has changed; several changes are one look."""
        self._show_plan()
        if self._window.side.is_exporting:
            self._later.start()

    def _look(self) -> None:
        clip_ids, wish = self._window.shelf.selected_ids(), self._window.side.wish()
        self._window.background.read(
            partial(look_ahead, clip_ids=clip_ids, wish=wish, only_now=self._options_now(wish)),
            self._show,
            failed=self._show_failure,
            key="look ahead",
        )

    def _options_now(self, wish: "ExportWish") -> "ExportOptions | None":
        """What a remedy asked for and the panel cannot say, until the panel says otherwise."""
        if self._only_now is not None and self._only_now[0] != wish:
            self._only_now = None
        return self._only_now[1] if self._only_now is not None else None

    def _show(self, ahead: Ahead) -> None:
        self._ahead = ahead
        names = self._window.side.export.more.names
        if ahead.name_failure is not None:
            names.show_failure(ahead.name_failure)
        else:
            names.show_names(ahead.first_name, ahead.files_a_clip - 1)
        self._window.side.export_footer.show_findings(ahead.findings)
        self._show_plan()

    def _show_failure(self, failure: Failure) -> None:
        self._ahead = None
        footer = self._window.side.export_footer
        footer.show_findings([])
        footer.show_plan(Plan("Export", f"{failure.message} {failure.next_step}", failure.message))

    def _show_plan(self) -> None:
        window, plan = self._window, self._plan()
        window.side.export_footer.show_plan(plan)
        is_open = window.side.is_exporting
        window.top.refuse(plan.reason if is_open else "", is_main=not is_open)

    def _plan(self) -> Plan:
        window = self._window
        clip_ids = window.shelf.selected_ids()
        if not clip_ids:
            return NOTHING_CHOSEN
        ahead, number = self._ahead, len(clip_ids)
        text = f"Export {phrases.count(number, 'clip')}"
        folder = window.side.export.folder()
        if ahead is None or ahead.clip_ids != tuple(clip_ids):
            return Plan(text, f"into {folder}")
        files = phrases.count(number * ahead.files_a_clip, "file")
        only = ", with what you chose for this export only" if self._only_now is not None else ""
        return Plan(text, f"{files} into {folder}{only}", _reason(ahead))

    # -- remedies -----------------------------------------------------------------------

    def apply(self, finding: "Finding") -> None:
        """One click: options into the panel, edits into the clips, clips off the selection."""
        remedy = finding.remedy
        if remedy is None or self._ahead is None:
            return
        if remedy.options is not None:
            self._take_options(self._ahead.options, remedy.options)
        self._edit(remedy)
        if remedy.without:
            self._window.shelf.deselect(set(remedy.without))
        self.look_again()

    def _take_options(self, before: "ExportOptions", after: "ExportOptions") -> None:
        window = self._window
        is_kept = keep(window.choices, before, after)
        window.side.export.show_choices()
        window.side.styles.show_choices()
        self._only_now = None if is_kept else (window.side.wish(), after)

    def _edit(self, remedy: "Remedy") -> None:
        stack = self._window.actions_.undo_stack
        clips = {clip.id: clip for clip in self._clips()}
        known = [(clips[one], edit) for one, edit in remedy.edits if one in clips]
        if not known:
            return
        stack.beginMacro(remedy.label)
        for clip, edit in known:
            self._window.actions_.edit_clip(clip, edit, remedy.label)
        stack.endMacro()

    def _clips(self) -> "list[Clip]":
        return self._window.desk.clips(self._window.shelf.cards.source_id)

    # -- exporting ----------------------------------------------------------------------

    def export(self, clip_ids: list[int], wish: "ExportWish") -> None:
        """Look once more, then export; what blocks it is shown where it can be put right."""
        self._window.background.read(
            partial(look_ahead, clip_ids=clip_ids, wish=wish, only_now=self._options_now(wish)),
            partial(self._go_on, wish),
        )

    def _go_on(self, wish: "ExportWish", ahead: Ahead) -> None:
        window = self._window
        if ahead.blocking is None and ahead.name_failure is None:
            self._only_now = None
            window.actions_.export(list(ahead.clip_ids), ahead.options)
            return
        window.open_side("Export")
        self._show(ahead)
        window.notice.say(_reason(ahead), is_error=True)

    # -- dragging out -------------------------------------------------------------------

    def drag_cards(self, clip_ids: list[int], poster: "QPixmap | None") -> None:
        """Every file of the clips, as copies; says so where there are none."""
        desk = self._window.desk
        paths = [one.file.video for clip_id in clip_ids for one in desk.exports(clip_id)]
        if not paths:
            self._window.notice.say(NOT_EXPORTED)
            return
        self._drag(paths, self._window.shelf, poster)

    def _drag(self, paths: list[str], source: QWidget, poster: "QPixmap | None" = None) -> None:
        files = dragging.there(paths)
        if not files:
            self._window.notice.say(FILES_GONE, is_error=True)
            return
        dragging.run(dragging.clips_drag(source, files, poster))


def _deliveries(store: "Store") -> "dict[str, Delivery]":
    from clipforge_desktop.presets import deliveries  # pydantic would slow every start

    return deliveries(store.home)


def _reason(ahead: Ahead) -> str:
    """Why it cannot be exported like this, "" when it can."""
    if ahead.blocking is not None:
        return ahead.blocking.message
    failure = ahead.name_failure
    return f"{failure.message} {failure.next_step}" if failure is not None else ""
