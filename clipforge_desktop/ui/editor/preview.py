"""Feeds the player, and the second look beside it, with the style that is edited.

Captions show a change in the next frame; logo and headline, which stand beside all of them, when
the user pauses. Where the clip has no words, or there is no clip, sample sentences are captioned.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, QTimer

from clipforge_desktop.captions.marks import Frame, MarkPainter
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.domain.branding import Branding
from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.domain.clip import TimeMap
from clipforge_desktop.domain.delivery import Covered
from clipforge_desktop.domain.shown import Ground
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.ui.clip_canvas import ClipCanvas
from clipforge_desktop.ui.clip_look import marks_beside
from clipforge_desktop.ui.editor import clip_copies
from clipforge_desktop.ui.editor.compare import SecondLook
from clipforge_desktop.ui.editor.draft import Draft
from clipforge_desktop.ui.editor.live import LiveCaptions, Scene
from clipforge_desktop.ui.editor.panel import StyleEditor
from clipforge_desktop.ui.editor.sample import LOOP_S, SamplePage, sample_words

if TYPE_CHECKING:
    from clipforge_desktop.store import Store
    from clipforge_desktop.ui.main_window import MainWindow

PAUSE_MS = 120
"""The whole clip is laid out anew this long after the last change."""
RESIZED_MS = 80


@dataclass(frozen=True)
class _LaidOut:
    scene: Scene
    painter: CaptionPainter
    marks: tuple[MarkPainter, ...]


class Preview(QObject):
    def __init__(self, window: "MainWindow", draft: Draft, panel: StyleEditor) -> None:
        super().__init__(panel)
        self._window, self._draft, self._panel = window, draft, panel
        self.sample = SamplePage(window.theme)
        window.middle.addWidget(self.sample)
        self.second = SecondLook(window.player.canvas, window.theme)
        self.second.hide()
        self.live: LiveCaptions | None = None
        self._is_held = False
        self._is_running = False
        self._clip_id = 0
        self._pause = _timer(self, PAUSE_MS, self._lay_out_whole)
        self._resized = _timer(self, RESIZED_MS, self.lay_out)
        draft.changed.connect(self._on_draft)
        panel.held.connect(self.hold)
        panel.compare_wanted.connect(self.compare)
        self.second.chosen.connect(lambda _: self._lay_out_second())

    @property
    def canvas(self) -> ClipCanvas:
        """Where the edited style is looked at."""
        return self._window.player.canvas if self._clip_id else self.sample.canvas

    @property
    def is_comparing(self) -> bool:
        return self._panel.compare.isChecked()

    def start(self, clip_id: int) -> None:
        """Show the draft on this clip, 0 for the sample."""
        self._is_running = True
        if clip_id != self._clip_id or self.live is None:
            self.live = None
            self._clip_id = clip_id
        self._panel.compare.setEnabled(bool(clip_id))
        if not clip_id:
            self._panel.compare.setChecked(False)
        self._window.show_middle()
        self.lay_out()

    def stop(self) -> None:
        self._is_running = False
        self._pause.stop()
        self._resized.stop()
        self.live = None
        self._window.show_middle()

    def hold(self, is_held: bool) -> None:
        """Show the shelf's version while the user asks for it."""
        self._is_held = is_held
        self._on_draft()

    def compare(self, is_wanted: bool) -> None:
        """A second look beside the first, at the same moment."""
        self._window.player.show_beside(self.second if is_wanted else None)
        self.second.set_shown(is_wanted, self._window.player.aspect)
        if is_wanted:
            self._window.background.read(_names, self.second.show_names)
        self.lay_out_soon()

    def shown_style(self) -> CaptionStyle:
        return self._draft.saved.style if self._is_held else self._draft.style

    # -- laying out ---------------------------------------------------------------------

    def _on_draft(self) -> None:
        if self.live is not None and self._is_running:
            self.live.show(self.shown_style())
            self.canvas.update()
            self._pause.start()

    def lay_out_soon(self) -> None:
        self._resized.start()

    def lay_out(self) -> None:
        """Everything anew: another clip, other words, another size."""
        self._lay_out_whole()
        self._lay_out_second()

    def _lay_out_whole(self) -> None:
        style, at_s = self.shown_style(), self.canvas.clip_s
        make, branding = self._scene_maker(), self._branding()
        if make is None or not self._is_running:
            return
        self._window.background.read(
            lambda store: _laid_out(store, make(), style, branding, at_s),
            self._take,
            key="captions",
        )

    def _take(self, laid_out: _LaidOut) -> None:
        if not self._is_running:
            return
        if self.live is None or self.live.scene != laid_out.scene:
            self.live = LiveCaptions(laid_out.scene, laid_out.painter)
            self.live.show(self.shown_style())
            self.canvas.set_captions(self.live)
        else:
            self.live.take(laid_out.painter)
            self.canvas.update()
        if laid_out.painter.style == self.shown_style():
            self.canvas.set_marks(laid_out.marks)

    def _branding(self) -> Branding | None:
        """Logo and headline of the clip that is looked at."""
        clip = self._window.shelf.current_clip()
        wished = self._window.side.export.more.branding.branding()
        if clip is None or clip.id != self._clip_id or wished is None:
            return None
        return wished.of_clip(clip.title, "")

    def _lay_out_second(self) -> None:
        make = self._scene_maker()
        if not self.is_comparing or make is None:
            return
        name, saved = self.second.name, self._draft.saved.style
        branding, at_s = self._branding(), self.second.canvas.clip_s

        def work(store: "Store") -> _LaidOut:
            style = clip_copies.shelf_style(store, name).style if name else saved
            return _laid_out(store, make(), style, branding, at_s)

        self._window.background.read(work, self._take_second, key="second-look")

    def _take_second(self, laid_out: _LaidOut) -> None:
        self.second.canvas.set_captions(laid_out.painter)
        self.second.canvas.set_marks(laid_out.marks)

    def _scene_maker(self) -> "_Maker | None":
        size = _physical(self.canvas)
        if size.width() < 16 or size.height() < 16:
            return None
        clip, transcript = self._window.shelf.current_clip(), self._window.stage.transcript
        if clip is None or clip.id != self._clip_id:
            return _Maker((), LOOP_S, size)
        time_map = TimeMap(clip.pieces)
        words = transcript.words if transcript is not None else ()
        grounds, covered = self._window.player.grounds, self._window.side.export.covered()
        return _Maker(time_map.words(words), time_map.duration_s, size, grounds, covered)


