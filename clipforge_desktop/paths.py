"""Every folder we touch. `--home DIR` (or CLIPFORGE_HOME) moves all of them.

`resources()` is the one function that knows where shipped files lie: beside the package in a
checkout, inside it in a wheel, in the unpacked bundle of a frozen program.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from clipforge_desktop.domain.errors import InputError

APP_NAME = "ClipForge"


@dataclass(frozen=True)
class Home:
    """All of one user's state under one root; nothing is written anywhere else but exports."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "clipforge.db"

    @property
    def queues(self) -> Path:
        """Huey's own files: a disposable cache of the jobs table."""
        return self.root / "queues"

    @property
    def cache(self) -> Path:
        """One folder per content key: audio, thumbnails, waveform."""
        return self.root / "cache"

    @property
    def work(self) -> Path:
        """One scratch folder per running job."""
        return self.root / "work"

    @property
    def models(self) -> Path:
        return self.root / "models"

    @property
    def styles(self) -> Path:
        return self.root / "caption_styles"

    @property
    def fonts(self) -> Path:
        return self.root / "fonts"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def locks(self) -> Path:
        return self.root / "locks"

    @property
    def export_journal(self) -> Path:
        """Append-only list of finished exports, so that they are known after a restore."""
        return self.root / "exports.jsonl"

    @property
    def suspicion(self) -> Path:
        """There while the database is known to be damaged and nobody has restored it yet."""
        return self.root / "database-damaged"

    @property
    def reserve(self) -> Path:
        """A few MB that are given back when the disk is full, so that rows can be written."""
        return self.root / "reserve"

    def create(self) -> "Home":
        """Make the folders that must exist; raises InputError `home_not_writable`."""
        try:
            self._make_folders()
        except OSError as error:
            raise InputError(
                "home_not_writable",
                f"ClipForge cannot keep its library in {self.root}: {error.strerror}.",
                "Choose another folder with --home, or make this one writable.",
            ) from error
        return self

    def _make_folders(self) -> None:
        for folder in (
            self.root,
            self.queues,
            self.cache,
            self.work,
            self.models,
            self.styles,
            self.fonts,
            self.backups,
            self.logs,
            self.locks,
        ):
            folder.mkdir(parents=True, exist_ok=True)


def default_home() -> Home:
    override = os.environ.get("CLIPFORGE_HOME")
    if override:
        return Home(Path(override).expanduser().absolute())
    return Home(Path(platformdirs.user_data_dir(APP_NAME, appauthor=False)))


def default_exports() -> Path:
    """Where the window saves clips until the user chooses a folder."""
    return Path(platformdirs.user_videos_dir()) / APP_NAME


def resources() -> Path:
    """The folder of shipped fonts, styles, icons, presets and the sample."""
    package = Path(__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)
    candidates = [Path(frozen) / "resources"] if frozen else []
    candidates += [package / "resources", package.parent / "resources"]
    for folder in candidates:
        if (folder / "LICENSES").is_dir():
            return folder
    raise FileNotFoundError("ClipForge's own files are missing; install it again.")
