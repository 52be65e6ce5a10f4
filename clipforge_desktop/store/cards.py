"""What the library's cards say, read without decoding what was computed of each video.

A thousand videos with their words, speech ranges and clips are tens of megabytes of JSON; a
card needs a dozen values of each. SQLite picks them out, with Python's lock released.
"""

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from clipforge_desktop.domain.job import Queue
from clipforge_desktop.domain.source import VideoStream
from clipforge_desktop.domain.wire import decode
from clipforge_desktop.store.connection import Room


@dataclass(frozen=True)
class StageNotices:
    """What one stage said of its result, in plain sentences."""

    stage: Queue
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class CardRow:
    """One video as its card shows it. `duration_s` is None until import is done."""

    id: int
    path: str
    name: str
    size_bytes: int
    is_removed: bool
    content_key: str | None
    poster: str | None  # file name in the cache folder of its content key
    duration_s: float | None
    video: VideoStream | None
    origin: str  # of the newest transcript: "whisper", "draft", "sidecar", "none"; "" without
    clips: int  # on the shelf
    exported: int  # clips with at least one file
    is_searched: bool
    notices: tuple[StageNotices, ...]  # of its newest order


@dataclass(frozen=True)
class _Picked:
    """What is read of a source's media."""

    poster: str | None = None
    duration_s: float | None = None
    video: VideoStream | None = None


@dataclass(frozen=True)
class _Said:
    stages: tuple[StageNotices, ...]


_SELECT = """
WITH page AS MATERIALIZED (
    SELECT id, path, name, size_bytes, is_removed, content_key, media,
        (SELECT max(order_id) FROM clips WHERE source_id = sources.id) AS shelf,
        (SELECT id FROM orders WHERE source_id = sources.id
            ORDER BY instr(options, '"recipe":{{') > 0, id DESC LIMIT 1) AS newest
    FROM sources WHERE {which}
)
SELECT id, path, name, size_bytes, is_removed, content_key,
    json_object('poster', json_extract(media, '$.poster'),
        'duration_s', json_extract(media, '$.info.duration_s'),
        'video', json_extract(media, '$.info.video')) AS picked,
    (SELECT origin FROM transcripts WHERE transcripts.content_key = page.content_key
        ORDER BY transcripts.id DESC LIMIT 1) AS origin,
    (SELECT count(*) FROM clips WHERE order_id = shelf AND is_on_shelf) AS clips,
    (SELECT count(DISTINCT exports.clip_id) FROM clips JOIN exports ON clip_id = clips.id
        WHERE clips.order_id = shelf) AS exported,
    (SELECT count(*) FROM jobs WHERE order_id = newest
        AND queue = 'clip_detection' AND state = 'done') AS searched,
    (SELECT json_object('stages', json_group_array(
            json_object('stage', queue, 'sentences', json_extract(result, '$.notices'))))
        FROM jobs WHERE order_id = newest AND queue <> 'export' AND state = 'done'
        AND json_array_length(result, '$.notices') > 0) AS notices
FROM page ORDER BY id
"""


class Cards(Room):
    """Light reads of sources on one connection."""

    def cards_after(self, source_id: int, limit: int) -> list[CardRow]:
        """The next page of the library in the order of adding; removed videos are left out."""
        which = "is_removed = 0 AND id > ? ORDER BY id LIMIT ?"
        rows = self._db.execute(_SELECT.format(which=which), (source_id, limit))
        return [_card(row) for row in rows]

    def cards_of(self, source_ids: Collection[int]) -> list[CardRow]:
        """These videos, removed ones too."""
        which = "id IN (SELECT value FROM json_each(?))"
        rows = self._db.execute(_SELECT.format(which=which), (json.dumps(sorted(source_ids)),))
        return [_card(row) for row in rows]

    def titles_of_exported_clips(self) -> dict[int, str]:
        """By clip id, of every clip that has an export job."""
        rows = self._db.execute(
            "SELECT id, json_extract(found, '$.title') FROM clips"
            " WHERE id IN (SELECT clip_id FROM jobs WHERE clip_id IS NOT NULL)"
        )
        return {int(row[0]): str(row[1]) for row in rows}

    def origin_of_order(self, order_id: int) -> str:
        """Where the words of an order came from: "draft", "whisper" ...; "" while there are none.

        The result of its transcription names the transcript: another order of the same video
        may have other words.
        """
        row = self._db.execute(
            "SELECT transcripts.origin FROM jobs JOIN sources ON sources.id = jobs.source_id"
            " JOIN transcripts ON transcripts.content_key = sources.content_key"
            " AND transcripts.parameters = json_extract(jobs.result, '$.parameters')"
            " WHERE jobs.order_id = ? AND jobs.queue = 'transcription'",
            (order_id,),
        ).fetchone()
        return "" if row is None else str(row[0])


def _card(row: sqlite3.Row) -> CardRow:
    picked = decode(_Picked, row["picked"])
    return CardRow(
        id=row["id"],
        path=row["path"],
        name=row["name"],
        size_bytes=row["size_bytes"],
        is_removed=bool(row["is_removed"]),
        content_key=row["content_key"],
        poster=picked.poster,
        duration_s=picked.duration_s,
        video=picked.video,
        origin=row["origin"] or "",
        clips=row["clips"],
        exported=row["exported"],
        is_searched=row["searched"] > 0,
        notices=decode(_Said, row["notices"]).stages,
    )
