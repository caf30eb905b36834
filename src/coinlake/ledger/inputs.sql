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
  CHECK ((close_seq IS NULL) = (outcome IS NULL))
) STRICT;
CREATE INDEX batch_run ON batch (run);

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

CREATE TABLE raw_body (
  seq  INTEGER NOT NULL,
  n    INTEGER NOT NULL,
  zstd BLOB    NOT NULL,
  PRIMARY KEY (seq, n)
) STRICT;

CREATE TRIGGER batch_order BEFORE INSERT ON batch
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM batch) OR NEW.known_at <= (SELECT coalesce(max(known_at), NEW.known_at - 1) FROM batch)
BEGIN SELECT raise(ABORT, 'batches are numbered 1, 2, 3 … and known_at rises'); END;

CREATE TRIGGER run_update   BEFORE UPDATE ON run   BEGIN SELECT raise(ABORT, 'a run is an input: it is never changed'); END;
CREATE TRIGGER run_delete   BEFORE DELETE ON run   BEGIN SELECT raise(ABORT, 'a run is an input: it is never deleted'); END;
CREATE TRIGGER batch_update BEFORE UPDATE ON batch BEGIN SELECT raise(ABORT, 'a batch is an input: it is never changed'); END;
CREATE TRIGGER batch_delete BEFORE DELETE ON batch BEGIN SELECT raise(ABORT, 'a batch is an input: it is never deleted'); END;
CREATE TRIGGER raw_update   BEFORE UPDATE ON raw   BEGIN SELECT raise(ABORT, 'a raw response is an input: it is never changed'); END;
CREATE TRIGGER raw_delete   BEFORE DELETE ON raw   BEGIN SELECT raise(ABORT, 'a raw response is an input: it is never deleted'); END;
CREATE TRIGGER raw_body_update BEFORE UPDATE ON raw_body BEGIN SELECT raise(ABORT, 'a raw body is an input: it is never changed'); END;
CREATE TRIGGER raw_body_delete BEFORE DELETE ON raw_body BEGIN SELECT raise(ABORT, 'a raw body is an input: it is never deleted'); END;
