-- A ledger of schema 4, as `sqlite3 ledger.db .dump` gives it: made by coinlake 0.1.0 from answers in CoinGecko's form.
-- It is frozen: whatever comes later must be able to read it, prove it and rebuild it.
PRAGMA application_id=1668047211;
PRAGMA user_version=4;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE identity (                 -- one row; every restore raises the epoch
  id         TEXT    NOT NULL,
  epoch      INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
INSERT INTO identity VALUES('5077561b3d589fd1264c43ef0b72eb2a',1,1795900000000000);
CREATE TABLE run (                      -- the envelope round the batches of one collection
  id         TEXT    PRIMARY KEY,       -- random; carries no order
  kind       TEXT    NOT NULL,          -- 'collect'
  source     TEXT    NOT NULL,
  plan       TEXT    NOT NULL,          -- what was asked, for people
  slot       INTEGER,                   -- the scheduled moment it fills, if any
  started_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO run VALUES('1f71b720ed35386e','collect','coingecko','top 3 usd',1795900860000000,1795900900600000);
INSERT INTO run VALUES('90427264451d2457','collect','coingecko','top 3 usd',NULL,1795900000000000);
INSERT INTO run VALUES('c7534b57148188ae','collect','coingecko','top 3 usd',1795900260000000,1795900300200000);
INSERT INTO run VALUES('cce7c26e54dff2e8','collect','coingecko','top 3 usd',1795900560000000,1795900720400000);
INSERT INTO run VALUES('ff3d7cf61f9de37b','collect','coingecko','top 3 usd',NULL,1796049467959388);
CREATE TABLE batch (                    -- one commit, normally one response; order is seq alone
  seq        INTEGER PRIMARY KEY,
  run        TEXT    NOT NULL REFERENCES run,
  kind       TEXT    NOT NULL,          -- 'answer', 'failure' or 'close'
  known_at   INTEGER NOT NULL UNIQUE,   -- when we learned it: microseconds UTC, strictly rising
  clock_at   INTEGER NOT NULL,          -- what the wall clock said
  close_seq  INTEGER UNIQUE,            -- set on the batch that closes its run; runs are ordered by it
  outcome    TEXT    CHECK (outcome IN ('ok', 'partial', 'failed')),
  decoder    INTEGER NOT NULL,
  n_rows     INTEGER NOT NULL,          -- = n_new + n_revised + n_equal + n_unpriced + n_bad + n_surplus
  n_new      INTEGER NOT NULL,
  n_revised  INTEGER NOT NULL,
  n_equal    INTEGER NOT NULL,
  n_unpriced INTEGER NOT NULL,          -- seen without a price and without a time
  n_bad      INTEGER NOT NULL,          -- quarantined
  n_surplus  INTEGER NOT NULL,          -- answered beyond what was asked
  requests   INTEGER NOT NULL,
  credits    INTEGER NOT NULL,
  given      INTEGER NOT NULL,          -- bit set of the columns that at least one row mentioned
  note       TEXT,                      -- why it failed, or what was odd
  link       BLOB    NOT NULL,          -- SHA-256 over the link before, this row, its run and its raw responses
  CHECK ((close_seq IS NULL) = (outcome IS NULL))
) STRICT;
INSERT INTO batch VALUES(1,'90427264451d2457','answer',1795900000200000,1795900000200000,1,'ok',1,3,2,0,0,0,1,0,1,1,4293926911,NULL,X'8a13da1cd1d78530ce6c0223884a67f096824bea8f4b38c7048281677f522798');
INSERT INTO batch VALUES(2,'c7534b57148188ae','answer',1795900300400000,1795900300400000,2,'ok',1,3,2,0,1,0,0,0,1,1,4293926911,NULL,X'823f4891fcc6a4e645bcf677dd535dfd3d8e66c929343d28cdac3e9c3de3f84c');
INSERT INTO batch VALUES(3,'cce7c26e54dff2e8','answer',1795900720600000,1795900720600000,3,'ok',1,3,0,0,3,0,0,0,1,1,4293926911,NULL,X'0e7c4b8adb8dc1c262d43765a5b0c4a71c67c1e45ebc138069d85c4ff3d825ca');
INSERT INTO batch VALUES(4,'1f71b720ed35386e','failure',1795900900800000,1795900900800000,4,'failed',1,0,0,0,0,0,0,0,1,1,0,'CoinGecko has a fault of its own: 503',X'7d7cefca574c6397dde2483a26daab03ad956677f1dfc9b820ff133162f1bfde');
INSERT INTO batch VALUES(5,'ff3d7cf61f9de37b','answer',1796049467977790,1796049467977790,5,'ok',1,3,3,0,0,0,0,0,1,1,4294967295,NULL,X'9704fdcde8adbcca8678410e3dcdbeea81cde4416b8c6ebab0b824f8348e0972');
CREATE TABLE raw (                      -- every response, as it came
  seq         INTEGER NOT NULL,
  n           INTEGER NOT NULL,         -- attempts of one request count from 0; the last one is decoded
  kind        TEXT    NOT NULL,         -- endpoint and granularity
  currency    TEXT    NOT NULL,         -- as asked
  page        INTEGER NOT NULL,
  first_pos   INTEGER NOT NULL,         -- position of its first row in the sweep
  take        INTEGER NOT NULL,         -- rows of it that were asked for
  received_at INTEGER NOT NULL,
  served_at   INTEGER,                  -- Date minus Age
  url         TEXT    NOT NULL,
  status      INTEGER NOT NULL,
  headers     TEXT    NOT NULL,
  fault       TEXT,                     -- why the bytes are not the whole answer; NULL when they are
  sha256      BLOB    NOT NULL,         -- of the body
  size        INTEGER NOT NULL,
  body_seq    INTEGER NOT NULL,         -- where the body lies: an equal one is kept once
  body_n      INTEGER NOT NULL,
  PRIMARY KEY (seq, n)
) STRICT, WITHOUT ROWID;
INSERT INTO raw VALUES(1,0,'markets','usd',1,1,3,1795900000200000,NULL,'https://api.coingecko.com/api/v3/coins/markets?vs_currency=usd&per_page=3',200,replace('content-type: application/json\n','\n',char(10)),NULL,X'9b8aaa49e6f15694b930b29f446959d2b83dd2d4cea53b0e1633cb5b2ff46821',1972,1,0);
INSERT INTO raw VALUES(2,0,'markets','usd',1,1,3,1795900300400000,NULL,'https://api.coingecko.com/api/v3/coins/markets?vs_currency=usd&per_page=3',200,replace('content-type: application/json\n','\n',char(10)),NULL,X'a1aae9c085e6a80d381ef543629654b36b474148868f5a9241dfa0ecaa551bf9',1981,2,0);
INSERT INTO raw VALUES(3,0,'markets','usd',1,1,3,1795900720600000,NULL,'https://api.coingecko.com/api/v3/coins/markets?vs_currency=usd&per_page=3',200,replace('content-type: application/json\n','\n',char(10)),NULL,X'a1aae9c085e6a80d381ef543629654b36b474148868f5a9241dfa0ecaa551bf9',1981,2,0);
INSERT INTO raw VALUES(4,0,'markets','usd',1,1,3,1795900900800000,NULL,'https://api.coingecko.com/api/v3/coins/markets?vs_currency=usd&per_page=3',503,replace('content-type: application/json\n','\n',char(10)),NULL,X'c9bc072f4fa8189466c2a8f2c36a56a4ef1e60a2ffa4986ba2f155cd176c128b',4,4,0);
INSERT INTO raw VALUES(5,0,'markets','usd',1,1,3,1796049467977636,1796049467000000,'http://127.0.0.1:8765/api/v3/coins/markets?vs_currency=usd&order=market_cap_desc&per_page=3&page=1&sparkline=false&price_change_percentage=1h,24h,7d,14d,30d,200d,1y',200,replace('date: Mon, 30 Nov 2026 14:37:47 GMT\ncontent-type: application/json; charset=utf-8\nserver: coinlake-sim\nx-coinlake-simulated: 1\ncache-control: max-age=30, public, must-revalidate, s-maxage=60\netag: W/"03d54f332b9c03725178aff9e6888bbb"\ncontent-encoding: gzip\n','\n',char(10)),NULL,X'03d54f332b9c03725178aff9e6888bbb13b755e1c77ad1255d07300e3823a865',3700,5,0);
CREATE TABLE raw_body (
  seq  INTEGER NOT NULL,
  n    INTEGER NOT NULL,
  zstd BLOB    NOT NULL,
  PRIMARY KEY (seq, n)
) STRICT;
INSERT INTO raw_body VALUES(1,0,X'28b52ffd60b406f50c0076d744204069ec73b1717389e8bfd47e62187b6ae0c730db866ecc2913ab9151511417043c003b003c006d00b9498424d55dd949838fbd6b0863922817f792e19ffed4fe1a4e6883613def9fc995bd70d3ba619728dd2168164fa274cd49be11e44aa5a58240cc240c81e07822dd5dc91c8a314b6312212aa92ab2b29be8ce01737ee77555ad744e7b8ece074ce98fde14b6708f058976a58163c85415799cb00f895281380e69771d6a1d9bd035768d55aa72653f2b4840421cc64ae639917b7409dca8a4baf0f7e2c316d79e3d26b0250844030e7ed709ecb7462f2e030ba950d5a44abd06dbdf6b705535f5c366be1f2d1c90a59a382863d70050fa597991fdc3de1c982815aa9a966a4295a16b20abc99f57fa73362050022105d5c903a62225151c49492f15690374414c836e035c01b9182a494594a8908641a55d10d20006b624bc5c2263f8f2111aa985c8cb9b930b180e327205a9d27195c4131c6c77477610f40321ed34f5d0334e27e1fb6ba8e8150ed604dd606e866319b43cdad4e09f78478bbcc100e2269cf28c8be039dfd45e0ace071d8063830d6a0c');
INSERT INTO raw_body VALUES(2,0,X'28b52ffd60bd06450d0006d8462250699c034398b295f5dbb67ebf4dac89b5223d3383580cec6d6cc9a0cb636666c1073f003b003e00cd06d13a9992a5f4ca92151741ad2147515432250321656806b7e207399bc006036340dd4db264661dc7cec24cf91e02a7c1c894d03d4a3b8264b9b85410084acb94a827109e97e9aa2c1b64b58671cdff84253bf13d07ed6d3f7dfd62091fd71bdf1eb4853b3eb7b4c67bb12093b234801bb5ffc9af2ca1555a99729140104a95218b21aab81eaa87aeaf64c9bd4b725009e460d9f4667a2fc2847596fa1b0f8222a331d0f5bea8444e49243f20db909588213d9881db04030bb9f8afbed4a16976222b4324ecff1577c44d73a7058033bd02b10ed52360e1de058aad19fbdc1365cac57fc57ec5d7713d12bd7abd2c5f6f36204002421454260f2a4500133051e1a6a9581290c90ba423001e97ccf3a42d38a44ca0a24a5648c5c09217446a80812f99174c650cb37c04466a0df2f6e6740163838c5d413a745ce5e2090db6df91d504e581603b4d3d748d5390f0653554fc0ac7d6846e3033c35119b438dadce09f788746825684302869f639020904df29ce399417646c6c0863');
INSERT INTO raw_body VALUES(4,0,X'28b52ffd200421000062757379');
INSERT INTO raw_body VALUES(5,0,X'28b52ffd60740d0d2700ca4f580c2340499c0ee374e3a80fe2a16c8febe8fa93097adc19a9616493dda4d5142e8ea328e606e200bc00a7008ec241d13c8af3581acd82103f4fff464657cebb47ab541e05b33418c6b7fb26dfb59d17af5fc21c140a62292858380871f3e384108a05c4a1412004af7159d5302126f17016090a8ef22c1e84dcf97aaea32b5e428a45f3280f4749503030cfc3690c8504c7791c40c8258440a1340a867cd7ede87c971043590a0f83a0a1241082aabf09314bd360141e05d3683c168420333d5b7e3e000705a30e984343710eeee0c091582cb540b0300745b358ca91289ac57270901c8ce741a0849883926802a0849884a240085a1e03282167612091e0400852348be5690ca0840c0d624020eac5c6e8c8df2800f1308907d360100f8334e0f6d5c43c556765abeb5d7f673445cedbfa64ee7dddef35c5cd6db3c6e65a34c3d54d35c363ee4bfc84b6c77e7cbdfc452d43e0bbfe61321e1e7b719250c25250340583deff955e5acbe42e6103f32806c6a3f0381407218ef35024d42c1a084103acbf1a536bfa43b84bec123d5e3e2b7647e7b2ff4bc8791484a00179567ca933e92128266f09a2214a887914c3b9759d27092dbf6226847894054ac20eadf24f97ff124a70188c47cc7368ff7988a8ef5a7c7c7c98de9fef5797b9ddc9dffdbe7cec7b69ef7856ecc7bb6dfc6ce856cbad7a6e9b96ab6fe95776c9b8986c6bdadbd865d956880d4a15134a58d255dfd05b9bf1550b13723089e6410cd030b121dc2569c91fba1b96b6f33f17ba7f7d22c263d296189ef2967182c0b263d63cd667edb57a34ce576eccdeecb4b6cab7f75e447df32fd3ce75de7fdb44afc5aeec45dcda66dc7cfbc443d4dbfeeffdc7051af43fb3e6256ef2b79525f8cf6abf6b9c9e8b65b67a66fd6b8c6c6d6a6ecbba8c7965ede9db7f97eeb96f65ffea7e86ccc7d96e569620ccbcdb99bfef10f7ccb65813e75b5d26d5f4731cf18a2f4d8dbdec5c51531a425be296207a77965e5f9db62ba3fee25a7ee3b261afef2b7aff2bdeb39ebb23f61de61a33aba5ba6d6a63ae99953db3f7e9aaa55d26a75ea35f63aab2ea6fbf624278ff5f76bc98088fc1f16830882780b4a841994186208488d0880891a4900e500221a48aa46e1280507992633984a490724419474424a05c50aad101cc308060651981859789572486937100b61e531d027ed1045acc3ca048c7041f43bc3ba94d9807e0eab5ce424edc132dc1f24203415aa1905ee25ccb514b8927d49c3d6088c157fb6ed281ea24d8dda64cf167b1144698ca38286ed037b4d2edd61f4b7718688d538b45401287f301e4fd1f0e907f57907be424841108f3716f7a7b7c34e8d123f1797374447dd2cfe7b4f689e7cf839056ee7e0a26d8ca07ad1fdc6947183f33a2afee4f299b4223ccd98df4fb1ed6cfa9a41d5642b0f2eff9333a5a2aabc71ffe18560f9b2a4443c251a8daa2fe0b028841c2f0ec03d5168b6c40c3cbe328ad9604200597d35a90bc32a3a66cf512bc91c5b57b4c9b98cd422cda7181589ecce55798b5b7986d0e898b88ebb0ce4562556fb907e79a2d954ecb352185236f97fa2c669c2cf4f9ae034878bd8e7d2d5753bdab2dddffee59c2ae146555f4bc80dc7d3f07503da7c1c29517148133f0e8a9e1966130830147fa2f8e1e4ab1de05c217845ace0bc1cf0e10ebb707052f880b0bba21df50bdbb7222968cdc541e2b38ea2a7054c5a68767732b3362a78c57ff03');
CREATE TABLE series (
  id        INTEGER PRIMARY KEY,        -- given in seq order, so that a rebuild gives the same
  source    TEXT    NOT NULL,
  coin      TEXT    NOT NULL,           -- the provider's id, bytes as sent
  currency  TEXT    NOT NULL,
  kind      TEXT    NOT NULL,
  first_seq INTEGER NOT NULL,
  UNIQUE (source, currency, kind, coin)
) STRICT;
INSERT INTO series VALUES(1,'coingecko','bitcoin','usd','markets',1);
INSERT INTO series VALUES(2,'coingecko','tether','usd','markets',1);
INSERT INTO series VALUES(3,'coingecko','ethereum','usd','markets',2);
CREATE TABLE profile (                 -- slow columns, a row when one of them changes
  series INTEGER NOT NULL, seq INTEGER NOT NULL,
  total_supply REAL, max_supply REAL, ath REAL, atl REAL, ath_date INTEGER, atl_date INTEGER,
  symbol TEXT, name TEXT, image TEXT, roi TEXT,
  PRIMARY KEY (series, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO profile VALUES(1,1,20000.0,NULL,200.0,0.5,1636554251849000,1445299200000000,'bit','bitcoin','https://example.test/bitcoin.png',NULL);
INSERT INTO profile VALUES(1,5,21000000.0,21000000.0,324965.0,1990.6800000000000636,1664030236013000,1413056847970000,'btc','Bitcoin','https://coin-images.coingecko.com/coins/images/1/large/bitcoin.png?1696501400',NULL);
INSERT INTO profile VALUES(2,1,20000.0,NULL,200.0,0.5,1636554251849000,1445299200000000,'tet','tether','https://example.test/tether.png',NULL);
INSERT INTO profile VALUES(2,5,272065279303.0,525942648743.0,1.1699999999999999289,0.86040300000000002889,1659843734481000,1533019471093000,'usdt','Tether','https://coin-images.coingecko.com/coins/images/325/large/Tether.png?1696501661',NULL);
INSERT INTO profile VALUES(3,2,20000.0,NULL,200.0,0.5,1636554251849000,1445299200000000,'eth','ethereum','https://example.test/ethereum.png',NULL);
INSERT INTO profile VALUES(3,5,246946134.0,NULL,6610.260000000000218,2.6899999999999999467,1596065839988000,1552285214129000,'eth','Ethereum','https://coin-images.coingecko.com/coins/images/279/large/ethereum.png?1696501628','{"times":2.4492674782094483,"currency":"btc","percentage":244.92674782094483}');
CREATE TABLE quote (                   -- one fact of a polled series
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
INSERT INTO quote VALUES(1,1,1795827480000000,4,0,1040384,1,100.49999999999999999,1005000.0,2010000.0,5000.2499999999999997,110.0,90.500000000000000001,-1.5,-1.4705900000000000638,-15000.0,-1.4705900000000000638,10000.0,-49.749999999999999999,20000.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO quote VALUES(1,2,1795827490000000,4,0,1040384,1,1.0004999999999999449,1005000.0,2010000.0,5000.2499999999999997,110.0,90.500000000000000001,-1.5,-1.4705900000000000638,-15000.0,-1.4705900000000000638,10000.0,-49.749999999999999999,20000.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO quote VALUES(2,1,1795827780000000,4,0,1040384,1,101.25,1005000.0,2010000.0,5000.2499999999999997,110.0,90.500000000000000001,-1.5,-1.4705900000000000638,-15000.0,-1.4705900000000000638,10000.0,-49.749999999999999999,20000.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO quote VALUES(2,3,1795827800000000,4,0,1040384,2,7.5,1005000.0,2010000.0,5000.2499999999999997,110.0,90.500000000000000001,-1.5,-1.4705900000000000638,-15000.0,-1.4705900000000000638,10000.0,-49.749999999999999999,20000.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO quote VALUES(5,1,1796049314199000,0,0,0,5,59442.0,1168287711620.0,1248285385811.0,2044652712.0,61808.0,59442.0,-1856.8107116358878555,-3.0291100000000001912,-36482627983.0,-3.0281799999999998718,19654193.0,-81.708150000000003389,2886.0165600000000267,-0.42593149297290722188,-3.0291057954957665288,-1.0646844132345876232,-6.8612126321948920804,-9.5136240268985545753,-25.672700753591101373,-0.92317661200435452428);
INSERT INTO quote VALUES(5,2,1796049406500000,0,0,0,5,0.99912500000000004085,249759446443.0,271827143633.0,10304541786.0,0.99969200000000002503,0.99912500000000004085,-0.00053274350843046658354,-0.053289999999999997093,-117228881.0,-0.046910000000000000308,249978249585.0,-14.377869999999999706,16.122810000000001196,-0.0087361662018849983724,-0.053292605970014506056,-0.079635231346699697496,-0.15221179668778006544,-0.25383605590469926482,-0.13265465080407068398,0.095388311975838746548);
INSERT INTO quote VALUES(5,3,1796049322073000,0,0,0,5,2606.8200000000001637,429957997514.0,NULL,2212390935.0,2675.5199999999999818,2573.7100000000000363,-25.823509956853740732,-0.98089999999999999413,-4225789093.0703735352,-0.97326999999999996848,164936029.0570000112,-60.564100000000003374,96874.208819999999831,0.18309453035081446614,-0.98089779637753338192,6.4894222139902097978,-0.72757405063252633681,-1.1893978321616174298,-6.0128903158616537893,65.082069607556178427);
CREATE TABLE obs (                     -- this coin was in this answer
  seq INTEGER NOT NULL, series INTEGER NOT NULL,
  pos       INTEGER NOT NULL,           -- 1-based, over all pages of the sweep
  rank      INTEGER,                    -- as the provider said
  quote_seq INTEGER,                    -- the fact it stated; NULL: no price and no time
  head_seq  INTEGER,                    -- the newest fact of the series once this answer was known
  PRIMARY KEY (seq, series)
) STRICT, WITHOUT ROWID;
INSERT INTO obs VALUES(1,1,1,1,1,1);
INSERT INTO obs VALUES(1,2,2,1,1,1);
INSERT INTO obs VALUES(2,1,1,1,2,2);
INSERT INTO obs VALUES(2,2,2,1,1,1);
INSERT INTO obs VALUES(2,3,3,1,2,2);
INSERT INTO obs VALUES(3,1,1,1,2,2);
INSERT INTO obs VALUES(3,2,2,1,1,1);
INSERT INTO obs VALUES(3,3,3,1,2,2);
INSERT INTO obs VALUES(5,1,1,1,5,5);
INSERT INTO obs VALUES(5,2,3,3,5,5);
INSERT INTO obs VALUES(5,3,2,2,5,5);
CREATE TABLE superseded (              -- insert-only: as-of tests by_seq. A stale revision is born superseded (by_seq < seq)
  series INTEGER NOT NULL, seq INTEGER NOT NULL, by_seq INTEGER NOT NULL,
  PRIMARY KEY (series, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE head (                    -- newest event_time, newest revision
  series INTEGER PRIMARY KEY, seq INTEGER NOT NULL, event_time INTEGER NOT NULL, profile_seq INTEGER NOT NULL,
  seen_seq INTEGER NOT NULL             -- the last answer that had the coin: its rank is there
) STRICT;
INSERT INTO head VALUES(1,5,1796049314199000,5,5);
INSERT INTO head VALUES(2,5,1796049406500000,5,5);
INSERT INTO head VALUES(3,5,1796049322073000,5,5);
CREATE TABLE quarantine (              -- rows that cannot be true
  seq INTEGER NOT NULL, n INTEGER NOT NULL, row INTEGER NOT NULL,
  rule TEXT NOT NULL, evidence TEXT NOT NULL,
  PRIMARY KEY (seq, n, row)
) STRICT, WITHOUT ROWID;
INSERT INTO quarantine VALUES(1,0,2,'high_below_low','high_24h 1 is below low_24h 90.5; row: {"id":"ripple","symbol":"rip","name":"ripple","image":"https://example.test/ripple.png","current_price":2.5,"market_cap":1005000,"market_cap_rank":1,"fully_diluted_valuation":2010000,"total_volume":5000.25,"high_24h":1,"low_24h":90.5,"price_change_24h":-1.5,"price_change_percentage_24h":-1.47059,"market_cap_change_24h":-15000,"market_cap_change_percentage_24h":-1.47059,"circulating_supply":10000.0,"total_supply":20000,"max_supply":null,"ath":200,"ath_change_percentage":-49.75,"ath_date":"2021-11-10T14:24:11.849Z","atl":0.5,"atl_change_percentage":20000.0,"atl_date":"2015-10-20T00:00:00.000Z","roi":null,"last_updated":"2026-11-28T00:58:20.000Z"}');
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 VALUES('batch',NULL,'100000');
INSERT INTO sqlite_stat1 VALUES('batch','batch_run','100000 2');
INSERT INTO sqlite_stat1 VALUES('batch','batch_collected','100000 1');
INSERT INTO sqlite_stat1 VALUES('batch','sqlite_autoindex_batch_1','100000 1');
INSERT INTO sqlite_stat1 VALUES('obs','obs','25000000 250 1');
INSERT INTO sqlite_stat1 VALUES('quote','quote','25000000 250 1');
INSERT INTO sqlite_stat1 VALUES('quote','quote_late','250000 50 1');
INSERT INTO sqlite_stat1 VALUES('profile','profile','200000 40 1');
INSERT INTO sqlite_stat1 VALUES('series','series_coin','5000 1');
INSERT INTO sqlite_stat1 VALUES('series','sqlite_autoindex_series_1','5000 5000 1000 1000 1');
INSERT INTO sqlite_stat1 VALUES('head',NULL,'5000');
INSERT INTO sqlite_stat1 VALUES('superseded','superseded','500000 100 1');
INSERT INTO sqlite_stat1 VALUES('raw','raw','100000 1 1');
INSERT INTO sqlite_stat1 VALUES('raw_body',NULL,'100000');
INSERT INTO sqlite_stat1 VALUES('slot','slot','500000 100000 1');
INSERT INTO sqlite_stat1 VALUES('run_plan','sqlite_autoindex_run_plan_1','100000 1');
INSERT INTO sqlite_stat1 VALUES('condition','condition','5 1');
INSERT INTO sqlite_stat1 VALUES('quarantine','quarantine','1000 10 2 1');
INSERT INTO sqlite_stat1 VALUES('quarantine','quarantine_key','1000 10');
INSERT INTO sqlite_stat1 VALUES('batch','batch_news','50000 2');
INSERT INTO sqlite_stat1 VALUES('slot','slot_at','500000 5 1 1 1 1');
INSERT INTO sqlite_stat1 VALUES('run_plan','run_plan_plan','100000 20000 1 1 1');
INSERT INTO sqlite_stat1 VALUES('plan_version','plan_version_plan','50 10 1 1 1 1 1 1 1 1 1 1');
CREATE TABLE spend (                    -- one request; written, and on the disk, before it is sent
  id       INTEGER PRIMARY KEY,
  account  TEXT    NOT NULL,            -- provider and key: 'coingecko:keyless', 'coinmarketcap:5f1d…' (no key in it)
  at       INTEGER NOT NULL,            -- by this machine's clock
  run      TEXT    NOT NULL,            -- its id; there need be no such run: a kill may come between
  kind     TEXT    NOT NULL,            -- endpoint, as in raw
  credits  INTEGER NOT NULL,
  moved    INTEGER                      -- to when it counts as well: `at` lay in the future of a clock that was set back
) STRICT;
INSERT INTO spend VALUES(1,'coingecko:keyless',1795900000020000,'90427264451d2457','markets',1,NULL);
INSERT INTO spend VALUES(2,'coingecko:keyless',1795900300220000,'c7534b57148188ae','markets',1,NULL);
INSERT INTO spend VALUES(3,'coingecko:keyless',1795900720420000,'cce7c26e54dff2e8','markets',1,NULL);
INSERT INTO spend VALUES(4,'coingecko:keyless',1795900900620000,'1f71b720ed35386e','markets',1,NULL);
INSERT INTO spend VALUES(5,'coingecko:keyless',1796049467959667,'ff3d7cf61f9de37b','markets',1,NULL);
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
CREATE TABLE decision (
  seq    INTEGER PRIMARY KEY,           -- of a batch of kind 'release' or 'drop'; written before it, for its link
  q_seq  INTEGER NOT NULL,              -- the row's key in quarantine
  q_n    INTEGER NOT NULL,
  q_row  INTEGER NOT NULL,
  action TEXT    NOT NULL CHECK (action IN ('release', 'drop')),
  why    TEXT
) STRICT;
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
INSERT INTO plan_version VALUES(1,'top',1795899960000000,0,'every 5m','America/Sao_Paulo','coingecko','top 3 usd',900000000,60000000,'first seen');
INSERT INTO plan_version VALUES(2,'daily',1795899960000000,0,'daily 09:00','UTC','coinmarketcap','ids 1 brl',93600000000,60000000,'first seen');
INSERT INTO plan_version VALUES(3,'top',1795901800800000,0,'every 10m','America/Sao_Paulo','coingecko','top 3 usd',1800000000,60000000,'changed');
INSERT INTO plan_version VALUES(4,'daily',1795901800800000,1,'daily 09:00','UTC','coinmarketcap','ids 1 brl',93600000000,60000000,'ended');
CREATE TABLE slot (
  plan  TEXT    NOT NULL,
  at    INTEGER NOT NULL,               -- when it began
  state TEXT    NOT NULL CHECK (state IN ('done', 'late', 'missed', 'skipped')),
  seq   INTEGER REFERENCES batch DEFERRABLE INITIALLY DEFERRED,  -- the batch that closed the run that it had; NULL: none
  why   TEXT,                           -- NULL: simply done
  PRIMARY KEY (plan, at),
  CHECK (seq IS NOT NULL OR state IN ('missed', 'skipped'))
) STRICT, WITHOUT ROWID;
INSERT INTO slot VALUES('top',1795901460000000,'missed',NULL,'nobody was running');
INSERT INTO slot VALUES('daily',1795901160000000,'missed',NULL,'nobody was running');
INSERT INTO slot VALUES('top',1795901160000000,'skipped',NULL,'CoinGecko is left alone');
INSERT INTO slot VALUES('top',1795900860000000,'missed',4,'CoinGecko has a fault of its own: 503');
INSERT INTO slot VALUES('top',1795900560000000,'late',3,'the run before it took long');
INSERT INTO slot VALUES('top',1795900260000000,'done',2,NULL);
CREATE TABLE run_plan (
  id   INTEGER PRIMARY KEY,             -- in the order in which runs first wrote something
  run  TEXT    NOT NULL UNIQUE REFERENCES run,
  plan TEXT    NOT NULL,                -- the schedule's name
  at   INTEGER NOT NULL                 -- when the slot began: run.slot
) STRICT;
INSERT INTO run_plan VALUES(1,'c7534b57148188ae','top',1795900260000000);
INSERT INTO run_plan VALUES(2,'cce7c26e54dff2e8','top',1795900560000000);
INSERT INTO run_plan VALUES(3,'1f71b720ed35386e','top',1795900860000000);
CREATE TABLE condition (
  subject  TEXT    PRIMARY KEY,         -- a provider's name, 'collection', 'clock' or 'configuration'
  state    TEXT    NOT NULL,
  since    INTEGER NOT NULL,
  until    INTEGER,                     -- when it is looked at again, where that is known
  failures INTEGER NOT NULL,            -- in a row
  why      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO condition VALUES('coingecko','open',1795900900800000,1795901200800000,1,'CoinGecko has a fault of its own: 503');
INSERT INTO condition VALUES('collection','running',1795899960000000,NULL,0,'');
CREATE TABLE commits (
  one   INTEGER PRIMARY KEY CHECK (one = 1),  -- one row
  n     INTEGER NOT NULL,
  minus INTEGER NOT NULL CHECK (minus = -n)  -- a changed byte makes one of them another number
) STRICT;
INSERT INTO commits VALUES(1,2,-2);
CREATE INDEX batch_run ON batch (run);
CREATE INDEX batch_collected ON batch (strftime('%Y-%m-%d %H:%M:%S', known_at / 1000000, 'unixepoch') || printf('.%06d', known_at % 1000000));
CREATE INDEX raw_sha256 ON raw (sha256);
CREATE INDEX raw_served ON raw (served_at);
CREATE TRIGGER batch_order BEFORE INSERT ON batch
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM batch) OR NEW.known_at <= (SELECT coalesce(max(known_at), NEW.known_at - 1) FROM batch)
BEGIN SELECT raise(ABORT, 'batches are numbered 1, 2, 3 … and known_at rises'); END;
CREATE TRIGGER run_replace BEFORE INSERT ON run WHEN EXISTS (SELECT 1 FROM run WHERE id = NEW.id)
BEGIN SELECT raise(ABORT, 'a run is an input: it is never replaced'); END;
CREATE TRIGGER raw_replace BEFORE INSERT ON raw WHEN EXISTS (SELECT 1 FROM raw WHERE seq = NEW.seq AND n = NEW.n)
BEGIN SELECT raise(ABORT, 'a raw response is an input: it is never replaced'); END;
CREATE TRIGGER raw_body_replace BEFORE INSERT ON raw_body WHEN EXISTS (SELECT 1 FROM raw_body WHERE seq = NEW.seq AND n = NEW.n)
BEGIN SELECT raise(ABORT, 'a raw body is an input: it is never replaced'); END;
CREATE TRIGGER identity_insert BEFORE INSERT ON identity WHEN EXISTS (SELECT 1 FROM identity)
BEGIN SELECT raise(ABORT, 'a ledger has one identity'); END;
CREATE TRIGGER identity_update BEFORE UPDATE ON identity WHEN NEW.id <> OLD.id OR NEW.created_at <> OLD.created_at OR NEW.epoch <= OLD.epoch
BEGIN SELECT raise(ABORT, 'of its identity a ledger changes the epoch only, and raises it'); END;
CREATE TRIGGER identity_delete BEFORE DELETE ON identity
BEGIN SELECT raise(ABORT, 'a ledger keeps its identity'); END;
CREATE TRIGGER run_update   BEFORE UPDATE ON run   BEGIN SELECT raise(ABORT, 'a run is an input: it is never changed'); END;
CREATE TRIGGER run_delete   BEFORE DELETE ON run   BEGIN SELECT raise(ABORT, 'a run is an input: it is never deleted'); END;
CREATE TRIGGER batch_update BEFORE UPDATE ON batch BEGIN SELECT raise(ABORT, 'a batch is an input: it is never changed'); END;
CREATE TRIGGER batch_delete BEFORE DELETE ON batch BEGIN SELECT raise(ABORT, 'a batch is an input: it is never deleted'); END;
CREATE TRIGGER raw_update   BEFORE UPDATE ON raw   BEGIN SELECT raise(ABORT, 'a raw response is an input: it is never changed'); END;
CREATE TRIGGER raw_delete   BEFORE DELETE ON raw   BEGIN SELECT raise(ABORT, 'a raw response is an input: it is never deleted'); END;
CREATE TRIGGER raw_body_update BEFORE UPDATE ON raw_body BEGIN SELECT raise(ABORT, 'a raw body is an input: it is never changed'); END;
CREATE TRIGGER raw_body_delete BEFORE DELETE ON raw_body BEGIN SELECT raise(ABORT, 'a raw body is an input: it is never deleted'); END;
CREATE INDEX series_coin ON series (coin);
CREATE INDEX quote_late ON quote (series, event_time) WHERE flags & 4;
CREATE INDEX spend_moved ON spend (account, moved) WHERE moved IS NOT NULL;
CREATE INDEX decision_row ON decision (q_seq, q_n, q_row);
CREATE TRIGGER decision_replace BEFORE INSERT ON decision WHEN EXISTS (SELECT 1 FROM decision WHERE seq = NEW.seq)
BEGIN SELECT raise(ABORT, 'a decision is an input: it is never replaced'); END;
CREATE TRIGGER decision_update BEFORE UPDATE ON decision BEGIN SELECT raise(ABORT, 'a decision is an input: it is never changed'); END;
CREATE TRIGGER decision_delete BEFORE DELETE ON decision BEGIN SELECT raise(ABORT, 'a decision is an input: it is never deleted'); END;
CREATE INDEX raw_url ON raw (url, seq);
CREATE INDEX raw_kind ON raw (kind, seq);
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
  coalesce(q.profile_seq, (SELECT profile_seq FROM quote h WHERE h.seq = o.head_seq AND h.series = o.series))
;
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
CREATE VIEW coin_list AS
SELECT s.source, s.coin AS coin_id, p.symbol, p.name,
  h.seen_seq = (SELECT max(o.seen_seq) FROM head o JOIN series t ON t.id = o.series WHERE t.kind = 'list' AND t.source = s.source) AS listed,
  strftime('%Y-%m-%d %H:%M:%S', b.known_at / 1000000, 'unixepoch') AS last_listed_at
FROM series s JOIN head h ON h.series = s.id
JOIN profile p ON p.series = h.series AND p.seq = h.profile_seq
JOIN batch b ON b.seq = h.seen_seq
WHERE s.kind = 'list';
CREATE VIEW run_summary AS
SELECT r.id, r.kind, r.source, r.plan, r.started_at,
  max(b.known_at) AS ended_at, max(b.close_seq) AS close_seq, coalesce(max(b.outcome), 'open') AS outcome,
  count(CASE WHEN b.kind = 'answer' THEN 1 END) AS pages,
  coalesce(sum(b.n_rows), 0) AS n_rows, coalesce(sum(b.n_new), 0) AS n_new, coalesce(sum(b.n_revised), 0) AS n_revised, coalesce(sum(b.n_equal), 0) AS n_equal,
  coalesce(sum(b.n_unpriced), 0) AS n_unpriced, coalesce(sum(b.n_bad), 0) AS n_bad, coalesce(sum(b.requests), 0) AS requests, coalesce(sum(b.credits), 0) AS credits,
  group_concat(b.note, '; ') AS note
FROM run r LEFT JOIN batch b ON b.run = r.id
GROUP BY r.id;
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
CREATE INDEX quarantine_key ON quarantine (seq);
CREATE INDEX batch_news ON batch (run) WHERE n_new + n_revised > 0;
CREATE INDEX spend_at ON spend (account, at, credits, run, kind, moved);
CREATE INDEX slot_at ON slot (at DESC, plan, state, seq, why);
CREATE INDEX plan_version_plan ON plan_version (plan, id, since, ended, timetable, zone, source, asks, freshness, timeout, why);
CREATE INDEX run_plan_plan ON run_plan (plan, id, run, at);
CREATE INDEX block_twin ON block (since, until, kind, why, hint, moved);
CREATE INDEX condition_twin ON condition (state, since, until, failures, why);
CREATE INDEX identity_twin ON identity (id, epoch, created_at);
COMMIT;
