#include "coinlake/app/cli/cli.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "coinlake/app/cli/cli_checks.hpp"
#include "coinlake/app/cli/command_line.hpp"
#include "coinlake/app/cli/completion.hpp"
#include "coinlake/app/config/schedules.hpp"
#include "coinlake/app/daemon/control.hpp"
#include "coinlake/app/daemon/forwarded.hpp"
#include "coinlake/app/process.hpp"
#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/ledger/connections.hpp"

namespace coinlake::app {
namespace {

constexpr int kUsage = 2;
constexpr std::string_view kShowRun = "show";
constexpr std::int64_t kReferenceLimit = 30, kReferenceAll = 250, kDefaultTop = 250;

// Known before the rest is read, since that may be wrong and somebody has to be told.
std::optional<std::string> asked_language(const std::vector<std::string>& arguments) {
  constexpr std::string_view kOption = "--lang";
  for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    const auto& word = arguments[i];
    if (word == kOption && i + 1 < arguments.size()) return arguments[i + 1];
    if (word.starts_with("--lang=")) return word.substr(kOption.size() + 1);
  }
  return std::nullopt;
}

Error no_history_yet() {
  return {Kind::usage, tr("--historical and --days are not in yet: this version collects what is current"),
          tr("{} collects the top 250 now", "coinlake --all")};
}

Result<int> reference_call(Context& context, const Words& w) {
  if (w.historical || w.days) return std::unexpected(no_history_yet());
  return collect(context, {.top = w.all ? kReferenceAll : w.limit.value_or(kReferenceLimit)});
}

constexpr std::string_view kDefaultInterval = "2";

// CLI11 gives "" where nothing stands after --watch.
Result<Duration> interval_of(std::string_view word, std::string_view example) {
  constexpr double kLeast = 0.1, kMost = 86'400;
  const auto seconds = parse_number(word.empty() ? kDefaultInterval : word).value_or(0);
  if (seconds >= kLeast && seconds <= kMost) return Duration(std::llround(seconds * 1e6));
  return fail(Kind::usage, tr("--watch: a number of seconds from 0.1 to 86400 is needed, not {}", printable(word)),
              tr("for example: {}", example));
}

// `--watch bitcoin` watches Bitcoin.
Result<ShowOptions> shown_of(const Words& w) {
  auto out = w.show;
  if (!w.watch) return out;
  const bool is_coin = !w.watch->empty() && !parse_number(*w.watch);
  if (is_coin) out.coins.insert(out.coins.begin(), *w.watch);
  out.watch = TRY(interval_of(is_coin ? kDefaultInterval : *w.watch, "coinlake show --watch 5"));
  return out;
}

Result<StatusOptions> watched_of(const Words& w) {
  auto out = w.status;
  if (w.watch) out.watch = TRY(interval_of(*w.watch, "coinlake status --watch 5"));
  return out;
}

// `runs show ID` is `runs ID`: the word says what is shown.
Result<RunsOptions> told_of(const Words& w) {
  auto out = w.runs;
  if (out.ids.empty() || out.ids.front() != kShowRun) return out;
  out.ids.erase(out.ids.begin());
  if (!out.ids.empty()) return out;
  return fail(Kind::usage, tr("runs show needs the id of a run"), tr("coinlake runs lists them"));
}

Result<int> dispatch(Context& context, const std::string& command, Words& w) {
  if (command == "collect") return collect(context, asked_of(w));
  if (command == "show") return show(context, TRY(shown_of(w)));
  if (command == "status") return status(context, TRY(watched_of(w)));
  if (command == "slots") return slots(context, w.slots);
  if (command == "runs") return runs(context, TRY(told_of(w)));
  if (command == "budget") return budget(context, w.budget);
  if (command == "plan") return plan(context, w.plan);
  if (command == "doctor") return doctor(context, w.doctor);
  if (command == "query") return query(context, w.query);
  if (command == "quarantine") {
    w.quarantine.action = w.quarantine_action.value_or(w.quarantine.action);
    return quarantine(context, w.quarantine);
  }
  if (command == "replay") return replay(context, w.replay);
  if (command == "ledger") return ledger_tools(context, w.ledger);
  if (command == "config") return config_tools(context, w.config_command);
  if (command == "run") return run(context, w.run);
  return reference_call(context, w);
}

// --all, --limit, --historical or --days, and then a command all the same.
std::optional<Error> misplaced(const std::string& command, const Words& w) {
  if (w.historical || w.days) return no_history_yet();
  if (!w.all && !w.limit) return std::nullopt;
  const std::string option = w.all ? "--all" : "--limit";
  const auto shown = w.all ? option : option + " " + std::to_string(*w.limit);
  const auto known = option_names(command);
  if (std::ranges::find(known, option) != known.end())
    return Error{Kind::usage, tr("{} stands after the command", option), "coinlake " + command + " " + shown};
  return Error{
      Kind::usage, tr("{} is not for {}", option, command),
      command == "collect" ? "coinlake collect --top " + std::to_string(w.limit.value_or(0)) : see_help(command)};
}

// Actions that need a file, or have no such option.
std::optional<Error> misused_ledger(const LedgerOptions& o) {
  const auto what = "ledger " + o.action;
  if (o.action.empty())
    return Error{Kind::usage, tr("ledger needs an action: digest, backup or verify"), see_help("ledger")};
  if (o.action == "backup" && o.target.empty())
    return Error{Kind::usage, tr("ledger backup needs a file to write to"),
                 tr("for example: {}", "coinlake ledger backup copy.db")};
  if (o.action != "backup" && !o.target.empty())
    return Error{Kind::usage, tr("{} takes no file", what), tr("name the ledger with --db-path")};
  if (o.action != "verify" && (!o.link.empty() || o.inputs))
    return Error{Kind::usage, tr("{} has no {}", what, o.inputs ? "--inputs" : "--link"),
                 tr("it belongs to {}", "ledger verify")};
  if (o.action == "backup" && o.json)
    return Error{Kind::usage, tr("{} has no {}", what, "--json"), tr("its exit code says it all")};
  return std::nullopt;
}

std::optional<Error> misused_config(const ConfigOptions& o) {
  if (o.action.empty())
    return Error{Kind::usage, tr("config needs an action: check, show or schema"), see_help("config")};
  if (o.action != "show" && o.json)
    return Error{Kind::usage, tr("{} has no {}", "config " + o.action, "--json"),
                 tr("it belongs to {}", "config show")};
  if (o.action != "check" && o.force)
    return Error{Kind::usage, tr("{} has no {}", "config " + o.action, "--force"),
                 tr("it belongs to {}", "config check")};
  return std::nullopt;
}

std::optional<Error> misused(const std::string& command, const Words& w) {
  if (command == "query" && w.query.sql.empty())
    return Error{Kind::usage, tr("query needs a statement of SQL"),
                 tr("for example: {}", "coinlake query \"SELECT count(*) FROM cryptocurrency_data\"")};
  if (command == "completion" && w.shell.empty())
    return Error{Kind::usage, tr("completion needs a shell: bash, zsh or fish"), {}};
  auto error = command == "ledger"   ? misused_ledger(w.ledger)
               : command == "config" ? misused_config(w.config_command)
                                     : std::nullopt;
  if (error || command.empty()) return error;
  return misplaced(command, w);
}

// Whose help is asked for.
std::string action_of(const std::string& command, const Words& w) {
  if (command == "quarantine") return w.quarantine_action.value_or("");
  if (command == "ledger") return w.ledger.action;
  if (command == "runs") return !w.runs.ids.empty() && w.runs.ids.front() == kShowRun ? w.runs.ids.front() : "";
  return command == "config" ? w.config_command.action : "";
}

// A command that sends, or that checks, needs a configuration without contradictions; one that reads the ledger does
// not.
bool needs_all_of_it(const std::string& command, const Words& w) {
  return command == "collect" || command == "run" || command.empty() || command == "plan" || command == "doctor" ||
         (command == "budget" && w.budget.refresh) || (command == "config" && w.config_command.action == "check");
}

// A single collection does not ask what else there is to do.
bool needs_schedules(const std::string& command, const Words& w) {
  return command == "doctor" || (command == "config" && w.config_command.action == "check");
}

// Has faults only of a command that says them itself.
Result<ConfigReading> configuration(const std::string& command, const Words& w,
                                    const Config::Environment& environment) {
  if (w.db_path && w.db_path->empty())
    return fail(Kind::usage, tr("{} is empty", "--db-path"), tr("name the ledger file"));
  auto reading = Config::read({.file = w.config, .environment = environment, .db_path = w.db_path});
  if (command == "reload" || command == "status") reading.faults.clear();  // the daemon looks at them
  if (needs_all_of_it(command, w))
    std::ranges::move(contradictions(reading.config), std::back_inserter(reading.faults));
  if (needs_schedules(command, w))
    std::ranges::move(read_schedules(reading.config).faults, std::back_inserter(reading.faults));
  if (command != "doctor" && !reading.faults.empty()) return std::unexpected(config_error(reading.faults));
  return reading;
}

// A line for each collection is what `run` is watched by.
LogLevel log_level(const Config& config, const std::string& command, bool verbose) {
  if (verbose) return LogLevel::debug;
  if (command == "run" && config.origin("log.level").layer == Layer::fallback) return LogLevel::info;
  return *parse_log_level(config.text("log.level"));
}

// Who reads stderr decides the format where nobody else has: a person, or a program.
Result<Log> open_log(const Context& context, const std::string& command, bool verbose) {
  const auto otherwise = context.console->err_is_terminal() ? LogFormat::text : LogFormat::logfmt;
  LogOptions options{.clock = *context.clock,
                     .level = log_level(context.config, command, verbose),
                     .format = parse_log_format(context.config.text("log.format")).value_or(otherwise),
                     .fd = context.console->err(),
                     .words = [language = context.console->language()](const Message& m) { return language.text(m); }};
  if (context.console->err_is_terminal() && options.format == LogFormat::text)
    options.write = [console = context.console](std::string_view lines) {
      console->say(lines.substr(0, lines.size() - 1));
    };
  if (const auto& file = context.config.text("log.file"); !file.empty()) options.file = file;
  return Log::open(std::move(options));
}

bool logs(const std::string& command) { return command == "collect" || command == "run" || command.empty(); }

// What a running daemon did instead, since the ledger is its own.
std::optional<int> done_by_daemon(const Context& context, const std::vector<std::string>& arguments) {
  auto& console = *context.console;
  if (!needs_writer(arguments)) return std::nullopt;
  const auto answer = ask_daemon(ledger::resolved(context.config.text("ledger.path")), console, arguments);
  if (!answer) return finish(std::unexpected(answer.error()), console);
  if (!*answer) return std::nullopt;
  console.print_data((*answer)->out);
  console.print_error((*answer)->err);
  return console.all_written() ? (*answer)->code : 1;
}

Error no_daemon() {
  return {Kind::unknown, tr("coinlake run is not at work on this ledger, so nothing was read anew"),
          tr("start it with coinlake run; or name its ledger with --db-path")};
}

Result<int> run_command(const std::vector<std::string>& arguments, const std::string& command, Words& words,
                        const Config::Environment& environment, Console& console, Clock& clock) {
  if (auto error = misused(command, words)) return std::unexpected(std::move(*error));
  if (command == "init") return init(console, environment, words.config.value_or("coinlake.toml"), words.init);
  auto reading = TRY(configuration(command, words, environment));
  Context context{.config = std::move(reading.config), .console = &console, .clock = &clock};
  context.faults = std::move(reading.faults);
  if (const auto code = done_by_daemon(context, arguments)) return *code;
  if (command == "reload") return std::unexpected(no_daemon());
  if (logs(command)) context.log = TRY(open_log(context, command, words.verbose));
  context.environment = environment;
  context.reread = [=, &words]() -> Result<Config> { return TRY(configuration(command, words, environment)).config; };
  return dispatch(context, command, words);
}

// Usage errors without a hint of their own; JSON that is owed in spite of an error.
int end_of(const CommandWords& line, Result<int> outcome, Console& console) {
  if (!outcome && outcome.error().kind == Kind::usage && outcome.error().hint.empty())
    outcome.error().hint = see_help(line.command);
  const bool owes_json = line.command == "collect" && line.words.collect.json && !outcome;
  if (owes_json) console.print_data(uncollected_json(asked_of(line.words), outcome.error()));
  return finish(outcome, console);
}

std::string memory_words_of(const Console& console) {
  return console.text(tr("coinlake: there is no memory left, so it ends here; nothing acknowledged was lost: end other "
                         "programs, or give it more, and start it again")) +
         "\n";
}

}  // namespace

