"""A stand-in for export: a long-running child, a part file, a rename, a recipe check."""

import json
import secrets
import subprocess
import sys
from pathlib import Path

from clipforge_desktop.domain.order import ExportedFile, ExportRequest, ExportResult
from clipforge_desktop.domain.stage import StageContext
from tests.recovery.stages.acting import act, hold, trace

VERSION = 1


def parameters(request: ExportRequest, context: StageContext) -> str:
    hold(request.path, "export", "claimed", context)
    return ""


def run(request: ExportRequest, context: StageContext) -> ExportResult:
    out = Path(request.options.out_dir)
    out.mkdir(parents=True, exist_ok=True)
    video = out / f"{request.stem}.mp4"
    recipe = out / f"{request.stem}.json"
    made_from = json.dumps([request.media.content_key, request.pieces[0].start_s])
    if not (video.exists() and recipe.exists() and recipe.read_text() == made_from):
        _render(request, context, video)
        part = out / f".clipforge-{secrets.token_hex(8)}.part"
        part.write_text(made_from)
        part.replace(recipe)
    file = ExportedFile("9:16", str(video), None, str(recipe), 5, 20.0, -14.0)
    hold(request.path, "export", "made", context)
    return ExportResult((file,))


def _render(request: ExportRequest, context: StageContext, video: Path) -> None:
    trace(request.path, f"render {request.stem}")
    part = video.with_name(f".clipforge-{secrets.token_hex(8)}.part")
    part.write_bytes(b"video")
    child = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", "import sys; sys.stdin.read()"],
        stdin=subprocess.PIPE,
        cwd=context.job_dir,
    )
    forget = context.on_cancel(child.kill)
    try:
        act(request.path, "export", context)
        part.replace(video)
    finally:
        forget()
        child.kill()
        child.communicate()
        part.unlink(missing_ok=True)
