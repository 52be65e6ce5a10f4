"""Fixtures that every room shares: a home of its own for each test, and media made on the spot."""

import os
from pathlib import Path

import pytest

from clipforge_desktop.paths import Home

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_XCB_GL_INTEGRATION", "none")  # as the window does


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home folder, already created."""
    return Home(tmp_path / "home").create()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real media, picks and models; tests that use it are marked real_media."""
    folder = Path(
        os.environ.get("CLIPFORGE_SHARED", Path(__file__).resolve().parents[2] / "shared")
    )
    if not (folder / "media" / "INDEX.tsv").is_file():
        pytest.skip("no folder of real media here")
    return folder