// What the words of `collect` ask for, defaults filled in. The preset is what the reference's bitcoin job did.
CollectOptions asked_of(const Words& w) {
  auto out = w.collect;
  if (w.preset) return out.source = "coinmarketcap", out.ids = "1", out.currencies = "brl", out;
  out.source = w.source.value_or(out.source);
  out.currencies = w.currencies.value_or(out.currencies);
  out.ids = w.ids;
  if (!w.collect_all && !w.ids && !w.collect.list) out.top = w.top.value_or(kDefaultTop);
  return out;
}

bool is_reference_call(const CommandWords& line) {
  const auto& w = line.words;
  return line.command.empty() && (w.all || w.limit || w.historical || w.days || w.db_path || w.verbose);
}

int finish(const Result<int>& outcome, Console& console) {
  if (!outcome) console.complain(outcome.error());
  if (!console.all_written()) console.say(tr("coinlake: could not write the whole answer to stdout"));
  if (!outcome && stop_signal() != 0) return 128 + stop_signal();
  const int code = outcome ? *outcome : exit_code(outcome.error().kind);
  return code == 0 && !console.all_written() ? 1 : code;
}

int run_in(Context& context, const std::vector<std::string>& arguments) {
  auto line = parse_command_line(arguments);
  const auto outcome = [&]() -> Result<int> {
    if (line.fault) return std::unexpected(*line.fault);
    if (auto error = misused(line.command, line.words)) return std::unexpected(std::move(*error));
    context.config.set("log.file", "");  // the daemon writes it
    if (logs(line.command)) context.log = TRY(open_log(context, line.command, line.words.verbose));
    return dispatch(context, line.command, line.words);
  }();
  return end_of(line, outcome, *context.console);
}

