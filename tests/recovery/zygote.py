"""Forks worker processes with everything imported, so that a test may kill hundreds of them.

Each request line is `QUEUE HOME LEASH WAIT`: LEASH is a named pipe that becomes the worker's
stdin, WAIT how many seconds its threads wait for an id that nobody announces.
The answer is the pid. A worker is a process of its own like any other; only its imports were
done before. `python -m tests.recovery.zygote QUEUE HOME` is one worker without the forking.
"""

import os
import signal
import sys
from importlib import import_module
from pathlib import Path

from clipforge_desktop.jobs import queues
from clipforge_desktop.jobs.queues import load_stage, queue_row
from clipforge_desktop.jobs.worker import main
from clipforge_desktop.paths import Home
from tests.recovery.bench import WAY

STAGES = "tests.recovery.stages"


def fork_worker(queue: str, home: Home, leash: str, wait_s: float) -> int:
    """Start a worker whose stdin is the named pipe `leash`; returns its pid."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        queues.LONGEST_WAIT_S = wait_s
        log = os.open(home.logs / f"worker-{queue}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.dup2(os.open(leash, os.O_RDONLY), 0)
        code = main(queue, home, True, stages=STAGES)
    finally:
        os._exit(code)


def serve() -> None:
    """Fork on request until stdin ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them: no zombies
    for slow in ("clipforge_desktop.captions.qt", "clipforge_desktop.domain.caption_style"):
        import_module(slow)
    for queue in WAY:
        load_stage(queue_row(queue), STAGES)
    for line in sys.stdin:
        queue_name, root, leash, wait_s = line.rstrip("\n").split("\t")
        pid = fork_worker(queue_name, Home(Path(root)), leash, float(wait_s))
        print(pid, flush=True)  # noqa: T201


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(main(sys.argv[1], Home(Path(sys.argv[2])), True, stages=STAGES))
    serve()
