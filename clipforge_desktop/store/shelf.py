"""Clips on the shelf and the files that were exported from them."""

import json
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from clipforge_desktop.domain.clip import FoundClip, Piece
from clipforge_desktop.domain.edit import NO_EDIT, ClipEdit, pieces_of
from clipforge_desktop.domain.order import ExportedFile, decode, encode
from clipforge_desktop.store.cards import Cards
from clipforge_desktop.store.clip_styles import OwnStyle, own_style_of
from clipforge_desktop.store.edits import edit_of

Verdict = Literal["", "accepted", "rejected"]


@dataclass(frozen=True)
class Clip:
    """A found clip on the shelf of its source; `rank` 1 is the best of its order.

    `own_style` is its own copy of a caption style, None while it follows the shelf's.
    """

    id: int
    source_id: int
    order_id: int
    rank: int
    key: str
    found: FoundClip
    verdict: Verdict
    changed: int
    own_style: OwnStyle | None = None
    edit: ClipEdit = NO_EDIT

    @property
    def title(self) -> str:
        return self.edit.title or self.found.title

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """What is heard and seen of it: the found pieces with the edit applied."""
        return pieces_of(self.found.pieces, self.edit)


@dataclass(frozen=True)
class Export:
    id: int
    job_id: int
    clip_id: int
    file: ExportedFile
    created_at: float
    changed: int


