"""The real program as a child process, with a home of its own, as a user or a script runs it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from clipforge_desktop.paths import Home

LONG_ENOUGH_S = 240


@dataclass(frozen=True)
class Finished:
    """What the program left: its exit code, the JSON lines on stdout, and its words."""

    code: int
    events: list[dict[str, Any]]
    errors: str

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event.get("event") == kind]


def command(home: Home, *arguments: str | Path) -> list[str]:
    program = [sys.executable, "-m", "clipforge_desktop", "--home", str(home.root)]
    return [*program, *map(str, arguments)]


def environment() -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "NO_COLOR": "1"}


def start(home: Home, *arguments: str | Path) -> subprocess.Popen[str]:
    """The program in a process group of its own; the caller waits for it."""
    return subprocess.Popen(
        command(home, *arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        start_new_session=True,
    )


def finish(process: subprocess.Popen[str]) -> Finished:
    out, errors = process.communicate(timeout=LONG_ENOUGH_S)
    events = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    return Finished(process.returncode, events, errors)


def run(home: Home, *arguments: str | Path) -> Finished:
    """Run to the end; every line on stdout must be JSON when `--json` is among the arguments."""
    process = start(home, *arguments)
    out, errors = process.communicate(timeout=LONG_ENOUGH_S)
    events = [json.loads(line) for line in out.splitlines()] if "--json" in arguments else []
    return Finished(process.returncode, events, errors)


def processes_of(home: Home) -> list[psutil.Process]:
    """Every living process that works on this home: programs, workers, and their ffmpegs."""
    found = []
    for process in psutil.process_iter():
        try:
            words = " ".join(process.cmdline())
            if str(home.root) in words or str(home.root) in process.cwd():
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
    return found
