-- INPUTS: what was received and decided. Never rebuilt, never updated.

CREATE TABLE identity (                 -- one row; every restore raises the epoch
  id         TEXT    NOT NULL,
  epoch      INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE run (                      -- the envelope round the batches of one collection
  id         TEXT    PRIMARY KEY,       -- random; carries no order
  kind       TEXT    NOT NULL,          -- 'collect'
  source     TEXT    NOT NULL,
  plan       TEXT    NOT NULL,          -- what was asked, for people
  slot       INTEGER,                   -- the scheduled moment it fills, if any
  started_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE batch (                    -- one commit, normally one response; order is seq alone
  seq        INTEGER PRIMARY KEY,
  run        TEXT    NOT NULL REFERENCES run,
  kind       TEXT    NOT NULL,          -- 'answer', 'failure' or 'close'
  known_at   INTEGER NOT NULL UNIQUE,   -- when we learned it: microseconds UTC, strictly rising
  clock_at   INTEGER NOT NULL,          -- what the wall clock said
  close_seq  INTEGER UNIQUE,            -- set on the batch that closes its run; runs are ordered by it
  outcome    TEXT    CHECK (outcome IN ('ok', 'partial', 'failed')),
  decoder    INTEGER NOT NULL,
  n_rows     INTEGER NOT NULL,          -- = n_new + n_revised + n_equal + n_unpriced + n_bad + n_surplus
  n_new      INTEGER NOT NULL,
  n_revised  INTEGER NOT NULL,
  n_equal    INTEGER NOT NULL,
  n_unpriced INTEGER NOT NULL,          -- seen without a price and without a time
  n_bad      INTEGER NOT NULL,          -- quarantined
  n_surplus  INTEGER NOT NULL,          -- answered beyond what was asked
  requests   INTEGER NOT NULL,
  credits    INTEGER NOT NULL,
  given      INTEGER NOT NULL,          -- bit set of the columns that at least one row mentioned
  note       TEXT,                      -- why it failed, or what was odd
  link       BLOB    NOT NULL,          -- SHA-256 over the link before, this row, its run and its raw responses
  CHECK ((close_seq IS NULL) = (outcome IS NULL))
) STRICT;
CREATE INDEX batch_run ON batch (run);
-- collected_at as the compatibility views spell it: "newest N" and "since" read from the newest batch on.
CREATE INDEX batch_collected ON batch (strftime('%Y-%m-%d %H:%M:%S', known_at / 1000000, 'unixepoch') || printf('.%06d', known_at % 1000000));

CREATE TABLE raw (                      -- every response, as it came
  seq         INTEGER NOT NULL,
  n           INTEGER NOT NULL,         -- attempts of one request count from 0; the last one is decoded
  kind        TEXT    NOT NULL,         -- endpoint and granularity
  currency    TEXT    NOT NULL,         -- as asked
  page        INTEGER NOT NULL,
  first_pos   INTEGER NOT NULL,         -- position of its first row in the sweep
  take        INTEGER NOT NULL,         -- rows of it that were asked for
  received_at INTEGER NOT NULL,
  served_at   INTEGER,                  -- Date minus Age
  url         TEXT    NOT NULL,
  status      INTEGER NOT NULL,
  headers     TEXT    NOT NULL,
  fault       TEXT,                     -- why the bytes are not the whole answer; NULL when they are
  sha256      BLOB    NOT NULL,         -- of the body
  size        INTEGER NOT NULL,
  body_seq    INTEGER NOT NULL,         -- where the body lies: an equal one is kept once
  body_n      INTEGER NOT NULL,
  PRIMARY KEY (seq, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX raw_sha256 ON raw (sha256);
CREATE INDEX raw_served ON raw (served_at);

CREATE TABLE raw_body (
  seq  INTEGER NOT NULL,
  n    INTEGER NOT NULL,
  zstd BLOB    NOT NULL,
  PRIMARY KEY (seq, n)
) STRICT;

CREATE TRIGGER batch_order BEFORE INSERT ON batch
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM batch) OR NEW.known_at <= (SELECT coalesce(max(known_at), NEW.known_at - 1) FROM batch)
BEGIN SELECT raise(ABORT, 'batches are numbered 1, 2, 3 … and known_at rises'); END;

-- REPLACE deletes without asking the triggers of DELETE, so a key that is there already is refused before.
CREATE TRIGGER run_replace BEFORE INSERT ON run WHEN EXISTS (SELECT 1 FROM run WHERE id = NEW.id)
BEGIN SELECT raise(ABORT, 'a run is an input: it is never replaced'); END;
CREATE TRIGGER raw_replace BEFORE INSERT ON raw WHEN EXISTS (SELECT 1 FROM raw WHERE seq = NEW.seq AND n = NEW.n)
BEGIN SELECT raise(ABORT, 'a raw response is an input: it is never replaced'); END;
CREATE TRIGGER raw_body_replace BEFORE INSERT ON raw_body WHEN EXISTS (SELECT 1 FROM raw_body WHERE seq = NEW.seq AND n = NEW.n)
BEGIN SELECT raise(ABORT, 'a raw body is an input: it is never replaced'); END;

CREATE TRIGGER identity_insert BEFORE INSERT ON identity WHEN EXISTS (SELECT 1 FROM identity)
BEGIN SELECT raise(ABORT, 'a ledger has one identity'); END;
CREATE TRIGGER identity_update BEFORE UPDATE ON identity WHEN NEW.id <> OLD.id OR NEW.created_at <> OLD.created_at OR NEW.epoch <= OLD.epoch
BEGIN SELECT raise(ABORT, 'of its identity a ledger changes the epoch only, and raises it'); END;
CREATE TRIGGER identity_delete BEFORE DELETE ON identity
BEGIN SELECT raise(ABORT, 'a ledger keeps its identity'); END;
CREATE TRIGGER run_update   BEFORE UPDATE ON run   BEGIN SELECT raise(ABORT, 'a run is an input: it is never changed'); END;
CREATE TRIGGER run_delete   BEFORE DELETE ON run   BEGIN SELECT raise(ABORT, 'a run is an input: it is never deleted'); END;
CREATE TRIGGER batch_update BEFORE UPDATE ON batch BEGIN SELECT raise(ABORT, 'a batch is an input: it is never changed'); END;
CREATE TRIGGER batch_delete BEFORE DELETE ON batch BEGIN SELECT raise(ABORT, 'a batch is an input: it is never deleted'); END;
CREATE TRIGGER raw_update   BEFORE UPDATE ON raw   BEGIN SELECT raise(ABORT, 'a raw response is an input: it is never changed'); END;
CREATE TRIGGER raw_delete   BEFORE DELETE ON raw   BEGIN SELECT raise(ABORT, 'a raw response is an input: it is never deleted'); END;
CREATE TRIGGER raw_body_update BEFORE UPDATE ON raw_body BEGIN SELECT raise(ABORT, 'a raw body is an input: it is never changed'); END;
CREATE TRIGGER raw_body_delete BEFORE DELETE ON raw_body BEGIN SELECT raise(ABORT, 'a raw body is an input: it is never deleted'); END;
