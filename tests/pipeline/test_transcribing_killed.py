"""A real process that transcribes is killed at 60 %, and a second one goes on behind it."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from clipforge_desktop.domain.order import SpeechOptions, TranscribeRequest
from clipforge_desktop.stages import transcribing
from tests import tiny_whisper
from tests.pipeline.test_transcribing import FolderContext, media_of, talk

SECONDS = 100.0


def run_stage(root: str, model: str) -> None:
    """The child: says the name of each unit as soon as it is kept, and waits to be let go on."""
    context = FolderContext(Path(root))

    def announce(unit: str) -> None:
        print(unit, flush=True)  # noqa: T201 - the parent reads it
        sys.stdin.readline()

    context.on_save = announce
    samples, ranges = talk(SECONDS)
    media = media_of(context, samples, ranges)
    request = TranscribeRequest("talk.mp4", media, SpeechOptions(model=model, language="en"))
    words = transcribing.run(request, context).transcript.words
    print("words", len(words), flush=True)  # noqa: T201


def start(root: Path, model: Path) -> subprocess.Popen[str]:
    code = f"from {__name__} import run_stage; run_stage({str(root)!r}, {str(model)!r})"
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def lines_until(child: subprocess.Popen[str], count: int) -> list[str]:
    """The next lines of the child, each answered but the last."""
    assert child.stdout is not None
    assert child.stdin is not None
    lines: list[str] = []
    while len(lines) < count and (line := child.stdout.readline()):
        lines.append(line.strip())
        if len(lines) < count:
            child.stdin.write("\n")
            child.stdin.flush()
    return lines


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGKILL")
def test_a_killed_transcription_repeats_at_most_one_range(tmp_path: Path) -> None:
    model = tiny_whisper.build(tmp_path / "model")
    units = len(talk(SECONDS)[1])
    killed_after = round(units * 0.6)
    first = start(tmp_path / "home", model)
    with first:
        done = lines_until(first, killed_after)
        first.send_signal(signal.SIGKILL)
    assert len(done) == killed_after

    second = start(tmp_path / "home", model)
    with second:
        rest = lines_until(second, units - killed_after + 1)
    assert second.returncode == 0
    assert rest[-1] == f"words {7 * units}"
    assert not set(done) & set(rest)  # every kept range stayed kept

    lines = (tmp_path / "home" / "checkpoints.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == len({json.loads(line)[0] for line in lines}) == units
