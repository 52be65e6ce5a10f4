"""Whether a file can be music under a clip, for the desk, which never loads an engine.

Runs as a child of it, `clipforge listen FILE`, so that a file that hangs or breaks its reader
takes nobody with it. Prints what is wrong as one line of JSON, and nothing where all is well.
"""

import sys
from collections.abc import Sequence

from clipforge_desktop.domain.errors import ClipForgeError
from clipforge_desktop.domain.wire import encode
from clipforge_desktop.stages.export.sound_music import check_music


def main(arguments: Sequence[str]) -> int:
    """Judge one file as the export will; returns 0 whatever it is."""
    (path,) = arguments
    try:
        check_music(path)
    except ClipForgeError as error:
        sys.stdout.write(f"{encode(error.failure)}\n")
    return 0
