#include "sim/options.hpp"

namespace coinlake::sim {
namespace {

constexpr std::string_view kHelp = R"(coinlake-sim: a local CoinGecko and CoinMarketCap, for tests and rehearsals

Examples:
  coinlake-sim market --coins 5000 --seed 7 --speed 60
                                              an hour of market in a minute
  coinlake-sim                                300 coins that stand still
  coinlake-sim --bodies recorded/             plays recorded/markets_usd.json
  coinlake-sim --status 429 --retry-after 30  always says: slower
  coinlake-sim --cut 20000 --on 2             cuts the second answer short
  coinlake-sim --cmc-error 1008:200           an error inside a 200
  coinlake-sim scenario bad-monday --speed-up 10
                                              a storm that passes in minutes

It prints its addresses when it is ready; point coinlake at them:
  COINLAKE_COINGECKO__BASE_URL=http://127.0.0.1:8080/api/v3 coinlake collect
CoinMarketCap's base URL is the address without a path, http://127.0.0.1:8080

It plays, on 127.0.0.1 only, with each provider's paging, headers and errors:
  CoinGecko      /ping, /key (with --plan pro), /coins/markets, /coins/list,
                 /simple/price, and of one coin /market_chart, /ohlc, both
                 with /range, and /history; all need a User-Agent
  CoinMarketCap  quotes/latest (v1, v2, v3), listings/latest (v1, v3),
                 quotes/historical (v1, v2), ohlcv/historical (v2) and
                 /v1/key/info with X-CMC_PRO_API_KEY; without a key, what is
                 there under /public-api: v3 quotes, v1 and v3 listings
It refuses what is not well formed: unknown parameters, values out of range.

coinlake-sim market plays a market that lives: prices walk, ranks change,
coins are renamed, delisted and listed, and each key has its plan's limits.
  --speed X             so many of its minutes pass in one (default 1); all
                        times stay real. Prices are new after each minute of
                        the market, but not more often than each second
  --from TIME           begins as this market is at that moment, with
                        today's times: the same prices once more
  --no-limits           of plans; --limit still counts

What it plays:
  --coins N             so many made-up coins          (default 300)
  --seed N              another made-up market         (default 7)
  --moving              made-up prices and times move with every call;
                        otherwise, without market, they stand still
  --bodies DIR          markets_usd.json, markets_brl.json and so on, or
                        markets.json for any currency: one JSON array each,
                        whose rows are sent byte for byte as recorded;
                        quotes_latest.json and listings_latest.json answer
                        any such question to CoinMarketCap, as they are
  --key KEY             CoinGecko needs this key, else 401
  --plan demo|pro       in this plan's header          (default demo)
  --cmc-key KEY         CoinMarketCap needs this key, else 401; without it,
                        any key will do
  --cmc-plan PLAN       basic, builder, startup, growth or professional: its
                        limits, and what is there   (default basic)
  --limit N             429 for more than N requests of one key in any 60 s

Faults, in every data answer of both, or in those that these name:
  --on N[,N...]         the N-th data requests of a provider, from 1
  --provider NAME       coingecko or coinmarketcap
  --probability P       0 to 1; the seed decides, the same each time
Another answer:
  --status CODE[:TEXT]  this status, with the provider's body for it or TEXT
  --cmc-error CODE[:HTTP]  CoinMarketCap's error 1001 to 1011, 400 or 500,
                        with its HTTP status or with this one
  --retry-after VALUE   a Retry-After header
  --html                200 with an HTML page
  --redirect URL        302, or the 3xx of --status, to there or to "itself"
  --bomb MIB            gzip that unpacks to so many MiB of blanks
  --deep N              N JSON arrays within each other
Other rows:
  --bad-row K           row K of each answer has a negative price
  --change-price        row 1 of page 1 has another price at the same
                        last_updated, from the second call on or with --on
  --rename OLD=NEW      a key has another name in every row
  --shuffle             rows move between pages: a sweep sees one twice and
                        misses one at each border
  --freeze              each question's first answer again and again
Other headers:
  --age SECONDS         an Age header
  --date SECONDS        the Date header is off by so many, or by -SECONDS
  --headers N           N headers more
  --header-bytes N      one header more, of N bytes
Another end, or none:
  --delay MS            waits before it answers
  --slow-head N         N bytes of the head a second
  --slow-body N         N bytes of the body a second
  --cut N               closes after N bytes of the body (then without gzip),
                        and always before its last one
  --reset-after N       resets the connection there
  --stall               silence there, or with --cut after its N bytes
  --reset               resets the connection, without an answer
  --endless             chunks for ever (32 MiB a second, or --slow-body)
  --bad-chunk SIZE      a chunk that says SIZE: -2, FFFFFFFFFFFFFFFF

coinlake-sim scenario FILE plays a market with faults that begin, end and
come together, as a TOML file says (docs/simulator.md); any option may be
added. Without FILE, or with --list, it names those that it has:
@SCENARIOS@  --speed-up X          the scenario's times pass X times as fast

Other:
  --port N              0 is any that is free          (default 0)
  --tls KIND            https that a client should refuse: self-signed,
                        expired, not-yet-valid, wrong-host or old-protocol
                        (TLS 1.1 only)
  --certificate FILE    writes its certificate there; a client that trusts it
                        (SSL_CERT_FILE) meets only what KIND names
  --log FILE            appends a line of JSON for each request
  --until-stdin-closes  ends when its stdin does: nothing is left behind
  -h, --help            this
  --version             print the version
)";

}  // namespace

std::string help_text() {
  constexpr std::string_view kHole = "@SCENARIOS@";
  std::string out(kHelp);
  return out.replace(out.find(kHole), kHole.size(), scenario_list());
}

}  // namespace coinlake::sim
