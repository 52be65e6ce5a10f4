"""A worker process that runs the tests' stages: `python -m tests.recovery.worker_main QUEUE HOME`."""

import sys
from pathlib import Path

from clipforge_desktop.jobs.worker import main
from clipforge_desktop.paths import Home

if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Home(Path(sys.argv[2])), True, stages="tests.recovery.stages"))
