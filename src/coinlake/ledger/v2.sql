-- Schema 2: what was spent and who must wait, what people decided, and answers found by their URL.

-- STATE of this machine's dealings with providers: neither input nor derived, written before a request is sent.
CREATE TABLE spend (                    -- one request; written, and on the disk, before it is sent
  id       INTEGER PRIMARY KEY,
  account  TEXT    NOT NULL,            -- provider and key: 'coingecko:keyless', 'coinmarketcap:5f1d…' (no key in it)
  at       INTEGER NOT NULL,            -- by this machine's clock
  run      TEXT    NOT NULL,            -- its id; there need be no such run: a kill may come between
  kind     TEXT    NOT NULL,            -- endpoint, as in raw
  credits  INTEGER NOT NULL,
  moved    INTEGER                      -- to when it counts as well: `at` lay in the future of a clock that was set back
) STRICT;
CREATE INDEX spend_at ON spend (account, at, credits);
CREATE INDEX spend_moved ON spend (account, moved) WHERE moved IS NOT NULL;

CREATE TABLE block (                    -- no request of this account, or to this endpoint of it, before `until`
  account  TEXT    NOT NULL,
  endpoint TEXT    NOT NULL,            -- '': all of them
  since    INTEGER NOT NULL,
  until    INTEGER NOT NULL,
  kind     TEXT    NOT NULL,            -- of the error: 'rate_limited', 'unauthorized', …
  why      TEXT    NOT NULL,            -- in the provider's words
  hint     TEXT    NOT NULL,            -- what to do
  moved    INTEGER,                     -- when it began by a clock that was set back; it holds by either
  PRIMARY KEY (account, endpoint)
) STRICT, WITHOUT ROWID;

-- INPUT: what somebody decided of a quarantined row. Never updated; undone by the opposite decision.
CREATE TABLE decision (
  seq    INTEGER PRIMARY KEY,           -- of a batch of kind 'release' or 'drop'; written before it, for its link
  q_seq  INTEGER NOT NULL,              -- the row's key in quarantine
  q_n    INTEGER NOT NULL,
  q_row  INTEGER NOT NULL,
  action TEXT    NOT NULL CHECK (action IN ('release', 'drop')),
  why    TEXT
) STRICT;
CREATE INDEX decision_row ON decision (q_seq, q_n, q_row);
CREATE TRIGGER decision_replace BEFORE INSERT ON decision WHEN EXISTS (SELECT 1 FROM decision WHERE seq = NEW.seq)
BEGIN SELECT raise(ABORT, 'a decision is an input: it is never replaced'); END;
CREATE TRIGGER decision_update BEFORE UPDATE ON decision BEGIN SELECT raise(ABORT, 'a decision is an input: it is never changed'); END;
CREATE TRIGGER decision_delete BEFORE DELETE ON decision BEGIN SELECT raise(ABORT, 'a decision is an input: it is never deleted'); END;

-- The cache: the newest answer of a URL. And the last ones of a kind.
CREATE INDEX raw_url ON raw (url, seq);
CREATE INDEX raw_kind ON raw (kind, seq);
