-- A database as version 1 wrote it: never edited, so that every later version opens it.
PRAGMA foreign_keys = OFF;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'clipforge','version_1','2026-11-22 00:07:07.676378+00:00');
CREATE TABLE checkpoints (
        work TEXT NOT NULL,
        unit TEXT NOT NULL,
        payload BLOB NOT NULL,
        PRIMARY KEY (work, unit)
    ) WITHOUT ROWID
    ;
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
    );
CREATE TABLE counter (value INTEGER NOT NULL);
INSERT INTO "counter" VALUES(3);
CREATE TABLE exports (
        id INTEGER PRIMARY KEY,
        job_id INTEGER NOT NULL REFERENCES jobs (id),
        clip_id INTEGER NOT NULL REFERENCES clips (id),
        aspect TEXT NOT NULL,
        file TEXT NOT NULL,
        created_at REAL NOT NULL,
        changed INTEGER NOT NULL,
        UNIQUE (job_id, aspect)
    );
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
    );
INSERT INTO "jobs" VALUES(1,'import','queued',1,1,NULL,'import:1','{}',0,1,0,0,0.0,NULL,NULL,0.0,'',NULL,NULL,NULL,1.79530602773477101323e+09,NULL,NULL,0,NULL,2);
INSERT INTO "jobs" VALUES(2,'transcription','retry_wait',1,1,NULL,'transcription:1','{}',0,2,1,0,1.0,NULL,NULL,0.0,'',NULL,'{"code":"flaky","message":"It did not work just now.","next_step":"It is tried again."}',NULL,1.79530602776134705538e+09,NULL,NULL,0,NULL,3);
CREATE TABLE messages (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        payload TEXT NOT NULL,
        created_at REAL NOT NULL
    );
CREATE TABLE orders (
        id INTEGER PRIMARY KEY,
        source_id INTEGER NOT NULL REFERENCES sources (id),
        options TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        created_at REAL NOT NULL,
        UNIQUE (source_id, fingerprint)
    );
INSERT INTO "orders" VALUES(1,1,'{"speech":{"speech":"auto","model":"","language":"auto","transcript":""},"finding":{"count":null,"min_s":15.0,"max_s":60.0,"judge_url":"","judge_model":""},"export":null,"is_offline":false}','b6008bed66d0107acb3687e8',1.79530602772030472755e+09);
CREATE TABLE queues (
        name TEXT PRIMARY KEY,
        is_paused INTEGER NOT NULL DEFAULT 0
    );
CREATE TABLE results (
        content_key TEXT NOT NULL,
        stage TEXT NOT NULL,
        version INTEGER NOT NULL,
        parameters TEXT NOT NULL,
        result BLOB NOT NULL,
        PRIMARY KEY (content_key, stage, version, parameters)
    ) WITHOUT ROWID
    ;
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
    );
INSERT INTO "sources" VALUES(1,'/videos/talk.mp4','talk.mp4',1000,1,NULL,NULL,1.79530602771361041071e+09,0,1);
CREATE TABLE transcripts (
        id INTEGER PRIMARY KEY,
        content_key TEXT NOT NULL,
        parameters TEXT NOT NULL,
        language TEXT NOT NULL,
        origin TEXT NOT NULL,
        transcript BLOB NOT NULL,
        created_at REAL NOT NULL,
        UNIQUE (content_key, parameters)
    );
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX sources_changed ON sources (changed);
CREATE INDEX sources_content_key ON sources (content_key);
CREATE INDEX clips_changed ON clips (changed);
CREATE INDEX clips_source ON clips (source_id);
CREATE INDEX jobs_changed ON jobs (changed);
CREATE INDEX jobs_due ON jobs (queue, state, priority DESC, position);
CREATE INDEX jobs_order ON jobs (order_id);
CREATE INDEX jobs_position ON jobs (position);
CREATE INDEX exports_changed ON exports (changed);
CREATE INDEX exports_clip ON exports (clip_id);
CREATE VIRTUAL TABLE sentences USING fts5 (text, transcript_id UNINDEXED, start_s UNINDEXED, end_s UNINDEXED, tokenize = "unicode61 remove_diacritics 2");
COMMIT;
PRAGMA user_version = 1;
