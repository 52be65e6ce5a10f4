"""The faces of one style: its own, and the second ones of key words, sounds and names.

A token keeps its face whatever its state, so that lines never move while they are spoken.
"""

from dataclasses import dataclass
from functools import cache

from clipforge_desktop.captions.glyphs import Shape, Shaper
from clipforge_desktop.captions.tokens import Token
from clipforge_desktop.domain.caption_style import CaptionStyle, FacedLook, FontSpec, WordFont


def look_of(style: CaptionStyle, token: Token) -> FacedLook | None:
    """The look of the token's kind: a name, a sound, a key word; None for plain words."""
    if token.is_label:
        return style.text.speaker_look
    if token.is_sound:
        return style.text.sound_look
    return {1: style.keywords.first, 2: style.keywords.second}.get(token.keyword)


def font_of(style: CaptionStyle, token: Token) -> WordFont | None:
    look = look_of(style, token)
    return look.font if look else None


@dataclass(frozen=True)
class Rise:
    """How far a token reaches above and below its baseline, in em of the style's own size."""

    cap_em: float
    ink_top_em: float
    ink_bottom_em: float


class Typefaces:
    """Shapes tokens in their faces; widths are in em of the style's own size.

    What `like` has shaped is not shaped again where the style's own face is the same.
    """

    def __init__(self, style: CaptionStyle, like: "Typefaces | None" = None) -> None:
        self._style = style
        is_same = like is not None and _face_of(like._style.font) == _face_of(style.font)
        self.plain: Shaper = like.plain if like is not None and is_same else Shaper(style.font)
        self.shaper = cache(self._shaper)

    @property
    def notices(self) -> tuple[str, ...]:
        """Plain sentences about fonts and letters that were missing so far, each once."""
        seconds = [look.font for look in self._looks() if look and look.font]
        said = [*self.plain.notices]
        for font in seconds:
            said += self.shaper(font).notices
        return tuple(dict.fromkeys(said))

    def _looks(self) -> tuple[FacedLook | None, ...]:
        keywords, text = self._style.keywords, self._style.text
        return keywords.first, keywords.second, text.sound_look, text.speaker_look

    def _shaper(self, font: WordFont | None) -> Shaper:
        if font is None:
            return self.plain
        own = self._style.font
        return Shaper(
            FontSpec(
                family=font.family or own.family,
                weight=font.weight or own.weight,
                italic=own.italic if font.italic is None else font.italic,
                letter_spacing_em=own.letter_spacing_em
                if font.letter_spacing_em is None
                else font.letter_spacing_em,
            )
        )

    def size_of(self, token: Token) -> float:
        """Relative to the style's own size."""
        font = font_of(self._style, token)
        return font.size if font else 1.0

    def shape(self, token: Token) -> Shape:
        return self.shaper(font_of(self._style, token)).shape(token.text)

    def width_em(self, token: Token) -> float:
        return self.shape(token).advance_em * self.size_of(token)

    def rise(self, token: Token) -> Rise:
        size, ink = self.size_of(token), self.shape(token).ink
        cap_em = self.shaper(font_of(self._style, token)).metrics.cap_em
        return Rise(cap_em * size, -ink.top() * size, ink.bottom() * size)


def _face_of(font: FontSpec) -> tuple[str, int, bool, float, float]:
    """What of a font the shapes of its letters depend on: they are in em."""
    return (
        font.family, font.weight, font.italic, font.letter_spacing_em, font.word_spacing_em
    )  # fmt: skip
