// What the commands for collecting round the clock say about themselves.
#include <array>

#include "coinlake/app/cli/help_text.hpp"
#include "coinlake/base/message.hpp"

namespace coinlake::app {
namespace {

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
  --force            also with schedules that do not fit what the providers
                     allow (coinlake plan), which are refused otherwise

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

constexpr std::string_view kPlan = mark(R"(coinlake plan: what the schedules will ask for, and whether that fits

Examples:
  coinlake plan
  coinlake plan --days 1 --json

Counted slot by slot from now on: requests and credits of each schedule and
provider, beside what the provider's plan allows in a minute, a day and a
month, and how fast the ledger grows. A part of each month's credits is set
apart for repeats and repairs (budget.reserve_percent): not planned for, but
spent when needed. Schedules that do not fit are refused by coinlake config
check, run and reload; coinlake run --force collects by them all the same.

A provider that tells about its key is asked once, which costs no credit
(CoinMarketCap, CoinGecko Pro); not while coinlake run is at work.

Options:
  --days N        plan for so many days (default 30, at most 366)
  --json          one JSON object
)");

constexpr std::string_view kDoctor = mark(R"(coinlake doctor: what keeps coinlake from collecting, and how to mend it

Examples:
  coinlake doctor
  coinlake doctor --json

Looks at the configuration, the zone, whether the schedules fit, the disk, who
may write where, the ledger (all of a small one, a sample of a large one), the
process that collects, and stale schedules. Then asks each provider that is
configured once, whether it answers, what time it has, and what it thinks of
the key; not while another process writes the ledger.

Options:
  --json          an array with an object for each thing that was looked at

Exit: 0 all is well; 1 something is not.
)");

constexpr auto kRunningTexts = std::to_array<HelpText>({{"run", kRun},
                                                        {"reload", kReload},
                                                        {"status", kStatus},
                                                        {"slots", kSlots},
                                                        {"runs", kRuns},
                                                        {"budget", kBudget},
                                                        {"plan", kPlan},
                                                        {"doctor", kDoctor}});

}  // namespace

std::span<const HelpText> running_texts() { return kRunningTexts; }

}  // namespace coinlake::app
