"""Sources, orders, transcripts, clips and exports: what the shelf and the search show.

Rows are written by the workshop when a stage finishes and by the desk when the user adds or
judges something; both read them. Times are seconds, `changed` grows with every change.
"""

import json
import sqlite3
import time
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from clipforge_desktop.domain.clip import FoundClip
from clipforge_desktop.domain.order import ExportedFile, Order, decode, encode, fingerprint
from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.domain.transcript import Transcript

if TYPE_CHECKING:
    from clipforge_desktop.store.connection import Store

Verdict = Literal["", "accepted", "rejected"]


@dataclass(frozen=True)
class Source:
    """`media` is None until import is done. A changed file is another source."""

    id: int
    path: str
    name: str
    size_bytes: int
    modified_ns: int
    content_key: str | None
    media: SourceMedia | None
    added_at: float
    is_removed: bool
    changed: int


@dataclass(frozen=True)
class Clip:
    """A found clip on the shelf of its source; `rank` 1 is the best of its order."""

    id: int
    source_id: int
    order_id: int
    rank: int
    key: str
    found: FoundClip
    verdict: Verdict
    changed: int


@dataclass(frozen=True)
class Export:
    id: int
    job_id: int
    clip_id: int
    file: ExportedFile
    created_at: float
    changed: int


@dataclass(frozen=True)
class Hit:
    """One sentence that search found; `snippet` marks the words with [ and ]."""

    source_id: int
    source_name: str
    start_s: float
    end_s: float
    text: str
    snippet: str


