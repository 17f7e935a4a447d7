-- A journal as version 1 wrote it (sqlite3's dump). Never changed.
PRAGMA application_id = 1433297770;
BEGIN TRANSACTION;
CREATE TABLE changes (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        entry TEXT NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
        person TEXT NOT NULL,
        at INTEGER NOT NULL,
        op TEXT NOT NULL,
        before TEXT,
        after TEXT NOT NULL,
        together TEXT NOT NULL,
        undoes INTEGER NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0
    ) STRICT;
INSERT INTO "changes" VALUES(1,'full','robin',1784030580999999,'add',NULL,'{"id":"full","person":"robin","kind":"symptom","what":"spasm","subtype":"flexor","place":"calf","side":"left","severity":6.5,"severity_word":"bad","severity_source":"word","duration_minutes":12.5,"occurred_at":"2026-07-14T12:00:00.000001Z","logged_at":"2026-07-14T12:03:00.999999Z","precision":"part_of_day","count":3,"suspected":["heat","stress"],"note":"after the bath: it''s “quiet” now 🙂","raw":"three bad spasms","channel":"assist","going_on":true,"over":true,"ended_at":"2026-07-14T13:00:00Z","woke":true,"celsius":38.2,"reminder":"evening_note","deleted":true}','',0,0);
INSERT INTO "changes" VALUES(2,'e1','robin',1784030400000000,'add',NULL,'{"id":"e1","person":"robin","kind":"symptom","what":"spasm","severity":7.0,"occurred_at":"2026-07-14T12:00:00Z","logged_at":"2026-07-14T12:00:00Z"}','',0,0);
INSERT INTO "changes" VALUES(3,'e1','robin',1784030400000000,'set_severity','{"id":"e1","person":"robin","kind":"symptom","what":"spasm","severity":7.0,"occurred_at":"2026-07-14T12:00:00Z","logged_at":"2026-07-14T12:00:00Z"}','{"id":"e1","person":"robin","kind":"symptom","what":"spasm","severity":8.0,"occurred_at":"2026-07-14T12:00:00Z","logged_at":"2026-07-14T12:00:00Z"}','',0,0);
CREATE TABLE entries (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        person TEXT NOT NULL,
        kind TEXT NOT NULL,
        what TEXT NOT NULL,
        subtype TEXT NOT NULL,
        place TEXT NOT NULL,
        side TEXT NOT NULL,
        severity REAL,
        severity_word TEXT NOT NULL,
        severity_source TEXT NOT NULL,
        duration_minutes REAL,
        occurred_at INTEGER NOT NULL,
        logged_at INTEGER NOT NULL,
        precision TEXT NOT NULL,
        count INTEGER NOT NULL,
        suspected TEXT NOT NULL,
        note TEXT NOT NULL,
        raw TEXT NOT NULL,
        channel TEXT NOT NULL,
        going_on INTEGER NOT NULL,
        over INTEGER NOT NULL,
        ended_at INTEGER,
        woke INTEGER NOT NULL,
        deleted INTEGER NOT NULL,
        celsius REAL,
        reminder TEXT NOT NULL,
        context TEXT NOT NULL,
        more TEXT NOT NULL
    ) STRICT;
INSERT INTO "entries" VALUES(1,'full','robin','symptom','spasm','flexor','calf','left',6.5,'bad','word',12.5,1784030400000001,1784030580999999,'part_of_day',3,'["heat", "stress"]','after the bath: it''s “quiet” now 🙂','three bad spasms','assist',1,1,1784034000000000,1,1,38.2,'evening_note','{"temperature":{"value":24.5,"quality":"fresh"},"doing":["cooling bedroom"]}','{}');
INSERT INTO "entries" VALUES(2,'e1','robin','symptom','spasm','','','',8.0,'','',NULL,1784030400000000,1784030400000000,'minute',1,'[]','','','text',0,0,NULL,0,0,NULL,'','{}','{}');
CREATE TABLE flags (
        seq INTEGER PRIMARY KEY,
        person TEXT NOT NULL,
        reason TEXT NOT NULL,
        tier TEXT NOT NULL,
        at INTEGER NOT NULL,
        shown INTEGER NOT NULL
    ) STRICT;
INSERT INTO "flags" VALUES(1,'robin','fall','today',1784030400000000,1);
CREATE TABLE heard (
        lasting INTEGER NOT NULL,
        person TEXT NOT NULL,
        key TEXT NOT NULL,
        at INTEGER NOT NULL,
        reply TEXT NOT NULL,
        PRIMARY KEY (lasting, person, key)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "heard" VALUES(1,'robin','m1',1784030400000000,'Saved.');
CREATE TABLE hours (
        person TEXT NOT NULL,
        fact TEXT NOT NULL,
        hour INTEGER NOT NULL,
        known_minutes REAL NOT NULL,
        mean REAL,
        low REAL,
        high REAL,
        true_minutes REAL,
        PRIMARY KEY (person, fact, hour)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "hours" VALUES('robin','bedroom.temperature',495564,60.0,22.5,21.0,24.0,NULL);
CREATE TABLE meta (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
CREATE INDEX entries_time ON entries (person, occurred_at, kind, severity, what) WHERE deleted = 0;
CREATE INDEX entries_what ON entries (person, what, occurred_at, kind, severity, count) WHERE deleted = 0;
CREATE INDEX entries_logged ON entries (person, logged_at) WHERE deleted = 0;
CREATE INDEX changes_entry ON changes (entry);
CREATE INDEX changes_live ON changes (person, seq) WHERE undoes = 0 AND undone = 0;
CREATE INDEX flags_reason ON flags (person, reason, at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('changes',3);
COMMIT;
PRAGMA user_version = 1;
