"""The built program itself, without Python beside it: runs when CLIPFORGE_FROZEN names it.

`python packaging/build.py --test` builds it and sets the name. These tests build nothing.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

import clipforge_desktop

SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "sample" / "talk.mp4"


@pytest.fixture(scope="module")
def program() -> Path:
    named = os.environ.get("CLIPFORGE_FROZEN")
    if not named:
        pytest.skip("CLIPFORGE_FROZEN names no built program")
    return Path(named)


def run(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program's own output; nothing of this checkout's Python reaches it."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
    }
    return subprocess.run(
        [str(program), *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=280,
        check=False,
    )


def test_the_frozen_program_tells_its_version(program: Path) -> None:
    done = run(program, "--version")
    assert done.returncode == 0, done.stderr
    assert clipforge_desktop.__version__ in done.stdout


def test_the_frozen_doctor_finds_every_engine(program: Path, tmp_path: Path) -> None:
    done = run(program, "--home", str(tmp_path / "home"), "--offline", "doctor", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [json.loads(line) for line in done.stdout.splitlines() if line.strip()]


def test_the_frozen_program_makes_a_clip_of_the_sample(program: Path, tmp_path: Path) -> None:
    out = tmp_path / "clips"
    arguments = ["--home", str(tmp_path / "home"), "--offline", "process", str(SAMPLE)]
    done = run(program, *arguments, "--out", str(out), "--count", "1", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert events[-1]["event"] == "summary"
    assert events[-1]["failed"] == 0
    assert [file for file in out.rglob("*.mp4") if file.stat().st_size > 100_000]


def test_the_frozen_program_recognises_speech_without_a_subtitle_file(
    program: Path, tmp_path: Path
) -> None:
    arguments = ["--home", str(tmp_path / "home"), "--offline", "process", str(SAMPLE)]
    done = run(
        program, *arguments, "--out", str(tmp_path), "--speech", "draft", "--find-only", "--json"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert any(json.loads(line)["event"] == "clip" for line in done.stdout.splitlines())
