-- Times are microseconds since 1970, UTC. Codes are those of sqlite/code.rs and never change.

CREATE TABLE meta (
    only        INTEGER PRIMARY KEY CHECK (only = 1),
    ledger_id   TEXT    NOT NULL,
    generation  INTEGER NOT NULL,         -- runs begun on this ledger
    key_mark    TEXT                      -- of the secret that people are keyed by
) STRICT;
INSERT INTO meta VALUES (1, lower(hex(randomblob(16))), 0, NULL);

CREATE TABLE campaigns (
    id              INTEGER PRIMARY KEY,
    name            TEXT    NOT NULL UNIQUE,
    revision        INTEGER NOT NULL,     -- the one in force
    state           INTEGER NOT NULL,
    reason          TEXT,                 -- why it is paused or held
    stop_requested  INTEGER NOT NULL DEFAULT 0,
    rows            INTEGER NOT NULL,     -- rows read from the lists, people added later included
    narrowed        INTEGER NOT NULL,     -- whether it never went to all of its lists
    follows         INTEGER REFERENCES campaigns,  -- the one whose readers it answers
    relation        INTEGER,              -- what it is to that one
    called_off      INTEGER NOT NULL DEFAULT 0,  -- whether it goes to nobody any more
    frozen_at       INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    CHECK ((follows IS NULL) = (relation IS NULL))
) STRICT;

CREATE TABLE revisions (
    campaign   INTEGER NOT NULL REFERENCES campaigns,
    revision   INTEGER NOT NULL,
    digest     TEXT    NOT NULL,
    subject    TEXT    NOT NULL,          -- without anybody's data
    sequence   INTEGER NOT NULL,          -- its number in the thread
    inputs     BLOB    NOT NULL,          -- behind what is read without it
    exhibit    BLOB    NOT NULL,          -- all that shaped it, to say later what has changed
    frozen_at  INTEGER NOT NULL,
    PRIMARY KEY (campaign, revision)
) STRICT;

-- The lists that a campaign was for.
CREATE TABLE lists (
    campaign  INTEGER NOT NULL REFERENCES campaigns,
    name      TEXT    NOT NULL,
    PRIMARY KEY (campaign, name)
) STRICT, WITHOUT ROWID;

-- Errors of the checks that somebody sent in spite of.
CREATE TABLE passed_over (
    campaign  INTEGER NOT NULL REFERENCES campaigns,
    at        INTEGER NOT NULL,
    rule      TEXT    NOT NULL,
    PRIMARY KEY (campaign, at, rule)
) STRICT, WITHOUT ROWID;

-- Rows of the lists that got no delivery.
CREATE TABLE skipped (
    campaign  INTEGER NOT NULL REFERENCES campaigns,
    reason    INTEGER NOT NULL,
    n         INTEGER NOT NULL,
    PRIMARY KEY (campaign, reason)
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
    id                INTEGER PRIMARY KEY,
    campaign          INTEGER NOT NULL REFERENCES campaigns,
    person            BLOB    NOT NULL CHECK (length(person) = 16),
    revision          INTEGER NOT NULL,
    status            INTEGER NOT NULL DEFAULT 0,
    attempts          INTEGER NOT NULL DEFAULT 0,
    due_at            INTEGER NOT NULL DEFAULT 0,  -- of a deferred one; 0 is at once
    first_attempt_at  INTEGER,            -- the Date of the message, once a try has ended
    UNIQUE (campaign, person)
) STRICT;

-- Everything still to be done, and nothing else: claiming, recovering and asking what is due
-- cost the same with a thousand and with a million finished deliveries.
CREATE INDEX open_deliveries ON deliveries (campaign, status, due_at) WHERE status <= 3;

-- What a run has in its hands. A claim and a mark are written here alone: a page or two hold all
-- of them, where the deliveries with their index and the books would be four times as many.
CREATE TABLE held (
    delivery  INTEGER PRIMARY KEY REFERENCES deliveries,
    run       INTEGER NOT NULL,           -- its generation
    began     INTEGER                     -- the try that is marked, and so its Date if the first
) STRICT;

-- A delivery as the protocol sees it, held or not.
CREATE VIEW standings AS
    SELECT d.id, d.campaign, d.person, d.revision, d.status, d.due_at, d.attempts,
           coalesce(d.first_attempt_at, h.began) AS first_attempt_at, h.run, h.began
    FROM deliveries d LEFT JOIN held h ON h.delivery = d.id;

