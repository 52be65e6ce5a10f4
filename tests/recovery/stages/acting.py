"""What the four test stages have in common: obey the plan, wait on files, leave a trace.

The plan is `<source>.plan.json`: `{"import": {"do": "wait", "go": "/path"}}`. Waiting is on a
file that the test creates; every begin and end is appended to `<source>.trace`. A step may also
name a file to wait for right after the claim ("claimed") and with the result in hand ("made").
"""

import json
import os
import signal
import threading
from pathlib import Path

from clipforge_desktop.domain.errors import ClipForgeError, PausingError, TransientError
from clipforge_desktop.domain.stage import StageContext

POLL_S = 0.005


def trace(path: str, line: str) -> None:
    """One line, written with one call so that lines of several processes never mix."""
    descriptor = os.open(f"{path}.trace", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(descriptor, f"{line}\n".encode())
    finally:
        os.close(descriptor)


def wait_for(path: str, context: StageContext | None = None) -> None:
    """Until the file is there; looks at the context when there is one."""
    pause = threading.Event()
    while not Path(path).exists():
        pause.wait(POLL_S)
        if context is not None:
            context.check()


def step_of(path: str, stage: str) -> dict[str, str]:
    """What the plan says for this stage."""
    plan = Path(f"{path}.plan.json")
    steps: dict[str, dict[str, str]] = json.loads(plan.read_text()) if plan.exists() else {}
    return steps.get(stage, {})


def hold(path: str, stage: str, moment: str, context: StageContext) -> None:
    """Say that this moment has come, and wait when the plan names a file for it."""
    step = step_of(path, stage)
    if moment in step:
        trace(path, f"{moment} {stage} {os.getpid()}")
        wait_for(step[moment], context)


def act(path: str, stage: str, context: StageContext) -> None:
    """Do what the plan says for this stage."""
    step = step_of(path, stage)
    trace(path, f"cores {context.cores}")
    trace(path, f"begin {stage} {os.getpid()}")
    context.progress(0.1, "begun")
    if "once" in step:  # misbehave only until this file is there
        if Path(step["once"]).exists():
            step = {}
        else:
            Path(step["once"]).touch()
    _do(step, context)
    context.progress(1.0, "ended")
    trace(path, f"end {stage} {os.getpid()}")


def _do(step: dict[str, str], context: StageContext) -> None:
    match step.get("do", ""):
        case "wait":
            wait_for(step["go"], context)
        case "deafly":  # does not look at the context
            wait_for(step["go"])
        case "abort":
            os.abort()
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            raise SystemExit(7)
        case "interrupt":
            raise KeyboardInterrupt
        case "surprise":
            raise ZeroDivisionError("nobody thought of this")
        case "memory":
            hoard = [bytearray(64 << 20) for _ in range(4096)]
            context.log(f"{len(hoard)} blocks: there is no cap on memory here")
        case "full":
            raise OSError(28, "No space left on device")
        case "hog":  # half-written files that do not fit
            with (context.job_dir / "big").open("wb") as file:
                for _ in range(400):
                    file.write(bytes(1 << 20))
        case "transient":
            raise TransientError("flaky", "It did not work just now.", "It is tried again.")
        case "permanent":
            raise ClipForgeError("no_good", "This cannot work.", "Give up.")
        case "pause":
            raise PausingError(step["code"], "Something is missing.", "Put it there.")
