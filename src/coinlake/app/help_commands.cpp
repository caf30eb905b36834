// What the program and each of its commands say about themselves.
#include <array>

#include "coinlake/app/help_text.hpp"
#include "coinlake/base/message.hpp"

namespace coinlake::app {
namespace {

constexpr std::string_view kProgram = mark(R"(coinlake: crypto market data you can trust, ask for again, and rebuild

Examples:
  coinlake collect --source coingecko --top 250  collect the 250 largest
  coinlake show                                  what is known now, its age
  coinlake show bitcoin --history                each value and revision
  coinlake show --as-of 2026-11-24T09:00:00Z     what was known then
  coinlake query 'SELECT * FROM cryptocurrency_latest LIMIT 5'

Commands:
  collect     fetch from a provider and keep what it says
  run         collect round the clock, by schedules
  show        print values: newest, past, or as they were known
  status      how collecting stands: schedules, providers, disk
  runs        list collections and what came of them
  slots       what came of each moment of the schedules
  budget      what is left to ask for, and until when nobody may
  quarantine  rows that cannot be true: list, show, release, drop
  query       ask the ledger in SQL, read-only
  replay      rebuild every table from the raw answers, or check them
  ledger      digest, backup, verify
  reload      let coinlake run read its configuration anew
  config      check, show and describe the configuration
  init        write a configuration to begin with
  completion  let bash, zsh or fish complete what you type
  version     print the version
  help        help on a command, an action or a topic

Topics (coinlake help TOPIC):
  config      every key of the configuration
  env         the variables of the environment
  exit-codes  what each exit code means
  formats     table, JSON and CSV, and what of them is stable
  security    where secrets go, and what is never printed
  time        the two times of each value, and how to ask by them

Options (before or after the command):
  --db-path FILE   the ledger            (default data/coinlake.db)
  --config FILE    a configuration file  (default ./coinlake.toml, if there)
  --lang LANGUAGE  en or pt-BR           (default: as the environment says)
  --verbose        say more on stderr
  -h, --help       this; after a command or an action, its help
  --version        print the version

Without a command, as the Python collector that this replaces:
  coinlake --all       collect the top 250 from CoinGecko
  coinlake --limit N   collect the top N
  coinlake --verbose   collect the top 30; so does --db-path FILE alone
)");

constexpr std::string_view kCollect = mark(R"(coinlake collect: fetch from a provider and keep what it says

Examples:
  coinlake collect --source coingecko --top 250
  coinlake collect --ids bitcoin,ethereum --currency usd,brl
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
)");

constexpr std::string_view kRun = mark(R"(coinlake run: collect round the clock, by schedules

Examples:
  coinlake run                     until it is stopped
  coinlake run --once              what is due now, then the end: for cron
  coinlake reload                  other schedules, while it runs

Schedules are tables in coinlake.toml (coinlake help config):
  [schedules.top]
  when = "0 9,13,18 * * *"
  zone = "America/Sao_Paulo"
  top = 250
Without any, the 250 largest coins are collected at 09:00, 13:00 and 18:00,
and Bitcoin in BRL every five minutes where there is a CoinMarketCap key.

Every slot, that is every moment at which something should have been
collected, ends as done, late, missed or skipped, with the reason: coinlake
slots. After a stop one slot is made up for, and the others are accounted for.

While it runs, the ledger is its own: collect, budget --refresh and quarantine
release or drop are done by it.

Options:
  --once             do what is due, then end
  --force            accepted, but has no effect yet

Signals: TERM and INT end it within ten seconds, a second one at once; HUP
reads the configuration anew, and one with a fault leaves the old in force.

Exit: 0 stopped, or with --once all that was due is stored; 1 and 75 as in
coinlake collect; 75 another process writes the ledger; 78 the configuration
has a fault, or the ledger cannot be written here.
)");

constexpr std::string_view kReload = mark(R"(coinlake reload: let coinlake run read its configuration anew

Examples:
  coinlake reload
  coinlake reload --db-path /var/lib/coinlake/coinlake.db

Runs under way go on as they began. A configuration with a fault changes
nothing: the fault is told here, in the log and in the status.

Exit: 0 it is in force; 3 no coinlake run is at work on this ledger; 78 it has
a fault, and the old one stays.
)");

constexpr std::string_view kShow = mark(R"(coinlake show: print values, newest, past, or as they were known

Examples:
  coinlake show                                   the largest coins, with age
  coinlake show bitcoin eth --currency brl        by id or by symbol
  coinlake show bitcoin --history --limit 10      values and revisions
  coinlake show --watch                           a page that stays up to date
  coinlake show --as-of 2026-11-24T09:00:00Z      what was known then
  coinlake show --until 2026-01-01                newest values before 2026

Options:
  COIN…              ids, or symbols or names that only one coin has
                     (default: all)
  --source NAME      only this source: coingecko or coinmarketcap
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
)");

constexpr std::string_view kStatus = mark(R"(coinlake status: how collecting stands: schedules, providers, disk

Examples:
  coinlake status
  coinlake status --watch            a page that stays up to date
  coinlake status --json
  coinlake status || echo "exit $?"  5: values of a schedule are stale

It reads the ledger, whether coinlake run is at work or not, and says which.
The state of a schedule is by the age of its newest values, whatever its runs
say.

States:
  fresh              as new as they should be
  late               older than the schedule's freshness
  stale              older than three times that: exit 5
  unknown            there are none yet

Options:
  --watch [SECONDS]  draw it anew on the terminal, as the ledger is by then
                     (default 2); q or Ctrl-C ends
  --json             one JSON object
)");

constexpr std::string_view kSlots = mark(R"(coinlake slots: what came of each moment of the schedules

Examples:
  coinlake slots
  coinlake slots --schedule top --state missed
  coinlake slots --since 2026-11-24 --limit 1000 --json

Each moment at which something should have been collected is a slot, and its
row never changes.

States:
  done               collected in its time
  late               collected afterwards
  missed             not collected
  skipped            not asked, for a reason of our own

Options:
  --schedule NAME    only of this schedule
  --since TIME       only those that began at TIME or after it
  --state STATE      only done, late, missed or skipped ones
  --limit N          at most N, newest first (default 50)
  --json             a JSON array of objects

TIME is ISO 8601: 2026-11-24T09:00:00Z; without a zone it is UTC.
)");

constexpr std::string_view kRuns = mark(R"(coinlake runs: list collections and what came of them

Examples:
  coinlake runs
  coinlake runs --limit 100 --json
  coinlake runs show 3f9c2a7be41d0856      all that is known of one

Actions:
  show ID…           all that is known of each: its slot, when its answers
                     came, what became of its rows, why it failed

Options:
  ID…                the same as show ID…
  --limit N          at most N, newest first (default 20)
  --json             a JSON array of objects
)");

constexpr std::string_view kBudget = mark(R"(coinlake budget: what is left to ask for, and until when nobody may

Examples:
  coinlake budget
  coinlake budget --source coinmarketcap --refresh

Requests and credits are counted in the ledger before they are sent, for each
provider and key; a minute is any 60 seconds, a month the calendar's in UTC.

Options:
  --source NAME   only this one: coingecko or coinmarketcap (default: all that
                  are configured)
  --refresh       ask the provider what it knows of the key (CoinMarketCap,
                  CoinGecko Pro): one request, no credit
  --json          an array with an object for each source
)");

constexpr std::string_view kQuery = mark(R"(coinlake query: ask the ledger in SQL, read-only

Examples:
  coinlake query 'SELECT * FROM cryptocurrency_latest LIMIT 5'
  coinlake query 'SELECT rule, evidence FROM quarantine' -o json
  coinlake query 'SELECT coin_id, name FROM cryptocurrency_data' -o csv

One SELECT, with any views and tables of the ledger. Nothing can be written.

Options:
  -o, --output FORM  table (the default), json (an array of objects) or csv
  --max-rows N       more rows than this are an error, never a silent cut
                     (default 100000)
  --timeout SECONDS  stop after this long (default 30)
)");

constexpr std::string_view kReplay = mark(R"(coinlake replay: rebuild every table from the raw answers, or check them

Examples:
  coinlake replay --check     compare only; exit 3 if anything differs
  coinlake replay             rebuild; what differed is mended

The raw answers are never changed. The same decoder gives the same tables:
`coinlake ledger digest` is equal before and after.

Options:
  --check            write nothing, say what differs
)");

constexpr std::string_view kInit = mark(R"(coinlake init: write a configuration to begin with

Examples:
  coinlake init              writes ./coinlake.toml, and says what .env gives
  coinlake init --force      anew, over one that is there

Every key that is used is in it, commented out at its default, and this
machine's zone. It asks nothing. --config FILE names another file to write.

Options:
  --force            replace a file that is there
)");

constexpr std::string_view kCompletion = mark(R"(coinlake completion: let bash, zsh or fish complete what you type

Examples:
  coinlake completion bash
  coinlake completion zsh
  coinlake completion fish > ~/.config/fish/completions/coinlake.fish

In ~/.bashrc, and in ~/.zshrc after compinit, with the name of the shell:
  source <(coinlake completion bash)

The Tab key then completes commands, options and what may follow them, and
from the ledger: coins, runs, quarantined rows. The script asks coinlake each
time, so it never needs renewing. It only reads, and is silent on any fault.

Options:
  SHELL              bash, zsh or fish: print the script for it
)");

constexpr std::string_view kVersion = mark(R"(coinlake version: print the version

Examples:
  coinlake version
  coinlake version --json      what a report of a fault needs

Options:
  --json             one JSON object: version, commit, compiler, the ledger's
                     schema, versions of decoders and libraries
)");

constexpr std::string_view kHelp = mark(R"(coinlake help: help on a command, an action or a topic

Examples:
  coinlake help                   all commands and topics
  coinlake help show              the same as: coinlake show --help
  coinlake help ledger backup     one action of a command
  coinlake help time              a topic
  coinlake help --man             all of it as a manual page

To keep the manual page where man finds it:
  coinlake help --man > ~/.local/share/man/man1/coinlake.1

Options:
  --man              print everything there is as one page for man, in roff
)");

constexpr auto kTexts = std::to_array<HelpText>({{"", kProgram},
                                                 {"collect", kCollect},
                                                 {"run", kRun},
                                                 {"reload", kReload},
                                                 {"show", kShow},
                                                 {"status", kStatus},
                                                 {"runs", kRuns},
                                                 {"slots", kSlots},
                                                 {"budget", kBudget},
                                                 {"query", kQuery},
                                                 {"replay", kReplay},
                                                 {"init", kInit},
                                                 {"completion", kCompletion},
                                                 {"version", kVersion},
                                                 {"help", kHelp}});

}  // namespace

std::span<const HelpText> command_texts() { return kTexts; }

}  // namespace coinlake::app
