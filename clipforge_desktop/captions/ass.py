"""Captions as Advanced SubStation Alpha, as near to a style as ASS can come.

Font, size, place, colours, one outline, one hard shadow or an opaque box are kept; each word has
its time as a karaoke tag and its colour while it is spoken. Gradients, glow, rounded boxes and
movement have no counterpart. Text is data: what would be a code is escaped.
"""

from collections.abc import Callable, Sequence

import pysubs2

from clipforge_desktop.captions.layout import optical_height_px
from clipforge_desktop.captions.lines import Caption, CaptionTrack
from clipforge_desktop.captions.plain_track import subtitle_track
from clipforge_desktop.captions.standing import ANCHORS, Standing
from clipforge_desktop.captions.tokens import Token, upper
from clipforge_desktop.captions.zones import safe_zone
from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.domain.shown import Ground
from clipforge_desktop.domain.transcript import Word

_LETTER_EM, _LINE_EM = 0.55, 0.9  # about how wide a letter is, and how high a line with its tails
_ROWS = {"bottom": 0, "middle": 3, "top": 6}
_COLUMNS = {"left": 1, "center": 2, "right": 3}


def ass_text(
    words: tuple[Word, ...],
    style: CaptionStyle,
    frame_size_px: tuple[int, int],
    duration_s: float | None = None,
    grounds: Sequence[Ground] = (),
) -> str:
    """The whole script for a picture of `frame_size_px`; `grounds` are what its shots show."""
    track = subtitle_track(words, style.lines, duration_s, style.text)
    subs = pysubs2.SSAFile()
    width, height = frame_size_px
    subs.info["PlayResX"], subs.info["PlayResY"] = str(width), str(height)
    subs.info["ScaledBorderAndShadow"] = "yes"
    subs.info["WrapStyle"] = "2"  # lines break where the text says so, nowhere else
    subs.styles["Default"] = _ass_style(style, frame_size_px)
    place = _placed(track, style, frame_size_px, grounds)
    for caption in track.captions:
        start, end = round(caption.start_s * 1000), round(caption.end_s * 1000)
        speaker = track.tokens[caption.first].speaker.replace(",", " ")
        text = place(caption) + _karaoke(track, caption, style)
        subs.append(pysubs2.SSAEvent(start=start, end=end, text=text, name=speaker))
    return subs.to_string("ass")


def _alignment(style: CaptionStyle) -> int:
    return _ROWS[style.position.anchor] + _COLUMNS[style.position.alignment]


def _placed(
    track: CaptionTrack,
    style: CaptionStyle,
    frame_size_px: tuple[int, int],
    grounds: Sequence[Ground],
) -> Callable[[Caption], str]:
    """Says where the painter puts a caption's anchor, near enough: letters are not measured."""
    x, y = _place(style, frame_size_px)
    em_px = style.font.size_percent / 100 * optical_height_px(frame_size_px)
    sizes_px = {one: _block_px(track, one, style, em_px) for one in track.captions}
    standing = Standing(
        style.position,
        frame_size_px,
        safe_zone(frame_size_px),
        0.0,
        em_px / 2,
        tuple(sizes_px.values()),
        lambda width_px: (frame_size_px[0] - width_px) / 2,
        grounds,
    )

    def place(caption: Caption) -> str:
        if not grounds:
            return f"{{\\pos({x:.0f},{y:.0f})}}"
        height_px = sizes_px[caption][1]
        scale, top_px = standing.place(height_px, caption.start_s, caption.end_s)
        at_px = top_px + ANCHORS[style.position.anchor] * height_px * scale
        size = f"\\fscx{scale * 100:.0f}\\fscy{scale * 100:.0f}" if scale < 1 else ""
        return f"{{\\pos({x:.0f},{at_px:.0f}){size}}}"

    return place


def _block_px(
    track: CaptionTrack, caption: Caption, style: CaptionStyle, em_px: float
) -> tuple[float, float]:
    """About how wide and high a caption is."""
    letters = max(
        sum(len(token.text) + 1 for token in track.tokens[first:end])
        for first, end in caption.lines
    )
    height_em = (len(caption.lines) - 1) * style.font.line_height_em + _LINE_EM
    return letters * _LETTER_EM * em_px, height_em * em_px


