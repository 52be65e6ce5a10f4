"""The tables, as sqlite-utils migrations: each runs once, in order, in its own transaction.

A released migration is never edited; a new one is added and `SCHEMA_VERSION` raised. The
version is also in `PRAGMA user_version`, so that opening a current database costs nothing.
"""

import sqlite3

from sqlite_utils import Database, Migrations

from clipforge_desktop.store.connection import SCHEMA_VERSION

migrations = Migrations("clipforge")


@migrations()
def version_1(db: Database) -> None:
    """Sources, orders, jobs, results, transcripts, clips and exports."""
    for statement in _VERSION_1:
        db.conn.execute(statement)


@migrations()
def version_2(db: Database) -> None:
    """A clip may have a caption style of its own: `OwnStyle` as JSON, "" for the shelf's."""
    db.conn.execute("ALTER TABLE clips ADD COLUMN own_style TEXT NOT NULL DEFAULT ''")


@migrations()
def version_3(db: Database) -> None:
    """What people change: clips' edits ("" for none) and words; and clips' studied framings."""
    db.conn.execute("ALTER TABLE clips ADD COLUMN edit TEXT NOT NULL DEFAULT ''")
    db.conn.execute("CREATE TABLE studies (clip_id INTEGER PRIMARY KEY, studies BLOB NOT NULL)")
    db.conn.execute(
        "CREATE TABLE corrections"
        " (content_key TEXT NOT NULL, words TEXT NOT NULL, corrections TEXT NOT NULL,"
        "  PRIMARY KEY (content_key, words))"
    )


@migrations()
def version_4(db: Database) -> None:
    """One job makes several files of one shape: in several styles, for several platforms."""
    db.conn.execute("ALTER TABLE exports RENAME TO exports_3")
    db.conn.execute(
        """
        CREATE TABLE exports (
            id INTEGER PRIMARY KEY,
            job_id INTEGER NOT NULL REFERENCES jobs (id),
            clip_id INTEGER NOT NULL REFERENCES clips (id),
            aspect TEXT NOT NULL,
            style TEXT NOT NULL DEFAULT '',
            platform TEXT NOT NULL DEFAULT '',
            file TEXT NOT NULL,
            created_at REAL NOT NULL,
            changed INTEGER NOT NULL,
            UNIQUE (job_id, aspect, style, platform)
        )
        """
    )
    db.conn.execute(
        "INSERT INTO exports (id, job_id, clip_id, aspect, file, created_at, changed)"
        " SELECT id, job_id, clip_id, aspect, file, created_at, changed FROM exports_3"
    )
    db.conn.execute("DROP TABLE exports_3")
    db.conn.execute("CREATE INDEX exports_changed ON exports (changed)")
    db.conn.execute("CREATE INDEX exports_clip ON exports (clip_id)")


@migrations()
def version_5(db: Database) -> None:
    """Which version of framing a study was made by; those from before are looked at again."""
    db.conn.execute("ALTER TABLE studies ADD COLUMN version INTEGER NOT NULL DEFAULT 0")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the database to `SCHEMA_VERSION`; safe when several processes start at once."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        migrations.apply(Database(connection))
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


