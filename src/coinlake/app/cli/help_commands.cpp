// What the program and each of its commands say about themselves, but those of help_running.cpp.
#include <array>

#include "coinlake/app/cli/help_text.hpp"
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
  plan        what the schedules will ask for, and whether that fits
  doctor      what keeps coinlake from collecting, and how to mend it
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
                                                 {"show", kShow},
                                                 {"query", kQuery},
                                                 {"replay", kReplay},
                                                 {"init", kInit},
                                                 {"completion", kCompletion},
                                                 {"version", kVersion},
                                                 {"help", kHelp}});

}  // namespace

std::span<const HelpText> command_texts() { return kTexts; }

}  // namespace coinlake::app