int exit_code(Kind kind) {
  switch (kind) {
    case Kind::usage: return kUsage;
    case Kind::config: return 78;
    case Kind::temporary:
    case Kind::rate_limited:
    case Kind::blocked:
    case Kind::locked:
    case Kind::clock_skew: return 75;
    case Kind::corrupt:
    case Kind::unknown: return 3;
    case Kind::unauthorized:
    case Kind::refused:
    case Kind::upstream:
    case Kind::undecodable:
    case Kind::unwritable:
    case Kind::storage:
    case Kind::limit: return 1;
  }
  return 1;
}

std::string stop_words(const Console& console) {
  if (!console.err_is_terminal()) return "";
  return "\r\n" + console.text(tr("coinlake: stopping; again to stop at once")) + "\r\n";
}

bool is_understood(const std::vector<std::string>& arguments) {
  const auto [command, words, fault] = parse_command_line(arguments);
  if (fault) return false;
  if (command == "help" && !words.help_command.topic.empty()) return knows_help_on(words.help_command.topic);
  return !misused(command, words);
}

int run_program(const std::vector<std::string>& arguments, const Config::Environment& environment, Console& console,
                Clock& clock) {
  if (is_completion(arguments)) return complete(arguments, environment, console);
  auto language = choose_language(asked_language(arguments), environment);
  if (!language) return console.complain(language.error()), kUsage;
  if (!console.language().catalogue) console.speak(std::move(*language));
  const MemoryWords without_memory(memory_words_of(console));
  auto line = parse_command_line(arguments);
  auto& [command, words, fault] = line;
  if (fault) return console.complain(*fault), kUsage;
  const auto outcome = [&]() -> Result<int> {
    if (words.help) return help(console, {.topic = {command, action_of(command, words)}});
    if (words.version || command == "version") return app::version(console, words.version_command);
    if (command == "help") return help(console, words.help_command);
    if (command == "completion" && !words.shell.empty()) return print_completion(console, words.shell);
    if (command.empty() && !is_reference_call(line)) return help(console, {});
    return run_command(arguments, command, words, environment, console, clock);
  }();
  return end_of(line, outcome, console);
}

}  // namespace coinlake::app
