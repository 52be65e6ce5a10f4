"""Builds the program that runs without Python: `python packaging/build.py [--test] [--release]`.

Writes `dist/clipforge/` (and `dist/ClipForge.app` on macOS). `--test` then runs tests/frozen
against what was built. `--release` refuses a Python whose SQLite can corrupt a database that
several processes write; without it the program falls back to a slower journal by itself.
"""

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import app_icons

from clipforge_desktop.store.connection import FIRST_SAFE_WAL

ROOT = Path(__file__).resolve().parents[1]


def program() -> Path:
    """The terminal executable that the build writes."""
    return ROOT / "dist" / "clipforge" / ("clipforge.exe" if os.name == "nt" else "clipforge")


def build() -> None:
    """Run PyInstaller in `build/`, from nothing. Raises CalledProcessError when it fails."""
    shutil.rmtree(ROOT / "dist", ignore_errors=True)
    app_icons.write_all(ROOT / "resources" / "icons" / "clipforge.svg", ROOT / "build" / "icons")
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level=WARN"]
    command += ["--distpath", str(ROOT / "dist"), "--workpath", str(ROOT / "build" / "pyinstaller")]
    subprocess.run([*command, str(ROOT / "packaging" / "clipforge.spec")], cwd=ROOT, check=True)


def test() -> int:
    """Run tests/frozen against the built program; pytest's exit code."""
    environment = os.environ | {"CLIPFORGE_FROZEN": str(program())}
    command = [sys.executable, "-m", "pytest", "tests/frozen"]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--test", action="store_true", help="run tests/frozen afterwards")
    parser.add_argument("--release", action="store_true", help="refuse an unsafe SQLite")
    options = parser.parse_args()
    if sqlite3.sqlite_version_info < FIRST_SAFE_WAL:
        message = f"SQLite {sqlite3.sqlite_version} has the WAL-reset bug; take a newer Python.\n"
        sys.stderr.write(message)
        if options.release:
            return 1
    build()
    size = sum(file.lstat().st_size for file in program().parent.rglob("*"))
    sys.stdout.write(f"{program()}: {size / 1e6:.0f} MB in all\n")
    return test() if options.test else 0


if __name__ == "__main__":
    sys.exit(main())