def _place(style: CaptionStyle, frame_size_px: tuple[int, int]) -> tuple[float, float]:
    """Where the painter puts the block's anchor."""
    width, height = frame_size_px
    zone, position = safe_zone(frame_size_px), style.position
    inner = 1 - zone.left - zone.right
    margin = position.margin * inner
    across = {"left": zone.left + margin, "center": 0.5, "right": 1 - zone.right - margin}
    x = across[position.alignment] * width
    y = (zone.top + position.y * (1 - zone.top - zone.bottom)) * height
    return x, y


def _ass_style(style: CaptionStyle, frame_size_px: tuple[int, int]) -> pysubs2.SSAStyle:
    """ASS sizes are in the script's pixels; its font size is the line's, close to the em."""
    em_px = style.font.size_percent / 100 * optical_height_px(frame_size_px)
    resting, singing = style.fill.colors[0], (style.active.fill or style.fill).colors[0]
    outline, shadow = style.outlines[:1], style.shadows[:1]
    box = style.block_box or style.line_box
    edge = box.fill.colors[0] if box else outline[0].color if outline else "#000000"
    edge_em = box.pad_y_em if box else outline[0].width_em if outline else 0.0
    return pysubs2.SSAStyle(
        fontname=style.font.family,
        fontsize=round(em_px, 1),
        bold=style.font.weight >= 600,
        italic=style.font.italic,
        primarycolor=_ass_color(singing if style.active.sweep else resting),
        secondarycolor=_ass_color(resting),
        outlinecolor=_ass_color(edge),
        backcolor=_ass_color(shadow[0].color if shadow else "#00000000"),
        spacing=style.font.letter_spacing_em * em_px,
        borderstyle=3 if box else 1,
        outline=round(edge_em * em_px, 1),
        shadow=round(abs(shadow[0].offset_y_em) * em_px, 1) if shadow and not box else 0.0,
        alignment=pysubs2.Alignment(_alignment(style)),
        marginl=0,
        marginr=0,
        marginv=0,
    )


def _ass_color(text: str) -> pysubs2.Color:
    red, green, blue, *rest = (int(text[at : at + 2], 16) for at in range(1, len(text), 2))
    return pysubs2.Color(red, green, blue, 255 - rest[0] if rest else 0)


def _karaoke(track: CaptionTrack, caption: Caption, style: CaptionStyle) -> str:
    """The text with one tag per word: `\\kf` sweeps, `\\k` switches; in 1/100 s."""
    tag = "kf" if style.active.sweep else "k"
    done_cs = round(caption.start_s * 100)
    lines: list[str] = []
    for first, end in caption.lines:
        text = ""
        for index in range(first, end):
            token = track.tokens[index]
            next_s = track.tokens[index + 1].start_s if index + 1 < caption.end else token.end_s
            until_cs = max(round(next_s * 100), done_cs)
            gap = " " if index > first and not token.is_joined else ""
            lit = _lit(token, next_s, caption, style)
            written = _ass_text(_cased(token.text, style))
            text += f"{gap}{{\\{tag}{until_cs - done_cs}{lit}}}{written}"
            done_cs = until_cs
        lines.append(text)
    return "\\N".join(lines)


def _lit(token: Token, next_s: float, caption: Caption, style: CaptionStyle) -> str:
    """The active colour while the word is spoken; a sweep colours by itself."""
    if style.active.fill is None or style.active.sweep or token.is_label or token.is_sound:
        return ""
    resting, active = style.fill.colors[0], style.active.fill.colors[0]
    begin = round((token.start_s - caption.start_s) * 1000)
    until_s = min(next_s, token.end_s + style.active.linger_s) if next_s > token.start_s else 0.0
    finish = max(round((until_s - caption.start_s) * 1000), begin)
    return (
        f"\\1c{_tag_color(resting)}\\t({begin},{begin},\\1c{_tag_color(active)})"
        f"\\t({finish},{finish},\\1c{_tag_color(resting)})"
    )


def _tag_color(text: str) -> str:
    """#RRGGBB as ASS writes it inside a line: &HBBGGRR&."""
    return f"&H{text[5:7]}{text[3:5]}{text[1:3]}&".upper()


def _cased(text: str, style: CaptionStyle) -> str:
    return {"upper": upper(text), "lower": text.lower()}.get(style.font.case, text)


def _ass_text(text: str) -> str:
    """Braces escaped; a word joiner after a backslash keeps it from starting a code."""
    return text.replace("\\", "\\\N{WORD JOINER}").replace("{", "\\{").replace("}", "\\}")
