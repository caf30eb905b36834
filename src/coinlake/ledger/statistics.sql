-- "Newest N" must walk from the newest batch; without figures SQLite 3.40 sorts everything instead. Fixed ones, so that plans
-- do not depend on who ran ANALYZE when.
ANALYZE sqlite_schema;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('batch', NULL, '100000'), ('batch', 'batch_run', '100000 2'), ('batch', 'batch_collected', '100000 1'), ('batch', 'sqlite_autoindex_batch_1', '100000 1'),
  ('obs', 'obs', '25000000 250 1'), ('quote', 'quote', '25000000 250 1'), ('quote', 'quote_late', '250000 50 1'),
  ('profile', 'profile', '200000 40 1'), ('series', 'series_coin', '5000 1'),
  ('series', 'sqlite_autoindex_series_1', '5000 5000 1000 1000 1'), ('head', NULL, '5000'),
  ('superseded', 'superseded', '500000 100 1'), ('raw', 'raw', '100000 1 1'), ('raw_body', NULL, '100000');
ANALYZE sqlite_schema;
