"""A talk whose clips are looked at before their export, and what is said of them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from clipforge_desktop.app import commands
from clipforge_desktop.app.preflight import Finding, Remedy, preflight
from clipforge_desktop.domain.framing import (
    CropKey,
    FramingKind,
    FramingStudy,
    Pane,
    Rect,
    SeenFace,
    StudiedShot,
)
from clipforge_desktop.domain.order import ExportOptions
from clipforge_desktop.faces.ways import Canvas, Shot, fill, fit, screen, split, wide
from clipforge_desktop.store import Store
from tests.gui import furnishing as f

LONG_S = 400.0
SIZE = (1920, 1080)


def library(
    store: Store, tmp_path: Path, *spans: tuple[float, float], size: tuple[int, int] = SIZE
) -> list[int]:
    """A talk of 400 s, a sentence every 3 s, with a clip for each span."""
    source_id, order_id = f.add_source(
        store, tmp_path / "talk.mp4", "talk.mp4", f.plain_media("key", LONG_S, size)
    )
    store.library.save_transcript("key", "{}", f.transcript_of(f.spoken(LONG_S)))
    found = [f.found(place, [span]) for place, span in enumerate(spans)]
    return f.add_clips(store, source_id, order_id, found)


def studied(
    face: Rect,
    kind: FramingKind = FramingKind.FILL,
    seconds: float = 30.0,
    start_s: float = 0.0,
) -> tuple[FramingStudy, ...]:
    """One shot whose only face stays at `face` (source pixels), looked at once a second."""
    canvas, shot = Canvas(*SIZE, 9 / 16), Shot(0.0, seconds, ())
    middle = CropKey(0.0, face.x + face.width / 2, SIZE[1] / 2)
    filled = fill(canvas, shot, ())[0]
    pane = Pane(Rect(0, 0, 1, 1), (607.5, 1080.0), (middle,))
    ways = (
        replace(filled, panes=(pane,)),
        fit(canvas, shot),
        split(canvas, shot, ())[0],
        screen(canvas, shot, Rect(1400, 700, 480, 360), None)[0],
        wide(canvas, shot),
    )
    pieces = f.found(0, [(start_s, start_s + seconds)]).pieces
    faces = tuple(SeenFace(float(at_s), face) for at_s in range(int(seconds)))
    one = StudiedShot(pieces[0], pieces, kind, ways, faces)
    return (FramingStudy(SIZE, "9:16", pieces, (one,)),)


def codes(findings: Sequence[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def only(findings: Sequence[Finding], code: str) -> tuple[Finding, Remedy]:
    [finding] = [one for one in findings if one.code == code]
    assert finding.remedy is not None
    return finding, finding.remedy


def applied(store: Store, remedy: Remedy, clip_ids: list[int], options: ExportOptions) -> list[str]:
    """What is still found once the remedy was clicked."""
    for clip_id, edit in remedy.edits:
        commands.edit_clip(store, clip_id, edit)
    left = [clip_id for clip_id in clip_ids if clip_id not in remedy.without]
    return codes(preflight(store, left, remedy.options or options))
