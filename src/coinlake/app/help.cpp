#include "coinlake/app/help.hpp"

#include <array>
#include <utility>

namespace coinlake::app {
namespace {

constexpr std::string_view kProgram = R"(coinlake: crypto market data you can trust, ask for again, and rebuild

Examples:
  coinlake collect --source coingecko --top 250  collect the 250 largest coins
  coinlake show                                  what is known now, and its age
  coinlake show bitcoin --history                each value and revision of one
  coinlake show --as-of 2026-11-24T09:00:00Z     what was known then
  coinlake query 'SELECT * FROM cryptocurrency_latest LIMIT 5'

Commands:
  collect    fetch from a provider and keep what it says
  show       print values: newest, past, or as they were known
  runs       list collections and what came of them
  budget     what is left to ask for, and until when nobody may
  quarantine rows that cannot be true: list, show, release, drop
  query      ask the ledger in SQL, read-only
  replay     rebuild every table from the raw answers, or check them
  ledger     digest, backup, verify
  config     check, show and describe the configuration
  init       write a configuration to begin with
  version    print the version
  help       help for a command, or: config, exit-codes

Options (before or after the command):
  --db-path FILE   the ledger            (default data/coinlake.db)
  --config FILE    a configuration file  (default ./coinlake.toml, if there)
  --verbose        say more on stderr
  -h, --help       this, or a command's help
  --version        print the version

Without a command, as the Python collector that this replaces:
  coinlake --all          collect the top 250 from CoinGecko
  coinlake --limit N      collect the top N
  coinlake --verbose      collect the top 30; so does --db-path FILE alone
)";

constexpr std::string_view kCollect = R"(coinlake collect: fetch from a provider and keep what it says

Examples:
  coinlake collect --source coingecko --top 250
  coinlake collect --source coingecko --ids bitcoin,ethereum --currency usd,brl
  coinlake collect --source coinmarketcap --top 100 --convert BRL
  coinlake collect --preset bitcoin      Bitcoin in BRL from CoinMarketCap

Every answer is stored as it came, then its rows, page by page. Running it
again is safe: what is known already is counted as equal.

What:
  --source NAME      coingecko (the default) or coinmarketcap
  --top N            the N largest coins       (default 250)
  --all              every coin there is, until the first empty page
  --ids LIST         these coins, by the provider's own ids: bitcoin,ethereum
                     for CoinGecko, 1,1027 for CoinMarketCap
  --list             which coins there are and what they are called, without
                     values (CoinGecko)
  --currency LIST    usd, or several: usd,brl  (default usd); also --convert
  --preset bitcoin   CoinMarketCap, coin 1, in BRL

How:
  --json             end with one JSON object, also after a failure: new,
                     equal, revised, quarantined, requests, error and more
  --no-cache         ask the provider even when the last answer is as good as
                     a new one (by default it is, for a minute: no request)

Exit: 0 stored, or all was known; 1 failed or partly failed; 75 the same for
a passing reason (asked to slow down, no connection, another writer), and
when nothing may be asked until a time that is then said: the provider wants
to be left alone, or the plan's requests of this minute are spent. Once under
way, pages wait for their minute.
)";

constexpr std::string_view kShow = R"(coinlake show: print values, newest, past, or as they were known

Examples:
  coinlake show                                   the largest coins, with age
  coinlake show bitcoin eth --currency brl        by id or by symbol
  coinlake show bitcoin --history --limit 10      values and revisions
  coinlake show --watch                           a page that stays up to date
  coinlake show --as-of 2026-11-24T09:00:00Z      what was known then
  coinlake show --until 2026-01-01                newest values before 2026

Options:
  COIN…              ids, or symbols that only one coin has (default: all)
  --source NAME      only this source
  --currency CODE    only this currency
  --kind KIND        only what this kind of question answered: markets, simple
                     (CoinGecko), quotes, listings (CoinMarketCap)
  --history          every fact and revision, newest first
  --as-of TIME       only what was known at TIME; unknown then: exit 3
  --until TIME       only values of moments before TIME
  --limit N          at most N rows (default 20 on a terminal, else all)
  --watch [SECONDS]  draw it anew on the terminal, as the ledger is by then
                     (default 2); q or Ctrl-C ends
  --json             a JSON array of objects

TIME is ISO 8601: 2026-11-24T09:00:00Z; without a zone it is UTC.
)";

constexpr std::string_view kRuns = R"(coinlake runs: list collections and what came of them

Examples:
  coinlake runs
  coinlake runs --limit 100 --json

Options:
  --limit N          at most N, newest first (default 20)
  --json             a JSON array of objects
)";

constexpr std::string_view kBudget = R"(coinlake budget: what is left to ask for, and until when nobody may

Examples:
  coinlake budget
  coinlake budget --source coinmarketcap --refresh

Requests and credits are counted in the ledger before they are sent, for each
provider and key; a minute is any 60 seconds, a month the calendar's in UTC.

Options:
  --source NAME   only this one          (default: all that are configured)
  --refresh       ask the provider what it knows of the key (CoinMarketCap,
                  CoinGecko Pro): one request, no credit
  --json          an array with an object for each source
)";

