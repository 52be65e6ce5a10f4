"""`clipforge models`: which models there are, and installing one from its publisher.

Installing is the only thing in ClipForge that uses the network, and only when asked to.
"""

import json
import sys

from clipforge_desktop.domain.catalogue import CATALOGUE, CatalogueEntry, ModelKind
from clipforge_desktop.domain.errors import ClipForgeError
from clipforge_desktop.paths import Home
from clipforge_desktop.speech.downloading import install, installed_at
from clipforge_desktop.store import Store


def list_models(home: Home, *, as_json: bool) -> int:
    """Print the catalogue, with what is installed; returns the exit code."""
    for entry in CATALOGUE:
        is_installed = _is_installed(home, entry)
        if as_json:
            line = {
                "name": entry.name,
                "kind": entry.kind.value,
                "size_mb": entry.size_mb,
                "licence": entry.licence,
                "is_installed": is_installed,
            }
            sys.stdout.write(json.dumps(line) + "\n")
        else:
            mark = "installed" if is_installed else ""
            sys.stdout.write(
                f"{entry.kind.value:<10} {entry.name:<20} {entry.size_mb:>5} MB  {mark}\n"
            )
    return 0


def install_model(home: Home, name: str, *, is_offline: bool, as_json: bool) -> int:
    """Download `name` (of the catalogue, or owner/repository); returns the exit code."""
    known = [entry for entry in CATALOGUE if entry.name == name.strip().casefold()]
    if not known and "/" not in name:
        names = ", ".join(entry.name for entry in CATALOGUE)
        return _refuse(f'There is no model called "{name}".', f"Choose one of: {names}.", as_json)
    try:
        folder = install(
            known[0] if known else installed_at(name),
            home.models,
            check=lambda: None,
            on_progress=lambda share: None if as_json else _show(share),
            is_offline=is_offline,
        )
    except ClipForgeError as error:
        return _refuse(error.failure.message, error.failure.next_step, as_json, code=1)
    if known and known[0].kind is ModelKind.FACES:
        with Store.open(home) as store:
            store.library.forget_studies()
    text = json.dumps({"installed": str(folder)}) if as_json else f"\nInstalled in {folder}"
    sys.stdout.write(text + "\n")
    return 0


def _is_installed(home: Home, entry: CatalogueEntry) -> bool:
    folder = home.models / entry.folder
    return all((folder / name).is_file() for name in entry.required)


def _show(share: float) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{share * 100:3.0f} %")


def _refuse(message: str, next_step: str, as_json: bool, code: int = 2) -> int:
    if as_json:
        line = {"event": "error", "source": "", "code": "model", "message": message}
        sys.stdout.write(json.dumps({**line, "next_step": next_step}) + "\n")
    else:
        sys.stderr.write(f"{message} {next_step}\n")
    return code
