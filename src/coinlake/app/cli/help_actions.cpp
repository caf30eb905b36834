// The commands that have actions, and each action.
#include <array>

#include "coinlake/app/cli/help_text.hpp"
#include "coinlake/base/message.hpp"

namespace coinlake::app {
namespace {

constexpr std::string_view kQuarantine =
    mark(R"(coinlake quarantine: rows that cannot be true, and what you decide of them

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
)");

constexpr std::string_view kQuarantineList =
    mark(R"(coinlake quarantine list: rows that wait for a decision, newest first

Examples:
  coinlake quarantine list
  coinlake quarantine list --rule future_time --limit 5
  coinlake quarantine list --all --json

Options:
  --rule RULE        only rows of this rule
  --all              those too that were released or dropped
  --limit N          at most N (default 20 on a terminal, else all)
  --json             a JSON array of objects
)");

constexpr std::string_view kQuarantineShow = mark(R"(coinlake quarantine show: everything about quarantined rows

Examples:
  coinlake quarantine show 7/0/6
  coinlake quarantine show 7/0/6 --raw      the bytes of the row, nothing else
  coinlake quarantine show 7/0/6 7/0/9 --json

Options:
  ID…                batch/response/row, as coinlake quarantine prints them
  --raw              the bytes of the row and nothing else
  --json             a JSON array of objects
)");

constexpr std::string_view kQuarantineRelease = mark(R"(coinlake quarantine release: they are facts after all

Examples:
  coinlake quarantine release 7/0/6 --why "confirmed by the provider"
  coinlake quarantine release --rule future_time --why "our clock was wrong"

Each becomes a fact of its own moment, known from now on. What was known
before does not change; coinlake quarantine drop takes it back.

Options:
  ID…                batch/response/row, as coinlake quarantine prints them
  --rule RULE        all open rows of this rule
  --why TEXT         the reason, kept with the decision
)");

constexpr std::string_view kQuarantineDrop = mark(R"(coinlake quarantine drop: they were looked at and are bad

Examples:
  coinlake quarantine drop 7/0/6 --why "a price of another coin"
  coinlake quarantine drop --rule future_time --why "a test feed"

The bytes stay in the ledger, and so does the decision. A row that was
released is taken back from now on; coinlake quarantine release undoes it.

Options:
  ID…                batch/response/row, as coinlake quarantine prints them
  --rule RULE        all open rows of this rule
  --why TEXT         the reason, kept with the decision
)");

constexpr std::string_view kRunsShow = mark(R"(coinlake runs show: all that is known of a run

Examples:
  coinlake runs show 3f9c2a7be41d0856
  coinlake runs show 3f9c2a7be41d0856 5b1e00c4d2a97f38 --json

For which schedule and slot it was, when its answers came, what became of its
rows, and why it failed.

Options:
  ID…                16 hex digits, as coinlake runs prints them
  --json             a JSON array of objects
)");

constexpr std::string_view kLedger = mark(R"(coinlake ledger: digest, backup, verify

Examples:
  coinlake ledger digest                   a hash over all derived tables
  coinlake ledger backup copy.db           a whole copy, also while collecting
  coinlake ledger verify                   is what was received unchanged?

Actions:
  digest [--json]    the same data gives the same digest, on any machine
  backup TARGET      TARGET must not exist; it appears whole or not at all
                     (a process that is killed leaves TARGET.*.part)
  verify [--inputs] [--link HEX] [--json]
                     pages, schema, the hash of every answer, the chain of
                     hashes over all inputs, whose newest link is shown, and
                     every derived table against what the answers give (not
                     with --inputs). The link, noted elsewhere and given
                     again as --link, proves that all there was up to it is
                     here and unchanged.
                     Exit 3 and a list if anything is wrong
)");

constexpr std::string_view kLedgerDigest = mark(R"(coinlake ledger digest: a hash over all derived tables

Examples:
  coinlake ledger digest
  coinlake ledger digest --json

The same data gives the same digest, on any machine; so a copy, or a rebuild
by coinlake replay, can be compared with what there was.

Options:
  --json             one JSON object
)");

constexpr std::string_view kLedgerBackup = mark(R"(coinlake ledger backup: a whole copy, also while collecting

Examples:
  coinlake ledger backup copy.db
  coinlake ledger backup /backup/coinlake.db --db-path data/coinlake.db

The copy is one moment of the ledger, is checked, and appears whole or not at
all; a process that is killed leaves TARGET.*.part.

Options:
  TARGET             the file to write; it must not exist
)");

constexpr std::string_view kLedgerVerify = mark(R"(coinlake ledger verify: is what was received unchanged?

Examples:
  coinlake ledger verify
  coinlake ledger verify --json
  coinlake ledger verify --link "$NOTED"

It reads every page, the schema, the hash of every answer, and the chain of
hashes over all inputs, whose newest link is shown; whether all that was
acknowledged is there; and it rebuilds every derived table beside the ledger
and compares. Exit 3 and a list if anything is wrong.

Options:
  --inputs           what was received only, without the derived tables: a
                     part of the time
  --link HEX         a link that was noted elsewhere: it proves that all there
                     was up to it is here and unchanged
  --json             one JSON object, also when something is wrong
)");

constexpr std::string_view kConfigCheck = mark(R"(coinlake config check: every fault of the configuration at once

Examples:
  coinlake config check
  coinlake config check --config other.toml

It reads coinlake.toml, .env, the environment and the files of secrets. Each
fault is named with its line or its variable, and what was probably meant;
exit 78 if there is any. Schedules that do not fit what the providers allow
are a fault, too (coinlake plan). Nothing is asked of a provider.

Options:
  --force            schedules that do not fit are a warning only
)");

constexpr std::string_view kConfigShow = mark(R"(coinlake config show: each value, and where it comes from

Examples:
  coinlake config show
  coinlake config show --json

A secret is shown as set or not set, never its value.

Options:
  --json             one JSON object
)");

constexpr std::string_view kConfigSchema = mark(R"(coinlake config schema: what coinlake.toml may hold, as JSON Schema

Examples:
  coinlake config schema

Editors that know JSON Schema complete and check coinlake.toml with it. It is
the same in every language.
)");

constexpr auto kActions = std::to_array<HelpText>({{"quarantine list", kQuarantineList},
                                                   {"quarantine show", kQuarantineShow},
                                                   {"quarantine release", kQuarantineRelease},
                                                   {"quarantine drop", kQuarantineDrop},
                                                   {"runs show", kRunsShow},
                                                   {"ledger digest", kLedgerDigest},
                                                   {"ledger backup", kLedgerBackup},
                                                   {"ledger verify", kLedgerVerify},
                                                   {"config check", kConfigCheck},
                                                   {"config show", kConfigShow},
                                                   {"config schema", kConfigSchema},
                                                   {"quarantine", kQuarantine},
                                                   {"ledger", kLedger}});

}  // namespace

std::span<const HelpText> action_texts() { return kActions; }

}  // namespace coinlake::app
