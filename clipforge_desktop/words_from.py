"""Where the words of a video would come from today: its models, and the files beside it.

Cheap looks at folders, for both towers: no model is loaded, no transcript read, nothing fetched.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from clipforge_desktop.domain.catalogue import ModelKind, entries
from clipforge_desktop.domain.languages import AUTO, language_code, wanted_language
from clipforge_desktop.domain.order import SpeechOptions

READER_VERSION = 4
"""Raised when the same file gives other words or lines, so that kept ones are not used again."""
SUBTITLE_SUFFIXES = (".srt", ".vtt", ".ass", ".ssa")
SUFFIXES = (*SUBTITLE_SUFFIXES, ".json")
_READ = f" read {READER_VERSION}"
_MAX_SIBLINGS = 5_000  # a folder of more files is not searched for tagged names
_MEMORY_FACTOR = 1.3  # weights plus what one range needs

FindSidecar = Callable[[Path], Path | None]
"""The transcript beside a video, if there is one."""


@dataclass(frozen=True)
class WhisperModelFolder:
    """A whole model on disk, checked and ready to load."""

    name: str
    folder: Path
    is_english_only: bool = False


def installed_models(models_dir: Path) -> tuple[WhisperModelFolder, ...]:
    """Installed Whisper models, best first; folders of other names come last."""
    root = models_dir / ModelKind.WHISPER
    known = [
        e for e in entries(ModelKind.WHISPER) if (models_dir / e.folder / "model.bin").exists()
    ]
    found = [WhisperModelFolder(e.name, models_dir / e.folder, e.is_english_only) for e in known]
    names = {model.name for model in found}
    if root.is_dir():
        for folder in sorted(root.iterdir()):
            is_other = folder.name not in names and folder.suffix != ".part"
            if is_other and (folder / "model.bin").exists():
                found.append(WhisperModelFolder(folder.name, folder))
    return tuple(found)


def best_installed(models_dir: Path, language: str) -> WhisperModelFolder | None:
    """The best installed model that knows `language` ("auto" for any) and fits in memory."""
    free_bytes = psutil.virtual_memory().available
    suitable = [
        model
        for model in installed_models(models_dir)
        if language == "en" or not model.is_english_only
    ]
    for model in suitable:
        if (model.folder / "model.bin").stat().st_size * _MEMORY_FACTOR < free_bytes:
            return model
    return suitable[-1] if suitable else None


def source_mark(
    options: SpeechOptions, video: Path, models_dir: Path, find_sidecar: FindSidecar
) -> str:
    """What `speech.choosing` would take, as a short text: equal texts, equal words.

    Cheap: no model is loaded and nothing is downloaded. A changed transcript file and a newly
    installed model give another text.
    """
    if options.transcript:
        return _file_mark(Path(options.transcript).expanduser())
    if options.speech in ("none", "draft"):
        return options.speech
    if options.model:
        return f"whisper {options.model}"
    best = best_installed(models_dir, wanted_language(options.language))
    if best is not None:
        return f"whisper {best.name}"
    sidecar = find_sidecar(video) if options.speech == AUTO else None
    return _file_mark(sidecar) if sidecar is not None else "draft"


def _file_mark(file: Path) -> str:
    try:
        status = file.stat()
    except OSError:
        return str(file)
    return f"{file} {status.st_size} {status.st_mtime_ns}{_READ}"


def file_mark(options: SpeechOptions, video: Path, models_dir: Path) -> str | None:
    """`source_mark` where it is that of a transcript file that is there; None where it is not.

    None also where only its content tells whether a file is one: a .json beside the video.
    """

    def plain(video: Path) -> Path | None:
        file = next(files_beside(video), None)
        return None if file is None or file.suffix.casefold() == ".json" else file

    mark = source_mark(options, video, models_dir, plain)
    return mark if mark.endswith(_READ) else None


def files_beside(video: Path) -> Iterator[Path]:
    """What may be the transcript of `video`, likeliest first: talk.srt, talk.mp4.srt, talk.en.srt.

    A .json is only one when its content says so.
    """
    plain = [video.with_suffix(suffix) for suffix in SUFFIXES]
    plain += [video.with_name(video.name + suffix) for suffix in SUFFIXES]
    for file in (*plain, *_tagged(video)):
        if file != video and _is_there(file):
            yield file


def language_of(file: Path) -> str:
    """The language in a name such as talk.en.srt, "" when there is none."""
    tags = file.name.split(".")[1:-1]
    return language_code(tags[-1]) if tags else ""


def _is_there(file: Path) -> bool:
    try:
        return file.is_file()
    except OSError:  # a video's name may be so long that none fits beside it
        return False


def _tagged(video: Path) -> list[Path]:
    """Files named like the video with a language in between: talk.en.srt, talk.en-US.vtt."""
    try:
        names = sorted(
            path for path, _ in zip(video.parent.iterdir(), range(_MAX_SIBLINGS), strict=False)
        )
    except OSError:
        return []
    return [
        path
        for path in names
        if path.name.startswith(video.stem + ".")
        and path.suffix.casefold() in SUBTITLE_SUFFIXES
        and language_of(path)
    ]
