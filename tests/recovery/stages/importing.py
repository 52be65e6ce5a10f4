"""A stand-in for import."""

from pathlib import Path

from clipforge_desktop.domain.order import ImportRequest, ImportResult
from clipforge_desktop.domain.source import MediaInfo, SourceMedia
from clipforge_desktop.domain.stage import StageContext
from clipforge_desktop.media.content_key import content_key
from tests.recovery.stages.acting import act, hold

VERSION = 1


def parameters(request: ImportRequest, context: StageContext) -> str:
    hold(request.path, "import", "claimed", context)
    return ""


def run(request: ImportRequest, context: StageContext) -> ImportResult:
    data = Path(request.path).read_bytes()
    key = content_key(Path(request.path))
    part = context.cache_dir(key) / "audio.s16.part"
    part.write_bytes(data)
    act(request.path, "import", context)
    part.replace(context.cache_dir(key) / "audio.s16")
    info = MediaInfo("mp4", len(data), 60.0, 0.0, None, ())
    media = SourceMedia(key, info, None, None, (), (0, 0), "audio.s16", None, None, None, ())
    hold(request.path, "import", "made", context)
    return ImportResult(media)
