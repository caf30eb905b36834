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
INSERT INTO identity VALUES('f015a019df92922912576d60030ff900',1,1795556700891323);
CREATE TABLE run (                      -- the envelope round the batches of one collection
  id         TEXT    PRIMARY KEY,       -- random; carries no order
  kind       TEXT    NOT NULL,          -- 'collect'
  source     TEXT    NOT NULL,
  plan       TEXT    NOT NULL,          -- what was asked, for people
  slot       INTEGER,                   -- the scheduled moment it fills, if any
  started_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO run VALUES('455a8aea9b160129','collect','coingecko','top 3 usd',NULL,1795556701380512);
INSERT INTO run VALUES('982dac66c8830ecf','collect','coingecko','all usd brl',NULL,1795556700899759);
INSERT INTO run VALUES('dfc6ec33612955f7','collect','coingecko','top 3 usd',NULL,1795556701823554);
INSERT INTO run VALUES('fd995d00b350e1b5','collect','coingecko','top 3 usd',NULL,1795556700939434);
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
INSERT INTO batch VALUES(1,'982dac66c8830ecf','answer',1795556700909144,1795556700909144,NULL,NULL,1,3,3,0,0,0,0,0,1,1,4294967295,NULL,X'c39213df73e0f4a2ffac66451bddcaaa0eb178bd773f5d12efb3691472ca2e66');
INSERT INTO batch VALUES(2,'982dac66c8830ecf','answer',1795556700910395,1795556700910395,NULL,NULL,1,0,0,0,0,0,0,0,1,1,0,NULL,X'324a069def83d2c758eabc623eaa1136354d2bf05cfff9b25eee492279742b87');
INSERT INTO batch VALUES(3,'982dac66c8830ecf','answer',1795556700911147,1795556700911147,NULL,NULL,1,3,3,0,0,0,0,0,1,1,4294967295,NULL,X'dba6a29d529ed86b84f20acadd84a181f83f27d8830dd531f8abf1131ab8b455');
INSERT INTO batch VALUES(4,'982dac66c8830ecf','answer',1795556700911842,1795556700911842,1,'ok',1,0,0,0,0,0,0,0,1,1,0,NULL,X'dee0fcc6915fc639e9a610b11361b5d5fab85bb111e27a4cdef3a47392a148ff');
INSERT INTO batch VALUES(5,'fd995d00b350e1b5','answer',1795556700940774,1795556700940774,2,'ok',1,3,0,1,2,0,0,0,1,1,4294967295,NULL,X'6093817f2fcb3f2ca36e4c262f9f39c003fe05d06a3dc133fb55bfa424b1f4f3');
INSERT INTO batch VALUES(6,'455a8aea9b160129','answer',1795556701382992,1795556701382992,3,'ok',1,3,2,0,0,0,1,0,1,1,4294967295,NULL,X'4940f7b680757601d19488de55b74a022f430de2b3bf90b02f90ccde3b4df781');
INSERT INTO batch VALUES(7,'dfc6ec33612955f7','failure',1795556701827633,1795556701827633,4,'failed',1,0,0,0,0,0,0,0,1,1,0,'page 1 in usd: the answer is not a list of coins but an HTML page',X'9755f61e37ba514f0c30feb780d9024989077b963a75d5b82f4f32c20bf73749');
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
INSERT INTO raw VALUES(1,0,'markets','usd',1,1,250,1795556700909032,1795556700000000,'http://127.0.0.1:33803/api/v3/coins/markets?vs_currency=usd&order=market_cap_desc&per_page=250&page=1&sparkline=false&price_change_percentage=1h,24h,7d,14d,30d,200d,1y',200,replace('date: Tue, 24 Nov 2026 21:45:00 GMT\ncontent-type: application/json; charset=utf-8\nserver: coinlake-sim\nx-coinlake-simulated: 1\ncache-control: max-age=30, public, must-revalidate, s-maxage=60\netag: W/"90d757c2a4c87ffd1d71b401197a77fe"\ncontent-encoding: gzip\n','\n',char(10)),NULL,X'90d757c2a4c87ffd1d71b401197a77feedc192e09c13287f3d3cf99021438ca9',3634,1,0);
INSERT INTO raw VALUES(2,0,'markets','usd',2,251,250,1795556700910361,1795556700000000,'http://127.0.0.1:33803/api/v3/coins/markets?vs_currency=usd&order=market_cap_desc&per_page=250&page=2&sparkline=false&price_change_percentage=1h,24h,7d,14d,30d,200d,1y',200,replace('date: Tue, 24 Nov 2026 21:45:00 GMT\ncontent-type: application/json; charset=utf-8\nserver: coinlake-sim\nx-coinlake-simulated: 1\ncache-control: max-age=30, public, must-revalidate, s-maxage=60\netag: W/"4f53cda18c2baa0c0354bb5f9a3ecbe5"\n','\n',char(10)),NULL,X'4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945',2,2,0);
INSERT INTO raw VALUES(3,0,'markets','brl',1,1,250,1795556700911107,1795556700000000,'http://127.0.0.1:33803/api/v3/coins/markets?vs_currency=brl&order=market_cap_desc&per_page=250&page=1&sparkline=false&price_change_percentage=1h,24h,7d,14d,30d,200d,1y',200,replace('date: Tue, 24 Nov 2026 21:45:00 GMT\ncontent-type: application/json; charset=utf-8\nserver: coinlake-sim\nx-coinlake-simulated: 1\ncache-control: max-age=30, public, must-revalidate, s-maxage=60\netag: W/"7a87f6406793483c7a674b1883b85f1f"\ncontent-encoding: gzip\n','\n',char(10)),NULL,X'7a87f6406793483c7a674b1883b85f1f912acc7a49f3151e0292ae72fa9bd0d7',3644,3,0);
INSERT INTO raw VALUES(4,0,'markets','brl',2,251,250,1795556700911820,1795556700000000,'http://127.0.0.1:33803/api/v3/coins/markets?vs_currency=brl&order=market_cap_desc&per_page=250&page=2&sparkline=false&price_change_percentage=1h,24h,7d,14d,30d,200d,1y',200,replace('date: Tue, 24 Nov 2026 21:45:00 GMT\ncontent-type: application/json; charset=utf-8\nserver: coinlake-sim\nx-coinlake-simulated: 1\ncache-control: max-age=30, public, must-revalidate, s-maxage=60\netag: W/"4f53cda18c2baa0c0354bb5f9a3ecbe5"\n','\n',char(10)),NULL,X'4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945',2,2,0);
INSERT INTO raw VALUES(5,0,'markets','usd',1,1,3,1795556700940666,1795556700000000,'http://127.0.0.1:33803/api/v3/coins/markets?vs_currency=usd&order=market_cap_desc&per_page=3&page=1&sparkline=false&price_change_percentage=1h,24h,7d,14d,30d,200d,1y',200,replace('date: Tue, 24 Nov 2026 21:45:00 GMT\ncontent-type: application/json; charset=utf-8\nserver: coinlake-sim\nx-coinlake-simulated: 1\ncache-control: max-age=30, public, must-revalidate, s-maxage=60\netag: W/"0fdae11518722aa0451bab492abbb322"\ncontent-encoding: gzip\n','\n',char(10)),NULL,X'0fdae11518722aa0451bab492abbb322f4e5e6ca5f3f60090d08a8b956385364',3647,5,0);
INSERT INTO raw VALUES(6,0,'markets','usd',1,1,3,1795556701382854,1795556701000000,'http://127.0.0.1:40075/api/v3/coins/markets?vs_currency=usd&order=market_cap_desc&per_page=3&page=1&sparkline=false&price_change_percentage=1h,24h,7d,14d,30d,200d,1y',200,replace('date: Tue, 24 Nov 2026 21:45:01 GMT\ncontent-type: application/json; charset=utf-8\nserver: coinlake-sim\nx-coinlake-simulated: 1\ncache-control: max-age=30, public, must-revalidate, s-maxage=60\netag: W/"8f44833628db6a16097463c4b7f23fe1"\ncontent-encoding: gzip\n','\n',char(10)),NULL,X'8f44833628db6a16097463c4b7f23fe1ab74e1d4a943030e5bc450f41e611ecc',3635,6,0);
INSERT INTO raw VALUES(7,0,'markets','usd',1,1,3,1795556701827580,1795556701000000,'http://127.0.0.1:33025/api/v3/coins/markets?vs_currency=usd&order=market_cap_desc&per_page=3&page=1&sparkline=false&price_change_percentage=1h,24h,7d,14d,30d,200d,1y',200,replace('date: Tue, 24 Nov 2026 21:45:01 GMT\nserver: coinlake-sim\nx-coinlake-simulated: 1\ncontent-type: text/html; charset=UTF-8\n','\n',char(10)),NULL,X'd7e2a0df45482c9e489e6abb7a5bf8d3d98add02a80df6f7268752d2f665041c',158,7,0);
CREATE TABLE raw_body (
  seq  INTEGER NOT NULL,
  n    INTEGER NOT NULL,
  zstd BLOB    NOT NULL,
  PRIMARY KEY (seq, n)
) STRICT;
INSERT INTO raw_body VALUES(1,0,X'28b52ffd60320d9525001a4e280c2450499436836263b6dfb08f2a6471b55f6fe57d26fa509c447677f7a61dd9ab8aaa6a8001e000b900a700864b4d4cadfbd95d1ad7a1529ac682802c0facc4aac26e7d373a7eb224341405e2700cc7c7a9c0c11cc32e96a6a3403b2812168a6368d42ccc5c7c3a0b23c238121c18a57134c7b0775dbdcb467b3a0dc7a251228c92e090589a08b3481c16182672e0189e0e82860239ac36ff8cd5f44fe7a1200ecd8200a2308ec12a3bd359100bc8e3d0341608248238865385afd4d60348683cd0c192005198831f1c28301c08e4408058121a0b070229248d8503717090141e4da338e92c090a6311e0a4b33094c6311c4463e0a4c3380c3016148ee134160e44b33070d2492c0e0302010d9e765b2f5ebc22235be6e32e64eccbda5af4e4ae89a6e7b3e2b21a6fa7f20fd16595f5ed78d3ea768916bff02c6eb6bcc2ba6a43a5f8218f8f69898dc98aee493a0b8843637148e0eb0c2da6c37443404bfe44134ba3241e9143a3a030c7c03091463a0b07c4b61157faa532847ef24a8ce93d43e73ebaca4c876994633803ba0aa1a5b37486f04ab492b2b293ced228892c4b467a493a6a869d8ea25116288cba15babcc2eca7b3c03c1e1185434263d1284c040159204e55e7ccda447bd733c3ba5656c66e2b43be1eda7ca1eca41191f336552ded365badfbf657bb5688df6fc4d60031a6b380e0da3e4bceb2ae6544958ec2c258348741f2d19f102da91f233ade1151ef5fe83271a62d847c8295e8d1d20a5d26e9b421adcc371edbeed1b69e9db83745c9968b4a77df9d7deb644d94c6dfde6fee21d27b1f15a761a1eb34beccacebdc35bcfd9e9c764c2791721a9bf69a0045b330220b6451348b21051a18df31fbec8cbbc547657a55d7c33d4375adadc31b571d6a6596d6adf52677766df5ff76c6c812ddafddaed72c5d7da14ab08ff94c7731f350f125c2db1162ba4b78047ef227cd656d288dc1e35e54db8aec125ab2ae04ad777951febf7b1ff3f25d1911b7ed2dcb18adcdb8f12aebf42f54a57587f5deb4d2bfaa501d758b75f9ce6e6ffa35464be7d7b44368120a9126af9c78a57abba98cd0f0b83380a4a8419d5184188544480291a249a131600291291a211f128010710ee33888c4304c1a46944064c44c14a5a86e24262e6726caaeec3063b0864f3ecf254e8e525d5125144c4468a2711435732a7f09b30ba5cd9228a6a420eec87e89241f2800993403cfe9a946aec2c4060ff2a5211dcce073622029132d2b285b39682091ed1c8fcdcd04a998f2c5467ba609da9b6db7fea0b6931e4d72561a4fcf9ae6a871e01c3a5ae784f45191d209129db8f889c20be3f77d8e063bb90d5a63751a86fc1584be679b91b1424e337c54c8c43386591c8fee5da653b04ca7204bb0b83c494fdc7c0565e85aa851da31805a405ab12423afb3985c169b138b52a0d0b58f6806fe2975b0d95cf857b4827685149393302b5a96a24a83b2b667cf42ec76029c4e5e549675c3ea6219f42b8a3fdc4128d2535788de0a0181891b6420af7afd0654058c83629f92e9407e87f9ae498296811ca970c93c1832134b55352e7ca68d5b42e31e228fed8a424415db0d67f58fd72bb651ad123880191a65d63e949e04b66393b552275f5bdd4765158e04e92a861355051e5ab14be771af833b86f91910a306');
INSERT INTO raw_body VALUES(2,0,X'28b52ffd20021100005b5d');
INSERT INTO raw_body VALUES(3,0,X'28b52ffd603c0ded25004a4e280c2340499c0ee374e3a80fe2a16c8febe8fa93097adc19a9616493dda4d5142e8ea328e606db00b900a900cbabb96baffaedd8e89665caa3609606c36055346eeedbddcaff84392814c452408833ee29583808c95ec64c08a158401c1a0442d8d6febef93b2126f17016090a8ef22c1e8478dead9f6b6b73428a45f3280f4749503030cfc3690c8504c7791c40c8258440a1340aa788abaedec8093194a5f030081a4a02216f799809314bd360141e05d3683c168420333d5b7e3e000705a30e984343710eeee0c091582cb540b0300745b358ca91289ac57270901c8ce741a0849883926802a0849884a240085a1e03282167612091e0400852348be5690ca0840c0d624020b7986d67de7aac5ed8054f7f53d7cfb5b6ae4bf27815f9fc9cb59dd1fb97fd522bd70cff30bd17ed30b75a2f41d7fc1d374d2dedb10c919b7ebab8fabace95972494b014144dc1a06789d59a52d32182627297b081791403e351781c8a8310c77928126a160dec2fb774990c11fe92b3049defc43affbe7e4cc8791484a0016f568a293125229c256c89a1214a887914c31aae176792d09fbb6d42884759a024ecd02a374df72fa10487c178380a0745f328ce6369340b4232d65b7d9c886af9ececfa8f86eac759bd67b59f24bcaafa662f332e6697dd3ee37ff6a575a395dfdf976383724d286171eb4f5c5fc3b7762d4bc8c1249a073158bfba4baa98d8258898ae759ac75fce7f56b9c937b521ec256a091f2e5ae5269afd78afe9d87d8a6db7bfda875ccbcb566ebfbbe9eb77ebbcb5de6addeec85d9c6d95f979aa85667a69ffaf68f6a7b8ebd6bfdf8898106b357f9e237fa300c4c3241e4c83413c0cd220051aa0e7e97ee2b9769b5f19729a1da77662d9b1b5a51eba997e2adbaeb165e37792988f767787895ed8d778787cbcc6cd6765897eba2772b7ee6699e7961e5ea9a6cca487e097dc257f6ef8588b4e96f6736126c5846f89767bd75e725a7c99f7e9de9ec7aee58f7db886aef8886765ee7ead7c7796a6c9d7f8b98c6c66658ec7adf9c87889cbbdcdcca6b5c78b89f0181c8f678f7d358d39bb97bd1435fdd7ec7c3780aba84199418618a48c90042244944263600291291a211f1280705194233188a420520a11251091807014a5a0c40d40262e339bf2492c665cab69823b0e2b428d3f3970c290278911f895422a8c7317c3448825cc5514a4a7a6b432246232c127643ba9268e021cabbd70e17c1ba22013cd1edec70635a3cca4d912adbaefebb6efb72b94ec4aa1e564ee81d38d3d2f0b378b147168094fb247d5ed2db4f6390c9ae928c974d61ca9b88ebe3a8680a8113b09d749889f683b3af6c931577be7734713aa1d8340d2abb77d471741b1c520e9a2c13e43dcecd6919b29d7818ce6d159ce0f522e9315e322b601c8b12cc839268ab22ec8816bb220aec63970d1f92dcedb16a14c557943aef9be414cc2696303af3a8b2cf52cad6badd562b1f157fc5c91c36ce00fb70811f037009b5998b5ac197647cb06cbe2096234c213bb8c85ecb0b01c606e2215d0cfb9e6e7dd27986a16c5fdcf3765748bcc312bfbb70da4750365e2c466ac7a013734639ad08c7b805d2b8017a9f2e1c31dfe6341d81b846a258798622310fd03714a6691bfd52e557e8d1a61c9443a624f178c4861aac043955d771e211ddf313865248c1a');
INSERT INTO raw_body VALUES(5,0,X'28b52ffd603f0dc525004a4e300c2450499436836263b6dfb08f2a6471b55f6fe57d26fa509c447677f7a61dd9ab8aaa6a8001df00b900a800895af7b3bb34ae43a5348d0501591e58895585ddfa6e74fc644968280ac4e1188e8f53818339865d2c4d47817650242c14c7d0a85998b9f874164684712438304ae3688e61efba7a978df6741a8e45a3441825c121b134116691382c304ce4c0313c1d040d0572586dfe19abe99fce43411c9a050144611c437625eadece7416c402f238348d050289208ee154e12bb5f500121a0f74b0244014e6e007070a0c07023910209684c6c281400a4963e1401c1c248547d3284e3a4b82c2580438e92c0ca5710c07d11838e9300e038c058563388d8503d12c0c9c74128bc38040765b2f5ebc22235be6e32e64eccbda5af4e4ae89a6e7b3e2b21a6fa7f20fd16595f5ed78d3ea768916bff02c6eb6bcc2ba6a43a5781e1fd3121b9315dd9374161087c6e290c0d7195a4c87e9868096fc89269646493c22874641618e8161228d74160e886d23aef44b6508fde49518d37b86ce7d7495990ed328c770067415424b67e90ce19568256565279da5511259968cf49274d40c3b1d45a32c5018752b747985d94f6781793c220a8784c6a251980802b2401cc3a5069c599b68ef7a6658d7cacad86d65c8d7439b2f949d342272dea6aaa5dd66ab75dffe6ad70af1fb8dd81a20c67416105cdb67c959d6b58ca8d25158188be630483efa13a225f56344c73b22eafd0b5d26ceb485904fb0123d5a5aa1cb249d36a495f9c663db3ddad6b313f7a628d97251e9eebbb36f9dac89d2f8dbfbcd3d447aefa3e2342c749dc69799759dbb86b7df93d38ee924524e63d35e13a068164664812c8a6631347806051a18df31fbec8cbbc547657a55d7c33d4375adadc31b571d6a6596d6adf52677766df5ff76c6c812ddafddaed72c5d7da14ab08ff94c7731f350f125c2db1162ba4b78047ef227cd656d288dc1e35e54db8aec125ab2ae04ad777951febf7b1ff3f25d1911b7ed2dcb18adcdb8f12aebf42f54a57587f5deb4d2bfaa501d758b75f9ce6e6ffa35464be7d7b44368120a9126af9c78a57abba98cd0f0b8b3ea0180a5a8319d418418858c9004224593a431600291291a211f128010710ee3308ac4304c1a47904064c44c14a5a86e2426ce612ecaaee230a3b0c69f7c1e469cbc4a75994a2c9888db44e3286ae634fe126e379416464a4d496cdc17fba5937c20d4ad34d7cf49aa46ae8589040f42a521bd99c1cf090ba45184aea079e41081c471e76c6c7626c8c1b43a36427348386f56c0f5d7ba9d7a34c859693c6d5634470d03e7d0713ea7b68f164ba72b74e2f8275a5e78dfc7399ad9c94dd09ad42915e4552ad43d0b848cc97147e1a33a26de3134b07944e432578265e00519c3a2d749da88d62b6843d74295d28e01e082d38a4519a3cd226359d4772c6a8142691fba1978a6e4c3e68fc273ac15942ba4889c645911ae0155da9555ac611682a2d3ca7466a5fdb2146c355f369a178f114f1372eb7d17e2d6852060220e32c4abc67e33aa02c141b14fc9e8407247fc2e4c8236023982e90578b0b92956abea72734c1b0b8f135d8325b6b10a812a16369c04d771335125e428666c9445fb507ad2445f2b23b8dc12b6c963500d5dd91dc7227608c389a8f0702831a55801ecc1b9233026a60ca25103');
INSERT INTO raw_body VALUES(6,0,X'28b52ffd60330dcd25002a4e300c2450499436836263b6dfb08f2a6471b55f6fe57d26fa509c447677f7a61dd9ab8aaa6a8001e000ba00a700864b4d4cadfbd95d1ad7a1529ac682802c0facc4aac26e7d373a7eb224341405e2700cc7c7a9c0c11cc32e96a6a3403b2812168a6368d42ccc5c7c3a0b23c238121c18a57134c7b0775dbdcb467b3a0dc7a251228c92e090589a08b3481c16182672e0189e0e82860239ac36ff8cd5f44fe7a1200ecd8200a2308ec12a3bd359100bc8e3d0341608248238865385afd4d60348683cd0c192005198831f1c28301c08e4408058121a0b070229248d8503717090141e4da338e92c090a6311e0a4b33094c6311c4463e0a4c3380c3016148ee134160e44b33070d2492c0e0302018ba1c1d36eebc58b576464cb7cdc858c7d595b8b9edc35d1f47c565c56e3ed54fe21baacb2be1d6f5add2ed1e2179ec5cd965758576da8143fe4f1312db13159d13d49670171682c0e09fca2c574986e0868c99f68626994c42372681414e6181826d24867e180d836e24abf5486d04f5e8931bd67e8dc475799e9308d720c67405721b47496ce105e8956525676d2591a259165c9482f4947cdb0d35134ca028551b742975798fd741698c723a27048682c1a858920200bc4095975ceac4db4773d33ac6b6565ecb632e4eba1cd17ca4e1a11396f53d5d26eb3d5ba6f7fb56b85f8dc87da1a20c67416105cdb67c959d6b58ca8d25158188be630483efa13a225f56344c73b22eafd0b5d26ceb485904fb0123d5a5aa1cb249d36a495f9c663db3ddad6b313f7a628d97251e9eebbb36f9dac89d2f8dbfbcd3d447aefa3e2342c749dc69799759dbb86b7df93d38ee924524e4bd8b4d704289a851159208ba209051a18df31fbec8cbbc547657a55d7c33d4375adadc31b571d6a6596d6adf52667d756ff6f678c6c41f76bb7eb354b575fa812ec633ed35dcc3c54c9be50deec0831dd253c023ff9933e97b5a134068f7b516d2bb24b68c9ba12b4dee545f9ffee7dcccb776544dcb6b72c63b436e3c6abacd3bf5095d61dd67bd34affaa4275d42dd6e53bbbbde9d7182d9d5fd30ea14928449abc72e295eaeda63242c3e30e80a6a8619d4184188544480291daa4d0185002215334423e126030790e033108c4300c1a47944064a44e4a92a2b6012826341940945dc361f160d17c421e5671a22d65da4428f3c5877b0a6b9c0126b4342d45b66f99fd2e4d1bc9c029918e0df75f5ac9c7ca1a9646ecb94cd590cd306de1395a1a1f9c99901ce5461c82bec23393ab05127b27796f271384c32c1a9b87fc7194de900bf54bb19d4d0694b3bdd102e93cc74d03efd2894107ce8fd6a9a34a3ad9f563841797df7a2ee476da36347c9d355836b6eef1e9816458ed4eb37cba91394906698f2fd09b0153b1283768492c6550427db4b0ccd7768b3a967f07d087d495d132cf46cb9867f1e4b250065abbbd1e63f0525bc4f662c20acd95f015c460ee70ad3ceee72addcb8c3c474b8bd0a14bbd72d564e1048f2d96e5bfe2fec81ac19b8bba928ead501a5842033ae495aedf84ca337119ed378b2eb77ef08f4449d072804615c7d6836a66628faac700806ea0490cbc46c0b1fd508855b1d000e87eb6f151564af5d70581c9ad4b681f884f9ad931c35a4992a050615dd5455609092c86a351059e56b1dbec11ba232606fd8c8b5103');
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
INSERT INTO quote VALUES(1,1,1795556627230000,0,0,0,1,59502.0,1162682318967.0,1249533676137.0,14755405649.0,60477.0,58383.0,-183.99169940004503586,-0.30826999999999998847,-5332313065.0,-0.45652999999999999136,19540353.0,-36.852049999999998419,981.23794999999995524,0.29030403528980541771,-0.30826818162456137706,-2.846147801073251049,-13.685494525418352651,-1.7070539484098388172,53.431865978268703542,147.53210257832193974);
INSERT INTO quote VALUES(1,2,1795556608919000,0,0,0,1,2586.5700000000001637,412585131214.0,NULL,77593055538.0,2593.0399999999999636,2580.1900000000000546,136.43757179718204497,5.5685900000000003728,21959917760.752868652,5.6217399999999999593,159510724.0,-53.025239999999996599,1341.4832599999999729,0.73252665735844491035,5.5685869304223611919,-4.865773660345861451,18.027703173992694729,7.5705581005983422215,157.36184202994863313,-95.0);
INSERT INTO quote VALUES(1,3,1795556594538000,0,0,0,1,1.0,248271621787.0,NULL,23387680764.0,1.0,1.0,0.00011602579104330601467,0.0115999999999999992,30503498.0,0.012290000000000000576,248205217298.4861145,-15.787789999999999324,25.292079999999998562,-0.016760561612127175545,0.011600821430706195411,0.18077481239541381974,-0.35547762388394532617,0.23055874361003628192,-0.00079273060550643942995,-2.823211110293232906);
INSERT INTO quote VALUES(3,4,1795556627230000,0,0,0,3,321309.0,6278484522419.0,6747481851138.0,79679190506.0,326573.0,315268.0,-993.55517676024464887,-0.30826999999999998847,-28794490553.0,-0.45652999999999999136,19540353.0,-36.852049999999998419,981.23794999999995524,0.29030403528980541771,-0.30826818162456137706,-2.846147801073251049,-13.685494525418352651,-1.7070539484098388172,53.431865978268703542,147.53210257832193974);
INSERT INTO quote VALUES(3,5,1795556608919000,0,0,0,3,13967.459999999999126,2227959708557.0,NULL,419002499903.0,14002.440000000000509,13933.040000000000873,736.76288770478458901,5.5685900000000003728,118583555908.06567383,5.6217399999999999593,159510724.0,-53.025239999999996599,1341.4832599999999729,0.73252665735844491035,5.5685869304223611919,-4.865773660345861451,18.027703173992694729,7.5705581005983422215,157.36184202994863313,-95.0);
INSERT INTO quote VALUES(3,6,1795556594538000,0,0,0,3,5.4000000000000003552,1340666757652.0,NULL,126293476128.0,5.4000000000000003552,5.4000000000000003552,0.00062653927163403011491,0.0115999999999999992,164718887.0,0.012290000000000000576,248205217298.4861145,-15.787789999999999324,25.292079999999998562,-0.016760561612127175545,0.011600821430706195411,0.18077481239541381974,-0.35547762388394532617,0.23055874361003628192,-0.00079273060550643942995,-2.823211110293232906);
INSERT INTO quote VALUES(5,1,1795556627230000,8,1,0,1,59799.509999999994761,1162682318967.0,1249533676137.0,14755405649.0,60477.0,58383.0,-183.99169940004503586,-0.30826999999999998847,-5332313065.0,-0.45652999999999999136,19540353.0,-36.852049999999998419,981.23794999999995524,0.29030403528980541771,-0.30826818162456137706,-2.846147801073251049,-13.685494525418352651,-1.7070539484098388172,53.431865978268703542,147.53210257832193974);
INSERT INTO quote VALUES(6,1,1795556627709000,0,0,0,1,59502.0,1162682318967.0,1249533676137.0,14755405649.0,60477.0,58383.0,-183.99169940004503586,-0.30826999999999998847,-5332313065.0,-0.45652999999999999136,19540353.0,-36.852049999999998419,981.23794999999995524,0.29030403528980541771,-0.30826818162456137706,-2.846147801073251049,-13.685494525418352651,-1.7070539484098388172,53.431865978268703542,147.53210257832193974);
INSERT INTO quote VALUES(6,3,1795556595017000,0,0,0,1,1.0,248271621787.0,NULL,23387680764.0,1.0,1.0,0.00011602579104330601467,0.0115999999999999992,30503498.0,0.012290000000000000576,248205217298.4861145,-15.787789999999999324,25.292079999999998562,-0.016760561612127175545,0.011600821430706195411,0.18077481239541381974,-0.35547762388394532617,0.23055874361003628192,-0.00079273060550643942995,-2.823211110293232906);
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
INSERT INTO head VALUES(1,6,1795556627709000,1,6);
INSERT INTO head VALUES(2,1,1795556608919000,1,5);
INSERT INTO head VALUES(3,6,1795556595017000,1,6);
INSERT INTO head VALUES(4,3,1795556627230000,3,3);
INSERT INTO head VALUES(5,3,1795556608919000,3,3);
INSERT INTO head VALUES(6,3,1795556594538000,3,3);
CREATE TABLE quarantine (              -- rows that cannot be true
  seq INTEGER NOT NULL, n INTEGER NOT NULL, row INTEGER NOT NULL,
  rule TEXT NOT NULL, evidence TEXT NOT NULL,
  PRIMARY KEY (seq, n, row)
) STRICT, WITHOUT ROWID;
INSERT INTO quarantine VALUES(6,0,1,'negative','current_price is -2586.57; row: {"id":"ethereum","symbol":"eth","name":"Ethereum","image":"https://coin-images.coingecko.com/coins/images/279/large/ethereum.png?1696501628","current_price":-2586.57,"market_cap":412585131214,"market_cap_rank":2,"fully_diluted_valuation":null,"total_volume":77593055538,"high_24h":2593.04,"low_24h":2580.19,"price_change_24h":136.43757179718204,"price_change_percentage_24h":5.56859,"market_cap_change_24h":21959917760.75287,"market_cap_change_percentage_24h":5.62174,"circulating_supply":159510724.0,"total_supply":177283491.0,"max_supply":null,"ath":5506.29,"ath_change_percentage":-53.02524,"ath_date":"2016-04-15T07:58:53.012Z","atl":179.44,"atl_change_percentage":1341.48326,"atl_date":"2022-10-21T23:44:11.185Z","roi":{"times":0.4870920585239708,"currency":"btc","percentage":48.70920585239708},"last_updated":"2026-11-24T21:43:29.398Z","price_change_percentage_14d_in_currency":18.027703173992695,"price_change_percentage_1h_in_currency":0.7325266573584449,"price_change_percentage_1y_in_currency":-95.0,"price_change_percentage_200d_in_currency":157.36184202994863,"price_change_percentage_24h_in_currency":5.568586930422361,"price_change_percentage_30d_in_currency":7.570558100598342,"price_change_percentage_7d_in_currency":-4.8657736603458615}');
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
  s.coin AS coin_id, upper(p.symbol) AS symbol, p.name AS name,
  q.price AS current_price, q.market_cap AS market_cap, o.rank AS market_cap_rank, q.volume_24h AS total_volume,
  q.high_24h, q.low_24h, q.price_change_24h, q.price_change_percentage_24h, q.circulating_supply,
  p.total_supply, p.max_supply, p.ath, p.atl,
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
