"""Style + word -> looks: what one token looks like before, while and after it is spoken.

This is where the parts of a style meet: the plain text, the three states, keywords, sounds,
speakers and rotating colours. The painter only sees resolved values.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from clipforge_desktop.captions.tokens import Token
from clipforge_desktop.captions.typefaces import look_of
from clipforge_desktop.domain.caption_style import (
    Box,
    CaptionStyle,
    Fill,
    Glow,
    Outline,
    Shadow,
    Underline,
    WordFont,
    WordLook,
)


@dataclass(frozen=True, eq=False)
class Face:
    """Everything that decides the picture of letters, apart from their size.

    Faces are compared by identity, which is quick; `Faces` makes equal ones the same.
    """

    fill: Fill
    outlines: tuple[Outline, ...]
    shadows: tuple[Shadow, ...]
    glow: Glow | None
    font: WordFont | None


class Faces:
    """Gives the same face for the same parts, and the faces of single layers."""

    def __init__(self) -> None:
        self.face = cache(Face)
        self.outlines_only = cache(
            lambda face: self.face(Fill(), face.outlines, (), None, face.font)
        )
        self.under_only = cache(
            lambda face: self.face(Fill(), face.outlines, face.shadows, face.glow, face.font)
        )


@dataclass(frozen=True)
class Look:
    """One state of one token."""

    face: Face
    box: Box | None
    underline: Underline | None
    opacity: float
    scale: float
    stretch: float
    lift_em: float
    tilt_deg: float


@dataclass(frozen=True)
class TokenLooks:
    unspoken: Look
    active: Look
    spoken: Look


def token_looks(style: CaptionStyle, tokens: tuple[Token, ...], faces: Faces) -> list[TokenLooks]:
    """The looks of every token of a clip, in order."""
    speakers = list(dict.fromkeys(token.speaker for token in tokens if token.speaker))
    looks: list[TokenLooks] = []
    turn = -1
    word = None
    for token in tokens:
        if token.word != word and not token.is_label:
            turn, word = turn + 1, token.word
        kind = look_of(style, token)
        layers = [_speaker_layer(style, token, speakers), kind]
        if kind is not None and kind.box is not None and token.is_label:
            layers.reverse()  # a name tag takes its speaker's colour
        font = kind.font if kind else None
        steady = _look(style, faces, layers, font)
        if token.is_label or token.is_sound:
            looks.append(TokenLooks(steady, steady, steady))
            continue
        active = _cycled(style, faces, _look(style, faces, [*layers, style.active], font), turn)
        looks.append(
            TokenLooks(
                _look(style, faces, [style.unspoken, *layers], font),
                active,
                _look(style, faces, [style.spoken, *layers], font),
            )
        )
    return looks


def _speaker_layer(style: CaptionStyle, token: Token, speakers: list[str]) -> WordLook | None:
    colors = style.text.speaker_colors
    if not colors or not token.speaker:
        return None
    if style.text.speaker_colors_for == "names" and not token.is_label:
        return None
    fill = Fill(colors=(colors[speakers.index(token.speaker) % len(colors)],))
    tag = style.text.speaker_look.box if style.text.speaker_look and token.is_label else None
    if tag is not None:
        return WordLook(box=tag.model_copy(update={"fill": fill}))
    return WordLook(fill=fill)


def _look(
    style: CaptionStyle, faces: Faces, layers: Sequence[WordLook | None], font: WordFont | None
) -> Look:
    """The plain text with `layers` laid over it; later ones win, scales and opacities multiply."""
    fill, glow, box, underline = style.fill, style.glow, style.word_box, None
    outlines, shadows = style.outlines, style.shadows
    opacity, scale, stretch, lift_em, tilt_deg = 1.0, 1.0, 1.0, 0.0, 0.0
    for layer in layers:
        if layer is None:
            continue
        fill = layer.fill or fill
        glow = layer.glow or glow
        box = layer.box or box
        underline = layer.underline or underline
        outlines = outlines if layer.outlines is None else layer.outlines
        shadows = shadows if layer.shadows is None else layer.shadows
        opacity *= layer.opacity
        scale *= layer.scale
        stretch *= layer.stretch
        lift_em += layer.lift_em
        tilt_deg += layer.tilt_deg
    face = faces.face(fill, outlines, shadows, glow, font)
    return Look(face, box, underline, opacity, scale, stretch, lift_em, tilt_deg)


def _cycled(style: CaptionStyle, faces: Faces, look: Look, turn: int) -> Look:
    cycle = style.active.cycle
    if not cycle:
        return look
    fill = Fill(colors=(cycle[turn % len(cycle)],))
    face, box = look.face, look.box
    if style.active.box is not None and box is not None:
        box = box.model_copy(update={"fill": fill})
    else:
        face = faces.face(fill, face.outlines, face.shadows, face.glow, face.font)
    return replace(look, face=face, box=box)
