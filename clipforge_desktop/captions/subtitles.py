"""Captions as files for other programs: SRT, VTT, ASS with karaoke, and words as JSON.

All on the clock of the words that are given. Lines follow rules that count characters, so the
files need neither fonts nor a Qt application. Text is data: what looks like markup is escaped.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from clipforge_desktop.captions.ass import ass_text
from clipforge_desktop.captions.lines import Caption, CaptionTrack
from clipforge_desktop.captions.plain_track import SUBTITLE_LINES, caption_text, subtitle_track
from clipforge_desktop.captions.punctuation import SENTENCE_ENDS
from clipforge_desktop.domain.caption_style import CaptionStyle, LineRules
from clipforge_desktop.domain.clip import Spoken, TimeMap
from clipforge_desktop.domain.shown import Ground
from clipforge_desktop.domain.transcript import Word

SubtitleKind = Literal["srt", "vtt", "ass", "json"]
WORD_FILE_VERSION = 2
_PLAY_SIZE_PX = (1080, 1920)
_PAUSE_S = 0.1  # after a shorter one a word may as well last until the next begins


def subtitles_of(
    words: tuple[Word, ...],
    kind: SubtitleKind,
    *,
    style: CaptionStyle | None = None,
    frame_size_px: tuple[int, int] = _PLAY_SIZE_PX,
    duration_s: float | None = None,
    language: str = "",
    grounds: Sequence[Ground] = (),
) -> str:
    """The file's text, on the clock of `words`: a whole source's own, or a clip's.

    `style`, `frame_size_px` and `grounds`, what the shots show, are for ASS, which breaks lines as
    the style does; the others follow SUBTITLE_LINES. Nothing is shown after `duration_s`.
    """
    match kind:
        case "srt":
            return _srt(subtitle_track(words, duration_s=duration_s))
        case "vtt":
            return _vtt(subtitle_track(words, duration_s=duration_s))
        case "ass":
            dressed = style or CaptionStyle(name="plain")
            return ass_text(words, dressed, frame_size_px, duration_s, grounds)
        case "json":
            return _words_json(words, language)


def subtitles_of_clip(
    said: Spoken,
    kind: SubtitleKind,
    style: CaptionStyle | None = None,
    grounds: Sequence[Ground] = (),
) -> str:
    """The same for the pieces of a source that are shown: on their own clock, cuts left out."""
    time_map = TimeMap(said.pieces)
    return subtitles_of(
        time_map.words(said.words),
        kind,
        style=style,
        frame_size_px=said.size_px,
        duration_s=time_map.duration_s,
        language=said.language,
        grounds=grounds,
    )


def write_srt(
    words: tuple[Word, ...],
    path: Path,
    rules: LineRules = SUBTITLE_LINES,
    duration_s: float | None = None,
) -> None:
    """SubRip in UTF-8."""
    _write(path, _srt(subtitle_track(words, rules, duration_s)))


def write_vtt(
    words: tuple[Word, ...],
    path: Path,
    rules: LineRules = SUBTITLE_LINES,
    duration_s: float | None = None,
) -> None:
    """WebVTT in UTF-8."""
    _write(path, _vtt(subtitle_track(words, rules, duration_s)))


def write_ass(
    words: tuple[Word, ...],
    path: Path,
    style: CaptionStyle,
    frame_size_px: tuple[int, int] = _PLAY_SIZE_PX,
    duration_s: float | None = None,
) -> None:
    """Advanced SubStation Alpha, as near to `style` as ASS can come."""
    _write(path, ass_text(words, style, frame_size_px, duration_s))


def write_words(words: tuple[Word, ...], path: Path, language: str = "") -> None:
    """Words with their times as JSON in the shape of Whisper's."""
    _write(path, _words_json(words, language))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _srt(track: CaptionTrack) -> str:
    """Put together directly: a library would take braces for markup."""
    return "\n".join(
        f"{number}\n{_clock(caption.start_s, ',')} --> {_clock(caption.end_s, ',')}\n"
        f"{caption_text(track, caption)}\n"
        for number, caption in enumerate(track.captions, 1)
    )


