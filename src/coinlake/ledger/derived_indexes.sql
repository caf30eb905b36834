CREATE INDEX @series_coin ON @series (coin);
-- Facts outside the window in which a fact is looked for by the time it was learned.
CREATE INDEX @quote_late ON @quote (series, event_time) WHERE flags & 4;
