"""What import-linter cannot say: which parts of Qt a room may use."""

import ast
from pathlib import Path

import pytest

import clipforge_desktop

PACKAGE = Path(clipforge_desktop.__file__).parent


def imported(room: str) -> set[str]:
    """Every module that a file of the room imports, at any depth."""
    names: set[str] = set()
    for file in (PACKAGE / room).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("module", ["PySide6.QtWidgets", "PySide6.QtMultimedia"])
def test_the_caption_painter_needs_no_widgets(module: str) -> None:
    assert module not in imported("captions")


@pytest.mark.parametrize("room", ["jobs", "stages"])
def test_the_workshop_needs_no_widgets(room: str) -> None:
    assert not any(name.startswith("PySide6.QtWidgets") for name in imported(room))


def test_only_one_room_runs_ffmpeg() -> None:
    rooms = (
        "stages",
        "speech",
        "moments",
        "faces",
        "captions",
        "jobs",
        "ui",
        "app",
        "store",
        "work",
    )
    for room in rooms:
        assert "imageio_ffmpeg" not in imported(room), room
