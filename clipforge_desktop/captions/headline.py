"""A headline in the look of a caption style: its type and its surface, but nothing that moves.

A style says how words look while they are spoken. A headline is read at once, so it takes the
plain look; where a style only has a surface under the spoken word, that one.
"""

from clipforge_desktop.domain.caption_style import (
    ActiveLook,
    Box,
    CaptionStyle,
    Fill,
    FontSpec,
    Keywords,
    LineRules,
    Motion,
    Position,
    TextRules,
    WordLook,
)
from clipforge_desktop.domain.transcript import Word

FADE_S = 0.3
_OF_CAPTIONS = 0.85  # of the captions' size: it is longer, and less is to be read at once
_SMALLEST_PERCENT, _LARGEST_PERCENT = 2.6, 4.0
_PAD_X_EM, _PAD_Y_EM, _MOST_RADIUS_EM = 0.45, 0.3, 0.5  # of a box that was made for a word
_LINES = LineRules(max_words=40, max_chars=32, max_lines=8)
_PLAIN = CaptionStyle(
    name="plain headline",
    font=FontSpec(family="Inter", weight=800, size_percent=4.0, line_height_em=1.16),
    fill=Fill(colors=("#101216",)),
    block_box=Box(fill=Fill(colors=("#FFFFFFF2",)), radius_em=0.3, pad_x_em=0.45, pad_y_em=0.34),
)


def headline_style(style: CaptionStyle | None, scale: float, *, fades: bool) -> CaptionStyle:
    """The look of a headline beside captions in `style`; a plain one where there are none.

    `scale` is of its usual size. One that `fades` does so at its end.
    """
    base = _PLAIN if style is None else style
    usual = base.font.size_percent * _OF_CAPTIONS
    size = min(max(usual, _SMALLEST_PERCENT), _LARGEST_PERCENT) * scale
    return _on_its_surface(base).model_copy(
        update={
            "font": base.font.model_copy(update={"size_percent": max(size, 1.0), "grow": 1.0}),
            "active": ActiveLook(),
            "spoken": WordLook(),
            "unspoken": WordLook(),
            "keywords": Keywords(),
            "entrance": Motion(),
            "exit": Motion(kind="fade", duration_s=FADE_S) if fades else Motion(),
            "idle": None,
            "lines": _LINES,
            "position": Position(y=0, anchor="top", alignment=base.position.alignment),
            "text": TextRules(),
        }
    )


def _on_its_surface(style: CaptionStyle) -> CaptionStyle:
    """With the surface of the spoken word, in its colours, where there is no other."""
    active = style.active
    if active.box is None or style.block_box or style.line_box or style.word_box:
        return style
    changed = {
        name: own
        for name in ("fill", "outlines", "shadows", "glow")
        if (own := getattr(active, name)) is not None
    }
    box = active.box.model_copy(
        update={
            "pad_x_em": max(active.box.pad_x_em, _PAD_X_EM),
            "pad_y_em": max(active.box.pad_y_em, _PAD_Y_EM),
            "radius_em": min(active.box.radius_em, _MOST_RADIUS_EM),
        }
    )
    return style.model_copy(update={**changed, "block_box": box})


def headline_words(text: str, until_s: float) -> tuple[Word, ...]:
    return tuple(Word(0.0, until_s, word) for word in text.split())
