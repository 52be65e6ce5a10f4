"""Global options may stand anywhere; everything else keeps its place."""

import subprocess
import sys

import pytest

from clipforge_desktop.__main__ import split_globals


@pytest.mark.parametrize(
    ("given", "shared", "words"),
    [
        (["jobs", "--home", "h", "--json"], ["--home", "h"], ["jobs", "--json"]),
        (["--offline", "process", "a.mp4"], ["--offline"], ["process", "a.mp4"]),
        (["--home=h", "doctor"], ["--home=h"], ["doctor"]),
        (["process", "--", "--home", "x"], [], ["process", "--", "--home", "x"]),
        (["process", "--home"], [], ["process", "--home"]),
    ],
)
def test_global_options_are_found_wherever_they_stand(
    given: list[str], shared: list[str], words: list[str]
) -> None:
    assert split_globals(given) == (shared, words)


def test_a_verb_that_shows_no_picture_waits_for_no_qt() -> None:
    script = "import sys, clipforge_desktop.cli; print('PySide6' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("False", "")
