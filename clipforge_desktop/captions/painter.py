"""The one painter: a clip's captions at a time, for preview, thumbnail and export alike.

A painter holds the layout of one clip in one frame size. `key_at` tells cheaply whether the
picture changes; `paint` gives it as an image, `frame` as the planes that ffmpeg overlays, and
`backdrop` says where the picture behind it is seen through glass. Only the strip that captions
ever cover is painted. One painter belongs to one thread at a time.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Hashable, Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from clipforge_desktop.captions import zones
from clipforge_desktop.captions.extents import Strip, least_strip
from clipforge_desktop.captions.glass import Panes, glass_of, panes_in
from clipforge_desktop.captions.layout import CaptionLayout
from clipforge_desktop.captions.looks import Faces, TokenLooks, token_looks
from clipforge_desktop.captions.motion import reach_em
from clipforge_desktop.captions.operations import BoxOp, Clip, Operation, Scene, WordOp
from clipforge_desktop.captions.raster import PlaneBuffer
from clipforge_desktop.captions.scene import CaptionScenes
from clipforge_desktop.captions.sprite_cache import Sprite
from clipforge_desktop.captions.sprites import SpriteBook, face_margin_em
from clipforge_desktop.captions.surfaces import (
    draw_box,
    draw_glass,
    draw_underline,
    surface_reach_em,
)
from clipforge_desktop.captions.typefaces import Typefaces
from clipforge_desktop.domain.caption_style import CaptionStyle, SafeZone
from clipforge_desktop.domain.shown import Ground
from clipforge_desktop.domain.transcript import Word

EMPTY: Scene = ()
_AHEAD_S, _NEAR_S = 3.0, 1.0
_MOST_KNOWN = 7200  # frames of four minutes: their scenes are kept in memory


class CaptionPainter:
    """Captions of one clip. `words` are on the clip's clock (`TimeMap.words`).

    `notices` says in plain sentences what could not be as the style asks, e.g. a missing font.
    What `like`, a painter of the same thread, has shaped is used again. `boxes` are where the
    captions are, at rest, in order of time. A painter that `stands` shows all words as one caption
    for the whole of `duration_s`. `grounds` are what the clip's shots show (`domain.shown`). With
    `times_s`, the only ones that will be asked for, the strip is as small as can be; otherwise,
    and in long clips, it is as wide as the frame. Needs a QGuiApplication
    (`captions.qt.ensure_gui_application`).
    """

    def __init__(
        self,
        words: tuple[Word, ...],
        style: CaptionStyle,
        frame_size_px: tuple[int, int],
        duration_s: float,
        safe_zone: SafeZone | None = None,
        like: "CaptionPainter | None" = None,
        *,
        stands: bool = False,
        grounds: Sequence[Ground] = (),
        times_s: Sequence[float] = (),
    ) -> None:
        zone = safe_zone or zones.safe_zone(frame_size_px)
        known = like._typefaces if like is not None else None
        layout = CaptionLayout(
            words, style, frame_size_px, duration_s, zone, known, stands=stands, grounds=grounds
        )
        self._typefaces: Typefaces = layout.typefaces
        self.style = style
        self.frame_size_px = frame_size_px
        self.track = layout.track
        self.boxes = layout.boxes
        self.notices = layout.typefaces.notices
        faces = Faces()
        looks = token_looks(style, layout.track.tokens, faces)
        self._scenes = [
            CaptionScenes(placed, looks[caption.first : caption.end], style)
            for placed, caption in zip(layout.captions, layout.track.captions, strict=True)
        ]
        self._starts_s = [scenes.caption.start_s for scenes in self._scenes]
        self._book = SpriteBook(layout.typefaces, faces)
        self._steady: tuple[float, float, Scene] = (0.0, 0.0, EMPTY)
        self._known: dict[float, Scene] = {}
        self.strip = self._covered(looks)
        self.glass = glass_of(style, layout.em_px, (frame_size_px[0], self.strip.height_px))
        is_known = 0 < len(times_s) <= _MOST_KNOWN
        if is_known and self.glass is None:  # what is out of focus depends on what is around it
            self._known = {clip_s: self._scene_at(clip_s) for clip_s in times_s}
            operations = (op for scene in self._known.values() for op in scene)
            self.strip = least_strip(operations, self._book, self.strip)
        self._glazed: tuple[Scene, Panes | None] | None = None
        self._buffer: PlaneBuffer | None = None
        self._painted: tuple[Scene, QImage] | None = None
        self._moments_s = sorted({at_s for scenes in self._scenes for at_s in scenes.moments_s()})
        self._ahead_s = -math.inf
        self._waiting: list[WordOp] = []
        self._converted: tuple[Scene, bytes] | None = None

    def _covered(self, looks: list[TokenLooks]) -> Strip:
        width, frame_height = self.frame_size_px
        if not self._scenes:
            return Strip(0, 0, width, 2)
        margin_em = _reach_em(self.style, looks)
        tops = [s.caption.block.y - margin_em * s.caption.em_px for s in self._scenes]
        bottoms = [
            s.caption.block.y + s.caption.block.height + margin_em * s.caption.em_px
            for s in self._scenes
        ]
        top = max(int(min(tops)) - 1, 0) & ~1
        bottom = min((int(max(bottoms)) + 3) & ~1, frame_height & ~1)
        return Strip(0, top, width, max(bottom - top, 2))

    def _scene_at(self, clip_s: float) -> Scene:
        if (known := self._known.get(clip_s)) is not None:
            return known
        start_s, end_s, scene = self._steady
        if start_s <= clip_s < end_s:
            return scene
        index = bisect_right(self._starts_s, clip_s) - 1
        if index < 0 or clip_s >= self._scenes[index].caption.end_s:
            return EMPTY
        scenes = self._scenes[index]
        start_s, end_s = scenes.steady_range(clip_s)
        scene = scenes.at(clip_s)
        self._steady = (
            max(start_s, scenes.caption.start_s),
            min(end_s, scenes.caption.end_s),
            scene,
        )
        return scene

    def typical_s(self) -> float:
        """A time at which the first caption stands, a word in its middle active; 0.0 without."""
        return self._scenes[0].typical_s() if self._scenes else 0.0

    def key_at(self, clip_s: float) -> Hashable:
        """Equal keys are identical pictures."""
        return self._scene_at(clip_s)

    def paint(self, clip_s: float) -> QImage:
        """The strip's picture at `clip_s`, ARGB32_Premultiplied; do not paint on it.

        Pictures of words that come soon are made beforehand, one at each call: while nothing
        changes, or where the next ones are near.
        """
        scene = self._scene_at(clip_s)
        if self._painted is not None and self._painted[0] == scene:
            self._look_ahead(clip_s, _AHEAD_S)
        elif all(self._has(op) for op in scene if isinstance(op, WordOp)):
            self._look_ahead(clip_s, _NEAR_S)
        return self._image(scene)

    def _look_ahead(self, clip_s: float, reach_s: float) -> None:
        if not clip_s <= self._ahead_s <= clip_s + _AHEAD_S:
            self._ahead_s = clip_s
            self._waiting.clear()
        while not self._waiting:
            number = bisect_right(self._moments_s, self._ahead_s)
            if number == len(self._moments_s) or self._moments_s[number] > clip_s + reach_s:
                return
            self._ahead_s = self._moments_s[number]
            words = (op for op in self._fresh_scene(self._ahead_s) if isinstance(op, WordOp))
            self._waiting = [op for op in words if not self._has(op)]
        op = self._waiting.pop()
        outline = op._replace(layer="outline")
        if op.layer == "face" and not self._has(outline):  # which is under it
            self._waiting.append(op)
            op = outline
        self._sprite(op)

    def _fresh_scene(self, clip_s: float) -> Scene:
        index = bisect_right(self._starts_s, clip_s) - 1
        return self._scenes[index].at(clip_s) if index >= 0 else EMPTY

    def frame(self, clip_s: float) -> bytes:
        """The same picture as Y, U, V and A planes (yuva420p) of the strip's size.

        BT.709, limited range, straight alpha: what ffmpeg's `overlay` takes as it is. Raises
        ValueError for a frame of odd width, which has no such planes.
        """
        if self._buffer is None:
            self._buffer = PlaneBuffer(self.strip.width_px, self.strip.height_px)
        scene = self._scene_at(clip_s)
        if self._converted is None or self._converted[0] != scene:
            self._converted = (scene, self._buffer.planes(self._image(scene)))
        return self._converted[1]

    def backdrop(self, clip_s: float) -> Panes | None:
        """Where the strip is glass at `clip_s`; None where nowhere. Do not paint on its mask."""
        if self.glass is None:
            return None
        scene = self._scene_at(clip_s)
        boxes = tuple(op for op in scene if isinstance(op, BoxOp) and op.box.blur_em)
        if self._glazed is None or self._glazed[0] != boxes:
            mask = self._drawn(boxes, QImage.Format.Format_Alpha8)
            self._glazed = (boxes, panes_in(mask, self.glass))
        return self._glazed[1]

    def _image(self, scene: Scene) -> QImage:
        if self._painted is None or self._painted[0] != scene:
            drawn = self._drawn(scene, QImage.Format.Format_ARGB32_Premultiplied)
            self._painted = (scene, drawn)
        return self._painted[1]

    def _drawn(self, scene: Scene, form: QImage.Format) -> QImage:
        """The scene's picture, or where its boxes lie (Alpha8)."""
        image = QImage(self.strip.width_px, self.strip.height_px, form)
        draw = draw_glass if form == QImage.Format.Format_Alpha8 else draw_box
        image.fill(0)
        painter = QPainter(image)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.translate(-self.strip.x_px, -self.strip.y_px)
            for op in scene:
                self._draw(painter, op, draw)
        finally:
            painter.end()
        return image

    def _draw(
        self, painter: QPainter, op: Operation, draw: Callable[[QPainter, BoxOp], None]
    ) -> None:
        painter.save()
        if op.clip is not None:
            painter.setClipRect(self._clip_area(op.clip))
        painter.setOpacity(op.opacity)
        if isinstance(op, WordOp):
            self._draw_word(painter, op)
        elif isinstance(op, BoxOp):
            draw(painter, op)
        else:
            draw_underline(painter, op)
        painter.restore()

    def _clip_area(self, clip: Clip) -> QRectF:
        strip = self.strip
        left = max(clip.left, float(strip.x_px))
        right = min(clip.right, float(strip.x_px + strip.width_px))
        top = max(clip.top, float(strip.y_px))
        bottom = min(clip.bottom, float(strip.y_px + strip.height_px))
        return QRectF(left, top, max(right - left, 0.0), max(bottom - top, 0.0))

    def _sprite(self, op: WordOp) -> Sprite | None:
        return self._book.sprite(op.text, op.face, op.em_px, op.layer, op.phase)

    def _has(self, op: WordOp) -> bool:
        return self._book.has(op.text, op.face, op.em_px, op.layer, op.phase)

    def _draw_word(self, painter: QPainter, op: WordOp) -> None:
        sprite = self._sprite(op)
        if sprite is None:
            return
        left, top = sprite.left_px - op.half_width, sprite.top_px - op.middle
        if op.scale == 1 and op.stretch == 1 and op.tilt_deg == 0:
            at = QPointF(round(op.center_x + left), round(op.center_y + top))
            painter.drawImage(at, sprite.image)
            return
        painter.translate(op.center_x, op.center_y)
        painter.rotate(op.tilt_deg)
        painter.scale(op.scale, op.scale * op.stretch)
        painter.drawImage(QPointF(left, top), sprite.image)


def _reach_em(style: CaptionStyle, looks: list[TokenLooks]) -> float:
    """How far anything ever is above or below the text's own box, in em."""
    states = [look for token in looks for look in (token.unspoken, token.active, token.spoken)]
    ink_em = max(face_margin_em(look.face) for look in states)
    lift_em = max(abs(look.lift_em) for look in states)
    growth = max(look.scale for look in states)
    tilt_em = max(abs(look.tilt_deg) for look in states) * 0.05
    stretch_em = max(look.stretch for look in states) - 1
    size = max(max((look.face.font.size if look.face.font else 1.0) for look in states), 1.0)
    idle_em = style.idle.distance_em + 0.1 if style.idle else 0.0
    if style.active.box_motion == "tilt":
        tilt_em += 0.5
    around_em = max(ink_em + 0.35, surface_reach_em(style))  # letters such as g and accents
    moved_em = max(reach_em(style.entrance), reach_em(style.exit))
    grown_em = (around_em + 0.5 * max(growth - 1, 0.0)) * max(growth, 1.0) * size
    return grown_em + max(stretch_em, 0.0) + lift_em + tilt_em + idle_em + moved_em
