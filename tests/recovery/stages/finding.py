"""A stand-in for clip detection: two clips, whatever was said."""

from clipforge_desktop.domain.clip import FoundClip, Piece
from clipforge_desktop.domain.order import FindRequest, FindResult
from clipforge_desktop.domain.stage import StageContext
from tests.recovery.stages.acting import act, hold

VERSION = 1


def parameters(request: FindRequest, context: StageContext) -> str:
    hold(request.path, "clip_detection", "claimed", context)
    return ""


def run(request: FindRequest, context: StageContext) -> FindResult:
    act(request.path, "clip_detection", context)
    clips = tuple(
        FoundClip((Piece(start, start + 20),), 80, "story", (), "Good.", f"Clip at {start}", True)
        for start in (0.0, 30.0)
    )
    hold(request.path, "clip_detection", "made", context)
    return FindResult(clips)
