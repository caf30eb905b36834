-- A ledger of schema 1, as `sqlite3 ledger.db .dump` gives it: made by coinlake 0.1.0 from coinlake-sim's market.
-- It is frozen: whatever comes later must be able to read it, prove it and rebuild it.
PRAGMA application_id=1668047211;
PRAGMA user_version=1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE identity (                 -- one row; every restore raises the epoch
  id         TEXT    NOT NULL,
  epoch      INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
INSERT INTO identity VALUES('61d10ae5b06fee389997062e179f32d9',1,1795558622953188);
CREATE TABLE run (                      -- the envelope round the batches of one collection
  id         TEXT    PRIMARY KEY,       -- random; carries no order
  kind       TEXT    NOT NULL,          -- 'collect'
  source     TEXT    NOT NULL,
  plan       TEXT    NOT NULL,          -- what was asked, for people
  slot       INTEGER,                   -- the scheduled moment it fills, if any
  started_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO run VALUES('39e2a152fb35904f','collect','coingecko','all usd brl',NULL,1795558622959579);
INSERT INTO run VALUES('9f6f94253d84b9d9','collect','coingecko','top 3 usd',NULL,1795558623426244);
INSERT INTO run VALUES('c873ba6dabf7b3d7','collect','coingecko','top 3 usd',NULL,1795558622999552);
INSERT INTO run VALUES('fdafee96191e4927','collect','coingecko','top 3 usd',NULL,1795558623849958);
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
INSERT INTO batch VALUES(1,'39e2a152fb35904f','answer',1795558622965688,1795558622965688,NULL,NULL,1,3,3,0,0,0,0,0,1,1,4294967295,NULL,X'4adb69130abdc9bab896d816fca16de0d94ad7907696851ad726eeb6ca5139ed');
INSERT INTO batch VALUES(2,'39e2a152fb35904f','answer',1795558622968975,1795558622968975,NULL,NULL,1,0,0,0,0,0,0,0,1,1,0,NULL,X'c83046fa4ff453dea003b7034f8ded1a186318f5e9cf16ed824871d914223fea');
INSERT INTO batch VALUES(3,'39e2a152fb35904f','answer',1795558622969982,1795558622969982,NULL,NULL,1,3,3,0,0,0,0,0,1,1,4294967295,NULL,X'bc7694e43130c944edebae4352424b67f6161af8bed96aeae6ede74528533687');
INSERT INTO batch VALUES(4,'39e2a152fb35904f','answer',1795558622973295,1795558622973295,1,'ok',1,0,0,0,0,0,0,0,1,1,0,NULL,X'e12a7ddc66bcd024df0a8092c7fb0807327277d175f076ea3f83c67ccfbdb0e2');
INSERT INTO batch VALUES(5,'c873ba6dabf7b3d7','answer',1795558623002302,1795558623002302,2,'ok',1,3,0,1,2,0,0,0,1,1,4294967295,NULL,X'efdd900a29d1a62e722657bbd47a19274ea6ed41474e2a5ee556ae63e1a0dfd9');
INSERT INTO batch VALUES(6,'9f6f94253d84b9d9','answer',1795558623428679,1795558623428679,3,'ok',1,3,2,0,0,0,1,0,1,1,4294967295,NULL,X'17a47b4a91cf2a92696b91665ebd3bb483346805c32eb60c2f34a21bc192576f');
INSERT INTO batch VALUES(7,'fdafee96191e4927','failure',1795558623853936,1795558623853936,4,'failed',1,0,0,0,0,0,0,0,1,1,0,'page 1 in usd: the answer is not a list of coins but an HTML page',X'78bf148b6b5cc1377f513f5c4a49c92aa6c2fd37851db057085ac82fcbd46730');
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
INSERT INTO raw VALUES(1,0,'markets','usd',1,1,250,1795558622965585,1795558622000000,'http://127.0.0.1:43943/api/v3/coins/markets?vs_currency=usd&order=market_cap_desc&per_page=250&page=1&sparkline=false&price_change_percentage=1h,24h,7d,14d,30d,200d,1y',200,replace('date: Tue, 24 Nov 2026 22:17:02 GMT\ncontent-type: application/json; charset=utf-8\nserver: coinlake-sim\nx-coinlake-simulated: 1\ncache-control: max-age=30, public, must-revalidate, s-maxage=60\netag: W/"f0976f9fc5fbc83b20c22262df927005"\ncontent-encoding: gzip\n','\n',char(10)),NULL,X'f0976f9fc5fbc83b20c22262df9270054c158189401d9546a52f3cb2da75fc2b',3634,1,0);
INSERT INTO raw VALUES(2,0,'markets','usd',2,251,250,1795558622968925,1795558622000000,'http://127.0.0.1:43943/api/v3/coins/markets?vs_currency=usd&order=market_cap_desc&per_page=250&page=2&sparkline=false&price_change_percentage=1h,24h,7d,14d,30d,200d,1y',200,replace('date: Tue, 24 Nov 2026 22:17:02 GMT\ncontent-type: application/json; charset=utf-8\nserver: coinlake-sim\nx-coinlake-simulated: 1\ncache-control: max-age=30, public, must-revalidate, s-maxage=60\netag: W/"4f53cda18c2baa0c0354bb5f9a3ecbe5"\n','\n',char(10)),NULL,X'4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945',2,2,0);
INSERT INTO raw VALUES(3,0,'markets','brl',1,1,250,1795558622969921,1795558622000000,'http://127.0.0.1:43943/api/v3/coins/markets?vs_currency=brl&order=market_cap_desc&per_page=250&page=1&sparkline=false&price_change_percentage=1h,24h,7d,14d,30d,200d,1y',200,replace('date: Tue, 24 Nov 2026 22:17:02 GMT\ncontent-type: application/json; charset=utf-8\nserver: coinlake-sim\nx-coinlake-simulated: 1\ncache-control: max-age=30, public, must-revalidate, s-maxage=60\netag: W/"8c7cc7efa2e48e39192cf5cd4e931596"\ncontent-encoding: gzip\n','\n',char(10)),NULL,X'8c7cc7efa2e48e39192cf5cd4e9315964110e60de7b287fa74536b668b1fb2b9',3644,3,0);
INSERT INTO raw VALUES(4,0,'markets','brl',2,251,250,1795558622973261,1795558622000000,'http://127.0.0.1:43943/api/v3/coins/markets?vs_currency=brl&order=market_cap_desc&per_page=250&page=2&sparkline=false&price_change_percentage=1h,24h,7d,14d,30d,200d,1y',200,replace('date: Tue, 24 Nov 2026 22:17:02 GMT\ncontent-type: application/json; charset=utf-8\nserver: coinlake-sim\nx-coinlake-simulated: 1\ncache-control: max-age=30, public, must-revalidate, s-maxage=60\netag: W/"4f53cda18c2baa0c0354bb5f9a3ecbe5"\n','\n',char(10)),NULL,X'4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945',2,2,0);
INSERT INTO raw VALUES(5,0,'markets','usd',1,1,3,1795558623002225,1795558623000000,'http://127.0.0.1:43943/api/v3/coins/markets?vs_currency=usd&order=market_cap_desc&per_page=3&page=1&sparkline=false&price_change_percentage=1h,24h,7d,14d,30d,200d,1y',200,replace('date: Tue, 24 Nov 2026 22:17:03 GMT\ncontent-type: application/json; charset=utf-8\nserver: coinlake-sim\nx-coinlake-simulated: 1\ncache-control: max-age=30, public, must-revalidate, s-maxage=60\netag: W/"38722c13a98ae546561b6cc8aa13f0e2"\ncontent-encoding: gzip\n','\n',char(10)),NULL,X'38722c13a98ae546561b6cc8aa13f0e26abd6da1dabb6a6c12168a3117318360',3647,5,0);
INSERT INTO raw VALUES(6,0,'markets','usd',1,1,3,1795558623428543,1795558623000000,'http://127.0.0.1:33193/api/v3/coins/markets?vs_currency=usd&order=market_cap_desc&per_page=3&page=1&sparkline=false&price_change_percentage=1h,24h,7d,14d,30d,200d,1y',200,replace('date: Tue, 24 Nov 2026 22:17:03 GMT\ncontent-type: application/json; charset=utf-8\nserver: coinlake-sim\nx-coinlake-simulated: 1\ncache-control: max-age=30, public, must-revalidate, s-maxage=60\netag: W/"4a5adcfc89d4dc5c8e4a02cda7c8f145"\ncontent-encoding: gzip\n','\n',char(10)),NULL,X'4a5adcfc89d4dc5c8e4a02cda7c8f1457aeb666e3dc7a5db62ccd0460b3e7de1',3635,6,0);
INSERT INTO raw VALUES(7,0,'markets','usd',1,1,3,1795558623853895,1795558623000000,'http://127.0.0.1:39565/api/v3/coins/markets?vs_currency=usd&order=market_cap_desc&per_page=3&page=1&sparkline=false&price_change_percentage=1h,24h,7d,14d,30d,200d,1y',200,replace('date: Tue, 24 Nov 2026 22:17:03 GMT\nserver: coinlake-sim\nx-coinlake-simulated: 1\ncontent-type: text/html; charset=UTF-8\n','\n',char(10)),NULL,X'd7e2a0df45482c9e489e6abb7a5bf8d3d98add02a80df6f7268752d2f665041c',158,7,0);
CREATE TABLE raw_body (
  seq  INTEGER NOT NULL,
  n    INTEGER NOT NULL,
  zstd BLOB    NOT NULL,
  PRIMARY KEY (seq, n)
) STRICT;
INSERT INTO raw_body VALUES(1,0,X'28b52ffd60320dd525002a4e2c0c2450499436836263b6dfb08f2a6471b55f6fe57d26fa509c447677f7a61dd9ab8aaa6a8001e000b900a700864b4d4cadfbd95d1ad7a1529ac682802c0facc4aac26e7d373a7eb224341405e2700cc7c7a9c0c11cc32e96a6a3403b2812168a6368d42ccc5c7c3a0b23c238121c18a57134c7b0775dbdcb467b3a0dc7a251228c92e090589a08b3481c16182672e0189e0e82860239ac36ff8cd5f44fe7a1200ecd8200a2308ec12a3bd359100bc8e3d0341608248238865385afd4d60348683cd0c192005198831f1c28301c08e4408058121a0b070229248d8503717090141e4da338e92c090a6311e0a4b33094c6311c4463e0a4c3380c3016148ee134160e44b33070d2492c0e0302010d9e765b2f5ebc22235be6e32e64eccbda5af4e4ae89a6e7b3e2b21a6fa7f20fd16595f5ed78d3ea768916bff02c6eb6bcc2ba6a43a5f8218f8f69898dc98aee493a0b8843637148e0970d35a67c3243404bfe44134ba3241e9143a3a030c7c03091463a0b07c4b61157faa532847ef24a8ce93d43e73ebaca4c876994633803ba0aa1a5b37486f04ab492b2b293ced228892c4b467a493a6a869d8ea25116288cba15babcc2eca7b3c03c1e1185434263d1284c040159204e55e7ccda447bd733c3ba5656c66e2b43be1eda7ca1eca41191f336552ded365badfbf657bb5688afdba8ae01624c6701c1b57d969c655dcb882a1d8585b1680e83e4a33f215a523f4674bc23a2debfd065e24c5b08f9042bd1a3a515ba4cd269435a996f3cb6dda36d3d3b716f8a922d1795eebe3bfbd6c99a288dbfbddfdc43a4f73e2a4ec342d7697c9959d7b96b78fb3d39ed984e22e53436ed35018a66614416c8a2681643051a18df31fbec8cbbc547657a55d7c33d4375adadc31b571d6a6596d6adf52667d756ff6f678c6c41f76bb7eb354b575fa812ec633ed35dcc3c54497622bdd91162ba4b78047ef2277d2e6b43690c1ef7a26a4576092d595782d6bbbc28ffdfbd8f79f9ae8c88dbf696658cd666dc789575fa17aad2bac37a6f5ae95f55a88ebac5ba7c67b737fd1aa3a5f36bda213409854893574ebc52bddd54466878dc1980a7a8619d41841884444802911aa5d0185002215334423e128030710e033108c4300c1a47944064a44e4a92a2b6012426343f21cadbe1b0f860413e21168e38114a096e22daf81a86bec282707f49781c5691edb728bc91a62df29994c8c3ac34df033d4acec770dd4b23f65ca96ac85698b6f01c2d8d0fce4c488e72234e415de199c9d50209712765b79709c2c38c82cdbddf2a2a6fd86cfd82b59d73b6e42c6934e63fcd71d3c03b7462ce81eb6377e9a842273b7e0ce6c5f15b9cebc14e9b838655678d908dadfb7b7a201956bbd30c9f6e644e8e419ae30bf465c0142c720a3a034b3127a131da57d633a8459be58f030086b995b1650a30cbe5b2a81fb150041aa9bd36637052e3c0f662c20aa795802bc8a6dce1b2f2e00faa7494f9717e9616ab43e1f44a509385133cb65896ff8afb2372046f2eea4a3ab6426960090de8c42bc97e1395e7c7659cdf1cbadcfac13f122541cb011a551c5b0faa291303a91e3b30d3065a62b34e82c4966e21a68a7503d4fb99c6075a19ac4f151f1cb5e2ab7d583e6966c72c6b254e8242856d555758734900261c0555e0998a5d711e251ddc3164ca481835');
INSERT INTO raw_body VALUES(2,0,X'28b52ffd20021100005b5d');
INSERT INTO raw_body VALUES(3,0,X'28b52ffd603c0df525003a4e280c2340499c0ee374e3a80fe2a16c8febe8fa93097adc19a9616493dda4d5142e8ea328e606db00b900a900cbabb96baffaedd8e89665caa3609606c36055346eeedbddcaff84392814c452408833ee29583808c95ec64c08a158401c1a0442d8d6febef93b2126f17016090a8ef22c1e8478dead9f6b6b73428a45f3280f4749503030cfc3690c8504c7791c40c8258440a1340aa788abaedec8093194a5f030081a4a02216f799809314bd360141e05d3683c168420333d5b7e3e000705a30e984343710eeee0c091582cb540b0300745b358ca91289ac57270901c8ce741a0849883926802a0849884a240085a1e03282167612091e0400852348be5690ca0840c0d624020b7986d67de7aac5ed8054f7f53d7cfb5b6ae4bf27815f9fc9cb59dd1fb97fd522bd70cff30bd17ed30b75a2f41d7fc1d374d2dedb10c919b7ebab8fabace95972494b014144dc1a0d78ef59af6122282627297b081791403e351781c8a8310c77928126a160dec2fb774990c11fe92b3049defc43affbe7e4cc8791484a0016f568a293125229c256c89a1214a887914c31aae176792d09fbb6d42884759a024ecd02a374df72fa10487c178380a0745f328ce6369340b4232d65b7d9c886af9ececfa8f86eac759bd67b59f24bcaafa662f332e6697dd3ee37ff6a575a3951ff7976583724d286171eb4f5c5fc3b7762d4bc8c1249a073158bfba4baa98d8258898ae759ac75fce7f56b9c937b521ec256a091f2e5ae5269afd78afe9d87d8a6db7bfda875ccbcb566ebfbbe9eb77ebbcb5de6addeec85d9c6d95f979aa85667a69ffaf68f6a7b8ebd6bfdf8898106b357f9e237fa300c4c3241e4c83413c0cd220051aa0e7e97ee2b9769b5f19729a1da77662d9b1b5a51eba997e2adbaeb165e37792988f767787895ed8d778787cbcc6cd6765897eba2772b7ee66d9fe161f5ea9a6cca487e097dc257f6ef8588b4e963e1766524cf89668b777ed25a7c597799feeed79ec5afed8876be88a8f7856e6eed7ca7767699a7c8d9fcbc86656e678dc9a8f8c97b8dcdbcc6c5a7bbc98088fc1f178f6d857d398b37bd94b51d37fcdce770380aca85199418618a48c8c042244944263600291291a211f1280805194033188a420520a11251091807014a5a0c40d40268e3099f2892d665cabb1823b0c2b42553f3968c290278901f895422a8c7317c3c4c312f85504a4a7a6b4b23696ee3f32d123641faaa695024cab99e1426b1b0240a6087b181f1b208c3293662b7ae8bedfdbbede3e46b2238526c8dc056037665ede6e162971485c0fb0c7aded65bfe6398ccd7461653a6b1f0db48e4e1df38038889dd2eb24d44fb41d9df2c99bab7be7bba309d18e8126e9d08bbee38aa08862901cd16c9f216e76e3c84d2857f146b3e92ceb07292f938831862d23d45846e417a8c5621724e21a5910aad1305c44798b4d6c8b20d381bc61d71bdf002765da14c32ba52d4b3d4b7b596bbd586cfc153f57e4321bf0e3166917fe1a609309bd964d616ab49cb12c0a41bc22dc9d532c240e0b9904e6245261fc9c3b7e8efa84a9460adc9f7d535cb7c81cb3a27f7b401a3250264e6c66d50b729b326e09cdb807f15ac1bc4c95d71e2ef2df04c4df70aca65cc7ac8de7f60fc429198dfc57bba2f2cbd4af2593d3113e9d4291e25781c72bbbe13ce075bc637acae01a35');
INSERT INTO raw_body VALUES(5,0,X'28b52ffd603f0df525005a4e300c2450499436836263b6dfb08f2a6471b55f6fe57d26fa509c447677f7a61dd9ab8aaa6a8001e000b900a8009aa8753fbb4be33a544ad3581090e581955855d8adef46c74f968486a2401c8ee1f83815389863d8c5d27414680745c242710c8d9a85998b4f67614418478203a3348ee618f6aeab77d9684fa7e158344a8451121c124b13611689c302c3440e1cc3d341d0502087d5e69fb19afee93c14c4a159104014c6316457a2eeed4c67412c208f43d358209008e2184e15be525b0f20a1f140074b0244610e7e70a0c070209003016249682c1c08a49034160ec4c1415278348de2a4b324288c458093cec2501ac770108d81930ee330c058503886d3583810cdc2c04927b1380c08044fbbad172f5e91912df3711732f6656d2d7a72d744d3f35971598db753f987e8b2cafa76bc6975bb448b5f7816375b5e615db5a1523c8f8f69898dc98aee493a0b8843637148e0970d35a67c3243404bfe44134ba3241e9143a3a030c7c03091463a0b07c4b61157faa532847ef24a8ce93d43e73ebaca4c876994633803ba0aa1a5b37486f04ab492b2b293ced228892c4b467a493a6a869d8ea25116288cba15babcc2eca7b3c03c1e1185434263d1284c040159208ee13255e7ccda447bd733c3ba5656c66e2b43be1eda7ca1eca41191f336552ded365badfbf657bb5688afdba8ae01624c6701c1b57d969c655dcb882a1d8585b1680e83e4a33f215a523f4674bc23a2debfd065e24c5b08f9042bd1a3a515ba4cd269435a996f3cb6dda36d3d3b716f8a922d1795eebe3bfbd6c99a288dbfbddfdc43a4f73e2a4ec342d7697c9959d7b96b78fb3d39ed984e22e53436ed35018a66614416c8a268164383051a18df31fbec8cbbc547657a55d7c33d4375adadc31b571d6a6596d6adf52667d756ff6f678c6c41f76bb7eb354b575fa812ec633ed35dcc3c54497622bdd91162ba4b78047ef2277d2e6b43690c1ef7a26a4576092d595782d6bbbc28ffdfbd8f79f9ae8c88dbf696658cd666dc789575fa17aad2bac37a6f5ae95f55a88ebac5ba7c67b737fd1aa3a5f36bda213409854893574ebc52bddd54466878dc1980a8a8419d418418848c9004223594a4315002215334423e128030710e03290ac4300c1a48904064a44e4a92a2b6012426d43911e52d7c58bcb0203f219681385195126e22d4f9e2c5c5c21a717f09bd4d4391ed5bb4bd97a60df22929318799343f053da2c3c75835248dc07325aa21a830bdc113be34f282999038fa49cc05db0a6f23570612879d64dc4e4c101b731a36dffc29f1bca178eb57eb76023a2567a511684a698edb0ffc814ee21c047d54241d21d1898b1f35bc6afcd6e77ab0d3dea0e1d5d9d16455e5ce3d059b0cabd269c3a7bb9b93c6f079f3b5de65f0048be3053d6009e14968b4feca0a0d6bd146f9c300b270b532accc6eb3fc5816411d0b9540a3daeb69066f6a52d85e465821b412760559953b2c2b77bea14a8332b79fced2e676b44cef03f55f38c3e3f365c9bc788c448e80f3457789b6bab004acc601e9f1aaebd741e5c5b834fb0d8d2e239fe347ef4970188092318f9807556f8a81a81e03187403cdb3591181c3f6402151c57e031cf0695714ead3c504c7ad98681f964f32eb8b0c84f3d6e692046d851555f7b0866380301c05151e86128c152bc51e983b0e31df675c8c1a');
INSERT INTO raw_body VALUES(6,0,X'28b52ffd60330dcd25004a4e300c2450499436836263b6dfb08f2a6471b55f6fe57d26fa509c447677f7a61dd9ab8aaa6a8001e000b900a700864b4d4cadfbd95d1ad7a1529ac682802c0facc4aac26e7d373a7eb224341405e2700cc7c7a9c0c11cc32e96a6a3403b2812168a6368d42ccc5c7c3a0b23c238121c18a57134c7b0775dbdcb467b3a0dc7a251228c92e090589a08b3481c16182672e0189e0e82860239ac36ff8cd5f44fe7a1200ecd8200a2308ec12a3bd359100bc8e3d0341608248238865385afd4d60348683cd0c192005198831f1c28301c08e4408058121a0b070229248d8503717090141e4da338e92c090a6311e0a4b33094c6311c4463e0a4c3380c3016148ee134160e44b33070d2492c0e0302010d9e765b2f5ebc22235be6e32e64eccbda5af4e4ae89a6e7b3e2b21a6fa7f20fd16595f5ed78d3ea768916bff02c6eb6bcc2ba6a43a5f8218f8f69898dc98aee493a0b8843637148e04f1735a67c3243404bfe44134ba3241e9143a3a030c7c03091463a0b07c4b61157faa532847ef24a8ce93d43e73ebaca4c876994633803ba0aa1a5b37486f04ab492b2b293ced228892c4b467a493a6a869d8ea25116288cba15babcc2eca7b3c03c1e1185434263d1284c040159204e75ceac4db4773d33ac6b6565ecb632e4eba1cd17ca4e1a11396f53d5d26eb3d5ba6f7fb56b85f896887e0d10633a0b08aeedb3e42ceb5a4654e9282c8c457318241ffd09d192fa31a2e31d11f5fe852e1367da42c82758891e2dadd065924e1bd2ca7ce3b1ed1e6debd9897b53946cb9a874f7ddd9b74ed64469fcedfde61e22bdf751711a16ba4ee3cbccbace5dc3dbefc969c7741229a7256cda6b0214cdc2882c9045d12c86051a18df31fbec8cbbc547657a55d7c33d4375adadc31b571d6a6596d6adf52667d756ff6f678c6c41f76bb7eb354b575fa812ec633ed35dcc3c54c9b7d0deec0831dd253c023ff9933e97b5a134068f7b516d2bb24b68c9ba12b4dee545f9ffee7dcccb776544dcb6b72c63b436e3c6abacd3bf5095d61dd67bd34affaa4275d42dd6e53bbbbde9d7182d9d5fd30ea14928449abc72e295eaeda63242c3e3ce0a80a6a8519d41841885444802911aa5d0185002215334423e128030710e033108c4300c1a47944064a44e4a92a2b6012826343f25ca5becb0f860413f2116b638114a096e22faf81a86bec282708049781c56912db7a8bc91a635f29994c8c3c6f82f89e46316184a23e0b9926ac8d630cde0395a1a1f9c99901ce5479c82b2c2b39bab0309f14e8a6d2f13848b19099b3bbf5554deb0ddfa056b3be76ccb59da68cc1f9ee38681cfe9c4a103e1c79ed4512d9d6cfd318c17bf6f71ae673b6d1e1a7e9db5423606eee3d353c8b02a9db67cbabb39810c421e5f483603a6629163d0b9580a44090ddcc2b2a2c12d5a2d7f1c00324cae8c91292c2d97cfa27e64a11c68647b6dcce04c8d8fed858515842be15790adb903b7f2e00fab7497f9f19c9696b643817a25a8c9c2191e5b2c4b7ec5f92352048f17ea4adab64211b0240774cd2b61bf0195e7e232d86f36ba5cfd113f5226411b008d541c310faa998981aa1e131874032db1592741624bb81053c5ba016afdcceb03ad4cd6278a110e5a31d63e2c9f34b56396b53227415b6147d56dd61c097087a3a00a3c53b12bcea3a4833b864c1909a306');
INSERT INTO raw_body VALUES(7,0,X'28b52ffd209e350400e2c81d1d6045eb0326e426a5466e636c0faa039b9110656c4eabd8a5691010bc04273df80d31e285bed697d52c3a5feb0094b2e8e6ecb594b6f446272a7b06b84c5432de288b6e59dd90d4289ef0418c78773f3674a84a7f3286d4efdd735254374e476221887d0c58544f1ffcc6273df84d0b0886023910021c0300c21024267551d8619e01');
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
INSERT INTO series VALUES(2,'coingecko','ethereum','usd','markets',1);
INSERT INTO series VALUES(3,'coingecko','tether','usd','markets',1);
INSERT INTO series VALUES(4,'coingecko','bitcoin','brl','markets',3);
INSERT INTO series VALUES(5,'coingecko','ethereum','brl','markets',3);
INSERT INTO series VALUES(6,'coingecko','tether','brl','markets',3);
CREATE TABLE profile (                 -- slow columns, a row when one of them changes
  series INTEGER NOT NULL, seq INTEGER NOT NULL,
  total_supply REAL, max_supply REAL, ath REAL, atl REAL, ath_date INTEGER, atl_date INTEGER,
  symbol TEXT, name TEXT, image TEXT, roi TEXT,
  PRIMARY KEY (series, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO profile VALUES(1,1,21000000.0,21000000.0,94226.0,5503.1000000000003637,1591053804009000,1642624268972000,'btc','Bitcoin','https://coin-images.coingecko.com/coins/images/1/large/bitcoin.png?1696501400',NULL);
INSERT INTO profile VALUES(2,1,177283491.0,NULL,5506.2899999999999635,179.43999999999999772,1460707133012000,1666395851185000,'eth','Ethereum','https://coin-images.coingecko.com/coins/images/279/large/ethereum.png?1696501628','{"times":0.4870920585239708,"currency":"btc","percentage":48.70920585239708}');
INSERT INTO profile VALUES(3,1,387883913314.0,NULL,1.1899999999999999467,0.79834899999999997532,1726957472697000,1574087624122000,'usdt','Tether','https://coin-images.coingecko.com/coins/images/325/large/Tether.png?1696501661',NULL);
INSERT INTO profile VALUES(4,3,21000000.0,21000000.0,508819.0,29717.0,1591053804009000,1642624268972000,'btc','Bitcoin','https://coin-images.coingecko.com/coins/images/1/large/bitcoin.png?1696501400',NULL);
INSERT INTO profile VALUES(5,3,177283491.0,NULL,29734.0,968.96000000000003637,1460707133012000,1666395851185000,'eth','Ethereum','https://coin-images.coingecko.com/coins/images/279/large/ethereum.png?1696501628','{"times":0.4870920585239708,"currency":"btc","percentage":48.70920585239708}');
INSERT INTO profile VALUES(6,3,387883913314.0,NULL,6.4100000000000001421,4.3099999999999996092,1726957472697000,1574087624122000,'usdt','Tether','https://coin-images.coingecko.com/coins/images/325/large/Tether.png?1696501661',NULL);
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
INSERT INTO quote VALUES(1,1,1795558549287000,0,0,0,1,59502.0,1162682318967.0,1249533676137.0,14755405649.0,60477.0,58383.0,-183.99169940004503586,-0.30826999999999998847,-5332313065.0,-0.45652999999999999136,19540353.0,-36.852049999999998419,981.23794999999995524,0.29030403528980541771,-0.30826818162456137706,-2.846147801073251049,-13.685494525418352651,-1.7070539484098388172,53.431865978268703542,147.53210257832193974);
INSERT INTO quote VALUES(1,2,1795558530976000,0,0,0,1,2586.5700000000001637,412585131214.0,NULL,77593055538.0,2593.0399999999999636,2580.1900000000000546,136.43757179718204497,5.5685900000000003728,21959917760.752868652,5.6217399999999999593,159510724.0,-53.025239999999996599,1341.4832599999999729,0.73252665735844491035,5.5685869304223611919,-4.865773660345861451,18.027703173992694729,7.5705581005983422215,157.36184202994863313,-95.0);
INSERT INTO quote VALUES(1,3,1795558516595000,0,0,0,1,1.0,248271621787.0,NULL,23387680764.0,1.0,1.0,0.00011602579104330601467,0.0115999999999999992,30503498.0,0.012290000000000000576,248205217298.4861145,-15.787789999999999324,25.292079999999998562,-0.016760561612127175545,0.011600821430706195411,0.18077481239541381974,-0.35547762388394532617,0.23055874361003628192,-0.00079273060550643942995,-2.823211110293232906);
INSERT INTO quote VALUES(3,4,1795558549287000,0,0,0,3,321309.0,6278484522419.0,6747481851138.0,79679190506.0,326573.0,315268.0,-993.55517676024464887,-0.30826999999999998847,-28794490553.0,-0.45652999999999999136,19540353.0,-36.852049999999998419,981.23794999999995524,0.29030403528980541771,-0.30826818162456137706,-2.846147801073251049,-13.685494525418352651,-1.7070539484098388172,53.431865978268703542,147.53210257832193974);
INSERT INTO quote VALUES(3,5,1795558530976000,0,0,0,3,13967.459999999999126,2227959708557.0,NULL,419002499903.0,14002.440000000000509,13933.040000000000873,736.76288770478458901,5.5685900000000003728,118583555908.06567383,5.6217399999999999593,159510724.0,-53.025239999999996599,1341.4832599999999729,0.73252665735844491035,5.5685869304223611919,-4.865773660345861451,18.027703173992694729,7.5705581005983422215,157.36184202994863313,-95.0);
INSERT INTO quote VALUES(3,6,1795558516595000,0,0,0,3,5.4000000000000003552,1340666757652.0,NULL,126293476128.0,5.4000000000000003552,5.4000000000000003552,0.00062653927163403011491,0.0115999999999999992,164718887.0,0.012290000000000000576,248205217298.4861145,-15.787789999999999324,25.292079999999998562,-0.016760561612127175545,0.011600821430706195411,0.18077481239541381974,-0.35547762388394532617,0.23055874361003628192,-0.00079273060550643942995,-2.823211110293232906);
INSERT INTO quote VALUES(5,1,1795558549287000,8,1,0,1,59799.509999999994761,1162682318967.0,1249533676137.0,14755405649.0,60477.0,58383.0,-183.99169940004503586,-0.30826999999999998847,-5332313065.0,-0.45652999999999999136,19540353.0,-36.852049999999998419,981.23794999999995524,0.29030403528980541771,-0.30826818162456137706,-2.846147801073251049,-13.685494525418352651,-1.7070539484098388172,53.431865978268703542,147.53210257832193974);
INSERT INTO quote VALUES(6,1,1795558549763000,0,0,0,1,59502.0,1162682318967.0,1249533676137.0,14755405649.0,60477.0,58383.0,-183.99169940004503586,-0.30826999999999998847,-5332313065.0,-0.45652999999999999136,19540353.0,-36.852049999999998419,981.23794999999995524,0.29030403528980541771,-0.30826818162456137706,-2.846147801073251049,-13.685494525418352651,-1.7070539484098388172,53.431865978268703542,147.53210257832193974);
INSERT INTO quote VALUES(6,3,1795558517071000,0,0,0,1,1.0,248271621787.0,NULL,23387680764.0,1.0,1.0,0.00011602579104330601467,0.0115999999999999992,30503498.0,0.012290000000000000576,248205217298.4861145,-15.787789999999999324,25.292079999999998562,-0.016760561612127175545,0.011600821430706195411,0.18077481239541381974,-0.35547762388394532617,0.23055874361003628192,-0.00079273060550643942995,-2.823211110293232906);
CREATE TABLE obs (                     -- this coin was in this answer
  seq INTEGER NOT NULL, series INTEGER NOT NULL,
  pos       INTEGER NOT NULL,           -- 1-based, over all pages of the sweep
  rank      INTEGER,                    -- as the provider said
  quote_seq INTEGER,                    -- the fact it stated; NULL: no price and no time
  head_seq  INTEGER,                    -- the newest fact of the series once this answer was known
  PRIMARY KEY (seq, series)
) STRICT, WITHOUT ROWID;
INSERT INTO obs VALUES(1,1,1,1,1,1);
INSERT INTO obs VALUES(1,2,2,2,1,1);
INSERT INTO obs VALUES(1,3,3,3,1,1);
INSERT INTO obs VALUES(3,4,1,1,3,3);
INSERT INTO obs VALUES(3,5,2,2,3,3);
INSERT INTO obs VALUES(3,6,3,3,3,3);
INSERT INTO obs VALUES(5,1,1,1,5,5);
INSERT INTO obs VALUES(5,2,2,2,1,1);
INSERT INTO obs VALUES(5,3,3,3,1,1);
INSERT INTO obs VALUES(6,1,1,1,6,6);
INSERT INTO obs VALUES(6,3,3,3,6,6);
CREATE TABLE superseded (              -- insert-only: as-of tests by_seq. A stale revision is born superseded (by_seq < seq)
  series INTEGER NOT NULL, seq INTEGER NOT NULL, by_seq INTEGER NOT NULL,
  PRIMARY KEY (series, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO superseded VALUES(1,1,5);
CREATE TABLE head (                    -- newest event_time, newest revision
  series INTEGER PRIMARY KEY, seq INTEGER NOT NULL, event_time INTEGER NOT NULL, profile_seq INTEGER NOT NULL,
  seen_seq INTEGER NOT NULL             -- the last answer that had the coin: its rank is there
) STRICT;
INSERT INTO head VALUES(1,6,1795558549763000,1,6);
INSERT INTO head VALUES(2,1,1795558530976000,1,5);
INSERT INTO head VALUES(3,6,1795558517071000,1,6);
INSERT INTO head VALUES(4,3,1795558549287000,3,3);
INSERT INTO head VALUES(5,3,1795558530976000,3,3);
INSERT INTO head VALUES(6,3,1795558516595000,3,3);
CREATE TABLE quarantine (              -- rows that cannot be true
  seq INTEGER NOT NULL, n INTEGER NOT NULL, row INTEGER NOT NULL,
  rule TEXT NOT NULL, evidence TEXT NOT NULL,
  PRIMARY KEY (seq, n, row)
) STRICT, WITHOUT ROWID;
INSERT INTO quarantine VALUES(6,0,1,'negative','current_price is -2586.57; row: {"id":"ethereum","symbol":"eth","name":"Ethereum","image":"https://coin-images.coingecko.com/coins/images/279/large/ethereum.png?1696501628","current_price":-2586.57,"market_cap":412585131214,"market_cap_rank":2,"fully_diluted_valuation":null,"total_volume":77593055538,"high_24h":2593.04,"low_24h":2580.19,"price_change_24h":136.43757179718204,"price_change_percentage_24h":5.56859,"market_cap_change_24h":21959917760.75287,"market_cap_change_percentage_24h":5.62174,"circulating_supply":159510724.0,"total_supply":177283491.0,"max_supply":null,"ath":5506.29,"ath_change_percentage":-53.02524,"ath_date":"2016-04-15T07:58:53.012Z","atl":179.44,"atl_change_percentage":1341.48326,"atl_date":"2022-10-21T23:44:11.185Z","roi":{"times":0.4870920585239708,"currency":"btc","percentage":48.70920585239708},"last_updated":"2026-11-24T22:15:31.452Z","price_change_percentage_14d_in_currency":18.027703173992695,"price_change_percentage_1h_in_currency":0.7325266573584449,"price_change_percentage_1y_in_currency":-95.0,"price_change_percentage_200d_in_currency":157.36184202994863,"price_change_percentage_24h_in_currency":5.568586930422361,"price_change_percentage_30d_in_currency":7.570558100598342,"price_change_percentage_7d_in_currency":-4.8657736603458615}');
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
CROSS JOIN obs o ON o.seq = b.seq
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
  strftime('%Y-%m-%dT%H:%M:%S', q.event_time / 1000000, 'unixepoch') || printf('.%06d+00:00', q.event_time % 1000000) AS last_updated,
  strftime('%Y-%m-%dT%H:%M:%S', b.known_at / 1000000, 'unixepoch') || printf('.%06d+00:00', b.known_at % 1000000) AS inserted_at
FROM series s
JOIN quote q ON q.series = s.id
JOIN batch b ON b.seq = q.seq
WHERE s.source = 'coinmarketcap' AND s.coin = '1' AND s.currency = 'brl' AND s.kind = 'quotes'
  AND NOT EXISTS (SELECT 1 FROM superseded x WHERE x.series = q.series AND x.seq = q.seq);
CREATE VIEW run_summary AS
SELECT r.id, r.kind, r.source, r.plan, r.started_at,
  max(b.known_at) AS ended_at, max(b.close_seq) AS close_seq, coalesce(max(b.outcome), 'open') AS outcome,
  count(CASE WHEN b.kind = 'answer' THEN 1 END) AS pages,
  coalesce(sum(b.n_rows), 0) AS n_rows, coalesce(sum(b.n_new), 0) AS n_new, coalesce(sum(b.n_revised), 0) AS n_revised, coalesce(sum(b.n_equal), 0) AS n_equal,
  coalesce(sum(b.n_unpriced), 0) AS n_unpriced, coalesce(sum(b.n_bad), 0) AS n_bad, coalesce(sum(b.requests), 0) AS requests,
  group_concat(b.note, '; ') AS note
FROM run r LEFT JOIN batch b ON b.run = r.id
GROUP BY r.id;
COMMIT;
