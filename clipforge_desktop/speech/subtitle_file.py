"""Reads .srt, .vtt and .ass files into cues, forgiving what people's tools write.

pysubs2 does the parsing; before it, lines whose times it would misread are taken out and named.
Speaker labels, markup and ASS tags are stripped, and the rolling captions of streaming sites,
where each cue repeats the line before, become plain ones, with their inline word times kept.
"""

import re
import warnings
from collections.abc import Iterable
from dataclasses import replace

import pysubs2

from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.speech.cues import MAX_CUE_LETTERS, MAX_CUES, Cue, CueList, TimedText
from clipforge_desktop.speech.script import is_spaceless

_ARROW = "-->"
_STAMP = r"(?:\d{1,4}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,6})?"
_TIME_LINE = re.compile(rf"^\s*({_STAMP})\s*-->\s*({_STAMP})(?:\s.*)?$")
_ASS_EVENT = re.compile(r"^(?:Dialogue|Comment):[^,]*,([^,]*),([^,]*),")
_ASS_STAMP = re.compile(r"^\s*\d{1,4}:\d{1,2}:\d{1,2}(?:[.:]\d{1,3})?\s*$")
_INLINE_STAMP = re.compile(rf"<({_STAMP})>")
_INLINE_TIME = re.compile(r"<t(\d+\.\d+)>")  # what `_without_bad_blocks` makes of the above
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]*)>")
_MARKUP = re.compile(
    r"</?(?:b|i|u|s|c|v|lang|ruby|rt|font|span|p|br)(?:[.\s/][^<>]*)?>|<t?\d[\d:.,]*>",
    re.IGNORECASE,
)
_NO_TAG = re.compile(r"\{(?!\\)")
_ASS_TAGS = re.compile(r"\{[^{}]*\}")
_ASS_TAG = re.compile(r"\{([^{}]*)\}")
_KARAOKE = re.compile(r"\\k[fo]?(\d{1,6})", re.IGNORECASE)
_AS_WRITTEN = str.maketrans({"\ue000": "{", "\ue001": "}", "\ue002": "<", "\ue003": "-->"})
_DRAWING = re.compile(r"\{[^{}]*\\p[1-9]")
_LONGEST_LINE = 4 * MAX_CUE_LETTERS  # tags and all
_SAID_S = 0.15  # nothing is said in less; rolling captions repeat a line for 10 ms
_FADING_S = 0.35  # longer cues are no pieces of a fade
_ALIKE_S = 0.025  # pieces of a fade are as long as each other but for rounding, words are not
_LEAST_PIECES = 3  # two may be a word said twice: "very very"
_BARE_NUMBER = re.compile(r"\n+ *\d+ *$")
_SPEAKER = re.compile(
    r"^(?:>>+\s*)?(?:\[([^\]:]{1,40})\]:|([A-Z][A-Z0-9_. '-]{1,38}[A-Z0-9]):|"
    r"(Speaker[ _]?\w{1,6}):)\s+"
)
_CHANGE_MARK = re.compile(r"^(?:>>+|[-\u2013\u2014](?=\s))\s*")
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&lrm;": "", "&rlm;": ""}


def read_subtitles(text: str, suffix: str) -> CueList:
    """The cues of a subtitle file's text. Raises InputError when nothing in it can be used."""
    cues = CueList()
    is_ass = suffix in (".ass", ".ssa")
    clean = _without_bad_events(text, cues) if is_ass else _without_bad_blocks(text, cues)
    format_ = suffix[1:] if is_ass else ("vtt" if suffix == ".vtt" else "srt")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # styles we never look at
            if format_ == "vtt":
                parsed = pysubs2.SSAFile.from_string(clean, "vtt", keep_html_tags=True)
            elif format_ == "srt":
                parsed = pysubs2.SSAFile.from_string(clean, "srt", keep_html_tags=True)
            else:
                parsed = pysubs2.SSAFile.from_string(clean, format_)
    except (ValueError, KeyError, TypeError, IndexError, pysubs2.Pysubs2Error) as error:
        raise InputError(
            "transcript_unreadable",
            f"The subtitles could not be read: {str(error)[:120]}",
            "Open the file in a subtitle editor and save it again.",
        ) from error
    for number, event in enumerate(parsed.events, 1):
        if not event.is_comment and not _DRAWING.search(event.text):
            _take(cues, event, number, is_ass=is_ass)
    cues.cues = _unrolled(cues.cues)
    return cues


