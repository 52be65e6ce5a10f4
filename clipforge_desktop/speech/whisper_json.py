"""Reads transcripts as JSON: openai-whisper, faster-whisper, whisperX, whisper-timestamped.

All have segments with start, end and text. Words, when present, are called `words` with
`word` or `text`, `probability`, `score` or `confidence`, and some of them (numbers, in
whisperX) have no times. whisper.cpp's `transcription` with offsets in ms is taken as well.
"""

import json
import math
from collections.abc import Iterator

from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.speech.cues import Cue, CueList, TimedText
from clipforge_desktop.speech.languages import language_code

_Json = dict[str, object]


def read_whisper_json(text: str) -> CueList:
    """The cues of a Whisper JSON text. Raises InputError `transcript_unreadable` otherwise."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "its depth"
        raise _unreadable(f"it is not JSON ({place})") from error
    segments = _segments(document)
    if segments is None:
        raise _unreadable("it has no segments")
    cues = CueList(language=_language(document))
    for number, segment in enumerate(segments, 1):
        if isinstance(segment, dict):
            cues.take(_cue(segment), f"segment {number}")
        else:
            cues.refuse(f"segment {number}: it is no object")
    return cues


def is_whisper_json(text: str) -> bool:
    """True when `text` really is a transcript and not some other JSON beside the video."""
    try:
        segments = _segments(json.loads(text))
    except (ValueError, RecursionError):
        return False
    return bool(segments) and any(
        isinstance(s, dict) and math.isfinite(_cue(s).end_s) and _cue(s).text
        for s in segments or ()
    )


def _segments(document: object) -> list[object] | None:
    if isinstance(document, list):
        return document
    if not isinstance(document, dict):
        return None
    for key in ("segments", "transcription", "word_segments", "words"):
        value = document.get(key)
        if isinstance(value, list):
            return value
    return None


def _language(document: object) -> str:
    if not isinstance(document, dict):
        return ""
    result = document.get("result")
    nested = result.get("language") if isinstance(result, dict) else None
    return language_code(str(document.get("language") or nested or ""))


def _cue(segment: _Json) -> Cue:
    words = tuple(_words(segment))
    start_s, end_s = _time(segment, "start", "from"), _time(segment, "end", "to")
    if not math.isfinite(start_s) and words:
        start_s = words[0].start_s
    if not math.isfinite(end_s) and words:
        end_s = words[-1].end_s
    speaker = segment.get("speaker")
    return Cue(start_s, end_s, _text(segment), speaker if isinstance(speaker, str) else "", words)


def _words(segment: _Json) -> Iterator[TimedText]:
    words = segment.get("words")
    for word in words if isinstance(words, list) else ():
        if isinstance(word, dict) and _text(word):
            yield TimedText(
                _text(word), _time(word, "start", "from"), _time(word, "end", "to"), _sure(word)
            )


def _text(item: _Json) -> str:
    """The item's text; a leading space is kept, it tells words from pieces of words."""
    for key in ("text", "word"):
        value = item.get(key)
        if isinstance(value, str):
            return value if value.strip() else ""
    return ""


def _time(item: _Json, key: str, offset_key: str) -> float:
    """Seconds, or NaN when the item has no such time."""
    value = item.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _finite(value)
    offsets = item.get("offsets")
    value = offsets.get(offset_key) if isinstance(offsets, dict) else None
    return _finite(value) / 1000 if isinstance(value, int | float) else math.nan


def _finite(value: float) -> float:
    """As a float; NaN for whole numbers with hundreds of digits."""
    try:
        return float(value)
    except OverflowError:
        return math.nan


def _sure(item: _Json) -> float | None:
    for key in ("probability", "score", "confidence"):
        value = item.get(key)
        if isinstance(value, int | float) and math.isfinite(_finite(value)):
            return round(min(max(float(value), 0.0), 1.0), 3)
    return None


def _unreadable(why: str) -> InputError:
    return InputError(
        "transcript_unreadable",
        f"The transcript could not be read: {why}.",
        "Give a JSON file that Whisper wrote, or an .srt, .vtt or .ass file.",
    )
