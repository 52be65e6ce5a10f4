"""Burns as many CPU seconds as its source's first word says, reporting progress all the time."""

import time
from pathlib import Path

from clipforge_desktop.domain.order import ImportRequest, ImportResult
from clipforge_desktop.domain.source import MediaInfo, SourceMedia
from clipforge_desktop.domain.stage import StageContext

VERSION = 1


def run(request: ImportRequest, context: StageContext) -> ImportResult:
    """Writes `<source>.times`: wall-clock second of the start, CPU seconds of this thread."""
    started = time.time()
    path = Path(request.path)
    text = path.read_text()
    seconds = float(text.split()[0])
    begun_s = time.thread_time()
    while (used_s := time.thread_time() - begun_s) < seconds:
        context.progress(used_s / seconds, "burning")
        sum(range(20_000))
    path.with_name(f"{path.name}.times").write_text(f"{started} {time.thread_time() - begun_s}")
    info = MediaInfo("mp4", 1, 1.0, 0.0, None, ())
    media = SourceMedia(path.name, info, None, None, (), (0, 0), None, None, None, None, ())
    return ImportResult(media)
