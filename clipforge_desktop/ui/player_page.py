"""The middle: the source with its crop, the clip large and live, its facts, the sound below.

Wires one `Playback` to the views that follow it. It shows a clip of a source, or the source
itself when no clip is chosen.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, QTimer, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clipforge_desktop.domain.clip import TimeMap
from clipforge_desktop.domain.shown import Ground, caption_grounds
from clipforge_desktop.paths import Home
from clipforge_desktop.ui.clip_canvas import Captions, ClipCanvas
from clipforge_desktop.ui.clip_facts import ClipFacts
from clipforge_desktop.ui.errands import Material
from clipforge_desktop.ui.framing.layout import ShownFraming, centred, clip_time
from clipforge_desktop.ui.framing.look_bar import LookBar
from clipforge_desktop.ui.framing.strip import ShotStrip
from clipforge_desktop.ui.pictures import Pictures, Wanted
from clipforge_desktop.ui.playback import Playback
from clipforge_desktop.ui.score_bars import ScoreBars
from clipforge_desktop.ui.shelf_view import clip_pictures
from clipforge_desktop.ui.source_preview import SourcePreview
from clipforge_desktop.ui.theme import Theme
from clipforge_desktop.ui.waveform import WaveformStrip
from clipforge_desktop.ui.widgets import KeyHints, label, panel

if TYPE_CHECKING:
    from clipforge_desktop.captions.marks import MarkPainter
    from clipforge_desktop.store.library import Clip, Source

HINTS = [
    (("J", "K", "L"), "back, play, on"),
    (("1 \N{EN DASH} 5",), "framing"),
    (("A",), "accept"),
    (("X",), "reject"),
    (("E",), "export"),
    (("?",), "all keys"),
]
MISSING = "The video is not at its place any more. Plug its drive in, or find the file."
SOUND_ONLY = "This source has sound and no picture."
FACTS_FROM, SOURCE_FROM = 760, 560
LEFT_WIDTH, MOST_WIDTH, MOST_STRETCH = 264, 16_777_215, 255


@dataclass
class Shown:
    """What the page shows now."""

    source: "Source"
    clip: "Clip | None"
    material: Material | None


class PlayerPage(QWidget):
    moved = Signal(float)  # source time under the play head
    captions_wanted = Signal()  # the size or the framing changed: lay them out again
    opened = Signal()  # `shown` is another one, or cut otherwise
    aspect_chosen = Signal(str)

    def __init__(self, home: Home, theme: Theme, pictures: Pictures) -> None:
        super().__init__()
        self._home = home
        self._pictures = pictures
        self._beside: QWidget | None = None
        self._shown: Shown | None = None
        self._map: TimeMap | None = None
        self.aspect = "9:16"
        self._first_shape = ""
        self._framing: ShownFraming | None = None
        self._known_grounds: tuple[ShownFraming | None, TimeMap | None, tuple[Ground, ...]] = (
            None, None, (),
        )  # fmt: skip
        self._frame: QImage | None = None
        self.frame_s = 0.0  # the source time of the frame that is shown
        self._is_source_large = False
        self.playback = Playback(self)
        self.canvas = ClipCanvas(theme)
        self.source_view = SourcePreview(theme)
        self.bars = ScoreBars(theme)
        self.facts = ClipFacts()
        self.wave = WaveformStrip(theme)
        self.shots = ShotStrip(theme, self.wave)
        self.looks = LookBar()
        self._source_label = label("SOURCE", "label")
        self.hints = KeyHints(HINTS)
        self._resized = QTimer(self)
        self._resized.setSingleShot(True)
        self._resized.setInterval(150)
        self._resized.timeout.connect(self.captions_wanted)
        self._compose()
        self._connect()

    def _compose(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addStretch(2)
        left.addWidget(self._source_label)
        left.addWidget(self.source_view)
        self._left_column = left
        left.addSpacing(8)
        left.addWidget(self.bars)
        left.addStretch(3)
        self._left = QWidget()
        self._left.setLayout(left)
        self._left.setFixedWidth(LEFT_WIDTH)
        left.setContentsMargins(0, 0, 0, 0)
        self.facts.setFixedWidth(164)
        self._across = middle = QHBoxLayout()
        middle.setContentsMargins(32, 8, 16, 0)
        middle.setSpacing(0)
        middle.addWidget(self._left)
        middle.addWidget(self.canvas, 1)
        middle.addWidget(self.facts)
        strip = panel("strip")
        strip_layout = QVBoxLayout(strip)
        strip_layout.setContentsMargins(0, 1, 0, 0)
        strip_layout.setSpacing(0)
        strip_layout.addWidget(self.wave)
        strip_layout.addWidget(self.shots)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addSpacing(4)
        layout.addWidget(self.looks)
        layout.addLayout(middle, 1)
        layout.addWidget(self.hints)
        layout.addWidget(strip)

    def _connect(self) -> None:
        self.playback.frame_shown.connect(self._show_frame)
        self.playback.moved.connect(self._move)
        self.playback.playing_changed.connect(lambda plays: self.canvas.set_paused(not plays))
        self.playback.unavailable.connect(self.canvas.say)
        self.canvas.clicked.connect(self.playback.toggle)
        self.looks.aspect_wanted.connect(self.set_aspect)
        self.looks.source_wanted.connect(self.show_source_large)
        self.wave.sought.connect(self.playback.seek)
        self._pictures.arrived.connect(self._show_posters)

    # -- what is shown ------------------------------------------------------------------

    @property
    def is_source_large(self) -> bool:
        return self._is_source_large

    @property
    def shown(self) -> Shown | None:
        return self._shown

    def show_source(self, source: "Source", material: Material | None) -> None:
        """The whole source, paused at its start."""
        self._show(source, None, material, 0, 0, plays=False)

    def show_clip(
        self, source: "Source", clip: "Clip", material: Material | None, place: int, total: int,
        *, plays: bool = False,
    ) -> None:  # fmt: skip
        self._show(source, clip, material, place, total, plays=plays)

    def show_material(self, material: Material) -> None:
        """Words and sound that came after the picture."""
        shown = self._shown
        if shown is None or shown.source.id != material.source_id:
            return
        shown.material = material
        media = shown.source.media
        duration_s = media.info.duration_s if media is not None else 0.0
        self.wave.show_sound(material.peaks, duration_s)
        self.facts.show_draft(material.transcript)
        if not material.is_present:
            self.playback.close()
            self.canvas.say(MISSING)

    def show_framing(self, framing: ShownFraming | None) -> None:
        """How the clip is framed from now on, the frame on the screen too; None: the middle."""
        before, self._framing = self.grounds, framing
        self.canvas.is_movable = framing is not None
        self._show_again()
        self._stand_anew(before)

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """What captions stand on in the clip's shots, as far as it is known."""
        framing, shown = self._framing, self._map
        if framing is None or shown is None:
            return ()
        known_framing, known_map, grounds = self._known_grounds
        if known_framing is not framing or known_map is not shown:  # asked for at every drag
            grounds = caption_grounds(framing.study, framing.plan, shown.pieces)
            self._known_grounds = (framing, shown, grounds)
        return grounds

    def _stand_anew(self, before: tuple[Ground, ...]) -> None:
        """Captions go where the shots now have them; once it rests, while a crop is moved."""
        now = self.grounds
        if [replace(one, faces=()) for one in now] != [replace(one, faces=()) for one in before]:
            self.captions_wanted.emit()
        elif now != before:
            self._resized.start()

    def follow_shapes(self, aspects: list[str]) -> None:
        """The shapes that exports have: another first one is looked at, where it is a usual one."""
        first = next((one for one in aspects if one in self.looks.aspects), self._first_shape)
        if first and first != self._first_shape:
            self._first_shape = first
            self.set_aspect(first)

    def set_aspect(self, aspect: str) -> None:
        """The shape in which the clip is looked at; exports have their own."""
        self.looks.show_aspect(aspect)
        if aspect != self.aspect:
            self.aspect = aspect
            self.canvas.set_aspect(aspect)
            self.aspect_chosen.emit(aspect)
            self._show_again()
            self._show_posters()
            self.captions_wanted.emit()

    def show_source_large(self, is_large: bool) -> None:
        """The source beside the clip as large as there is room, or small above the score."""
        self._is_source_large = is_large
        self.looks.source.setChecked(is_large)
        self.source_view.set_large(is_large)
        self._fit()

    def set_captions(self, captions: Captions | None) -> None:
        self.canvas.set_captions(captions)

    def set_marks(self, marks: "tuple[MarkPainter, ...]") -> None:
        """Logo and headline."""
        self.canvas.set_marks(marks)

    def clear(self) -> None:
        self._shown = None
        self._map = None
        self._frame = None
        self.playback.close()
        self.canvas.clear()
        self.source_view.clear()

    def go_to(self, source_s: float, plays: bool = True) -> None:
        self.playback.seek(source_s)
        if plays:
            self.playback.play()

    def _show(
        self, source: "Source", clip: "Clip | None", material: Material | None,
        place: int, total: int, *, plays: bool,
    ) -> None:  # fmt: skip
        is_other = self._shown is None or self._shown.source.id != source.id
        self._shown = Shown(source, clip, material)
        pieces = clip.pieces if clip is not None else ()
        self._map = TimeMap(pieces) if pieces else None
        media = source.media
        size = media.info.video.display_size_px if media and media.info.video else (16, 9)
        if is_other:
            self._frame = None
            self.canvas.clear()
            self.source_view.clear()
            self.source_view.set_shape(size)
            self.wave.show_sound(b"", media.info.duration_s if media else 0.0)
        has_sound_only = media is not None and media.info.video is None
        self.canvas.say(SOUND_ONLY if has_sound_only else "")
        self.bars.show_clip(clip.found if clip is not None else None)
        self.facts.show_facts(source, clip, self.aspect, place, total)
        self.wave.show_pieces(pieces)
        self._show_posters()
        if material is not None:
            self.show_material(material)
        if material is None or material.is_present:
            self.playback.open(source.path, pieces, plays=plays)
        self.opened.emit()

    def recut(self, clip: "Clip") -> None:
        """The same clip, cut or named otherwise: play on from where we are."""
        shown = self._shown
        if shown is None or shown.clip is None:
            return
        is_cut = clip.pieces != shown.clip.pieces
        shown.clip = clip
        if is_cut:
            self._map = TimeMap(clip.pieces)
            self.wave.show_pieces(clip.pieces)
            self.playback.recut(clip.pieces)
            self._move(self.playback.position_s)
            self._show_again()
            self.opened.emit()

    def title_place(self) -> QRect:
        """Where the clip's title is shown, or could be."""
        if not self.facts.isVisible():
            return QRect(self.canvas.x() + 12, self.canvas.y() + 12, 1, 1)
        rect = self.facts.title_rect()
        return QRect(self.facts.mapTo(self, rect.topLeft()), rect.size())

    def _show_posters(self) -> None:
        """Stills, until the first frame is decoded."""
        shown = self._shown
        if shown is None or self.canvas.has_frame() or shown.source.media is None:
            return
        media = shown.source.media
        ratio = self.devicePixelRatioF()
        size = self.canvas.picture_size()
        whole = Wanted(self._home.cache / media.content_key / (media.poster or ""))
        wanted = (whole,) if media.poster else ()
        clip_wanted = clip_pictures(self._home, shown.clip, media) if shown.clip else wanted
        if size.width() > 0:
            self.canvas.set_poster(self._pictures.pixmap(clip_wanted, size, 0, ratio))
        self.source_view.set_poster(self._pictures.pixmap(wanted, QSize(264, 148), 8, ratio))

    # -- following the play head --------------------------------------------------------

    def _show_frame(self, frame: QImage, source_s: float) -> None:
        shown = self._shown
        media = shown.source.media if shown is not None else None
        if shown is None or media is None or media.info.video is None:
            return
        self._frame, self.frame_s = frame, source_s
        clip_s = (clip_time(self._map, source_s) if self._map else source_s) or 0.0
        layout = self._framing.layout_at(source_s) if self._framing is not None else None
        if layout is None:
            layout = centred(media.info.video.display_size_px, self.aspect)
        self.canvas.show_frame(frame, layout, clip_s)
        self.source_view.show_frame(frame, layout)
        self._label_source(source_s)

    def _show_again(self) -> None:
        """The same frame, framed otherwise."""
        if self._frame is not None:
            self._show_frame(self._frame, self.frame_s)

    def _label_source(self, source_s: float) -> None:
        framing = self._framing
        number = framing.number_at(source_s) if framing is not None else None
        kind = "MIDDLE" if framing is None or number is None else framing.shot(number).kind.value
        self._source_label.setText(f"SOURCE · {kind.upper()}")

    def _move(self, source_s: float) -> None:
        self.wave.show_time(source_s)
        clip_s = self._map.to_clip_s(source_s) if self._map else source_s
        self.facts.show_time(clip_s or 0.0)
        self.moved.emit(source_s)

    def show_beside(self, beside: QWidget | None) -> None:
        """Another look at the clip at its right, in the room of source and facts; None: none."""
        if self._beside is not None:
            self._across.removeWidget(self._beside)
            self._beside.hide()
        self._beside = beside
        if beside is not None:
            self._across.insertWidget(self._across.indexOf(self.canvas) + 1, beside, 1)
            beside.show()
        self._fit()

    def _fit(self) -> None:
        is_alone, is_large = self._beside is None, self._is_source_large
        self.facts.setVisible(is_alone and not is_large and self.width() >= FACTS_FROM)
        self._left.setVisible(is_alone and (is_large or self.width() >= SOURCE_FROM))
        for small in (self._source_label, self.bars):
            small.setVisible(not is_large)
        self._left_column.setStretchFactor(self.source_view, MOST_STRETCH if is_large else 0)
        self._left.setMinimumWidth(0 if is_large else LEFT_WIDTH)
        self._left.setMaximumWidth(MOST_WIDTH if is_large else LEFT_WIDTH)
        self._across.setStretchFactor(self._left, 3 if is_large else 0)
        self._across.setStretchFactor(self.canvas, 2 if is_large else 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self._resized.start()
