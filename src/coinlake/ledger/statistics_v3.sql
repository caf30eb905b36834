-- Since schema 3, besides those of schema 1.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('slot', 'slot', '500000 100000 1'), ('slot', 'slot_at', '500000 5 1'), ('run_plan', 'run_plan_plan', '100000 20000'),
  ('run_plan', 'sqlite_autoindex_run_plan_1', '100000 1'), ('plan_version', 'plan_version_plan', '50 10'), ('condition', 'condition', '5 1'),
  ('batch', 'batch_news', '50000 2'),
  ('quarantine', 'quarantine', '1000 10 2 1'), ('quarantine', 'quarantine_key', '1000 10');
ANALYZE sqlite_schema;
