"""A desk without a window: `python -m tests.recovery.desk_main HOME` supervises until killed."""

import sys
import threading
from pathlib import Path

from clipforge_desktop.app.supervisor import Supervisor
from clipforge_desktop.paths import Home
from tests.recovery.bench import worker_command

if __name__ == "__main__":
    home = Home(Path(sys.argv[1]))
    with Supervisor(home, worker_command=lambda queue: worker_command(home, queue)):
        threading.Event().wait()