def _vtt(track: CaptionTrack) -> str:
    """As the W3C defines it: `&`, `<` and `>` are escaped, the speaker is a voice tag.

    Words have their times as the timestamps that the format has for karaoke.
    """
    blocks = ["WEBVTT\n"]
    for caption in track.captions:
        speaker = track.tokens[caption.first].speaker
        voice = f"<v {_vtt_text(speaker)}>" if speaker else ""
        times = f"{_clock(caption.start_s, '.')} --> {_clock(caption.end_s, '.')}"
        blocks.append(f"{times}\n{voice}{_vtt_words(track, caption)}\n")
    return "\n".join(blocks)


def _vtt_words(track: CaptionTrack, caption: Caption) -> str:
    """The caption's lines with a time before each word, and behind one that a pause follows.

    The last word has its end wherever its caption stays on. Times must grow inside a cue and lie
    within it; what would not is left out.
    """
    done_ms, until_ms = round(caption.start_s * 1000), round(caption.end_s * 1000)

    def stamp(at_s: float | None) -> str:
        nonlocal done_ms
        if at_s is None or not done_ms < round(at_s * 1000) < until_ms:
            return ""
        done_ms = round(at_s * 1000)
        return f"<{_clock(at_s, '.')}>"

    lines: list[str] = []
    for first, end in caption.lines:
        line = ""
        for index in range(first, end):
            token = track.tokens[index]
            begin_s, rest_s = _word_marks(track, caption, index)
            line += " " if index > first and not token.is_joined else ""
            line += stamp(begin_s) + _vtt_text(token.text) + stamp(rest_s)
        lines.append(line)
    return "\n".join(lines)


def _word_marks(
    track: CaptionTrack, caption: Caption, index: int
) -> tuple[float | None, float | None]:
    """Where the word of token `index` begins, if it is its first, and where a pause after it."""
    token = track.tokens[index]
    is_first = index == caption.first or track.tokens[index - 1].word != token.word
    is_last = index + 1 == caption.end
    has_pause = is_last or track.tokens[index + 1].start_s - token.end_s >= _PAUSE_S
    return token.start_s if is_first else None, token.end_s if has_pause else None


def _vtt_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _words_json(words: tuple[Word, ...], language: str) -> str:
    """Segments of words as faster-whisper writes them: a space before all that is not joined."""
    segments = [
        {
            "start": round(part[0].start_s, 3),
            "end": round(part[-1].end_s, 3),
            "text": "".join(_spaced(word) for word in part).strip(),
            **({"speaker": part[0].speaker} if part[0].speaker else {}),
            "words": [_word_row(word) for word in part],
        }
        for part in _segments(words)
    ]
    content = {"version": WORD_FILE_VERSION, "language": language, "segments": segments}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _segments(words: tuple[Word, ...]) -> list[list[Word]]:
    """Words by speaker and sentence; a long one ends at a pause of a second."""
    parts: list[list[Word]] = []
    for word in words:
        before = parts[-1][-1] if parts else None
        if (
            before is None
            or before.speaker != word.speaker
            or before.text[-1:] in SENTENCE_ENDS
            or word.start_s - before.end_s >= 1.0
        ):
            parts.append([])
        parts[-1].append(word)
    return parts


def _spaced(word: Word) -> str:
    return word.text if word.joined else f" {word.text}"


def _word_row(word: Word) -> dict[str, object]:
    sure = {} if word.confidence is None else {"probability": round(word.confidence, 3)}
    times = {"start": round(word.start_s, 3), "end": round(word.end_s, 3)}
    return {"word": _spaced(word), **times, **sure}


def _clock(seconds: float, point: Literal[",", "."]) -> str:
    hours, rest_ms = divmod(round(seconds * 1000), 3_600_000)
    minutes, rest_ms = divmod(rest_ms, 60_000)
    whole_s, milliseconds = divmod(rest_ms, 1000)
    return f"{hours:02}:{minutes:02}:{whole_s:02}{point}{milliseconds:03}"