def _take(cues: CueList, event: pysubs2.SSAEvent, number: int, *, is_ass: bool) -> None:
    if is_ass:  # braces are tags unless escaped, and angles are angles
        raw = event.text.replace("\\{", "\ue000").replace("\\}", "\ue001")
        raw = raw.replace("<", "\ue002")
    else:
        raw = _NO_TAG.sub("\ue000", event.text)
    raw = raw.replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ")
    start_s, end_s = event.start / 1000, event.end / 1000
    voice = _VOICE.search(raw)
    label, body = _without_speaker(_BARE_NUMBER.sub("", raw))
    speaker = event.name or (voice.group(1).strip() if voice else "") or label
    words = _inline_words(body, start_s, end_s) or _sung_words(body, start_s)
    text = "".join(word.text for word in words).strip() if words else plain_text(body)
    cues.take(Cue(start_s, end_s, text, speaker, words), f"cue {number}")


def plain_text(raw: str) -> str:
    """Text without markup, ASS tags, entities and the dashes that mark a new speaker."""
    text = _ASS_TAGS.sub("", _MARKUP.sub("", raw)).translate(_AS_WRITTEN)
    text = text.replace("\\\N{WORD JOINER}", "\\")  # how a backslash is kept from starting a code
    for entity, character in _ENTITIES.items():
        text = text.replace(entity, character)
    lines = (_CHANGE_MARK.sub("", line.strip()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _without_speaker(raw: str) -> tuple[str, str]:
    """(speaker, rest) of a text that begins with a label such as "SPEAKER_01: "."""
    text = raw.lstrip()
    match = _SPEAKER.match(text)
    if match is None:
        return "", raw
    name = next(group for group in match.groups() if group)
    return name.strip(), text[match.end() :]


def _inline_words(raw: str, start_s: float, end_s: float) -> tuple[TimedText, ...]:
    """Words of a text with inline times: `so<00:00:01.2><c> we</c>`; () when there are none.

    Lines without a time before the first that has one only repeat what was shown, unless that
    one begins with its time.
    """
    lines = raw.split("\n")
    timed = [number for number, line in enumerate(lines) if _INLINE_TIME.search(line)]
    if not timed:
        return ()
    begins_timed = not plain_text(_INLINE_TIME.split(lines[timed[0]])[0])
    pieces = _INLINE_TIME.split("\n".join(lines if begins_timed else lines[timed[0] :]))
    starts_s = [start_s, *(float(seconds) for seconds in pieces[1::2])]
    ends_s = [*starts_s[1:], end_s]
    return _words_of(
        (_MARKUP.sub("", text), begin_s, max(finish_s, begin_s))
        for text, begin_s, finish_s in zip(pieces[0::2], starts_s, ends_s, strict=True)
    )


def _sung_words(raw: str, start_s: float) -> tuple[TimedText, ...]:
    """Words of a line with karaoke tags: `{\\k40}so {\\kf35}we`, in 1/100 s; () without any."""
    first, *rest = _ASS_TAG.split(raw)
    syllables = [(first, start_s, start_s)]
    for tag, text in zip(rest[0::2], rest[1::2], strict=True):
        before, begin_s, at_s = syllables[-1]
        if length := _KARAOKE.search(tag):
            syllables.append((text, at_s, at_s + int(length[1]) / 100))
        else:  # another look, the same syllable
            syllables[-1] = (before + text, begin_s, at_s)
    return _words_of(syllables) if len(syllables) > 1 else ()


def _words_of(pieces: Iterable[tuple[str, float, float]]) -> tuple[TimedText, ...]:
    """Words of (text, start, end): syllables without a space between them are one word.

    A word keeps a space before it where one stood, which tells it from a piece of a word;
    scripts without spaces keep the pieces as they were timed.
    """
    words: list[TimedText] = []
    has_space = True
    for text, start_s, end_s in pieces:
        plain = plain_text(text).replace("\n", " ")
        if plain and (has_space or text[:1].isspace() or not words):
            words.append(TimedText(f" {plain}", start_s, end_s))
        elif plain and (is_spaceless(plain[0]) or is_spaceless(words[-1].text[-1])):
            words.append(TimedText(plain, start_s, end_s))
        elif plain:
            words[-1] = replace(words[-1], text=words[-1].text + plain, end_s=end_s)
        if text:
            has_space = text[-1].isspace()
    return tuple(words)


def _seconds(stamp: str) -> float:
    seconds = 0.0
    for part in stamp.replace(",", ".").split(":"):
        seconds = seconds * 60 + float(part)
    return seconds


def _unrolled(cues: list[Cue]) -> list[Cue]:
    """Cues without the lines that they only repeat from the cue before; fades are one cue."""
    fresh: list[Cue] = []
    fading = _fading(cues)
    has_rolled = False
    for number, (before, cue) in enumerate(zip([None, *cues], cues, strict=False)):
        lines = cue.text.split("\n")
        count = len(lines)
        if before is not None and _rolls_on(before, cue, is_held=has_rolled or number in fading):
            shown = before.text.split("\n")
            while lines and shown and lines[0] in shown:
                shown = shown[shown.index(lines[0]) + 1 :]
                lines.pop(0)
        if before is None or cue.text != before.text:
            has_rolled = len(lines) < count
        text = " ".join(lines)
        if text:
            fresh.append(Cue(cue.start_s, cue.end_s, text, cue.speaker, cue.words))
        elif number in fading and fresh and fresh[-1].text == cue.text.replace("\n", " "):
            fresh[-1] = replace(fresh[-1], end_s=cue.end_s)
    return fresh


def _fading(cues: list[Cue]) -> set[int]:
    """Numbers of the cues that are further pieces of one that fades in or out."""
    found: set[int] = set()
    first = 0
    for end in range(1, len(cues) + 1):
        if end < len(cues) and _goes_on(cues[end - 1], cues[end]):
            continue
        lengths_s = sorted(cue.end_s - cue.start_s for cue in cues[first:end])
        short_s = [length_s for length_s in lengths_s if length_s < _FADING_S]
        if len(short_s) >= _LEAST_PIECES and short_s[-1] - short_s[0] < _ALIKE_S:
            found.update(range(first + 1, end))
        first = end
    return found


def _goes_on(before: Cue, cue: Cue) -> bool:
    """Whether `cue` is the cue `before` once more, by the same speaker and without a gap."""
    is_twin = (cue.text, cue.speaker) == (before.text, before.speaker)
    return is_twin and not cue.words and abs(cue.start_s - before.end_s) < _ALIKE_S


def _rolls_on(before: Cue, cue: Cue, *, is_held: bool) -> bool:
    """Whether lines of `cue` that the cue `before` had too are still shown, not said again.

    Said again is what has word times, and a whole cue that is there once more for long enough to
    be said; not so what is on screen at the same time, and a cue that is held because the one
    before had rolled on or because both are pieces of a fade.
    """
    is_twin = cue.text == before.text and not before.words and not is_held
    is_said = bool(cue.words) or (is_twin and cue.end_s - cue.start_s >= _SAID_S)
    return cue.start_s - before.end_s < (0.0 if is_said else 0.1)


def _without_bad_blocks(text: str, cues: CueList) -> str:
    """SRT and VTT text without the blocks whose time line makes no sense."""
    kept: list[str] = []
    is_bad_block = False
    seen = 0
    before = ""
    for number, line in enumerate(text.split("\n"), 1):
        is_head = not before.strip() or before.strip().isdigit() or _TIME_LINE.match(line)
        before = line
        if len(line) > _LONGEST_LINE:
            cues.refuse(f"line {number}: its text is longer than {MAX_CUE_LETTERS:,} letters")
        elif _ARROW in line and not is_head:
            kept.append(line.replace(_ARROW, "\ue003"))  # said, and no time of a cue
        elif _ARROW in line:
            seen += 1
            if seen > MAX_CUES:
                cues.bad = MAX_CUES
                cues.take(Cue(0.0, 0.0, "x"), f"line {number}")
            match = _TIME_LINE.match(line)
            is_bad_block = match is None
            if match is None:
                cues.refuse(f"line {number}: {line.strip()[:60]}")
            else:
                kept.append(f"{_full(match[1])} --> {_full(match[2])}")
        elif not is_bad_block:
            # pysubs2 would take a line with two inline times for the times of a cue.
            kept.append(_INLINE_STAMP.sub(lambda m: f"<t{_seconds(m[1]):.3f}>", line))
    return "\n".join(kept)


def _full(stamp: str) -> str:
    """The stamp as HH:MM:SS.mmm, which both of pysubs2's parsers understand."""
    milliseconds = round(_seconds(stamp) * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


def _without_bad_events(text: str, cues: CueList) -> str:
    kept: list[str] = []
    seen = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith(("Dialogue:", "Comment:")):
            seen += 1
            if seen > MAX_CUES:
                cues.bad = MAX_CUES
                cues.take(Cue(0.0, 0.0, "x"), f"line {number}")
            if len(line) > _LONGEST_LINE:
                cues.refuse(f"line {number}: its text is longer than {MAX_CUE_LETTERS:,} letters")
                continue
            match = _ASS_EVENT.match(line)
            if match is None or not all(_ASS_STAMP.match(stamp) for stamp in match.groups()):
                cues.refuse(f"line {number}: {line.strip()[:60]}")
                continue
        elif line.startswith("Style:"):
            continue  # looks are ours, and a broken style would stop the parser
        kept.append(line)
    return "\n".join(kept)
