#include "coinlake/app/cli.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <new>

#include "coinlake/app/cli_checks.hpp"
#include "coinlake/app/commands.hpp"
#include "coinlake/app/completion.hpp"
#include "coinlake/app/process.hpp"
#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

constexpr int kUsage = 2;
constexpr const char* kSources = "coingecko|coinmarketcap";
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
  std::optional<std::string> quarantine_action;
  ReplayOptions replay;
  LedgerOptions ledger;
  ConfigOptions config_command;
  InitOptions init;
  VersionOptions version_command;
  HelpOptions help_command;
  std::string shell;
};

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
                        secret ? "others can read a command line: a secret comes from the environment, from .env, or "
                                 "from a file that a *_file key names (coinlake help config)"
                               : "see coinlake " + (command().empty() ? "" : command() + " ") + "--help"});
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

  [[nodiscard]] std::vector<CommandSyntax> syntax() const {
    std::vector<CommandSyntax> out{syntax_of("", app_)};
    for (const auto* sub : app_.get_subcommands([](const CLI::App*) { return true; }))
      out.push_back(syntax_of(sub->get_name(), *sub));
    return out;
  }

  Words words;

 private:
  static CommandSyntax syntax_of(const std::string& name, const CLI::App& app) {
    CommandSyntax out{.name = name, .options = {}, .positionals = {}};
    for (const auto* option : app.get_options()) {
      WordSyntax word{.names = {},
                      .takes = option->get_description(),
                      .is_flag = option->get_items_expected_max() == 0,
                      .many = option->get_items_expected_max() > 1};
      for (const auto& one : option->get_lnames()) word.names.push_back("--" + one);
      for (const auto& one : option->get_snames()) word.names.push_back("-" + one);
      (option->get_positional() ? out.positionals : out.options).push_back(std::move(word));
    }
    return out;
  }

  void add_globals() {
    app_.add_option("--config", words.config, "FILE");
    app_.add_option("--db-path", words.db_path, "FILE");
    app_.add_option("--lang", words.lang, "en|pt-BR");
    app_.add_flag("--verbose", words.verbose);
    app_.add_flag("--version", words.version);
    app_.add_flag("-h,--help", words.help);
    app_.add_flag("--all", words.all);
    app_.add_option("--limit", words.limit)->check(whole_number(1'000'000));
    app_.add_flag("--historical", words.historical);
    app_.add_option("--days", words.days)->check(whole_number(100'000));
  }

  CLI::App* add(const char* name) {
    auto* sub = app_.add_subcommand(name);
    sub->set_help_flag();
    sub->add_flag("-h,--help", words.help);
    sub->add_option("--config", words.config, "FILE");
    sub->add_option("--db-path", words.db_path, "FILE");
    sub->add_option("--lang", words.lang, "en|pt-BR");
    sub->add_flag("--verbose", words.verbose);
    return sub;
  }

  // One of these words, which completions offer too: CLI11's description says what may stand there.
  template <class Value>
  static CLI::Option* choice(CLI::App* app, const char* name, Value& value, const char* words) {
    return app->add_option(name, value, words)->check(one_of(split(words, '|')));
  }

  void add_collect() {
    auto* sub = add("collect");
    auto* source = sub->add_option("--source", words.source, kSources);
    auto* top = sub->add_option("--top", words.top)->check(whole_number(1'000'000));
    auto* all = sub->add_flag("--all", words.collect_all)->excludes(top);
    auto* ids = sub->add_option("--ids", words.ids)->excludes(top)->excludes(all);
    auto* list = sub->add_flag("--list", words.collect.list)->excludes(top)->excludes(all)->excludes(ids);
    auto* currency = sub->add_option("--currency,--convert", words.currencies, "CURRENCY")->excludes(list);
    choice(sub, "--preset", words.preset, "bitcoin")
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
    sub->add_option("coins", words.show.coins, "COIN");
    choice(sub, "--source", words.show.source, kSources);
    sub->add_option("--currency", words.show.currency, "CURRENCY");
    choice(sub, "--kind", words.show.kind, "markets|simple|quotes|listings");
    sub->add_flag("--history", words.show.history);
    sub->add_option("--as-of", words.show.as_of);
    sub->add_option("--until", words.show.until);
    sub->add_option("--limit", words.show.limit)->check(whole_number(1'000'000'000));
    sub->add_option("--watch", words.watch)->expected(0, 1);
    sub->add_flag("--json", words.show.json);
  }

  void add_quarantine() {
    auto& options = words.quarantine;
    auto* sub = add("quarantine");
    choice(sub, "action", words.quarantine_action, "list|show|release|drop");
    sub->add_option("ids", options.ids, "ROW");
    sub->add_option("--limit", options.limit)->check(whole_number(1'000'000'000));
    sub->add_option("--rule", options.rule, "RULE");
    sub->add_option("--why", options.why);
    sub->add_flag("--all", options.all);
    sub->add_flag("--json", options.json);
    sub->add_flag("--raw", options.raw);
  }

  void add_others() {
    auto* runs = add("runs");
    runs->add_option("ids", words.runs.ids, "RUN");
    runs->add_option("--limit", words.runs.limit)->check(whole_number(1'000'000'000));
    runs->add_flag("--json", words.runs.json);
    auto* budget = add("budget");
    budget->add_option("--source", words.budget.source, kSources);
    budget->add_flag("--refresh", words.budget.refresh);
    budget->add_flag("--json", words.budget.json);
    auto* query = add("query");
    query->add_option("sql", words.query.sql)->required();
    choice(query, "-o,--output", words.query.output, "table|json|csv");
    query->add_option("--max-rows", words.query.max_rows)->check(whole_number(1'000'000'000));
    query->add_option("--timeout", words.query.timeout_seconds)->check(seconds());
    add_quarantine();
    add("replay")->add_flag("--check", words.replay.check);
    auto* ledger = add("ledger");
    choice(ledger, "action", words.ledger.action, "digest|backup|verify");
    ledger->add_option("target", words.ledger.target, "FILE");
    ledger->add_option("--link", words.ledger.link);
    ledger->add_flag("--json", words.ledger.json);
    auto* config = add("config");
    choice(config, "action", words.config_command.action, "check|show|schema");
    config->add_flag("--json", words.config_command.json);
    add("init")->add_flag("--force", words.init.force);
    add("version")->add_flag("--json", words.version_command.json);
    choice(add("completion"), "shell", words.shell, "bash|zsh|fish")->required();
    auto* help = add("help");
    help->add_option("topic", words.help_command.topic, "TOPIC");
    help->add_flag("--man", words.help_command.man);
  }

  // CLI11's words, with the nearest thing that would have been understood.
  [[nodiscard]] std::string explain(const CLI::Error& error, const std::vector<std::string>& arguments) const {
    if (const auto unknown = first_unknown(arguments);
        !unknown.empty() && error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError)) {
      const auto names = known_words();
      const std::vector<std::string_view> views(names.begin(), names.end());
      const std::string what = unknown.starts_with('-') ? "there is no option "
                               : command().empty()      ? "there is no command "
                                                        : command() + " does not take the word ";
      const bool option = unknown.starts_with("--");
      return what + (option ? printable(unknown) : shown_word(unknown)) +
             (names_a_secret(unknown) ? "" : did_you_mean(unknown, views));
    }
    std::string text = error.what();
    std::ranges::replace(text, '\n', ' ');
    return printable(text);
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
  return {Kind::usage, "--historical and --days are not in yet: this version collects what is current",
          "coinlake --all collects the top 250 now"};
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
    return fail(Kind::usage, "--watch: a number of seconds from 0.1 to 86400 is needed, not " + printable(*w.watch),
                "for example: coinlake show --watch 5");
  out.watch = Duration(std::llround(seconds * 1e6));
  return out;
}

Result<int> dispatch(Context& context, const std::string& command, Words& w) {
  if (command == "collect") return collect(context, asked_of(w));
  if (command == "show") return show(context, TRY(shown_of(w)));
  if (command == "runs") return runs(context, w.runs);
  if (command == "budget") return budget(context, w.budget);
  if (command == "query") return query(context, w.query);
  if (command == "quarantine") {
    w.quarantine.action = w.quarantine_action.value_or(w.quarantine.action);
    return quarantine(context, w.quarantine);
  }
  if (command == "replay") return replay(context, w.replay);
  if (command == "ledger") return ledger_tools(context, w.ledger);
  if (command == "config") return config_tools(context, w.config_command);
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
    return Error{Kind::usage, option + " stands after the command", "coinlake " + command + " " + shown};
  return Error{Kind::usage, option + " is not for " + command,
               command == "collect" ? "coinlake collect --top " + std::to_string(w.limit.value_or(0))
                                    : "see coinlake " + command + " --help"};
}

std::optional<Error> misused(const std::string& command, const Words& w) {
  if (command == "ledger" && w.ledger.action.empty())
    return Error{Kind::usage, "ledger needs an action: digest, backup or verify", "see coinlake ledger --help"};
  if (command == "ledger" && w.ledger.action == "backup" && w.ledger.target.empty())
    return Error{Kind::usage, "ledger backup needs a file to write to", "for example: coinlake ledger backup copy.db"};
  if (command == "ledger" && w.ledger.action != "backup" && !w.ledger.target.empty())
    return Error{Kind::usage, "ledger " + w.ledger.action + " takes no file", "name the ledger with --db-path"};
  if (command == "ledger" && w.ledger.action != "verify" && !w.ledger.link.empty())
    return Error{Kind::usage, "ledger " + w.ledger.action + " has no --link", "it belongs to ledger verify"};
  if (command == "ledger" && w.ledger.action == "backup" && w.ledger.json)
    return Error{Kind::usage, "ledger backup has no --json", "its exit code says it all"};
  if (command == "config" && w.config_command.action.empty())
    return Error{Kind::usage, "config needs an action: check, show or schema", "see coinlake config --help"};
  if (command == "config" && w.config_command.action != "show" && w.config_command.json)
    return Error{Kind::usage, "config " + w.config_command.action + " has no --json", "it belongs to config show"};
  return command.empty() ? std::nullopt : misplaced(command, w);
}

// Whose help is asked for.
std::string action_of(const std::string& command, const Words& w) {
  if (command == "quarantine") return w.quarantine_action.value_or("");
  if (command == "ledger") return w.ledger.action;
  return command == "config" ? w.config_command.action : "";
}

// A command that sends, or that checks, needs a configuration without contradictions; one that reads the ledger does
// not.
bool needs_all_of_it(const std::string& command, const Words& w) {
  return command == "collect" || command.empty() || (command == "budget" && w.budget.refresh) ||
         (command == "config" && w.config_command.action == "check");
}

Result<Config> configuration(const std::string& command, const Words& w, const Config::Environment& environment) {
  if (w.db_path && w.db_path->empty()) return fail(Kind::usage, "--db-path is empty", "name the ledger file");
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
                     .fd = context.console->err()};
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
  if (!console.all_written()) console.say("coinlake: could not write the whole answer to stdout");
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
  return console.err_is_terminal() ? "\r\ncoinlake: stopping; again to stop at once\r\n" : "";
}

std::vector<std::string> option_names(const std::string& command) {
  const CommandLine line;
  return CommandLine::options_of(line.app(command));
}

std::vector<CommandSyntax> command_line_syntax() { return CommandLine().syntax(); }

bool is_understood(const std::vector<std::string>& arguments) {
  CommandLine line;
  Console nowhere({.out = -1, .err = -1});
  if (line.parse(arguments, nowhere)) return false;
  if (line.command() == "help" && !line.words.help_command.topic.empty())
    return knows_help_on(line.words.help_command.topic);
  return !misused(line.command(), line.words);
}

int run_program(const std::vector<std::string>& arguments, const Config::Environment& environment, Console& console,
                Clock& clock) {
  if (!arguments.empty() && arguments.front().starts_with("__complete"))
    return complete(arguments, environment, console);
  auto language = choose_language(asked_language(arguments), environment);
  if (!language) return console.complain(language.error()), kUsage;
  console.speak(std::move(*language));
  CommandLine line;
  if (const auto code = line.parse(arguments, console)) return *code;
  const auto command = line.command();
  auto& words = line.words;
  const auto outcome = [&]() -> Result<int> {
    if (words.help) return help(console, {.topic = {command, action_of(command, words)}});
    if (words.version || command == "version") return app::version(console, words.version_command);
    if (command == "help") return help(console, words.help_command);
    if (command == "completion") return print_completion(console, words.shell);
    if (command.empty() && !is_reference_call(words)) return help(console, {});
    return run_command(command, words, environment, console, clock);
  }();
  const bool owes_json = command == "collect" && words.collect.json && !outcome;
  if (owes_json) console.print(uncollected_json(asked_of(words), outcome.error()));
  return finish(outcome, console);
}

}  // namespace coinlake::app
