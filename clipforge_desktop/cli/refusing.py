"""Refuses at once what could only fail later: values that no stage would take.

Only what can be told without loading an engine (of music a child process tells); the stages
check again, by content.
"""

import math
from pathlib import Path

from clipforge_desktop.app.music import music_refusal
from clipforge_desktop.domain.catalogue import ModelKind, refuse_unknown_model
from clipforge_desktop.domain.delivery import MusicBed
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.languages import wanted_language
from clipforge_desktop.paths import Home

TRANSCRIPT_KINDS = (".srt", ".vtt", ".ass", ".ssa", ".json")
SHORTEST_S, LONGEST_S = 1.0, 3600.0
LOUDEST_BED_LU, QUIETEST_BED_LU, MOST_DUCK_LU = 0.0, -40.0, 40.0
_HEAD_BYTES = 4096
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_MODEL_FILES = ("model.bin", "config.json", "tokenizer.json")


def clip_lengths(min_s: float, max_s: float) -> tuple[float, float]:
    """Both lengths in seconds. Raises InputError `seconds_out_of_range`."""
    for option, value in (("--min-seconds", min_s), ("--max-seconds", max_s)):
        if math.isnan(value) or not SHORTEST_S <= value <= LONGEST_S:
            raise InputError(
                "seconds_out_of_range",
                f"{option} must be from {SHORTEST_S:g} to {LONGEST_S:g} seconds; {value:g} is not.",
                "Leave it out for the usual length, 15 to 60 seconds.",
            )
    if min_s > max_s:
        raise InputError(
            "seconds_out_of_range",
            f"The shortest clip ({min_s:g} s) would be longer than the longest ({max_s:g} s).",
            "Give a --min-seconds that is not larger than --max-seconds.",
        )
    return min_s, max_s


def without_export(changed: list[str]) -> None:
    """Raises InputError `nothing_to_export` for options that --find-only would ignore."""
    if changed:
        *first, last = changed
        said = f"{', '.join(first)} and {last}" if first else last
        raise InputError(
            "nothing_to_export",
            f"{said} {'change' if first else 'changes'} exported clips, and --find-only exports"
            " none.",
            f"Leave --find-only out, or {said}.",
        )


def language(written: str) -> str:
    """What was written, when it is a language or "auto". Raises InputError `language_unknown`."""
    wanted_language(written)
    return written


def model(value: str, home: Home) -> str:
    """A folder as an absolute path, a name as it is.

    Raises InputError `model_not_found` for a path to nothing, `model_not_whisper` for a folder
    that holds no model, `model_incomplete` for half of one, `whisper_model_unknown` for a name
    of nothing that is installed or could be.
    """
    folder = Path(value).expanduser()
    is_path = folder.is_absolute() or value.startswith((".", "~"))
    if not value or not (is_path or folder.exists()):
        if value and not (home.models / ModelKind.WHISPER / value).is_dir():
            refuse_unknown_model(value)
        return value
    if not folder.is_dir():
        raise InputError(
            "model_not_found",
            f"There is no folder {folder}.",
            "Check the path, or leave --model out to use the best one that is installed.",
        )
    missing = [name for name in _MODEL_FILES if not (folder / name).is_file()]
    if _MODEL_FILES[0] in missing:
        raise InputError(
            "model_not_whisper",
            f"{folder} does not hold a Whisper model in CTranslate2's format.",
            f"Choose a folder with {', '.join(_MODEL_FILES)} in it, or a model by its name.",
        )
    if missing:
        raise InputError(
            "model_incomplete",
            f"The model in {folder} is not complete: {missing[0]} is missing.",
            "Install the model again, or choose another one.",
        )
    return str(folder.absolute())


def transcript(path: Path | None) -> str:
    """The absolute path of a transcript file; "" for none.

    Raises InputError `transcript_not_found`, `transcript_kind`, `transcript_unreadable` or
    `transcript_empty`.
    """
    if path is None:
        return ""
    file = path.expanduser().absolute()
    if not file.is_file():
        what = "is a folder" if file.is_dir() else "is not there"
        raise InputError(
            "transcript_not_found",
            f"The transcript file {file.name} {what}.",
            "Check the path given with --transcript.",
        )
    if file.suffix.casefold() not in TRANSCRIPT_KINDS:
        raise InputError(
            "transcript_kind",
            f"{file.name} is no transcript that ClipForge can read.",
            "Give an .srt, .vtt or .ass file, or a .json file that Whisper wrote.",
        )
    _check_text(file)
    return str(file)


def folder(out: Path) -> str:
    """The absolute path of the folder for clips. Raises InputError `output_not_a_folder`."""
    wanted = out.expanduser().absolute()
    if wanted.exists() and not wanted.is_dir():
        raise InputError(
            "output_not_a_folder",
            f"{wanted.name} is a file, so no clips can be put into it.",
            "Give a folder with --out; it is made when it is not there.",
        )
    return str(wanted)


def music(file: Path | None, level_lu: float | None, duck_lu: float | None) -> MusicBed | None:
    """The music bed; None for none.

    Raises InputError `music_missing`, `music_unreadable`, `music_silent`, `music_out_of_range`,
    or `nothing_to_mix` for a level of no music.
    """
    if file is None:
        if level_lu is not None or duck_lu is not None:
            raise InputError(
                "nothing_to_mix",
                "--music-level and --music-duck are about music, and there is none.",
                "Give the music with --music FILE.",
            )
        return None
    path = str(file.expanduser().absolute())
    usual = MusicBed(path)
    level = _within("--music-level", level_lu, usual.level_lu, QUIETEST_BED_LU, LOUDEST_BED_LU)
    duck = _within("--music-duck", duck_lu, usual.duck_lu, 0.0, MOST_DUCK_LU)
    failure = music_refusal(path)
    if failure is not None:
        raise InputError(failure.code, failure.message, failure.next_step)
    return MusicBed(path, level, duck)


def _within(option: str, given: float | None, usual: float, least: float, most: float) -> float:
    if given is None:
        return usual
    if math.isnan(given) or not least <= given <= most:
        raise InputError(
            "music_out_of_range",
            f"{option} must be from {least:g} to {most:g} dB; {given:g} is not.",
            f"Leave it out for {usual:g} dB.",
        )
    return given


def _check_text(file: Path) -> None:
    try:
        with file.open("rb") as opened:
            head = opened.read(_HEAD_BYTES)
    except OSError as error:
        raise InputError(
            "transcript_unreadable",
            f"{file.name} cannot be read: {error.strerror or error}.",
            "Check the file's permissions.",
        ) from error
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise InputError(
            "transcript_empty",
            f"{file.name} is empty.",
            "Leave --transcript out to have the words recognised, or give another file.",
        )
    if 0 in head and not head.startswith(_UTF16_MARKS) and not _is_utf16(head):
        raise InputError(
            "transcript_unreadable",
            f"{file.name} holds binary data, not text.",
            "Give the subtitle file itself, saved as text.",
        )


def _is_utf16(head: bytes) -> bool:
    """UTF-16 without its mark: a zero in every other byte of Latin text, and no controls."""
    if head.count(0) <= len(head) // 4:
        return False
    text = head.decode("utf-16-le" if head[1:2] == b"\0" else "utf-16-be", errors="replace")
    return sum(c.isprintable() or c.isspace() for c in text) > 0.9 * len(text)