class Library:
    """The library on one connection."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._db = store.connection

    # -- sources ------------------------------------------------------------------------

    def add_source(self, path: str, name: str, size_bytes: int, modified_ns: int) -> int:
        """Insert the file, or find it (and bring it back when it had been removed)."""
        with self._store.transaction():
            row = self._db.execute(
                "SELECT id, is_removed FROM sources"
                " WHERE path = ? AND size_bytes = ? AND modified_ns = ?",
                (path, size_bytes, modified_ns),
            ).fetchone()
            if row is not None:
                if row["is_removed"]:
                    self._set_removed(row["id"], False)
                return int(row["id"])
            cursor = self._db.execute(
                "INSERT INTO sources (path, name, size_bytes, modified_ns, added_at, changed)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (path, name, size_bytes, modified_ns, time.time(), self._store.next_change()),
            )
            return int(cursor.lastrowid or 0)

    def set_media(self, source_id: int, media: SourceMedia) -> None:
        with self._store.transaction():
            self._db.execute(
                "UPDATE sources SET content_key = ?, media = ?, changed = ? WHERE id = ?",
                (media.content_key, encode(media), self._store.next_change(), source_id),
            )

    def remove_source(self, source_id: int) -> None:
        """Off the shelf; its rows and computed results stay, the file is never touched."""
        with self._store.transaction():
            self._set_removed(source_id, True)

    def relink(self, source_id: int, path: str, name: str) -> None:
        """The same file lies somewhere else now."""
        with self._store.transaction():
            self._db.execute(
                "UPDATE sources SET path = ?, name = ?, changed = ? WHERE id = ?",
                (path, name, self._store.next_change(), source_id),
            )

    def source(self, source_id: int) -> Source:
        """Raises KeyError when there is no such source."""
        row = self._db.execute("SELECT * FROM sources WHERE id = ?", (source_id,)).fetchone()
        if row is None:
            raise KeyError(source_id)
        return _source(row)

    def sources(self) -> list[Source]:
        """Newest last, removed ones not."""
        rows = self._db.execute("SELECT * FROM sources WHERE is_removed = 0 ORDER BY id")
        return [_source(row) for row in rows]

    def sources_changed_since(self, change: int) -> list[Source]:
        """Removed ones too, so that the shelf can drop them."""
        rows = self._db.execute(
            "SELECT * FROM sources WHERE changed > ? ORDER BY changed", (change,)
        )
        return [_source(row) for row in rows]

    # -- orders -------------------------------------------------------------------------

    def add_order(self, source_id: int, order: Order) -> int:
        """Insert, or find the equal order of this source."""
        with self._store.transaction():
            mark = fingerprint(order)
            row = self._db.execute(
                "SELECT id FROM orders WHERE source_id = ? AND fingerprint = ?", (source_id, mark)
            ).fetchone()
            if row is not None:
                return int(row[0])
            cursor = self._db.execute(
                "INSERT INTO orders (source_id, options, fingerprint, created_at)"
                " VALUES (?, ?, ?, ?)",
                (source_id, encode(order), mark, time.time()),
            )
            return int(cursor.lastrowid or 0)

    def order(self, order_id: int) -> Order:
        row = self._db.execute("SELECT options FROM orders WHERE id = ?", (order_id,)).fetchone()
        if row is None:
            raise KeyError(order_id)
        return decode(Order, row[0])

    def latest_order_id(self, source_id: int) -> int | None:
        row = self._db.execute(
            "SELECT max(id) FROM orders WHERE source_id = ?", (source_id,)
        ).fetchone()
        return None if row[0] is None else int(row[0])

    # -- transcripts --------------------------------------------------------------------

    def save_transcript(self, content_key: str, parameters: str, transcript: Transcript) -> None:
        """Keep it and make its sentences searchable; replaces an equal-keyed one."""
        with self._store.transaction():
            row = self._db.execute(
                "SELECT id FROM transcripts WHERE content_key = ? AND parameters = ?",
                (content_key, parameters),
            ).fetchone()
            if row is not None:
                self._db.execute("DELETE FROM sentences WHERE transcript_id = ?", (row[0],))
                self._db.execute("DELETE FROM transcripts WHERE id = ?", (row[0],))
            cursor = self._db.execute(
                "INSERT INTO transcripts"
                " (content_key, parameters, language, origin, transcript, created_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    content_key,
                    parameters,
                    transcript.language,
                    transcript.origin,
                    zlib.compress(encode(transcript).encode(), 6),
                    time.time(),
                ),
            )
            self._db.executemany(
                "INSERT INTO sentences (text, transcript_id, start_s, end_s) VALUES (?, ?, ?, ?)",
                (
                    (
                        transcript.text(sentence.first, sentence.end),
                        cursor.lastrowid,
                        transcript.words[sentence.first].start_s,
                        transcript.words[sentence.end - 1].end_s,
                    )
                    for sentence in transcript.sentences
                    if sentence.end > sentence.first
                ),
            )

    def transcript(self, content_key: str, parameters: str | None = None) -> Transcript | None:
        """The one made with `parameters`, or the newest."""
        row = self._db.execute(
            "SELECT transcript FROM transcripts WHERE content_key = ?"
            " AND (? IS NULL OR parameters = ?) ORDER BY id DESC LIMIT 1",
            (content_key, parameters, parameters),
        ).fetchone()
        return None if row is None else decode(Transcript, zlib.decompress(row[0]).decode())

    def search(self, words: str, limit: int = 50) -> list[Hit]:
        """Sentences of the newest transcripts that hold every word; the last may be a beginning.

        Whatever is typed is taken as plain words, never as query syntax.
        """
        terms = [word.replace('"', '""') for word in words.split()]
        if not terms:
            return []
        query = " ".join(f'"{term}"' for term in terms) + "*"
        rows = self._db.execute(
            "SELECT sources.id, sources.name, sentences.start_s, sentences.end_s, sentences.text,"
            " snippet(sentences, 0, '[', ']', '…', 16) FROM sentences"
            " JOIN transcripts ON transcripts.id = sentences.transcript_id"
            " JOIN sources ON sources.content_key = transcripts.content_key"
            " WHERE sentences MATCH ? AND sources.is_removed = 0 AND transcripts.id ="
            " (SELECT max(id) FROM transcripts AS newest"
            "  WHERE newest.content_key = transcripts.content_key)"
            " ORDER BY rank LIMIT ?",
            (query, limit),
        )
        return [Hit(*row) for row in rows]

    # -- clips --------------------------------------------------------------------------

    def save_clips(self, source_id: int, order_id: int, clips: Iterable[FoundClip]) -> list[int]:
        """The finder's list for an order, best first; kept clips keep id and verdict."""
        with self._store.transaction():
            found = list(clips)
            self._drop_clips_not_in(order_id, {clip.key for clip in found})
            ids = []
            for rank, clip in enumerate(found, start=1):
                row = self._db.execute(
                    "INSERT INTO clips"
                    " (source_id, order_id, rank, key, start_s, found, is_on_shelf, changed)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
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
                ids.append(int(row[0]))
            return ids

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

    def clips_changed_since(self, change: int) -> list[Clip]:
        rows = self._db.execute("SELECT * FROM clips WHERE changed > ? ORDER BY changed", (change,))
        return [_clip(row) for row in rows]

    # -- exports ------------------------------------------------------------------------

    def save_export(self, job_id: int, clip_id: int, file: ExportedFile) -> None:
        with self._store.transaction():
            self._db.execute(
                "INSERT INTO exports (job_id, clip_id, aspect, file, created_at, changed)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (job_id, aspect) DO UPDATE SET"
                " file = excluded.file, created_at = excluded.created_at,"
                " changed = excluded.changed",
                (
                    job_id,
                    clip_id,
                    file.aspect,
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

    # -- messages between programs ------------------------------------------------------

    def post(self, kind: str, payload: str = "") -> None:
        """Say something to the program that holds the window ("raise", "quit")."""
        with self._store.transaction():
            self._db.execute(
                "INSERT INTO messages (kind, payload, created_at) VALUES (?, ?, ?)",
                (kind, payload, time.time()),
            )
            self._store.next_change()

    def messages_after(self, message_id: int) -> list[tuple[int, str, str]]:
        """(id, kind, payload), oldest first."""
        rows = self._db.execute(
            "SELECT id, kind, payload FROM messages WHERE id > ? ORDER BY id", (message_id,)
        )
        return [(int(row[0]), str(row[1]), str(row[2])) for row in rows]

    def last_message_id(self) -> int:
        row = self._db.execute("SELECT coalesce(max(id), 0) FROM messages").fetchone()
        return int(row[0])

    # -- inside -------------------------------------------------------------------------

    def _set_removed(self, source_id: int, is_removed: bool) -> None:
        self._db.execute(
            "UPDATE sources SET is_removed = ?, changed = ? WHERE id = ?",
            (int(is_removed), self._store.next_change(), source_id),
        )

    def _drop_clips_not_in(self, order_id: int, keys: set[str]) -> None:
        """Forget earlier suggestions of the order that nobody exported."""
        self._db.execute(
            "DELETE FROM clips WHERE order_id = ?"
            " AND key NOT IN (SELECT value FROM json_each(?))"
            " AND id NOT IN (SELECT clip_id FROM exports)"
            " AND id NOT IN (SELECT clip_id FROM jobs WHERE clip_id IS NOT NULL)",
            (order_id, json.dumps(sorted(keys))),
        )


def _source(row: sqlite3.Row) -> Source:
    return Source(
        id=row["id"],
        path=row["path"],
        name=row["name"],
        size_bytes=row["size_bytes"],
        modified_ns=row["modified_ns"],
        content_key=row["content_key"],
        media=decode(SourceMedia, row["media"]) if row["media"] else None,
        added_at=row["added_at"],
        is_removed=bool(row["is_removed"]),
        changed=row["changed"],
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
