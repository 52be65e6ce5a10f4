"""What stages computed: cached results and checkpoints of unfinished work.

A result is found again by (content key, stage, stage version, hash of parameters), so
nothing is computed twice, whatever file name or order it was asked under. Payloads are
compressed: an hour of words is about a megabyte of JSON.
"""

import zlib

from clipforge_desktop.store.connection import Room


class Results(Room):
    """Cached results and checkpoints on one connection."""

    def get(self, content_key: str, stage: str, version: int, parameters: str) -> str | None:
        row = self._db.execute(
            "SELECT result FROM results"
            " WHERE content_key = ? AND stage = ? AND version = ? AND parameters = ?",
            (content_key, stage, version, parameters),
        ).fetchone()
        try:
            return None if row is None else zlib.decompress(row[0]).decode()
        except (zlib.error, ValueError):
            return None  # damaged: as if it were not known

    def put(self, content_key: str, stage: str, version: int, parameters: str, result: str) -> None:
        with self._store.transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?)",
                (content_key, stage, version, parameters, zlib.compress(result.encode(), 6)),
            )

    def forget(self, content_key: str, stage: str) -> None:
        """Compute it again next time (its files are gone)."""
        with self._store.transaction():
            self._db.execute(
                "DELETE FROM results WHERE content_key = ? AND stage = ?", (content_key, stage)
            )

    def save_checkpoint(self, work: str, unit: str, payload: str) -> None:
        with self._store.transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?)",
                (work, unit, zlib.compress(payload.encode(), 6)),
            )

    def checkpoints(self, work: str) -> dict[str, str]:
        rows = self._db.execute("SELECT unit, payload FROM checkpoints WHERE work = ?", (work,))
        return {str(unit): zlib.decompress(payload).decode() for unit, payload in rows}

    def drop_checkpoints(self, work: str) -> None:
        with self._store.transaction():
            self._db.execute("DELETE FROM checkpoints WHERE work = ?", (work,))
