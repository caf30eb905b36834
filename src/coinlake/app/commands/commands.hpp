// What each command is asked for, and the commands themselves: one file each. They return the process's exit code.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "coinlake/app/config/config.hpp"
#include "coinlake/app/terminal/console.hpp"
#include "coinlake/app/terminal/live_screen.hpp"
#include "coinlake/base/log.hpp"
#include "coinlake/base/result.hpp"
#include "coinlake/base/time.hpp"
#include "coinlake/collect/fetcher.hpp"
#include "coinlake/collect/ledger_access.hpp"
#include "coinlake/ledger/reader.hpp"

namespace coinlake::app {

struct Context {
  Config config;
  Console* console = nullptr;
  Clock* clock = nullptr;
  Log log = {};
  Config::Environment environment = {};
  std::vector<Message> faults = {};             // of the configuration, for a command that goes on in spite of them
  std::function<Result<Config>()> reread = {};  // the configuration as it is by now
  collect::LedgerAccess* ledger = nullptr;      // of the daemon that this runs in, if it does
};

struct CollectOptions {
  std::string source = "coingecko";
  std::optional<std::int64_t> top;  // nothing: --all
  std::optional<std::string> ids;   // nothing: the largest
  std::string currencies = "usd";
  bool list = false, json = false, no_cache = false;
};

struct ShowOptions {
  std::vector<std::string> coins;
  std::optional<std::string> source, currency, kind, as_of, until;
  std::optional<std::int64_t> limit;
  std::optional<Duration> watch;  // again and again, this far apart
  bool history = false, json = false;
};

struct RunsOptions {
  std::vector<std::string> ids;  // none: the newest
  std::int64_t limit = 20;
  bool json = false;
};

struct SlotsOptions {
  std::optional<std::string> schedule, since, state;
  std::int64_t limit = 50;
  bool json = false;
};

struct StatusOptions {
  std::optional<Duration> watch;  // again and again, this far apart
  bool json = false;
};

struct BudgetOptions {
  std::string source;  // "": all of them
  bool refresh = false, json = false;
};

struct PlanOptions {
  std::int64_t days = 30;
  bool json = false;
};

struct DoctorOptions {
  bool json = false;
};

struct QueryOptions {
  std::string sql, output = "table";
  std::int64_t max_rows = 100'000;
  double timeout_seconds = 30;
};

struct QuarantineOptions {
  std::string action = "list";   // list, show, release, drop
  std::vector<std::string> ids;  // "7/0/6"
  std::optional<std::string> rule, why;
  std::optional<std::int64_t> limit;
  bool all = false, json = false, raw = false;
};

struct ReplayOptions {
  bool check = false;
};

struct LedgerOptions {
  std::string action;   // digest, backup, verify
  std::string target;   // of backup
  std::string link;     // that verify must find, if any
  bool inputs = false;  // verify leaves out the derived tables
  bool json = false;
};

struct ConfigOptions {
  std::string action;  // check, show, schema
  bool force = false;  // of check: schedules that do not fit what the providers allow are no fault
  bool json = false;
};

struct RunOptions {
  bool once = false;   // what is due, then the end
  bool force = false;  // also with schedules that do not fit what the providers allow
};

struct VersionOptions {
  bool json = false;
};

struct HelpOptions {
  std::vector<std::string> topic;  // {"ledger", "backup"}
  bool man = false;                // all of it, as a page for man
};

struct InitOptions {
  bool force = false;  // also over a file that is there
};

collect::Settings collect_settings(const Config& config);
// An error means that no request was sent and nothing was said; with --json the caller then owes the reader this
// object.
Result<int> collect(Context& context, const CollectOptions& options);
std::string uncollected_json(const CollectOptions& options, const Error& error);
// Round the clock, until somebody asks it to stop.
Result<int> run(Context& context, const RunOptions& options);
Result<int> show(Context& context, const ShowOptions& options);
// A page that changes, on `screen`, until somebody ends it. Reads only.
Result<int> watch(Context& context, const ledger::QuoteFilter& filter, Duration every, Screen& screen);
// The newest values of these coins with their age: a line of one, a table of several.
Result<void> show_newest(Context& context, const ledger::QuoteFilter& filter, const std::vector<std::string>& ids);
Result<int> runs(Context& context, const RunsOptions& options);
Result<int> slots(Context& context, const SlotsOptions& options);
Result<int> status(Context& context, const StatusOptions& options);
Result<int> watch_status(Context& context, Duration every, Screen& screen);
Result<int> budget(Context& context, const BudgetOptions& options);
Result<int> doctor(Context& context, const DoctorOptions& options);
Result<int> plan(Context& context, const PlanOptions& options);
Result<int> query(Context& context, const QueryOptions& options);
Result<int> quarantine(Context& context, const QuarantineOptions& options);
Result<int> replay(Context& context, const ReplayOptions& options);
Result<int> ledger_tools(Context& context, const LedgerOptions& options);
Result<int> config_tools(Context& context, const ConfigOptions& options);
Result<int> init(Console& console, const Config::Environment& environment, const std::string& path,
                 const InitOptions& options);
Result<int> help(Console& console, const HelpOptions& options);
bool knows_help_on(const std::vector<std::string>& topic);
std::string_view program_version();  // "0.1.0"
int version(Console& console, const VersionOptions& options);

int exit_code(Kind kind);

// For a StopNotice: what to do when stopping takes too long; "" where nobody reads.
std::string stop_words(const Console& console);

}  // namespace coinlake::app