class _Maker:
    """Makes the scene; sample sentences stand in where nothing is said."""

    def __init__(
        self,
        words: tuple[Word, ...],
        duration_s: float,
        size: QSize,
        grounds: tuple[Ground, ...] = (),
        covered: Covered | None = None,
    ) -> None:
        self._words, self._duration_s = words, duration_s
        self._grounds, self._covered = grounds, covered
        self._size = (size.width(), size.height())

    def __call__(self) -> Scene:
        words = self._words or sample_words(self._duration_s - 1.0)
        return Scene(words, self._duration_s, self._size, self._grounds, self._covered)


def _laid_out(
    store: "Store", scene: Scene, style: CaptionStyle, branding: Branding | None, at_s: float
) -> _LaidOut:
    """All that `style` shows; the picture at `at_s` is painted here, not on the window's thread."""
    painter = scene.painter(style)
    painter.paint(at_s)
    if branding is None:
        return _LaidOut(scene, painter, ())
    frame = Frame(scene.size_px, scene.zone, scene.duration_s)
    return _LaidOut(scene, painter, marks_beside(store, branding, style, painter, frame))


def _names(store: "Store") -> list[str]:
    from clipforge_desktop.ui.styling import style_names

    return style_names(store)


def _physical(canvas: ClipCanvas) -> QSize:
    """The picture's size in real pixels, even."""
    ratio, size = canvas.devicePixelRatioF(), canvas.picture_size()
    return QSize(round(size.width() * ratio) & ~1, round(size.height() * ratio) & ~1)


def _timer(parent: QObject, length_ms: int, act: Callable[[], None]) -> QTimer:
    made = QTimer(parent)
    made.setSingleShot(True)
    made.setInterval(length_ms)
    made.timeout.connect(act)
    return made
