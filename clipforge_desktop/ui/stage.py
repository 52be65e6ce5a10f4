"""Keeps library, shelf, player and side panel on the same video and the same clip.

Rows come from the desk; words, sound, captions and styles are fetched in the background and
arrive when they are ready, each for what is still shown then.
"""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from clipforge_desktop.domain.transcript import Transcript
from clipforge_desktop.ui import errands, styling
from clipforge_desktop.ui.clip_look import ClipLook, Wanted, clip_look
from clipforge_desktop.ui.errands import Details, Material

if TYPE_CHECKING:
    from clipforge_desktop.store.library import Clip, Source
    from clipforge_desktop.ui.main_window import MainWindow

NO_WORDS = "Nobody speaks in this video, so clips are found by sound and picture."
SAMPLES_AT_ONCE = 6
NOTHING_SAID = Transcript("", "none", "", (), ())
NOT_YET = "The words show here once they are written down."


class Stage(QObject):
    words_shown = Signal()  # the words of the video are in the transcript, or read otherwise

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._source: Source | None = None
        self._material: Material | None = None
        self._jump_s: float | None = None
        self._source_id = 0
        self._clip_id = 0
        window.shelf.clip_chosen.connect(self._on_clip)
        window.shelf.opened.connect(lambda _: window.player.playback.play())
        window.desk.clips_changed.connect(self._on_clips_changed)
        window.player.moved.connect(window.side.transcript.show_time)
        window.player.captions_wanted.connect(self._lay_out_captions)
        window.player.playback.playing_changed.connect(self._follow)
        window.side.transcript.word_chosen.connect(self._on_word)
        window.side.look_changed.connect(self._on_look)
        window.player.aspect_chosen.connect(lambda _: self._refresh_facts())
        window.side.styles.samples_wanted.connect(self._paint_samples)
        window.side.export.play_wanted.connect(window.actions_.play_file)
        window.side.export.reveal_wanted.connect(window.actions_.reveal)

    @property
    def is_jumping(self) -> bool:
        """A moment of the source is shown, with or without clips."""
        return self._jump_s is not None

    @property
    def transcript(self) -> Transcript | None:
        """The words of the video on the desk, once they are there."""
        return self._material.transcript if self._material is not None else None

    @property
    def readings(self) -> tuple[Transcript, Transcript]:
        """The words as they read, and as they were recognised; both empty while there are none."""
        material = self._material
        if material is None or material.transcript is None or material.recognised is None:
            return NOTHING_SAID, NOTHING_SAID
        return material.transcript, material.recognised

    @property
    def source(self) -> "Source | None":
        """The video on the desk."""
        return self._source

    def show_reading(self, source_id: int, transcript: Transcript) -> None:
        """The words of that video read otherwise now."""
        if self._material is not None and self._material.source_id == source_id:
            self._material = replace(self._material, transcript=transcript)
            self.words_shown.emit()
            self._lay_out_captions()

    def load_styles(self) -> None:
        self._window.background.read(styling.style_names, self._window.side.styles.show_names)

    def show(self, source_id: int) -> None:
        """Put a video on the desk; 0 clears it."""
        self._jump_s = None
        self._clip_id = 0
        self._material = None
        self._source = None
        self._source_id = source_id
        self._window.desk.open(source_id)
        self._window.player.clear()
        self._window.side.show_transcript(None, NOT_YET)
        self._window.shelf.cards.show_source(source_id)
        if source_id:
            self._window.background.read(
                lambda store: errands.details_of(store, source_id), self._show_details, key="open"
            )

    def _show_details(self, details: Details) -> None:
        if details.source.id != self._source_id:
            return
        self._source = details.source
        self._window.desk.fill(details)
        self._source = self._window.desk.source(self._source_id) or details.source
        self._fetch_material(self._source)
        if self._jump_s is None:
            self._choose_first()
        else:
            self._land(self._jump_s)

    def refresh(self) -> None:
        """The video's row changed: its words, sound or place may be new."""
        before = self._source
        source = self._window.desk.source(before.id if before else 0)
        if source is None or before is None:
            return
        self._source = source
        has_words = self._material is not None and self._material.transcript is not None
        is_other = source.media != before.media or source.path != before.path
        if is_other or (not has_words and self._window.desk.clips(source.id)):
            self._fetch(source)

    def jump(self, source_id: int, source_s: float) -> None:
        """Show a moment: in the clip that holds it, or in the source itself."""
        window = self._window
        if window.is_showing_jobs:
            window.toggle_jobs()
        window.library.choose(source_id)
        if self._source_id == source_id:
            self._jump_s = source_s
            if self._source is not None:
                self._land(source_s)

    def _land(self, source_s: float) -> None:
        """Where a jump ends, once the video is open."""
        window, source = self._window, self._source
        if source is None:
            return
        clip = next(
            (
                clip
                for clip in window.desk.clips(source.id)
                if any(p.start_s <= source_s < p.end_s for p in clip.pieces)
            ),
            None,
        )
        if clip is not None and window.shelf.choose(clip.id):
            self._jump_s = None
        else:
            self._jump_s = source_s
            self._clip_id = 0
            window.shelf.clearSelection()
            window.shelf.setCurrentIndex(window.shelf.cards.index(-1))
            window.show_middle()
            window.player.show_source(source, self._material)
        window.player.go_to(source_s)

    # -- the video ----------------------------------------------------------------------

    def _fetch(self, source: "Source") -> None:
        self._fetch_material(source)
        self._window.background.read(
            lambda store: errands.clips_of_source(store, source.id),
            lambda clips: self._window.desk.set_clips(source.id, clips),
            key="clips",
        )

    def _fetch_material(self, source: "Source") -> None:
        self._window.background.read(
            lambda store: errands.material_of(store, source.id, source.path, source.media),
            self._show_material,
            key="material",
        )

    def _show_material(self, material: Material) -> None:
        if self._source is None or self._source.id != material.source_id:
            return
        self._material = material
        words = material.transcript
        why = NOT_YET if words is None else " ".join(words.notices) or NO_WORDS
        self._window.side.show_transcript(words, why)
        self._window.player.show_material(material)
        clip = self._window.shelf.current_clip()
        self._window.side.transcript.show_pieces(clip.pieces if clip else ())
        self.words_shown.emit()
        self._lay_out_captions()

    def _on_clips_changed(self, source_ids: set[int]) -> None:
        source = self._source
        if source is None or source.id not in source_ids:
            return
        if self._material is None or self._material.transcript is None:
            self._fetch(source)
        self._choose_first()
        self._show_exports()
        self._refresh_facts()

    def _choose_first(self) -> None:
        shelf = self._window.shelf
        if not shelf.currentIndex().isValid() and not self.is_jumping and shelf.cards.rowCount():
            shelf.setCurrentIndex(shelf.cards.index(0))

    # -- the clip -----------------------------------------------------------------------

    def _on_clip(self, clip_id: int) -> None:
        clip = self._window.shelf.current_clip()
        source = self._source
        if clip is None or source is None or clip_id == self._clip_id:
            return
        self._clip_id = clip_id
        self._jump_s = None
        was_playing = self._window.player.playback.is_playing
        self._show_clip(source, clip, plays=was_playing)
        self._window.side.transcript.show_pieces(clip.pieces)
        self._window.player.set_captions(None)
        self._window.player.set_marks(())
        self._lay_out_captions()
        self._show_exports()

    def _show_clip(self, source: "Source", clip: "Clip", *, plays: bool) -> None:
        total = self._window.shelf.cards.rowCount()
        place = self._window.shelf.currentIndex().row() + 1
        self._window.player.show_clip(source, clip, self._material, place, total, plays=plays)

    def _refresh_facts(self) -> None:
        clip, source = self._window.shelf.current_clip(), self._source
        if clip is not None and source is not None and clip.id == self._clip_id:
            self._window.player.facts.show_facts(
                source,
                clip,
                self._aspect(),
                self._window.shelf.currentIndex().row() + 1,
                self._window.shelf.cards.rowCount(),
            )

    def _show_exports(self) -> None:
        exports = self._window.desk.exports(self._clip_id) if self._clip_id else []
        newest: dict[str, None] = dict.fromkeys(export.file.video for export in exports)
        self._window.side.export.show_files(list(newest))
        clip = self._window.shelf.current_clip() if self._clip_id else None
        job = self._window.desk.export_job(clip) if clip is not None else None
        self._window.player.facts.show_notices(job.notices if job is not None else ())

    # -- the look -----------------------------------------------------------------------

    def _aspect(self) -> str:
        return self._window.player.aspect

    def _paint_samples(self, names: list[str]) -> None:
        styles = self._window.side.styles
        for start in range(0, len(names), SAMPLES_AT_ONCE):
            part = names[start : start + SAMPLES_AT_ONCE]
            self._window.background.read(
                partial(styling.style_samples, names=part), styles.show_samples
            )

    def _on_look(self) -> None:
        self._window.player.follow_shapes(self._window.side.export.shapes_made())
        self._refresh_facts()
        self._lay_out_captions()

    def _lay_out_captions(self) -> None:
        """Captions, logo and headline; while a style is edited they are the editor's."""
        if self._window.style_desk.lays_out():
            return
        clip, material = self._window.shelf.current_clip(), self._material
        side, player = self._window.side, self._window.player
        transcript = material.transcript if material is not None else None
        style, branding = side.styles.style_name(), side.export.more.branding.branding()
        is_captioned = style is not None and transcript is not None
        if clip is None or (branding is None and not is_captioned):
            self._show_look(self._clip_id, ClipLook())
            return
        ratio = player.devicePixelRatioF()
        size = player.canvas.picture_size()
        width, height = round(size.width() * ratio) & ~1, round(size.height() * ratio) & ~1
        if width < 16 or height < 16:
            return
        clip_id = clip.id
        wanted = Wanted(
            transcript, clip.pieces, clip.title, style, (width, height), clip.own_style,
            player.grounds, branding, side.export.covered(),
        )  # fmt: skip
        self._window.background.read(
            partial(clip_look, wanted=wanted),
            lambda look: self._show_look(clip_id, look),
            key="captions",  # the editor's have that name too
        )

    def _show_look(self, clip_id: int, look: ClipLook) -> None:
        if clip_id == self._clip_id:
            self._window.player.set_captions(look.captions)
            self._window.player.set_marks(look.marks)

    # -- reading along ------------------------------------------------------------------

    def _on_word(self, source_s: float) -> None:
        """Go there: in the clip when the word is in it, else in the clip or source that has it."""
        clip, source = self._window.shelf.current_clip(), self._source
        pieces = clip.pieces if clip is not None else ()
        is_inside = any(p.start_s <= source_s < p.end_s for p in pieces)
        if is_inside or self.is_jumping:
            self._window.player.go_to(source_s, plays=False)
        elif source is not None:
            self.jump(source.id, source_s)

    def _follow(self, plays: bool) -> None:
        if plays:
            self._window.side.transcript.follow_again()
