// What is not of one command. The topics config and env go on with the table of keys (help_config.cpp).
#include <array>

#include "coinlake/app/cli/help_text.hpp"
#include "coinlake/base/message.hpp"

namespace coinlake::app {
namespace {

constexpr std::string_view kConfig = mark(R"(coinlake config: check, show and describe the configuration

Examples:
  coinlake config check     every fault at once, each with its line; exit 78
  coinlake config show      each value and where it comes from, no secrets
  coinlake config schema    what coinlake.toml may hold, as JSON Schema

Options:
  --json             (show) one JSON object
  --force            (check) schedules that do not fit are a warning only

Values come from these places, the later wins:
  defaults < ./coinlake.toml (or --config FILE) < ./.env < environment < flags

Example of coinlake.toml; `coinlake init` writes one with every key:
  [ledger]
  path = "data/coinlake.db"
  [coingecko]
  plan = "demo"
  api_key_file = "secrets/coingecko"
  [schedules.top]
  when = "0 9,13,18 * * *"
  top = 250

A secret is best kept in the environment, in .env, or alone in a file of mode
0600 that a *_file key names. There is no option for it: others can read a
command line. It goes to its provider alone and is never printed or stored.

Keys, and the variables of the environment and of .env that set them:
)");

constexpr std::string_view kEnv = mark(R"(env: the variables of the environment

Examples:
  COINLAKE_LEDGER__PATH=other.db coinlake show
  CMC_API_KEY=… coinlake collect --preset bitcoin
  LANG=pt_BR.UTF-8 coinlake show
  coinlake config show      which variable gave which value

Language, terminal and zone:
  LC_ALL, LC_MESSAGES, LANG
                     the first that is set chooses the language that people
                     read, en or pt-BR; --lang beats them. JSON, CSV, logs
                     and the ledger are the same in all
  LC_ALL, LC_CTYPE, LANG
                     likewise the signs: a terminal whose locale is C, POSIX
                     or not UTF-8 ("pt_BR" alone is not) gets ASCII; where
                     none is set, UTF-8
  NO_COLOR           set to anything: no colours
  COLUMNS            the width, where the terminal does not say it
  TERM               dumb or not set: no colours, no progress, no live page
  TZ                 the zone of schedules where time.zone is not set, and
                     the one that coinlake init writes down

All that begins with COINLAKE_ sets a key of the configuration: its section,
two underscores, its name. .env beside coinlake.toml may hold the same names;
the environment beats it. A name that is nearly one of these is a fault, so
that a typing error does not pass as a default. After "or": the name by which
the Python collectors and other programs know it.

Variables, and the key that each sets:
)");

constexpr std::string_view kExitCodes = mark(R"(exit-codes: what each exit code means

Examples:
  coinlake show bitcoin || echo "exit $?"
  coinlake collect --json      says the same in words: outcome and error

Exit codes:
  0    done
  1    failed: refused, not decodable, cut short, a full disk; also when a
       part was stored
  2    the command line is wrong
  3    unknown (nothing was known then), or stored data contradicts itself
  5    values of a schedule are stale (coinlake status)
  75   temporary: asked to slow down, no connection, no answer in time,
       another process is writing, nothing may be asked yet; the same command
       may work later
  78   configuration, or a file that is not a ledger of this version
  130  interrupted (Ctrl-C), 143 terminated; what was stored stays stored

A scheduler may try again after 75 and should tell a person after any other.
)");

constexpr std::string_view kFormats = mark(R"(formats: table, JSON and CSV, and what of them is stable

Examples:
  coinlake show bitcoin                       a table for people
  coinlake show bitcoin --json                a JSON array of objects
  coinlake query 'SELECT 1 AS one' -o json    any SELECT, as JSON
  coinlake query 'SELECT 1 AS one' -o csv     and as CSV

Tables are for people: they follow the width of the terminal, the language
and the locale, round numbers, and may change in any version. Programs should
read JSON or CSV, which are the same bytes in every locale, zone and width.

JSON, by --json of a command or -o json of query:
  numbers    the fewest digits that read back to the same double
  times      2026-11-24T09:00:00.000000Z, always UTC
  unknown    null, never 0; every field is always there
  nothing    an empty array
  errors     stdout stays empty, the exit code and stderr say why; collect,
             budget --refresh and ledger verify print their object all the
             same

CSV, by -o csv of query (RFC 4180, UTF-8, a line of names first):
  null       nothing between two commas
  no text    "", so that it is not null
  numbers    as in JSON, never with a comma for the decimals
  bytes      in hexadecimal
  text       as it is: one that begins with = is no formula, so import it as
             text; on a terminal alone, what could steer it is shown as U+FFFD

Stable: names of fields and columns, their types, units and meanings, and the
words that the contract lists as complete. Fields may be added in any version:
ignore what you do not know. docs/contracts in the sources has all of it, with
a JSON Schema for each command.
)");

constexpr std::string_view kSecurity = mark(R"(security: where secrets go, and what is never printed

Examples:
  coinlake config check     are the files of secrets closed to others?
  coinlake config show      set or not set, and where; never the value
  coinlake ledger verify    is what was received unchanged?

Where a secret may be, in order of preference:
  a file     of its own, named by a *_file key: one line, yours or root's,
             mode 0600 or stricter, otherwise it is refused (78)
  .env       mode 0600; a warning is given when others can read it
  variable   of the environment, as a service manager sets it
  the TOML   coinlake.toml, likewise mode 0600
Never on the command line, which every user of the machine can read: there is
no such option.

A key leaves the program as a header of a request over TLS that was verified,
to its own provider and to nobody else: a redirect elsewhere is not followed.

Never printed, logged or stored: keys, passwords, and addresses that hold any.
The ledger has a salted hash of a key, to tell accounts apart.

Files that are made:
  ledger     by the rights that your umask leaves; it holds no secret
  log.file   mode 0600

Answers of providers are not trusted: what could steer a terminal is shown as
a replacement sign or escaped, sizes are limited, SQL is bound. coinlake opens
no port, runs no other program and needs no privileges. SECURITY.md in the
sources says how to report a hole.
)");

constexpr std::string_view kTime = mark(R"(time: the two times of each value, and how to ask by them

Examples:
  coinlake show bitcoin --as-of 2026-11-24T09:00:00Z      as it was known then
  coinlake show bitcoin --as-of '2026-11-24 06:00-03:00'  the same moment
  coinlake show bitcoin --until 2026-01-01                newest before 2026
  coinlake show bitcoin --history                         both times of each

Each value has two times:
  event_time  the moment that it is of, as the provider says; where it says
              none, when the answer came, and time_assumed is true
  known_at    when it came to be known here. It only rises, also when the
              clock is set back

A second answer about one moment is a revision: both are kept. So the past can
be asked in two ways, also together:
  --as-of TIME   only what was known at TIME, it included; later answers,
                 revisions and decisions do not count. Unknown then: exit 3
  --until TIME   only values of moments before TIME, by event_time

TIME is ISO 8601: a date, then T or a blank and the time of day, to the minute
or finer (at most nine digits of a second), then Z or an offset such as
-03:00. Without an offset it is UTC; a date alone is its midnight in UTC.

Everything is stored and printed in UTC; ages such as "34 s" need no zone.
Schedules follow the clock of time.zone, or of a zone of their own.
)");

constexpr auto kTopics = std::to_array<HelpText>({{"config", kConfig},
                                                  {"env", kEnv},
                                                  {"exit-codes", kExitCodes},
                                                  {"formats", kFormats},
                                                  {"security", kSecurity},
                                                  {"time", kTime}});

}  // namespace

std::span<const HelpText> topic_texts() { return kTopics; }

}  // namespace coinlake::app
