-- Since schema 3. Its rows are counted without a look at their evidence.
CREATE INDEX @quarantine_key ON @quarantine (seq);
