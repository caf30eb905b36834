#include "coinlake/app/cli.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <new>

#include "coinlake/app/cli_checks.hpp"
#include "coinlake/app/commands.hpp"
#include "coinlake/app/help.hpp"
#include "coinlake/app/process.hpp"
#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

constexpr int kUsage = 2;
constexpr std::int64_t kReferenceLimit = 30, kReferenceAll = 250, kDefaultTop = 250;

// Everything the command line can say. Options of all commands live here while CLI11 fills them in.
struct Words {
  std::optional<std::string> config, db_path, lang;
  bool verbose = false, version = false, help = false;
  // the reference system's flags
  bool all = false, historical = false;
  std::optional<std::int64_t> limit, days;

  CollectOptions collect;
  std::optional<std::int64_t> top;
  bool collect_all = false;
  std::optional<std::string> preset, ids, currencies, source;
  ShowOptions show;
  std::optional<std::string> watch;
  RunsOptions runs;
  BudgetOptions budget;
  QueryOptions query;
  QuarantineOptions quarantine;
  ReplayOptions replay;
  LedgerOptions ledger;
  ConfigOptions config_command;
  InitOptions init;
  VersionOptions version_command;
  std::vector<std::string> topic;
};

Message see_help(const std::string& command) {
  return tr("see {}", "coinlake " + (command.empty() ? "" : command + " ") + "--help");
}

class CommandLine {
 public:
  CommandLine() {
    app_.set_help_flag();
    app_.allow_extras(false);
    app_.require_subcommand(0, 1);  // `help show`, `show replay`: the second word is no command
    add_globals();
    add_collect();
    add_show();
    add_others();
  }

  // Nothing when it parsed; otherwise the exit code, said on the console.
  std::optional<int> parse(const std::vector<std::string>& arguments, Console& console) {
    auto reversed = arguments;
    std::ranges::reverse(reversed);
    try {
      app_.parse(reversed);
    } catch (const CLI::Error& error) {
      if (words.help) return std::nullopt;  // `collect --top --help` asks for help all the same
      const bool secret = names_a_secret(first_unknown(arguments));
      console.complain({Kind::usage, explain(error, arguments),
                        secret ? tr("others can read a command line: a secret comes from the environment, from .env, "
                                    "or from a file that a *_file key names (coinlake help config)")
                               : see_help(command())});
      return kUsage;
    }
    return std::nullopt;
  }

  [[nodiscard]] std::string command() const {
    const auto chosen = app_.get_subcommands();
    return chosen.empty() ? "" : chosen.front()->get_name();
  }

  [[nodiscard]] static std::vector<std::string> options_of(const CLI::App& app) {
    std::vector<std::string> names;
    for (const auto* option : app.get_options()) {
      for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    }
    return names;
  }

  [[nodiscard]] const CLI::App& app(const std::string& command) const {
    return command.empty() ? app_ : *app_.get_subcommand(command);
  }

  Words words;

