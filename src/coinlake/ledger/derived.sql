-- DERIVED: replay rebuilds all of it from the inputs. "@" stands for the prefix: nothing for the ledger's own tables, a shadow
-- name while replay builds new ones beside them.

CREATE TABLE @series (
  id        INTEGER PRIMARY KEY,        -- given in seq order, so that a rebuild gives the same
  source    TEXT    NOT NULL,
  coin      TEXT    NOT NULL,           -- the provider's id, bytes as sent
  currency  TEXT    NOT NULL,
  kind      TEXT    NOT NULL,
  first_seq INTEGER NOT NULL,
  UNIQUE (source, currency, kind, coin)
) STRICT;

CREATE TABLE @profile (                 -- slow columns, a row when one of them changes
  series INTEGER NOT NULL, seq INTEGER NOT NULL,
  total_supply REAL, max_supply REAL, ath REAL, atl REAL, ath_date INTEGER, atl_date INTEGER,
  symbol TEXT, name TEXT, image TEXT, roi TEXT,
  PRIMARY KEY (series, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE @quote (                   -- one fact of a polled series
  seq INTEGER NOT NULL, series INTEGER NOT NULL,
  event_time  INTEGER NOT NULL,         -- what moment the values are of
  flags       INTEGER NOT NULL,         -- 1 time assumed, 2 stale, 4 late, 8 revision
  changed     INTEGER NOT NULL,         -- revision: bit set of the columns that differ from its predecessor
  absent      INTEGER NOT NULL,         -- bit set of the columns nobody mentioned (NULL there is not the provider's null)
  profile_seq INTEGER NOT NULL,
  price REAL, market_cap REAL, fully_diluted_valuation REAL, volume_24h REAL, high_24h REAL, low_24h REAL,
  price_change_24h REAL, price_change_percentage_24h REAL, market_cap_change_24h REAL,
  market_cap_change_percentage_24h REAL, circulating_supply REAL, ath_change_percentage REAL, atl_change_percentage REAL,
  price_change_percentage_1h_in_currency REAL, price_change_percentage_24h_in_currency REAL,
  price_change_percentage_7d_in_currency REAL, price_change_percentage_14d_in_currency REAL,
  price_change_percentage_30d_in_currency REAL, price_change_percentage_200d_in_currency REAL,
  price_change_percentage_1y_in_currency REAL,
  PRIMARY KEY (seq, series)
) STRICT, WITHOUT ROWID;

CREATE TABLE @obs (                     -- this coin was in this answer
  seq INTEGER NOT NULL, series INTEGER NOT NULL,
  pos       INTEGER NOT NULL,           -- 1-based, over all pages of the sweep
  rank      INTEGER,                    -- as the provider said
  quote_seq INTEGER,                    -- the fact it stated; NULL: no price and no time
  head_seq  INTEGER,                    -- the newest fact of the series once this answer was known
  PRIMARY KEY (seq, series)
) STRICT, WITHOUT ROWID;

CREATE TABLE @superseded (              -- insert-only: as-of tests by_seq. A stale revision is born superseded (by_seq < seq)
  series INTEGER NOT NULL, seq INTEGER NOT NULL, by_seq INTEGER NOT NULL,
  PRIMARY KEY (series, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE @head (                    -- newest event_time, newest revision
  series INTEGER PRIMARY KEY, seq INTEGER NOT NULL, event_time INTEGER NOT NULL, profile_seq INTEGER NOT NULL,
  seen_seq INTEGER NOT NULL             -- the last answer that had the coin: its rank is there
) STRICT;

CREATE TABLE @quarantine (              -- rows that cannot be true
  seq INTEGER NOT NULL, n INTEGER NOT NULL, row INTEGER NOT NULL,
  rule TEXT NOT NULL, evidence TEXT NOT NULL,
  PRIMARY KEY (seq, n, row)
) STRICT, WITHOUT ROWID;
