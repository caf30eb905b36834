-- Since schema 4: an index that was made anew has lost its figures.
DELETE FROM sqlite_stat1 WHERE idx IN ('slot_at', 'run_plan_plan', 'plan_version_plan');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('slot', 'slot_at', '500000 5 1 1 1 1'), ('run_plan', 'run_plan_plan', '100000 20000 1 1 1'),
  ('plan_version', 'plan_version_plan', '50 10 1 1 1 1 1 1 1 1 1 1');
ANALYZE sqlite_schema;