class Shelf(Cards):
    """Clips and exports on one connection."""

    def save_clips(self, source_id: int, order_id: int, clips: Iterable[FoundClip]) -> list[int]:
        """The finder's list for an order, best first; kept clips keep id and verdict."""
        with self._store.transaction():
            found = list(clips)
            self._drop_clips_not_in(order_id, {clip.key for clip in found})
            return [
                self._put_clip(source_id, order_id, rank, clip)
                for rank, clip in enumerate(found, start=1)
            ]

    def keep_clip(self, source_id: int, order_id: int, rank: int, found: FoundClip) -> int:
        """Insert one clip, or find it; the others of the order stay as they are."""
        with self._store.transaction():
            row = self._db.execute(
                "SELECT id FROM clips WHERE order_id = ? AND key = ?", (order_id, found.key)
            ).fetchone()
            return int(row[0]) if row else self._put_clip(source_id, order_id, rank, found)

    def set_verdict(self, clip_id: int, verdict: Verdict) -> None:
        with self._store.transaction():
            self._db.execute(
                "UPDATE clips SET verdict = ?, changed = ? WHERE id = ?",
                (verdict, self._store.next_change(), clip_id),
            )

    def clip(self, clip_id: int) -> Clip:
        row = self._db.execute("SELECT * FROM clips WHERE id = ?", (clip_id,)).fetchone()
        if row is None:
            raise KeyError(clip_id)
        return _clip(row)

    def clips_of_order(self, order_id: int) -> list[Clip]:
        rows = self._db.execute("SELECT * FROM clips WHERE order_id = ? ORDER BY rank", (order_id,))
        return [_clip(row) for row in rows]

    def clips_of_source(self, source_id: int) -> list[Clip]:
        """Of the newest order that found clips: that is the shelf."""
        rows = self._db.execute(
            "SELECT * FROM clips WHERE order_id ="
            " (SELECT max(order_id) FROM clips WHERE source_id = ?) ORDER BY rank",
            (source_id,),
        )
        return [_clip(row) for row in rows]

    def exported_clips(self, source_id: int) -> list[Clip]:
        """Clips of a source that have exports, whichever order found them."""
        rows = self._db.execute(
            "SELECT * FROM clips WHERE source_id = ? AND id IN (SELECT clip_id FROM exports)"
            " ORDER BY id",
            (source_id,),
        )
        return [_clip(row) for row in rows]

    def clips_changed_since(self, change: int) -> list[Clip]:
        rows = self._db.execute("SELECT * FROM clips WHERE changed > ? ORDER BY changed", (change,))
        return [_clip(row) for row in rows]

    def save_export(self, job_id: int, clip_id: int, file: ExportedFile) -> None:
        with self._store.transaction():
            self._db.execute(
                "INSERT INTO exports"
                " (job_id, clip_id, aspect, style, platform, file, created_at, changed)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (job_id, aspect, style, platform) DO UPDATE SET"
                " file = excluded.file, created_at = excluded.created_at,"
                " changed = excluded.changed",
                (
                    job_id,
                    clip_id,
                    file.aspect,
                    file.style,
                    file.platform,
                    encode(file),
                    time.time(),
                    self._store.next_change(),
                ),
            )

    def exports_of_job(self, job_id: int) -> list[Export]:
        rows = self._db.execute("SELECT * FROM exports WHERE job_id = ? ORDER BY id", (job_id,))
        return [_export(row) for row in rows]

    def exports_of_clip(self, clip_id: int) -> list[Export]:
        rows = self._db.execute("SELECT * FROM exports WHERE clip_id = ? ORDER BY id", (clip_id,))
        return [_export(row) for row in rows]

    def exports_changed_since(self, change: int) -> list[Export]:
        rows = self._db.execute(
            "SELECT * FROM exports WHERE changed > ? ORDER BY changed", (change,)
        )
        return [_export(row) for row in rows]

    def _put_clip(self, source_id: int, order_id: int, rank: int, clip: FoundClip) -> int:
        """A clip that an earlier order of the source had found brings its style and edit along."""
        row = self._db.execute(
            "INSERT INTO clips"
            " (source_id, order_id, rank, key, start_s, found, is_on_shelf, changed, own_style,"
            "  edit) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
            " coalesce((SELECT own_style FROM clips WHERE source_id = ?1 AND key = ?4"
            "  ORDER BY id DESC LIMIT 1), ''),"
            " coalesce((SELECT edit FROM clips WHERE source_id = ?1 AND key = ?4"
            "  ORDER BY id DESC LIMIT 1), ''))"
            " ON CONFLICT (order_id, key) DO UPDATE SET rank = excluded.rank,"
            " found = excluded.found, is_on_shelf = excluded.is_on_shelf,"
            " changed = excluded.changed RETURNING id",
            (
                source_id,
                order_id,
                rank,
                clip.key,
                clip.pieces[0].start_s,
                encode(clip),
                int(clip.is_on_shelf),
                self._store.next_change(),
            ),
        ).fetchone()
        return int(row[0])

    def _drop_clips_not_in(self, order_id: int, keys: set[str]) -> None:
        """Forget earlier suggestions of the order; those with exports only leave the shelf."""
        self._db.execute(
            "DELETE FROM clips WHERE order_id = ?"
            " AND key NOT IN (SELECT value FROM json_each(?))"
            " AND id NOT IN (SELECT clip_id FROM exports)"
            " AND id NOT IN (SELECT clip_id FROM jobs WHERE clip_id IS NOT NULL)",
            (order_id, json.dumps(sorted(keys))),
        )
        self._db.execute(
            "UPDATE clips SET is_on_shelf = 0, changed = ?,"
            " found = json_set(found, '$.is_on_shelf', json('false'))"
            " WHERE order_id = ? AND key NOT IN (SELECT value FROM json_each(?))",
            (self._store.next_change(), order_id, json.dumps(sorted(keys))),
        )


def _clip(row: sqlite3.Row) -> Clip:
    return Clip(
        id=row["id"],
        source_id=row["source_id"],
        order_id=row["order_id"],
        rank=row["rank"],
        key=row["key"],
        found=decode(FoundClip, row["found"]),
        verdict=row["verdict"],
        changed=row["changed"],
        own_style=own_style_of(row["own_style"]),
        edit=edit_of(row["edit"]),
    )


def _export(row: sqlite3.Row) -> Export:
    return Export(
        id=row["id"],
        job_id=row["job_id"],
        clip_id=row["clip_id"],
        file=decode(ExportedFile, row["file"]),
        created_at=row["created_at"],
        changed=row["changed"],
    )
