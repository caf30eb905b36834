-- What people query. Plain SQL: they work in the sqlite3 shell and in pandas while a collection runs.

-- Every coin of every CoinGecko answer in USD, as the table of the same name that pandas used to write.
CREATE VIEW cryptocurrency_data AS
SELECT
  o.seq * 1000000 + o.series AS id,
  s.coin AS coin_id, upper(p.symbol) AS symbol, p.name AS name,
  q.price AS current_price, q.market_cap AS market_cap, o.rank AS market_cap_rank, q.volume_24h AS total_volume,
  q.high_24h, q.low_24h, q.price_change_24h, q.price_change_percentage_24h, q.circulating_supply,
  p.total_supply, p.max_supply,
  p.ath, strftime('%Y-%m-%dT%H:%M:%S', (p.ath_date - (p.ath_date % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch')
    || printf('.%06d+00:00', (p.ath_date % 1000000 + 1000000) % 1000000) AS ath_date,
  p.atl, strftime('%Y-%m-%dT%H:%M:%S', (p.atl_date - (p.atl_date % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch')
    || printf('.%06d+00:00', (p.atl_date % 1000000 + 1000000) % 1000000) AS atl_date,
  (q.high_24h - q.low_24h) / nullif(q.price, 0) * 100 AS volatility_24h,
  (q.price - p.ath) / nullif(p.ath, 0) * 100 AS distance_from_ath,
  (q.price - p.atl) / nullif(p.atl, 0) * 100 AS distance_from_atl,
  q.volume_24h / nullif(q.market_cap, 0) AS volume_to_mcap_ratio,
  CASE WHEN q.flags & 1 = 0 THEN
    strftime('%Y-%m-%dT%H:%M:%S', q.event_time / 1000000, 'unixepoch') || printf('.%06d+00:00', q.event_time % 1000000) END AS last_updated,
  strftime('%Y-%m-%d %H:%M:%S', b.known_at / 1000000, 'unixepoch') || printf('.%06d', b.known_at % 1000000) AS collected_at
FROM batch b
CROSS JOIN obs o ON o.seq = b.seq AND (b.kind = 'answer' OR EXISTS (   -- a released row, unless it was dropped again
  SELECT 1 FROM decision d WHERE d.seq = b.seq AND d.action = 'release' AND NOT EXISTS (
    SELECT 1 FROM decision u WHERE u.q_seq = d.q_seq AND u.q_n = d.q_n AND u.q_row = d.q_row AND u.action = 'drop' AND u.seq > d.seq)))
CROSS JOIN series s ON s.id = o.series AND s.source = 'coingecko' AND s.kind = 'markets' AND s.currency = 'usd'
LEFT JOIN quote q ON q.seq = o.quote_seq AND q.series = o.series
LEFT JOIN profile p ON p.series = o.series AND p.seq =   -- a coin without a price keeps its name
  coalesce(q.profile_seq, (SELECT profile_seq FROM quote h WHERE h.seq = o.head_seq AND h.series = o.series));

-- The newest values of every coin ever seen there, with its rank in the last answer that had it.
CREATE VIEW cryptocurrency_latest AS
SELECT
  h.seen_seq * 1000000 + h.series AS id,
  s.coin AS coin_id, upper(p.symbol) AS symbol, p.name AS name,
  q.price AS current_price, q.market_cap AS market_cap, o.rank AS market_cap_rank, q.volume_24h AS total_volume,
  q.high_24h, q.low_24h, q.price_change_24h, q.price_change_percentage_24h, q.circulating_supply,
  p.total_supply, p.max_supply,
  p.ath, strftime('%Y-%m-%dT%H:%M:%S', (p.ath_date - (p.ath_date % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch')
    || printf('.%06d+00:00', (p.ath_date % 1000000 + 1000000) % 1000000) AS ath_date,
  p.atl, strftime('%Y-%m-%dT%H:%M:%S', (p.atl_date - (p.atl_date % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch')
    || printf('.%06d+00:00', (p.atl_date % 1000000 + 1000000) % 1000000) AS atl_date,
  (q.high_24h - q.low_24h) / nullif(q.price, 0) * 100 AS volatility_24h,
  (q.price - p.ath) / nullif(p.ath, 0) * 100 AS distance_from_ath,
  (q.price - p.atl) / nullif(p.atl, 0) * 100 AS distance_from_atl,
  q.volume_24h / nullif(q.market_cap, 0) AS volume_to_mcap_ratio,
  CASE WHEN q.flags & 1 = 0 THEN
    strftime('%Y-%m-%dT%H:%M:%S', q.event_time / 1000000, 'unixepoch') || printf('.%06d+00:00', q.event_time % 1000000) END AS last_updated,
  strftime('%Y-%m-%d %H:%M:%S', b.known_at / 1000000, 'unixepoch') || printf('.%06d', b.known_at % 1000000) AS collected_at
FROM head h
JOIN series s ON s.id = h.series AND s.source = 'coingecko' AND s.kind = 'markets' AND s.currency = 'usd'
JOIN quote q ON q.seq = h.seq AND q.series = h.series
JOIN batch b ON b.seq = h.seen_seq
LEFT JOIN obs o ON o.seq = h.seen_seq AND o.series = h.series
LEFT JOIN profile p ON p.series = h.series AND p.seq = h.profile_seq;

-- Bitcoin in BRL from CoinMarketCap, the newest revision of each moment, as the table of the same name.
CREATE VIEW bitcoin_precos AS
SELECT
  row_number() OVER (ORDER BY q.event_time) AS id,
  q.price, q.volume_24h, q.market_cap,
  CASE WHEN q.flags & 1 = 0 THEN
    strftime('%Y-%m-%dT%H:%M:%S', q.event_time / 1000000, 'unixepoch') || printf('.%06d+00:00', q.event_time % 1000000) END AS last_updated,
  strftime('%Y-%m-%dT%H:%M:%S', b.known_at / 1000000, 'unixepoch') || printf('.%06d+00:00', b.known_at % 1000000) AS inserted_at
FROM series s
JOIN quote q ON q.series = s.id
JOIN batch b ON b.seq = q.seq
WHERE s.source = 'coinmarketcap' AND s.coin = '1' AND s.currency = 'brl' AND s.kind = 'quotes'
  AND NOT EXISTS (SELECT 1 FROM superseded x WHERE x.series = q.series AND x.seq = q.seq);

-- What each provider's list of coins says they are called, by its newest list that had them; listed: it is the newest of all.
CREATE VIEW coin_list AS
SELECT s.source, s.coin AS coin_id, p.symbol, p.name,
  h.seen_seq = (SELECT max(o.seen_seq) FROM head o JOIN series t ON t.id = o.series WHERE t.kind = 'list' AND t.source = s.source) AS listed,
  strftime('%Y-%m-%d %H:%M:%S', b.known_at / 1000000, 'unixepoch') AS last_listed_at
FROM series s JOIN head h ON h.series = s.id
JOIN profile p ON p.series = h.series AND p.seq = h.profile_seq
JOIN batch b ON b.seq = h.seen_seq
WHERE s.kind = 'list';

-- Runs as people ask for them: open until a batch closes them.
CREATE VIEW run_summary AS
SELECT r.id, r.kind, r.source, r.plan, r.started_at,
  max(b.known_at) AS ended_at, max(b.close_seq) AS close_seq, coalesce(max(b.outcome), 'open') AS outcome,
  count(CASE WHEN b.kind = 'answer' THEN 1 END) AS pages,
  coalesce(sum(b.n_rows), 0) AS n_rows, coalesce(sum(b.n_new), 0) AS n_new, coalesce(sum(b.n_revised), 0) AS n_revised, coalesce(sum(b.n_equal), 0) AS n_equal,
  coalesce(sum(b.n_unpriced), 0) AS n_unpriced, coalesce(sum(b.n_bad), 0) AS n_bad, coalesce(sum(b.requests), 0) AS requests, coalesce(sum(b.credits), 0) AS credits,
  group_concat(b.note, '; ') AS note
FROM run r LEFT JOIN batch b ON b.run = r.id
GROUP BY r.id;
