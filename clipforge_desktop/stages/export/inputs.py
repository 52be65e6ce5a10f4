"""The source as an input of ffmpeg: sought near the first piece, with the container's own times.

`-copyts` keeps those times in the graph, so that a source's late start, its edit list or its
kind of container changes nothing: source time 0 is always at `MediaInfo.start_s`. Add `-copyts`
to the command's global arguments.
"""

import os
from pathlib import Path
from typing import Any

from clipforge_desktop.media import ffmpeg
from clipforge_desktop.stages.export.clock import Read


def _threads() -> int:
    """Few, because exports run side by side, and because decoding is the small part."""
    cores = os.cpu_count() or 1
    return 1 if cores <= 4 else min(cores // 4, 4)


def open_read(path: Path, read: Read, number: int) -> Any:
    """One input of ffmpeg-python; `number` keeps equal reads apart."""
    return ffmpeg.input_file(
        path,
        ss=f"{read.seek_s + number * 1e-6:.6f}",
        seek_timestamp=1,
        noaccurate_seek=None,
        threads=_threads(),
    )