 private:
  void add_globals() {
    app_.add_option("--config", words.config);
    app_.add_option("--db-path", words.db_path);
    app_.add_option("--lang", words.lang);
    app_.add_flag("--verbose", words.verbose);
    app_.add_flag("--version", words.version);
    app_.add_flag("-h,--help", words.help);
    app_.add_flag("--all", words.all);
    check(app_.add_option("--limit", words.limit), whole_number(1'000'000));
    app_.add_flag("--historical", words.historical);
    check(app_.add_option("--days", words.days), whole_number(100'000));
  }

  // What does not do is remembered as a message: CLI11 passes on plain text.
  CLI::Option* check(CLI::Option* option, WordCheck check) {
    return option->check([this, option, check = std::move(check)](const std::string& word) -> std::string {
      const auto wrong = check(word);
      if (wrong.empty()) return "";
      const bool named = option->get_positional() == false;
      complaint_ = tr("{}: {}", named ? option->get_name() : command(), wrong);
      return "refused";
    });
  }

  CLI::App* add(const char* name) {
    auto* sub = app_.add_subcommand(name);
    sub->set_help_flag();
    sub->add_flag("-h,--help", words.help);
    sub->add_option("--config", words.config);
    sub->add_option("--db-path", words.db_path);
    sub->add_option("--lang", words.lang);
    sub->add_flag("--verbose", words.verbose);
    return sub;
  }

  void add_collect() {
    auto* sub = add("collect");
    auto* source = sub->add_option("--source", words.source);
    auto* top = check(sub->add_option("--top", words.top), whole_number(1'000'000));
    auto* all = sub->add_flag("--all", words.collect_all)->excludes(top);
    auto* ids = sub->add_option("--ids", words.ids)->excludes(top)->excludes(all);
    auto* list = sub->add_flag("--list", words.collect.list)->excludes(top)->excludes(all)->excludes(ids);
    auto* currency = sub->add_option("--currency,--convert", words.currencies)->excludes(list);
    check(sub->add_option("--preset", words.preset), one_of({"bitcoin"}))
        ->excludes(source)
        ->excludes(top)
        ->excludes(all)
        ->excludes(ids)
        ->excludes(list)
        ->excludes(currency);
    sub->add_flag("--json", words.collect.json);
    sub->add_flag("--no-cache", words.collect.no_cache);
  }

  void add_show() {
    auto* sub = add("show");
    sub->add_option("coins", words.show.coins);
    sub->add_option("--source", words.show.source);
    sub->add_option("--currency", words.show.currency);
    sub->add_option("--kind", words.show.kind);
    sub->add_flag("--history", words.show.history);
    sub->add_option("--as-of", words.show.as_of);
    sub->add_option("--until", words.show.until);
    check(sub->add_option("--limit", words.show.limit), whole_number(1'000'000'000));
    sub->add_option("--watch", words.watch)->expected(0, 1);
    sub->add_flag("--json", words.show.json);
  }

  void add_quarantine() {
    auto& options = words.quarantine;
    auto* sub = add("quarantine");
    check(sub->add_option("action", options.action), one_of({"list", "show", "release", "drop"}));
    sub->add_option("ids", options.ids);
    check(sub->add_option("--limit", options.limit), whole_number(1'000'000'000));
    sub->add_option("--rule", options.rule);
    sub->add_option("--why", options.why);
    sub->add_flag("--all", options.all);
    sub->add_flag("--json", options.json);
    sub->add_flag("--raw", options.raw);
  }

  void add_others() {
    auto* runs = add("runs");
    check(runs->add_option("--limit", words.runs.limit), whole_number(1'000'000'000));
    runs->add_flag("--json", words.runs.json);
    auto* budget = add("budget");
    budget->add_option("--source", words.budget.source);
    budget->add_flag("--refresh", words.budget.refresh);
    budget->add_flag("--json", words.budget.json);
    auto* query = add("query");
    query->add_option("sql", words.query.sql);
    check(query->add_option("-o,--output", words.query.output), one_of({"table", "json", "csv"}));
    check(query->add_option("--max-rows", words.query.max_rows), whole_number(1'000'000'000));
    check(query->add_option("--timeout", words.query.timeout_seconds), seconds());
    add_quarantine();
    add("replay")->add_flag("--check", words.replay.check);
    auto* ledger = add("ledger");
    check(ledger->add_option("action", words.ledger.action), one_of({"digest", "backup", "verify"}));
    ledger->add_option("target", words.ledger.target);
    ledger->add_option("--link", words.ledger.link);
    ledger->add_flag("--json", words.ledger.json);
    auto* config = add("config");
    check(config->add_option("action", words.config_command.action), one_of({"check", "show", "schema"}));
    config->add_flag("--json", words.config_command.json);
    add("init")->add_flag("--force", words.init.force);
    add("version")->add_flag("--json", words.version_command.json);
    add("help")->add_option("topic", words.topic);
  }

  // CLI11 says in English what is wrong; the names of options in it, and the kind of error, say it in any language.
  [[nodiscard]] Message explain(const CLI::Error& error, const std::vector<std::string>& arguments) const {
    if (complaint_) return *complaint_;
    const auto kind = static_cast<CLI::ExitCodes>(error.get_exit_code());
    if (const auto unknown = first_unknown(arguments); !unknown.empty() && kind == CLI::ExitCodes::ExtrasError)
      return explain_unknown(unknown);
    const auto named = options_in(error.what());
    if (named.size() > 1 && kind == CLI::ExitCodes::ExcludesError)
      return tr("{} does not go with {}", named[0], named[1]);
    if (!named.empty() && kind == CLI::ExitCodes::ArgumentMismatch)
      return times_given(named[0]) > 1 ? tr("{} is given more than once", named[0]) : tr("{} needs a value", named[0]);
    if (!named.empty() && kind == CLI::ExitCodes::ConversionError) return tr("{} takes no value", named[0]);
    return tr("the command line cannot be understood: {}", printable(error.what()));
  }

  // With the nearest thing that would have been understood.
  [[nodiscard]] Message explain_unknown(const std::string& unknown) const {
    const auto word = unknown.starts_with("--") ? Message(printable(unknown)) : shown_word(unknown);
    const auto what = unknown.starts_with('-') ? tr("there is no option {}", word)
                      : command().empty()      ? tr("there is no command {}", word)
                                               : tr("{} does not take the word {}", command(), word);
    const auto names = known_words();
    const std::vector<std::string_view> views(names.begin(), names.end());
    return names_a_secret(unknown) ? what : or_meant(what, unknown, views);
  }

  // In the order in which the text names them.
  [[nodiscard]] std::vector<std::string> options_in(std::string_view text) const {
    const auto known = known_words();
    std::vector<std::string> out;
    for (auto word : split(text, ' ')) {
      if (word.ends_with(':')) word.remove_suffix(1);
      if (word.starts_with('-') && std::ranges::find(known, word) != known.end()) out.emplace_back(word);
    }
    return out;
  }

  [[nodiscard]] std::size_t times_given(const std::string& option) const {
    std::size_t most = 0;
    for (const auto* known : {&app_, &app(command())}) {
      const auto* found = known->get_option_no_throw(option);
      if (found != nullptr) most = std::max(most, found->count());
    }
    return most;
  }

  [[nodiscard]] std::vector<std::string> known_words() const {
    const auto chosen = app_.get_subcommands();
    if (!chosen.empty()) return options_of(*chosen.front());
    auto names = options_of(app_);
    for (const auto* sub : app_.get_subcommands([](const CLI::App*) { return true; })) names.push_back(sub->get_name());
    return names;
  }

  [[nodiscard]] std::string first_unknown(const std::vector<std::string>& arguments) const {
    const auto rest = app_.remaining(true);
    for (const auto& word : arguments) {
      if (std::ranges::find(rest, word) != rest.end()) return word.substr(0, word.find('='));
    }
    return rest.empty() ? "" : rest.front();
  }

  CLI::App app_;
  std::optional<Message> complaint_;  // of a word that will not do
};

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

bool is_reference_call(const Words& w) { return w.all || w.limit || w.historical || w.days || w.db_path || w.verbose; }

Error no_history_yet() {
  return {Kind::usage, tr("--historical and --days are not in yet: this version collects what is current"),
          tr("{} collects the top 250 now", "coinlake --all")};
}

Result<int> reference_call(Context& context, const Words& w) {
  if (w.historical || w.days) return std::unexpected(no_history_yet());
  return collect(context, {.top = w.all ? kReferenceAll : w.limit.value_or(kReferenceLimit)});
}

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

// `--watch bitcoin` watches Bitcoin; CLI11 gives "" where nothing stands after it.
Result<ShowOptions> shown_of(const Words& w) {
  constexpr double kDefault = 2, kLeast = 0.1, kMost = 86'400;
  auto out = w.show;
  if (!w.watch) return out;
  const auto number = w.watch->empty() ? std::optional(kDefault) : parse_number(*w.watch);
  if (!number) out.coins.insert(out.coins.begin(), *w.watch);
  const auto seconds = number.value_or(kDefault);
  if (!(seconds >= kLeast && seconds <= kMost))
    return fail(Kind::usage,
                tr("--watch: a number of seconds from 0.1 to 86400 is needed, not {}", printable(*w.watch)),
                tr("for example: {}", "coinlake show --watch 5"));
  out.watch = Duration(std::llround(seconds * 1e6));
  return out;
}

Result<int> dispatch(Context& context, const std::string& command, Words& w) {
  if (command == "collect") return collect(context, asked_of(w));
  if (command == "show") return show(context, TRY(shown_of(w)));
  if (command == "runs") return runs(context, w.runs);
  if (command == "budget") return budget(context, w.budget);
  if (command == "query") return query(context, w.query);
  if (command == "quarantine") return quarantine(context, w.quarantine);
  if (command == "replay") return replay(context, w.replay);
  if (command == "ledger") return ledger_tools(context, w.ledger);
  if (command == "config") return config_tools(context, w.config_command);
  return reference_call(context, w);
}

Result<int> print_help(Console& console, const std::string& topic) {
  const auto text = help_text(topic);
  if (!text.empty()) return console.print(text), 0;
  return fail(Kind::usage, tr("there is no help on \"{}\"", shown_word(topic)),
              tr("coinlake help lists the commands; topics are config and exit-codes"));
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
  if (o.action != "verify" && !o.link.empty())
    return Error{Kind::usage, tr("{} has no {}", what, "--link"), tr("it belongs to {}", "ledger verify")};
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
  return std::nullopt;
}

std::optional<Error> misused(const std::string& command, const Words& w) {
  if (command == "query" && w.query.sql.empty())
    return Error{Kind::usage, tr("query needs a statement of SQL"),
                 tr("for example: {}", "coinlake query \"SELECT count(*) FROM cryptocurrency_data\"")};
  auto error = command == "ledger"   ? misused_ledger(w.ledger)
               : command == "config" ? misused_config(w.config_command)
                                     : std::nullopt;
  if (error || command.empty()) return error;
  return misplaced(command, w);
}

// A command that sends, or that checks, needs a configuration without contradictions; one that reads the ledger does
// not.
bool needs_all_of_it(const std::string& command, const Words& w) {
  return command == "collect" || command.empty() || (command == "budget" && w.budget.refresh) ||
         (command == "config" && w.config_command.action == "check");
}

Result<Config> configuration(const std::string& command, const Words& w, const Config::Environment& environment) {
  if (w.db_path && w.db_path->empty())
    return fail(Kind::usage, tr("{} is empty", "--db-path"), tr("name the ledger file"));
  auto reading = Config::read({.file = w.config, .environment = environment, .db_path = w.db_path});
  if (needs_all_of_it(command, w))
    std::ranges::move(contradictions(reading.config), std::back_inserter(reading.faults));
  if (!reading.faults.empty()) return std::unexpected(config_error(reading.faults));
  return std::move(reading.config);
}

// Who reads stderr decides the format where nobody else has: a person, or a program.
Result<Log> open_log(const Context& context, bool verbose) {
  const auto otherwise = context.console->err_is_terminal() ? LogFormat::text : LogFormat::logfmt;
  LogOptions options{.clock = *context.clock,
                     .level = verbose ? LogLevel::debug : *parse_log_level(context.config.text("log.level")),
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

Result<int> run_command(const std::string& command, Words& words, const Config::Environment& environment,
                        Console& console, Clock& clock) {
  if (auto error = misused(command, words)) return std::unexpected(std::move(*error));
  if (command == "init") return init(console, environment, words.config.value_or("coinlake.toml"), words.init);
  Context context{.config = TRY(configuration(command, words, environment)), .console = &console, .clock = &clock};
  if (command == "collect" || command.empty()) context.log = TRY(open_log(context, words.verbose));
  return dispatch(context, command, words);
}

int finish(const Result<int>& outcome, Console& console) {
  if (!outcome) console.complain(outcome.error());
  if (!console.all_written()) console.say(tr("coinlake: could not write the whole answer to stdout"));
  if (!outcome && stop_signal() != 0) return 128 + stop_signal();
  const int code = outcome ? *outcome : exit_code(outcome.error().kind);
  return code == 0 && !console.all_written() ? 1 : code;
}

}  // namespace

int exit_code(Kind kind) {
  switch (kind) {
    case Kind::usage: return kUsage;
    case Kind::config: return 78;
    case Kind::temporary:
    case Kind::rate_limited:
    case Kind::blocked:
    case Kind::locked: return 75;
    case Kind::corrupt:
    case Kind::unknown: return 3;
    case Kind::unauthorized:
    case Kind::refused:
    case Kind::upstream:
    case Kind::undecodable:
    case Kind::storage:
    case Kind::limit: return 1;
  }
  return 1;
}

std::string stop_words(const Console& console) {
  if (!console.err_is_terminal()) return "";
  return "\r\n" + console.text(tr("coinlake: stopping; again to stop at once")) + "\r\n";
}

std::vector<std::string> option_names(const std::string& command) {
  const CommandLine line;
  return CommandLine::options_of(line.app(command));
}

int run_program(const std::vector<std::string>& arguments, const Config::Environment& environment, Console& console,
                Clock& clock) {
  auto language = choose_language(asked_language(arguments), environment);
  if (!language) return console.complain(language.error()), kUsage;
  if (!console.language().catalogue) console.speak(std::move(*language));
  CommandLine line;
  if (const auto code = line.parse(arguments, console)) return *code;
  const auto command = line.command();
  auto& words = line.words;
  auto outcome = [&]() -> Result<int> {
    if (words.help) return print_help(console, command);
    if (words.version || command == "version") return app::version(console, words.version_command);
    if (command == "help") return print_help(console, words.topic.empty() ? "" : words.topic.front());
    if (command.empty() && !is_reference_call(words)) return print_help(console, "");
    return run_command(command, words, environment, console, clock);
  }();
  if (!outcome && outcome.error().kind == Kind::usage && outcome.error().hint.empty())
    outcome.error().hint = see_help(command);
  const bool owes_json = command == "collect" && words.collect.json && !outcome;
  if (owes_json) console.print(uncollected_json(asked_of(words), outcome.error()));
  return finish(outcome, console);
}

}  // namespace coinlake::app
