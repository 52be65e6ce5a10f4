"""Captions as plain text: lines by counted characters, for files that other programs read.

Needs neither fonts nor a Qt application.
"""

from clipforge_desktop.captions.lines import Caption, CaptionTrack, build_track
from clipforge_desktop.captions.tokens import make_tokens
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


def _line(track: CaptionTrack, first: int, end: int) -> str:
    parts: list[str] = []
    for token in track.tokens[first:end]:
        if parts and not token.is_joined:
            parts.append(" ")
        parts.append(token.text)
    return "".join(parts)
