"""Cuts, trims and the title of the clip that is looked at, and the words of its video.

Turns what is done in the transcript, on the waveform and by key into edits and corrections;
the window shows them at once and undo takes them back. It keeps the transcript's marks, the
bar under it and the player in step with the clip.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from clipforge_desktop.domain import cuts
from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.cuts import Pace
from clipforge_desktop.domain.edit import ClipEdit
from clipforge_desktop.ui.cutting.saving import SubtitleSaver
from clipforge_desktop.ui.cutting.tighten import Offer, Tightening
from clipforge_desktop.ui.cutting.title_field import TitleField
from clipforge_desktop.ui.cutting.words import Corrections
from clipforge_desktop.ui.exchanging import EditorSender
from clipforge_desktop.ui.phrases import count, less

if TYPE_CHECKING:
    from clipforge_desktop.domain.transcript import Word
    from clipforge_desktop.store.library import Clip
    from clipforge_desktop.ui.main_window import MainWindow

SHORTEST_CLIP_S = 0.5
LAST_WORDS = "Nobody would speak in this clip any more: nothing was cut. Reject the clip instead."
TURNED = "A clip must start before it ends: nothing was changed."


class CuttingDesk(QObject):
    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.corrections = Corrections(window)
        self.saver = SubtitleSaver(window)
        self.to_editor = EditorSender(window)
        self.title = TitleField(window.player)
        view, bar = window.side.transcript, window.side.cuts
        self._view, self._bar = view, bar
        self._paces: dict[int, Pace] = {}  # asked for last, by clip
        window.player.opened.connect(self._show)
        window.desk.clips_changed.connect(lambda _: self._on_rows())
        window.stage.words_shown.connect(self._on_words)
        view.selection_changed.connect(self._show_selection)
        view.strike_wanted.connect(self.strike)
        view.pause_chosen.connect(self._restore_pause)
        view.corrected.connect(self.corrections.correct)
        bar.cut_wanted.connect(self.strike)
        bar.restore_wanted.connect(self.restore)
        bar.correct_wanted.connect(view.edit_here)
        bar.as_recognised_wanted.connect(self._as_recognised)
        bar.end_wanted.connect(self.trim)
        bar.tighten_menu.aboutToShow.connect(self._fill_tighten)
        bar.more_menu.aboutToShow.connect(self._fill_more)
        window.player.wave.trimmed.connect(self._trim_to)
        window.player.facts.title_clicked.connect(self.edit_title)
        self.title.given.connect(self._name)

    # -- what is shown ------------------------------------------------------------------

    @property
    def clip(self) -> "Clip | None":
        """The clip that is looked at, as it is wanted now."""
        shown = self._window.player.shown
        clip = self._window.shelf.current_clip()
        if shown is None or shown.clip is None or clip is None or shown.clip.id != clip.id:
            return None
        return clip

    @property
    def _all_words(self) -> "tuple[Word, ...]":
        transcript = self._window.stage.transcript
        return transcript.words if transcript is not None else ()

    def _on_rows(self) -> None:
        """The clip's row changed: play it as it is cut now."""
        shown, clip = self._window.player.shown, self.clip
        if shown is None or shown.clip is None or clip is None or clip is shown.clip:
            return
        is_cut = clip.pieces != shown.clip.pieces
        self._window.player.recut(clip)
        if is_cut:
            self._window.player.captions_wanted.emit()
            self._show()

    def _on_words(self) -> None:
        self._view.show_corrected(*self._window.stage.readings)
        self._show()

    def _show(self) -> None:
        """Marks on the words, and the bar, for the clip that is looked at."""
        clip, words = self.clip, self._all_words
        self._view.show_pieces(clip.pieces if clip is not None else ())
        if clip is None:
            self._view.show_cuts(frozenset(), frozenset())
            self._bar.show_clip(False, 0, 0.0)
            return
        whole = Tightening.extent_of(clip)
        inside = [cut for cut in clip.edit.cuts if _overlaps(cut, whole)]
        struck = cuts.words_in(words, inside)
        self._view.show_cuts(struck, cuts.cut_pauses(words, inside))
        gone_s = _length_s(whole) - _length_s(clip.pieces)
        self._bar.show_clip(True, len(inside), gone_s)

    def _show_selection(self) -> None:
        selected = self._view.selection
        if selected is None:
            self._bar.show_selection(
                0, can_cut=False, can_restore=False, is_corrected=False, has_clip=False
            )
            return
        chosen = frozenset(range(*selected))
        marks, clip = self._view.marks, self.clip
        pieces = clip.pieces if clip is not None else ()
        is_heard = bool(cuts.words_in(self._all_words, pieces) & chosen)
        is_cut = bool(marks.struck & chosen or marks.pauses & frozenset(range(*_inner(selected))))
        self._bar.show_selection(
            len(chosen),
            can_cut=is_heard,
            can_restore=is_cut,
            is_corrected=bool(marks.corrected & chosen),
            has_clip=clip is not None,
        )

    # -- striking -----------------------------------------------------------------------

    def strike(self) -> None:
        """Cut the selected words, or the active one, out of the clip; struck ones come back."""
        clip, run = self.clip, self._chosen_words()
        if clip is None or run is None:
            return
        there = cuts.words_in(self._all_words, clip.pieces)
        heard = sorted(there & frozenset(range(*run)))
        if not heard:
            self.restore()
            return
        if len(heard) == len(there):
            self._window.notice.say(LAST_WORDS, is_error=True)
            return
        cut = cuts.word_cut(self._all_words, heard[0], heard[-1] + 1)
        edit = replace(clip.edit, cuts=cuts.with_cut(clip.edit.cuts, cut))
        if self._edit(clip, edit, f"cutting {count(len(heard), 'word')}"):
            self._view.clear_selection()

    def restore(self) -> None:
        """Bring the selected words, and pauses between them, back into the clip."""
        clip, run = self.clip, self._chosen_words()
        if clip is not None and run is not None:
            back = cuts.word_cut(self._all_words, *run)
            edit = replace(clip.edit, cuts=cuts.without_cut(clip.edit.cuts, back))
            if self._edit(clip, edit, f"bringing {count(run[1] - run[0], 'word')} back"):
                self._view.clear_selection()

    def _restore_pause(self, index: int) -> None:
        clip, words = self.clip, self._all_words
        if clip is not None and index + 1 < len(words):
            pause = Piece(words[index].end_s, words[index + 1].start_s)
            edit = replace(clip.edit, cuts=cuts.without_cut(clip.edit.cuts, pause))
            self._edit(clip, edit, "bringing a pause back")

    def _chosen_words(self) -> tuple[int, int] | None:
        active = self._view.active_word
        return self._view.selection or ((active, active + 1) if active >= 0 else None)

    def _as_recognised(self) -> None:
        selected = self._view.selection
        if selected is not None:
            self.corrections.take_back(range(*selected))

    # -- ends ---------------------------------------------------------------------------

    def trim(self, end: str) -> None:
        """Let the clip "start" or "end" at the selected words, else at the play head."""
        selected = self._view.selection
        if selected is None:
            self._trim_to(end, self._window.player.playback.position_s)
            return
        first, last = self._all_words[selected[0]], self._all_words[selected[1] - 1]
        self._trim_to(end, first.start_s if end == "start" else last.end_s)
        self._view.clear_selection()

    def _trim_to(self, end: str, at_s: float) -> None:
        """Snapped to the edge of a word that is near."""
        clip = self.clip
        if clip is None:
            return
        at_s = cuts.snapped(self._all_words, at_s)
        is_start = end == "start"
        start_s = at_s if is_start else clip.pieces[0].start_s
        end_s = clip.pieces[-1].end_s if is_start else min(at_s, self._duration_s())
        if end_s - start_s < SHORTEST_CLIP_S:
            self._window.notice.say(TURNED, is_error=True)
            return
        edit = replace(clip.edit, start_s=at_s) if is_start else replace(clip.edit, end_s=end_s)
        self._edit(clip, edit, f"the clip's {end}")

    def _duration_s(self) -> float:
        shown = self._window.player.shown
        media = shown.source.media if shown is not None else None
        return media.info.duration_s if media is not None else float("inf")

    # -- the title ----------------------------------------------------------------------

    def edit_title(self) -> None:
        """Ask for another title, in the place of the one that is shown."""
        clip = self.clip
        if clip is not None:
            self.title.open(clip.edit.title, clip.found.title, self._window.player.title_place())

    def _name(self, title: str) -> None:
        clip = self.clip
        if clip is not None:
            given = "" if title == clip.found.title else title
            self._edit(clip, replace(clip.edit, title=given), "the clip's title")

    # -- menus --------------------------------------------------------------------------

    def _fill_tighten(self) -> None:
        menu, clip = self._bar.tighten_menu, self.clip
        menu.clear()
        if clip is None:
            return
        shown = self._window.player.shown
        media = shown.source.media if shown is not None else None
        tight = Tightening(
            clip,
            self._window.stage.transcript,
            media.speech if media else (),
            self._paces.get(clip.id, "spoken"),
        )
        group = QActionGroup(menu)
        for offer in tight.paces():
            self._add(menu, clip, offer, group)
        menu.addSeparator()
        fillers = tight.fillers()
        if fillers is None:
            menu.addAction("No fillers found").setEnabled(False)
        else:
            self._add(menu, clip, fillers)

    def _add(
        self, menu: QMenu, clip: "Clip", offer: Offer, group: QActionGroup | None = None
    ) -> None:
        saved = "" if abs(offer.saved_s) < 0.05 else f"\t{less(offer.saved_s)}"
        action = menu.addAction(f"{offer.title}{saved}")
        action.setCheckable(True)
        action.setChecked(offer.is_chosen)
        if group is not None:
            group.addAction(action)
        action.triggered.connect(lambda: self._tighten(clip, offer))

    def _tighten(self, clip: "Clip", offer: Offer) -> None:
        if offer.pace is not None:
            self._paces[clip.id] = offer.pace
        self._edit(clip, offer.edit, offer.what)

    def _fill_more(self) -> None:
        menu, clip = self._bar.more_menu, self.clip
        menu.clear()
        has_words = bool(self._all_words)

        def add(text: str, act: Callable[[], object], is_there: bool) -> None:
            action = menu.addAction(text)
            action.setEnabled(is_there)
            action.triggered.connect(lambda: act())

        add("Title of the clip…\tF2", self.edit_title, clip is not None)
        add("Take back every cut", self._uncut, clip is not None and bool(clip.edit.cuts))
        is_trimmed = clip is not None and (clip.edit.start_s, clip.edit.end_s) != (None, None)
        add("Start and end as found", self._untrim, is_trimmed)
        menu.addSeparator()
        add("Save subtitles of this clip…", lambda: self.saver.ask(clip),
            clip is not None and has_words)  # fmt: skip
        add("Save subtitles of the whole video…", lambda: self.saver.ask(None), has_words)
        self.to_editor.add_to(menu)

    def _uncut(self) -> None:
        clip = self.clip
        if clip is not None:
            self._edit(clip, replace(clip.edit, cuts=()), "taking back every cut")

    def _untrim(self) -> None:
        clip = self.clip
        if clip is not None:
            edit = replace(clip.edit, start_s=None, end_s=None)
            self._edit(clip, edit, "start and end as found")

    def _edit(self, clip: "Clip", edit: ClipEdit, what: str) -> bool:
        return self._window.actions_.edit_clip(clip, edit, what)


def _inner(selected: tuple[int, int]) -> tuple[int, int]:
    """Words of a selection after which a pause lies inside it."""
    return selected[0], selected[1] - 1


def _overlaps(cut: Piece, pieces: tuple[Piece, ...]) -> bool:
    return any(cut.end_s > piece.start_s and cut.start_s < piece.end_s for piece in pieces)


def _length_s(pieces: tuple[Piece, ...]) -> float:
    return sum(piece.duration_s for piece in pieces)
