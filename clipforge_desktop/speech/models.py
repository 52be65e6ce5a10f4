"""Which Whisper models are installed, which one to use, and how a named one is found.

Installed models lie in `models_dir/whisper/<name>`. A model may also be any folder that the
user names. Nothing here goes to the network but through `downloading`, and that only when the
user named a model, is online, and the model is not installed.
"""

from collections.abc import Callable
from pathlib import Path

from clipforge_desktop.domain.catalogue import find_entry, refuse_unknown_model
from clipforge_desktop.domain.errors import ClipForgeError
from clipforge_desktop.speech.downloading import install, installed_at
from clipforge_desktop.speech.model_folder import validate_whisper_folder
from clipforge_desktop.words_from import WhisperModelFolder, best_installed, installed_models

_INSTALL_STEP = (
    "Install a Whisper model (for instance: small), give a subtitle file, or use the draft."
)


def resolve_model(
    named: str,
    models_dir: Path,
    language: str,
    *,
    is_offline: bool,
    check: Callable[[], None],
    on_progress: Callable[[float], None],
) -> WhisperModelFolder:
    """The checked model for what the user named: a name, a folder, or "" for the best one.

    Raises ClipForgeError `whisper_model_missing` when there is none to be had, and the codes of
    `validate_whisper_folder` and `downloading.install`.
    """
    model = _locate(named, models_dir, language)
    if model is None:
        model = _download(named, models_dir, is_offline, check, on_progress)
    validate_whisper_folder(model.folder, check)
    return model


def _locate(named: str, models_dir: Path, language: str) -> WhisperModelFolder | None:
    if not named:
        best = best_installed(models_dir, language)
        if best is None:
            raise ClipForgeError(
                "whisper_model_missing",
                "No Whisper model is installed.",
                _INSTALL_STEP,
            )
        return best
    folder = Path(named).expanduser()
    if folder.is_dir():
        return WhisperModelFolder(folder.name, folder)
    entry = find_entry(named)
    for model in installed_models(models_dir):
        if model.name in (named, entry.name if entry else named):
            return model
    refuse_unknown_model(named)
    return None


def _download(
    named: str,
    models_dir: Path,
    is_offline: bool,
    check: Callable[[], None],
    on_progress: Callable[[float], None],
) -> WhisperModelFolder:
    entry = find_entry(named) or installed_at(named)
    if is_offline:
        raise ClipForgeError(
            "whisper_model_missing",
            f'The Whisper model "{named}" is not installed, and ClipForge is offline.',
            "Go online once to install it, choose an installed one, or use the draft.",
        )
    folder = install(entry, models_dir, check=check, on_progress=on_progress)
    return WhisperModelFolder(entry.name, folder, entry.is_english_only)