_VERSION_1 = (
    "CREATE TABLE counter (value INTEGER NOT NULL)",
    "INSERT INTO counter VALUES (0)",
    """
    CREATE TABLE sources (
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL,
        name TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        modified_ns INTEGER NOT NULL,
        content_key TEXT,
        media TEXT,
        added_at REAL NOT NULL,
        is_removed INTEGER NOT NULL DEFAULT 0,
        changed INTEGER NOT NULL,
        UNIQUE (path, size_bytes, modified_ns)
    )
    """,
    "CREATE INDEX sources_changed ON sources (changed)",
    "CREATE INDEX sources_content_key ON sources (content_key)",
    """
    CREATE TABLE orders (
        id INTEGER PRIMARY KEY,
        source_id INTEGER NOT NULL REFERENCES sources (id),
        options TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        created_at REAL NOT NULL,
        UNIQUE (source_id, fingerprint)
    )
    """,
    """
    CREATE TABLE clips (
        id INTEGER PRIMARY KEY,
        source_id INTEGER NOT NULL REFERENCES sources (id),
        order_id INTEGER NOT NULL REFERENCES orders (id),
        rank INTEGER NOT NULL,
        key TEXT NOT NULL,
        start_s REAL NOT NULL,
        found TEXT NOT NULL,
        is_on_shelf INTEGER NOT NULL,
        verdict TEXT NOT NULL DEFAULT '',
        changed INTEGER NOT NULL,
        UNIQUE (order_id, key)
    )
    """,
    "CREATE INDEX clips_changed ON clips (changed)",
    "CREATE INDEX clips_source ON clips (source_id)",
    """
    CREATE TABLE jobs (
        id INTEGER PRIMARY KEY,
        queue TEXT NOT NULL,
        state TEXT NOT NULL,
        source_id INTEGER NOT NULL REFERENCES sources (id),
        order_id INTEGER NOT NULL REFERENCES orders (id),
        clip_id INTEGER REFERENCES clips (id),
        work_key TEXT NOT NULL UNIQUE,
        request TEXT NOT NULL,
        priority INTEGER NOT NULL DEFAULT 0,
        position INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        worker_deaths INTEGER NOT NULL DEFAULT 0,
        due_at REAL NOT NULL DEFAULT 0,
        token TEXT,
        worker TEXT,
        progress REAL NOT NULL DEFAULT 0,
        note TEXT NOT NULL DEFAULT '',
        seconds_left REAL,
        failure TEXT,
        result TEXT,
        created_at REAL NOT NULL,
        started_at REAL,
        finished_at REAL,
        is_cleared INTEGER NOT NULL DEFAULT 0,
        free_bytes INTEGER,
        changed INTEGER NOT NULL
    )
    """,
    "CREATE INDEX jobs_changed ON jobs (changed)",
    "CREATE INDEX jobs_due ON jobs (queue, state, priority DESC, position)",
    "CREATE INDEX jobs_order ON jobs (order_id)",
    "CREATE INDEX jobs_position ON jobs (position)",
    """
    CREATE TABLE queues (
        name TEXT PRIMARY KEY,
        is_paused INTEGER NOT NULL DEFAULT 0
    )
    """,
    """
    CREATE TABLE results (
        content_key TEXT NOT NULL,
        stage TEXT NOT NULL,
        version INTEGER NOT NULL,
        parameters TEXT NOT NULL,
        result BLOB NOT NULL,
        PRIMARY KEY (content_key, stage, version, parameters)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE checkpoints (
        work TEXT NOT NULL,
        unit TEXT NOT NULL,
        payload BLOB NOT NULL,
        PRIMARY KEY (work, unit)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE transcripts (
        id INTEGER PRIMARY KEY,
        content_key TEXT NOT NULL,
        parameters TEXT NOT NULL,
        language TEXT NOT NULL,
        origin TEXT NOT NULL,
        transcript BLOB NOT NULL,
        created_at REAL NOT NULL,
        UNIQUE (content_key, parameters)
    )
    """,
    """
    CREATE VIRTUAL TABLE sentences USING fts5 (
        text, transcript_id UNINDEXED, start_s UNINDEXED, end_s UNINDEXED,
        tokenize = "unicode61 remove_diacritics 2"
    )
    """,
    """
    CREATE TABLE exports (
        id INTEGER PRIMARY KEY,
        job_id INTEGER NOT NULL REFERENCES jobs (id),
        clip_id INTEGER NOT NULL REFERENCES clips (id),
        aspect TEXT NOT NULL,
        file TEXT NOT NULL,
        created_at REAL NOT NULL,
        changed INTEGER NOT NULL,
        UNIQUE (job_id, aspect)
    )
    """,
    "CREATE INDEX exports_changed ON exports (changed)",
    "CREATE INDEX exports_clip ON exports (clip_id)",
    """
    CREATE TABLE messages (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        payload TEXT NOT NULL,
        created_at REAL NOT NULL
    )
    """,
)
