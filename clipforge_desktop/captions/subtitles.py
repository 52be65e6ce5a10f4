"""Captions as files for other programs: SRT, VTT and ASS through pysubs2, words as JSON.

All on the clip's clock. The lines are those of the style, broken by characters alone, so the
files need neither fonts nor a Qt application.
"""

from pathlib import Path

from clipforge_desktop.captions.lines import Caption, CaptionTrack, build_track
from clipforge_desktop.captions.tokens import make_tokens
from clipforge_desktop.domain.caption_style import CaptionStyle, FontSpec, LineRules, TextRules
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
"""Common limits for subtitles (42 characters, two lines, 5/6 s to 7 s: Netflix's timed text)."""


def subtitle_track(
    words: tuple[Word, ...],
    rules: LineRules = SUBTITLE_LINES,
    duration_s: float | None = None,
    text: TextRules | None = None,
) -> CaptionTrack:
    """Captions as text: case as spoken, width counted in characters."""
    style = CaptionStyle(name="subtitles", font=FontSpec(), text=text or TextRules())
    tokens = make_tokens(words, style)
    last_s = max((token.end_s for token in tokens), default=0.0)
    end_s = last_s + rules.max_s if duration_s is None else duration_s
    return build_track(tokens, rules, lambda token: float(len(token.text)), 1.0, 1e6, end_s)


def write_srt(
    words: tuple[Word, ...],
    path: Path,
    rules: LineRules = SUBTITLE_LINES,
    duration_s: float | None = None,
) -> None:
    """SubRip in UTF-8. Text is written as it is; nothing in it becomes markup."""
    track = subtitle_track(words, rules, duration_s)
    blocks = [
        f"{number}\n{_clock(caption.start_s)} --> {_clock(caption.end_s)}\n"
        f"{caption_text(track, caption)}\n"
        for number, caption in enumerate(track.captions, 1)
    ]
    path.write_text("\n".join(blocks), encoding="utf-8", newline="\n")


def _clock(seconds: float) -> str:
    total_ms = round(seconds * 1000)
    hours, rest_ms = divmod(total_ms, 3_600_000)
    minutes, rest_ms = divmod(rest_ms, 60_000)
    whole_s, milliseconds = divmod(rest_ms, 1000)
    return f"{hours:02}:{minutes:02}:{whole_s:02},{milliseconds:03}"


def caption_text(track: CaptionTrack, caption: Caption, break_: str = "\n") -> str:
    """The caption's lines as text."""
    return break_.join(_line(track, first, end) for first, end in caption.lines)


def _line(track: CaptionTrack, first: int, end: int) -> str:
    parts: list[str] = []
    for token in track.tokens[first:end]:
        if parts and not token.is_joined:
            parts.append(" ")
        parts.append(token.text)
    return "".join(parts)
