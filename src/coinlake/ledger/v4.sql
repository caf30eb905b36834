-- Schema 4: an end that was cut off is seen, and so is any byte that changed in a row which the chain does not have.

-- STATE: how often the writer committed. The same number stands in the .lock beside the ledger once that was acknowledged.
CREATE TABLE commits (
  one   INTEGER PRIMARY KEY CHECK (one = 1),  -- one row
  n     INTEGER NOT NULL,
  minus INTEGER NOT NULL CHECK (minus = -n)  -- a changed byte makes one of them another number
) STRICT;
INSERT INTO commits VALUES (1, 0, 0);

-- Each of these holds all columns of its table: SQLite's integrity check compares the two, value for value.
DROP INDEX spend_at;
CREATE INDEX spend_at ON spend (account, at, credits, run, kind, moved);
DROP INDEX slot_at;
CREATE INDEX slot_at ON slot (at DESC, plan, state, seq, why);
DROP INDEX plan_version_plan;
CREATE INDEX plan_version_plan ON plan_version (plan, id, since, ended, timetable, zone, source, asks, freshness, timeout, why);
DROP INDEX run_plan_plan;
CREATE INDEX run_plan_plan ON run_plan (plan, id, run, at);
CREATE INDEX block_twin ON block (since, until, kind, why, hint, moved);
CREATE INDEX condition_twin ON condition (state, since, until, failures, why);
CREATE INDEX identity_twin ON identity (id, epoch, created_at);
