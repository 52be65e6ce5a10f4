"""The library, as `store.library`: sources, orders, words, clips, exports and messages.

Rows are written by the workshop when a stage finishes and by the desk when the user adds or
judges something; both read them. Times are seconds, `changed` grows with every change.
"""

import sqlite3
import time
from dataclasses import dataclass

from clipforge_desktop.domain.order import Order, decode, encode, fingerprint
from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.store.clip_styles import ClipStyles, OwnStyle
from clipforge_desktop.store.edits import Edits
from clipforge_desktop.store.shelf import Clip, Export, Shelf, Verdict
from clipforge_desktop.store.words import Hit, Words

__all__ = ["Clip", "Export", "Hit", "Library", "OwnStyle", "Source", "Verdict"]


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


class Library(Shelf, ClipStyles, Edits, Words):
    """The library on one connection."""

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
        """A recipe rendered again counts only for a source with no other order."""
        row = self._db.execute(
            "SELECT id FROM orders WHERE source_id = ?"
            """ ORDER BY instr(options, '"recipe":{') > 0, id DESC LIMIT 1""",
            (source_id,),
        ).fetchone()
        return None if row is None else int(row[0])

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
