"""Every model that can be installed: what it is for, where it comes from, what it weighs.

One typed list for Whisper, the finder's sentence model, the face detector and the network that
tells people from the background, so that the window, `doctor` and the installer speak of the same
things. Nothing here opens a file or a connection. Sizes are what the publishers' repositories
hold, for people to read.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from clipforge_desktop.domain.errors import InputError


class ModelKind(StrEnum):
    """What a model is for."""

    WHISPER = "whisper"
    SENTENCES = "sentences"
    FACES = "faces"
    PEOPLE = "people"


@dataclass(frozen=True)
class CatalogueEntry:
    """One model that can be installed by name from its publisher on the Hugging Face hub.

    `patterns` are the files that are fetched; `required` those without which it is useless.
    """

    kind: ModelKind
    name: str
    repository: str
    size_mb: int
    licence: str
    folder: str  # under the models folder; "" for a single file that lies there by itself
    required: tuple[str, ...]
    patterns: tuple[str, ...]
    is_english_only: bool = False


_CT2_FILES = ("model.bin", "config.json", "tokenizer.json")
_CT2_PATTERNS = (*_CT2_FILES, "preprocessor_config.json", "vocabulary.*")


def _whisper(name: str, repository: str, size_mb: int) -> CatalogueEntry:
    is_english_only = name.endswith(".en") or name.startswith("distil-")
    return CatalogueEntry(
        ModelKind.WHISPER,
        name,
        repository,
        size_mb,
        "MIT",
        f"{ModelKind.WHISPER}/{name}",
        _CT2_FILES,
        _CT2_PATTERNS,
        is_english_only,
    )


# Best first: the order in which an installed model is chosen when none is named.
CATALOGUE: tuple[CatalogueEntry, ...] = (
    _whisper("large-v3", "Systran/faster-whisper-large-v3", 3090),
    _whisper("large-v3-turbo", "mobiuslabsgmbh/faster-whisper-large-v3-turbo", 1620),
    _whisper("large-v2", "Systran/faster-whisper-large-v2", 3090),
    _whisper("distil-large-v3.5", "distil-whisper/distil-large-v3.5-ct2", 1510),
    _whisper("distil-large-v3", "Systran/faster-distil-whisper-large-v3", 1510),
    _whisper("medium.en", "Systran/faster-whisper-medium.en", 1530),
    _whisper("medium", "Systran/faster-whisper-medium", 1530),
    _whisper("distil-medium.en", "Systran/faster-distil-whisper-medium.en", 790),
    _whisper("small.en", "Systran/faster-whisper-small.en", 486),
    _whisper("small", "Systran/faster-whisper-small", 486),
    _whisper("distil-small.en", "Systran/faster-distil-whisper-small.en", 335),
    _whisper("base.en", "Systran/faster-whisper-base.en", 148),
    _whisper("base", "Systran/faster-whisper-base", 148),
    _whisper("tiny.en", "Systran/faster-whisper-tiny.en", 78),
    _whisper("tiny", "Systran/faster-whisper-tiny", 78),
    CatalogueEntry(
        ModelKind.SENTENCES,
        "all-MiniLM-L6-v2",
        "michaelfeil/ct2fast-all-MiniLM-L6-v2",
        46,
        "Apache-2.0",
        "all-MiniLM-L6-v2-int8",
        _CT2_FILES,
        _CT2_PATTERNS,
    ),
    CatalogueEntry(
        ModelKind.FACES,
        "yunet",
        "opencv/face_detection_yunet",
        1,
        "MIT",
        "",
        ("face_detection_yunet_2023mar.onnx",),
        ("face_detection_yunet_2023mar.onnx", "LICENSE"),
    ),
    CatalogueEntry(
        ModelKind.PEOPLE,
        "pphumanseg",
        "opencv/human_segmentation_pphumanseg",
        6,
        "Apache-2.0",
        "",
        ("human_segmentation_pphumanseg_2023mar.onnx",),
        ("human_segmentation_pphumanseg_2023mar.onnx", "LICENSE"),
    ),
)
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")  # "owner/name" on the hub
_ALIASES = {"large": "large-v3", "turbo": "large-v3-turbo"}


def find_entry(name: str, kind: ModelKind = ModelKind.WHISPER) -> CatalogueEntry | None:
    """The entry of that name ("turbo" and "large" are understood), or None."""
    wanted = _ALIASES.get(name.strip().casefold(), name.strip().casefold())
    return next((e for e in CATALOGUE if e.kind is kind and e.name == wanted), None)


def refuse_unknown_model(named: str) -> None:
    """Raises InputError `whisper_model_unknown` for what neither the list nor the hub can have."""
    if find_entry(named) is None and not _REPOSITORY.fullmatch(named):
        names = ", ".join(entry.name for entry in reversed(entries(ModelKind.WHISPER)))
        raise InputError(
            "whisper_model_unknown",
            f'There is no Whisper model and no folder called "{named[:200]}".',
            f"Give a folder, or one of: {names}.",
        )


def entries(kind: ModelKind) -> tuple[CatalogueEntry, ...]:
    """All entries of one kind, best first."""
    return tuple(entry for entry in CATALOGUE if entry.kind is kind)
