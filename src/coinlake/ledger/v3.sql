-- Schema 3: schedules, what came of each of their moments, and how things stand.

-- INPUT, not in the chain: a schedule as it was from some moment on. Its newest row (by id) counts.
CREATE TABLE plan_version (
  id         INTEGER PRIMARY KEY,
  plan       TEXT    NOT NULL,          -- the schedule's name
  since      INTEGER NOT NULL,          -- it is about slots that begin then or later
  ended      INTEGER NOT NULL CHECK (ended IN (0, 1)),  -- 1: there is no such schedule from then on
  timetable  TEXT    NOT NULL,          -- when it is due, as configured
  zone       TEXT    NOT NULL,
  source     TEXT    NOT NULL,
  asks       TEXT    NOT NULL,          -- what for, for people
  freshness  INTEGER NOT NULL,          -- microseconds
  timeout    INTEGER NOT NULL,          -- microseconds
  why        TEXT    NOT NULL           -- why there is a new version
) STRICT;
CREATE INDEX plan_version_plan ON plan_version (plan);

-- INPUT, not in the chain (but the time of a slot stands in the row of its run, which is): what came of one moment of a schedule.
CREATE TABLE slot (
  plan  TEXT    NOT NULL,
  at    INTEGER NOT NULL,               -- when it began
  state TEXT    NOT NULL CHECK (state IN ('done', 'late', 'missed', 'skipped')),
  seq   INTEGER REFERENCES batch DEFERRABLE INITIALLY DEFERRED,  -- the batch that closed the run that it had; NULL: none
  why   TEXT,                           -- NULL: simply done
  PRIMARY KEY (plan, at),
  CHECK (seq IS NOT NULL OR state IN ('missed', 'skipped'))
) STRICT, WITHOUT ROWID;
CREATE INDEX slot_at ON slot (at DESC, plan);

-- INPUT, not in the chain: which slot a run was for, whatever came of it.
CREATE TABLE run_plan (
  id   INTEGER PRIMARY KEY,             -- in the order in which runs first wrote something
  run  TEXT    NOT NULL UNIQUE REFERENCES run,
  plan TEXT    NOT NULL,                -- the schedule's name
  at   INTEGER NOT NULL                 -- when the slot began: run.slot
) STRICT;
CREATE INDEX run_plan_plan ON run_plan (plan);  -- and id: the newest run of a schedule is one look

-- The last run of a schedule that brought anything new, though it brings nothing for a year.
CREATE INDEX batch_news ON batch (run) WHERE n_new + n_revised > 0;

-- STATE: the last word on a provider, the collection, the clock or the configuration.
CREATE TABLE condition (
  subject  TEXT    PRIMARY KEY,         -- a provider's name, 'collection', 'clock' or 'configuration'
  state    TEXT    NOT NULL,
  since    INTEGER NOT NULL,
  until    INTEGER,                     -- when it is looked at again, where that is known
  failures INTEGER NOT NULL,            -- in a row
  why      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER plan_version_replace BEFORE INSERT ON plan_version WHEN EXISTS (SELECT 1 FROM plan_version WHERE id = NEW.id)
BEGIN SELECT raise(ABORT, 'a version of a schedule is an input: it is never replaced'); END;
CREATE TRIGGER plan_version_update BEFORE UPDATE ON plan_version BEGIN SELECT raise(ABORT, 'a version of a schedule is an input: it is never changed'); END;
CREATE TRIGGER plan_version_delete BEFORE DELETE ON plan_version BEGIN SELECT raise(ABORT, 'a version of a schedule is an input: it is never deleted'); END;
CREATE TRIGGER slot_replace BEFORE INSERT ON slot WHEN EXISTS (SELECT 1 FROM slot WHERE plan = NEW.plan AND at = NEW.at)
BEGIN SELECT raise(ABORT, 'a slot is an input: it is never replaced'); END;
CREATE TRIGGER slot_update BEFORE UPDATE ON slot BEGIN SELECT raise(ABORT, 'a slot is an input: it is never changed'); END;
CREATE TRIGGER slot_delete BEFORE DELETE ON slot BEGIN SELECT raise(ABORT, 'a slot is an input: it is never deleted'); END;
CREATE TRIGGER run_plan_replace BEFORE INSERT ON run_plan WHEN EXISTS (SELECT 1 FROM run_plan WHERE id = NEW.id OR run = NEW.run)
BEGIN SELECT raise(ABORT, 'the slot of a run is an input: it is never replaced'); END;
CREATE TRIGGER run_plan_update BEFORE UPDATE ON run_plan BEGIN SELECT raise(ABORT, 'the slot of a run is an input: it is never changed'); END;
CREATE TRIGGER run_plan_delete BEFORE DELETE ON run_plan BEGIN SELECT raise(ABORT, 'the slot of a run is an input: it is never deleted'); END;