-- Apart from the deliveries so that whole pages fall free as people are done, and the attempts
-- move into them: the file does not grow while a campaign is sent.
CREATE TABLE seals (
    delivery  INTEGER PRIMARY KEY REFERENCES deliveries,
    sealed    BLOB NOT NULL
) STRICT;

-- The books, kept by the database itself, so that no statement can forget them. Who is held is
-- counted where they were taken from. Each campaign has a line for every status from the start.
CREATE TABLE tally (
    campaign  INTEGER NOT NULL REFERENCES campaigns,
    status    INTEGER NOT NULL,
    n         INTEGER NOT NULL CHECK (n >= 0),
    PRIMARY KEY (campaign, status)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER campaign_opens AFTER INSERT ON campaigns BEGIN
    INSERT INTO tally SELECT new.id, column1, 0
        FROM (VALUES (0), (3), (4), (5), (6), (10), (11), (12), (13), (14), (15), (16));
END;
CREATE TRIGGER delivery_enters AFTER INSERT ON deliveries BEGIN
    UPDATE tally SET n = n + 1 WHERE campaign = new.campaign AND status = new.status;
END;
CREATE TRIGGER delivery_moves AFTER UPDATE OF status ON deliveries
WHEN new.status <> old.status BEGIN
    UPDATE tally SET n = n - 1 WHERE campaign = old.campaign AND status = old.status;
    UPDATE tally SET n = n + 1 WHERE campaign = new.campaign AND status = new.status;
END;
CREATE TRIGGER delivery_stays BEFORE DELETE ON deliveries BEGIN
    SELECT RAISE(ABORT, 'deliveries are never deleted');
END;

-- In the order they ended. There is no index by delivery: one person's log is read by a scan,
-- which is rare and short, and spares every delivery 13 bytes and a write.
CREATE TABLE attempts (
    id        INTEGER PRIMARY KEY,
    delivery  INTEGER REFERENCES deliveries,
    person    BLOB CHECK (length(person) = 16),   -- test mails only
    number    INTEGER NOT NULL,
    status    INTEGER NOT NULL,
    stage     INTEGER NOT NULL,
    code      INTEGER,
    enhanced  TEXT,
    reply     TEXT    NOT NULL,
    queue_id  TEXT,
    ended_at  INTEGER NOT NULL,
    took      INTEGER NOT NULL,                   -- microseconds
    CHECK ((delivery IS NULL) <> (person IS NULL))
) STRICT;
CREATE TRIGGER attempt_is_final BEFORE UPDATE ON attempts BEGIN
    SELECT RAISE(ABORT, 'attempts are never changed');
END;
CREATE TRIGGER attempt_stays BEFORE DELETE ON attempts BEGIN
    SELECT RAISE(ABORT, 'attempts are never deleted');
END;

-- What the test mails showed that arrived.
CREATE TABLE tests (
    attempt   INTEGER PRIMARY KEY REFERENCES attempts,
    campaign  TEXT    NOT NULL,                   -- the id it would have; it need not be there
    digest    TEXT    NOT NULL
) STRICT;

-- What counts against an hourly or daily cap: accepted, uncertain, test.
-- (With `IN` the database would make a table of the three numbers for each row.)
CREATE INDEX counted_attempts ON attempts (ended_at) WHERE status = 4 OR status = 6 OR status = 7;

CREATE TABLE suppressions (
    person  BLOB    NOT NULL PRIMARY KEY CHECK (length(person) = 16),
    reason  INTEGER NOT NULL,
    at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who let a draft go out as it was, and who took that back. The newest line of a draft holds.
CREATE TABLE approvals (
    id       INTEGER PRIMARY KEY,
    draft    TEXT    NOT NULL,            -- its slug; there need be no campaign of it
    who      TEXT    NOT NULL,
    note     TEXT,
    at       INTEGER NOT NULL,
    digest   TEXT,                        -- none: taken back
    exhibit  BLOB,                        -- all that was approved, to say later what has changed
    allowed  TEXT    NOT NULL,            -- errors of the checks allowed with it, between blanks
    CHECK ((digest IS NULL) = (exhibit IS NULL))
) STRICT;
CREATE INDEX approvals_of_a_draft ON approvals (draft);
CREATE TRIGGER approval_is_final BEFORE UPDATE ON approvals BEGIN
    SELECT RAISE(ABORT, 'approvals are never changed');
END;
CREATE TRIGGER approval_stays BEFORE DELETE ON approvals BEGIN
    SELECT RAISE(ABORT, 'approvals are never deleted');
END;
