"""Captions as files for other programs: SRT, VTT, ASS with karaoke, and words as JSON.

All on the clock of the words that are given. Lines follow rules that count characters, so the
files need neither fonts nor a Qt application. Text is data: what looks like markup is escaped.
"""

import json
from pathlib import Path
from typing import Literal

import pysubs2

from clipforge_desktop.captions.lines import Caption, CaptionTrack, build_track
from clipforge_desktop.captions.tokens import make_tokens, upper
from clipforge_desktop.domain.caption_style import CaptionStyle, LineRules, TextRules
from clipforge_desktop.domain.transcript import Word

SUBTITLE_LINES = LineRules(
    max_words=16,
    max_chars=42,
    max_lines=2,
    chars_per_second=20,
    min_s=0.83,
    max_s=7,
    gap_to_bridge_s=0.5,
    pause_s=1.0,
)
"""Common limits of subtitles: 42 characters, two lines, 5/6 s to 7 s, 20 characters a second."""

WORD_FILE_VERSION = 1
_PLAY_SIZE_PX = (1080, 1920)


def subtitle_track(
    words: tuple[Word, ...],
    rules: LineRules = SUBTITLE_LINES,
    duration_s: float | None = None,
    text: TextRules | None = None,
) -> CaptionTrack:
    """Captions as text: case as spoken, width counted in characters."""
    tokens = make_tokens(words, CaptionStyle(name="subtitles", text=text or TextRules()))
    last_s = max((token.end_s for token in tokens), default=0.0)
    end_s = last_s + rules.max_s if duration_s is None else duration_s
    return build_track(tokens, rules, lambda token: float(len(token.text)), 1.0, 1e6, end_s)


def caption_text(track: CaptionTrack, caption: Caption, line_break: str = "\n") -> str:
    """The caption's lines as text."""
    return line_break.join(_line(track, first, end) for first, end in caption.lines)


def write_srt(
    words: tuple[Word, ...],
    path: Path,
    rules: LineRules = SUBTITLE_LINES,
    duration_s: float | None = None,
) -> None:
    """SubRip in UTF-8, written directly: a library would take braces for markup."""
    track = subtitle_track(words, rules, duration_s)
    blocks = [
        f"{number}\n{_clock(caption.start_s, ',')} --> {_clock(caption.end_s, ',')}\n"
        f"{caption_text(track, caption)}\n"
        for number, caption in enumerate(track.captions, 1)
    ]
    path.write_text("\n".join(blocks), encoding="utf-8", newline="\n")


def write_vtt(
    words: tuple[Word, ...],
    path: Path,
    rules: LineRules = SUBTITLE_LINES,
    duration_s: float | None = None,
) -> None:
    """WebVTT (W3C) in UTF-8; `&`, `<` and `>` are escaped."""
    track = subtitle_track(words, rules, duration_s)
    blocks = ["WEBVTT\n"]
    for caption in track.captions:
        text = caption_text(track, caption)
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        times = f"{_clock(caption.start_s, '.')} --> {_clock(caption.end_s, '.')}"
        blocks.append(f"{times}\n{escaped}\n")
    path.write_text("\n".join(blocks), encoding="utf-8", newline="\n")


def write_ass(
    words: tuple[Word, ...],
    path: Path,
    style: CaptionStyle,
    frame_size_px: tuple[int, int] = _PLAY_SIZE_PX,
    duration_s: float | None = None,
) -> None:
    """Advanced SubStation Alpha, as near to `style` as ASS can come.

    Font, size, colours, one outline, one hard shadow, alignment and margins are kept, and each
    word's time as a karaoke tag. Boxes, gradients, glow and movement have no counterpart.
    """
    track = subtitle_track(words, style.lines, duration_s, style.text)
    subs = pysubs2.SSAFile()
    width, height = frame_size_px
    subs.info["PlayResX"], subs.info["PlayResY"] = str(width), str(height)
    subs.info["ScaledBorderAndShadow"] = "yes"
    subs.styles["Default"] = _ass_style(style, width, height)
    for caption in track.captions:
        start, end = round(caption.start_s * 1000), round(caption.end_s * 1000)
        subs.append(pysubs2.SSAEvent(start=start, end=end, text=_karaoke(track, caption, style)))
    path.write_text(subs.to_string("ass"), encoding="utf-8", newline="\n")


def write_words(words: tuple[Word, ...], path: Path) -> None:
    """Words with their times in seconds as JSON, for other programs and for reading back."""
    rows = [
        {
            "start_s": round(word.start_s, 3),
            "end_s": round(word.end_s, 3),
            "text": word.text,
            "joined": word.joined,
            "speaker": word.speaker,
        }
        for word in words
    ]
    content = {"version": WORD_FILE_VERSION, "words": rows}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _clock(seconds: float, point: Literal[",", "."]) -> str:
    hours, rest_ms = divmod(round(seconds * 1000), 3_600_000)
    minutes, rest_ms = divmod(rest_ms, 60_000)
    whole_s, milliseconds = divmod(rest_ms, 1000)
    return f"{hours:02}:{minutes:02}:{whole_s:02}{point}{milliseconds:03}"


def _line(track: CaptionTrack, first: int, end: int) -> str:
    parts: list[str] = []
    for token in track.tokens[first:end]:
        if parts and not token.is_joined:
            parts.append(" ")
        parts.append(token.text)
    return "".join(parts)


def _ass_style(style: CaptionStyle, width: int, height: int) -> pysubs2.SSAStyle:
    """ASS sizes are in the script's pixels; its font size is the line's, close to the em."""
    em_px = style.font.size_percent / 100 * height
    resting, singing = style.fill.colors[0], (style.active.fill or style.fill).colors[0]
    outline, shadow = style.outlines[:1], style.shadows[:1]
    row = 0 if style.position.y > 0.66 else 3 if style.position.y > 0.33 else 6
    column = {"left": 1, "center": 2, "right": 3}[style.position.alignment]
    return pysubs2.SSAStyle(
        fontname=style.font.family,
        fontsize=round(em_px, 1),
        bold=style.font.weight >= 600,
        italic=style.font.italic,
        primarycolor=_ass_color(singing),
        secondarycolor=_ass_color(resting),
        outlinecolor=_ass_color(outline[0].color if outline else "#000000"),
        backcolor=_ass_color(shadow[0].color if shadow else "#000000"),
        spacing=style.font.letter_spacing_em * em_px,
        outline=outline[0].width_em * em_px if outline else 0.0,
        shadow=abs(shadow[0].offset_y_em) * em_px if shadow else 0.0,
        alignment=pysubs2.Alignment(row + column),
        marginl=round(width * 0.08),
        marginr=round(width * 0.08),
        marginv=round(height * max(0.05, (1 - style.position.y) * 0.8)),
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
            text += f"{gap}{{\\{tag}{until_cs - done_cs}}}{_ass_text(_cased(token.text, style))}"
            done_cs = until_cs
        lines.append(text)
    return "\\N".join(lines)


def _cased(text: str, style: CaptionStyle) -> str:
    return {"upper": upper(text), "lower": text.lower()}.get(style.font.case, text)


def _ass_text(text: str) -> str:
    """Braces escaped; a word joiner after a backslash keeps it from starting a code."""
    return text.replace("\\", "\\\N{WORD JOINER}").replace("{", "\\{").replace("}", "\\}")