constexpr std::string_view kQuery = R"(coinlake query: ask the ledger in SQL, read-only

Examples:
  coinlake query 'SELECT * FROM cryptocurrency_latest LIMIT 5'
  coinlake query 'SELECT rule, evidence FROM quarantine' -o json
  coinlake query 'SELECT coin_id, current_price FROM cryptocurrency_data' -o csv

One SELECT, with any views and tables of the ledger. Nothing can be written.

Options:
  -o, --output FORM  table (the default), json (an array of objects) or csv
  --max-rows N       more rows than this are an error, never a silent cut
                     (default 100000)
  --timeout SECONDS  stop after this long (default 30)
)";

constexpr std::string_view kQuarantine = R"(coinlake quarantine: rows that cannot be true, and what you decide of them

Examples:
  coinlake quarantine                       what waits for a decision
  coinlake quarantine show 7/0/6            all of one row, as it came
  coinlake quarantine release 7/0/6 --why "confirmed by the provider"
  coinlake quarantine drop --rule future_time --why "a test feed"

A released row becomes a fact of its own moment, known from the decision on:
asked for what was known before, show does not have it. Dropped after that, it
is taken back, also from then on. Each is undone by the other. Decisions are
stored, and replay keeps them.

Actions:
  list               rows without a decision, newest first (the default)
  show ID…           everything about them, and the bytes of the row
  release ID…        they are facts after all
  drop ID…           they were looked at and are bad

Options:
  --why TEXT         the reason, kept with a release or a drop
  --rule RULE        only rows of this rule; to release or drop: all of them
                     that are open
  --all              list those too that were released or dropped
  --limit N          list at most N (default 20 on a terminal, else all)
  --json             a JSON array of objects (list, show)
  --raw              show the bytes of the row and nothing else

ID is the batch, the response in it and the row in that, as list prints them.
)";

constexpr std::string_view kReplay = R"(coinlake replay: rebuild every table from the raw answers, or check them

Examples:
  coinlake replay --check     compare only; exit 3 if anything differs
  coinlake replay             rebuild; what differed is mended

The raw answers are never changed. The same decoder gives the same tables:
`coinlake ledger digest` is equal before and after.

Options:
  --check            write nothing, say what differs
)";

constexpr std::string_view kLedger = R"(coinlake ledger: digest, backup, verify

Examples:
  coinlake ledger digest                   a hash over all derived tables
  coinlake ledger backup copy.db           a whole copy, also while collecting
  coinlake ledger verify                   is what was received unchanged?

Actions:
  digest [--json]    the same data gives the same digest, on any machine
  backup TARGET      TARGET must not exist; it appears whole or not at all
                     (a process that is killed leaves TARGET.*.part)
  verify [--link HEX] [--json]
                     pages, schema, the hash of every answer, and the chain
                     of hashes over all inputs, whose newest link is shown.
                     Noted elsewhere and given again as --link, it proves
                     that all there was up to it is here and unchanged.
                     Exit 3 and a list if anything is wrong
)";

constexpr std::string_view kExitCodes = R"(Exit codes:
  0    done
  1    failed: refused, not decodable, cut short, a full disk; also when a
       part was stored
  2    the command line is wrong
  3    unknown (nothing was known then), or stored data contradicts itself
  75   temporary: asked to slow down, no connection, no answer in time,
       another process is writing, nothing may be asked yet; the same command
       may work later
  78   configuration, or a file that is not a ledger of this version
  130  interrupted (Ctrl-C), 143 terminated; what was stored stays stored
)";

constexpr std::string_view kVersion = R"(coinlake version: print the version

Examples:
  coinlake version
  coinlake version --json      what a report of a fault needs

Options:
  --json             one JSON object: version, commit, compiler, the ledger's
                     schema, versions of decoders and libraries
)";

constexpr std::string_view kInit = R"(coinlake init: write a configuration to begin with

Examples:
  coinlake init              writes ./coinlake.toml, and says what .env gives
  coinlake init --force      anew, over one that is there

Every key that is used is in it, commented out at its default, and this
machine's zone. It asks nothing. --config FILE names another file to write.

Options:
  --force            replace a file that is there
)";

}  // namespace

std::string help_text(std::string_view topic) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kTexts = {{{"", kProgram},
                                                                                     {"collect", kCollect},
                                                                                     {"show", kShow},
                                                                                     {"runs", kRuns},
                                                                                     {"budget", kBudget},
                                                                                     {"query", kQuery},
                                                                                     {"quarantine", kQuarantine},
                                                                                     {"replay", kReplay},
                                                                                     {"ledger", kLedger},
                                                                                     {"init", kInit},
                                                                                     {"exit-codes", kExitCodes},
                                                                                     {"help", kProgram},
                                                                                     {"version", kVersion}}};
  if (topic == "config") return config_help();
  for (const auto& [name, text] : kTexts) {
    if (topic == name) return std::string(text);
  }
  return "";
}

}  // namespace coinlake::app
