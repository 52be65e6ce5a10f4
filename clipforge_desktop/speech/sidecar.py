"""Takes a transcript that already exists: beside the video, or named by the user.

Whatever the file is (.srt, .vtt, .ass, Whisper JSON), it becomes words with source times.
Hostile files are limited before they are parsed, and refused with the place named.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.source import SpeechRange
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.speech.cues import MAX_FILE_BYTES, Cue, CueList
from clipforge_desktop.speech.encodings import decode_text
from clipforge_desktop.speech.loops import drop_loops
from clipforge_desktop.speech.placing import ReadSamples, place_words
from clipforge_desktop.speech.repair import in_order
from clipforge_desktop.speech.subtitle_file import read_subtitles
from clipforge_desktop.speech.whisper_json import is_whisper_json, read_whisper_json
from clipforge_desktop.words_from import SUFFIXES, files_beside, language_of

_CHECK_EVERY = 200
_STEP = "Choose another transcript, or leave it out to have the speech recognised."


@dataclass(frozen=True)
class SidecarTranscript:
    """What a transcript file said. `language` is "" when the file doesn't tell.

    `line_starts` are the words that begin one of its cues, in order.
    """

    name: str
    language: str
    words: tuple[Word, ...]
    notices: tuple[str, ...] = ()
    line_starts: tuple[int, ...] = ()


def find_sidecar(video: Path) -> Path | None:
    """The transcript beside `video`: talk.srt, talk.en.srt, talk.vtt, talk.json ... or None.

    The plain name goes before names with a language; a .json counts only if it is a transcript.
    """
    return next((file for file in files_beside(video) if _is_transcript(file)), None)


def read_sidecar(
    file: Path,
    duration_s: float,
    *,
    speech: Sequence[SpeechRange] = (),
    samples: ReadSamples | None = None,
    check: Callable[[], None] = lambda: None,
) -> SidecarTranscript:
    """The words of a transcript file, inside 0..`duration_s`, in order, none overlapping.

    `speech` and `samples(start_s, end_s)` place words inside their cues. Raises InputError with
    codes `transcript_missing`, `transcript_too_big`, `transcript_too_long`,
    `transcript_unreadable`, `transcript_empty` or `transcript_kind`.
    """
    cues = read_cues(file)
    spoken = sorted((c for c in cues.cues if c.start_s < duration_s), key=lambda c: c.start_s)
    late = len(cues.cues) - len(spoken)
    if not spoken:
        raise _empty(file, cues)
    words: list[Word] = []
    lines_s: list[float] = []
    nearby = _Window(speech)
    for number, cue in enumerate(spoken):
        if number % _CHECK_EVERY == 0:
            check()
        following_s = spoken[number + 1].start_s if number + 1 < len(spoken) else duration_s
        end_s = following_s if following_s > cue.start_s else cue.end_s
        placed = place_words(cue, end_s, nearby.around(cue), samples)
        lines_s += [word.start_s for word in placed[:1]]
        words += placed
    notices = list(cues.notices())
    if late:
        lies, was = ("One cue lies", "was") if late == 1 else (f"{late:,} cues lie", "were")
        notices.append(f"{lies} behind the end of the video and {was} left out.")
    language = cues.language or language_of(file)
    if file.suffix.casefold() == ".json":
        words = list(drop_loops(words))  # people write no loops, Whisper does
    tidy = _tidy(words, duration_s)
    if not tidy:
        raise _empty(file, cues)
    lines = _line_starts(tidy, lines_s)
    return SidecarTranscript(file.name, language, tidy, tuple(notices), lines)


def read_cues(file: Path) -> CueList:
    """The cues of a transcript file; see `read_sidecar` for the errors."""
    if not file.is_file():
        raise InputError(
            "transcript_missing", f"There is no transcript file {file}.", "Check the path."
        )
    if file.stat().st_size > MAX_FILE_BYTES:
        raise InputError(
            "transcript_too_big",
            f"{file.name} is larger than {MAX_FILE_BYTES // 1_000_000} MB, no transcript is.",
            _STEP,
        )
    suffix = file.suffix.casefold()
    if suffix not in SUFFIXES:
        raise InputError(
            "transcript_kind",
            f"{file.name} is no transcript ClipForge can read.",
            "Give an .srt, .vtt or .ass file, or a .json file that Whisper wrote.",
        )
    decoded = decode_text(file.read_bytes(), file.name)
    text = decoded.text
    cues = read_whisper_json(text) if suffix == ".json" else read_subtitles(text, suffix)
    cues.assumed_encoding = decoded.assumed
    if not cues.cues:
        raise _empty(file, cues)
    return cues


class _Window:
    """The speech ranges around one cue after the other, without searching them all each time."""

    def __init__(self, speech: Sequence[SpeechRange]) -> None:
        self._speech = speech
        self._first = 0

    def around(self, cue: Cue) -> list[SpeechRange]:
        """Ranges that overlap `cue`. Cues must come in order of their start."""
        while self._first < len(self._speech) and self._speech[self._first].end_s <= cue.start_s:
            self._first += 1
        found: list[SpeechRange] = []
        for spoken in self._speech[self._first :]:
            if spoken.start_s >= cue.end_s:
                break
            found.append(spoken)
        return found


def _tidy(words: Sequence[Word], duration_s: float) -> tuple[Word, ...]:
    """In order, with the spaces and control characters of the file gone from the text."""
    clean = (replace(word, text="".join(c for c in word.text if _is_text(c))) for word in words)
    return in_order((word for word in clean if word.text), duration_s)


def _is_text(character: str) -> bool:
    """Letters, and the invisible marks that belong to them: joiners, emoji tags, hard spaces."""
    return (
        character.isprintable()
        or character in "\u200c\u200d\u00a0\u202f"
        or "\U000e0020" <= character <= "\U000e007f"
    )


def _line_starts(words: Sequence[Word], lines_s: Sequence[float]) -> tuple[int, ...]:
    """The words that begin a line, by the times they had before they were put in order."""
    starts_s = [word.start_s for word in words]
    found = {bisect_left(starts_s, round(line_s, 3)) for line_s in lines_s}
    return tuple(sorted(found - {len(words)}))


def _is_transcript(file: Path) -> bool:
    if file.suffix.casefold() != ".json":
        return True
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            return False
        return is_whisper_json(decode_text(file.read_bytes(), file.name).text)
    except (InputError, OSError):
        return False


def _empty(file: Path, cues: CueList) -> InputError:
    why = f" ({cues.first_bad})" if cues.first_bad else ""
    return InputError(
        "transcript_empty", f"{file.name} holds no text that belongs to this video{why}.", _STEP
    )
