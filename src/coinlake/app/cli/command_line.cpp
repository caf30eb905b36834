#include "coinlake/app/cli/command_line.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <utility>

#include "coinlake/app/cli/cli_checks.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

constexpr const char* kSourceChoices = "coingecko|coinmarketcap";

class CommandLine {
 public:
  CommandLine() {
    app_.set_help_flag();
    app_.allow_extras(false);
    app_.require_subcommand(0, 1);  // `help show`, `show replay`: the second word is no command
    add_globals();
    add_commands();
  }

  // Nothing when it parsed.
  std::optional<Error> parse(const std::vector<std::string>& arguments) {
    auto reversed = arguments;
    std::ranges::reverse(reversed);
    try {
      app_.parse(reversed);
    } catch (const CLI::Error& error) {
      if (words.help) return std::nullopt;  // `collect --top --help` asks for help all the same
      const bool secret = names_a_secret(first_unknown(arguments));
      return Error{Kind::usage, explain(error, arguments),
                   secret ? tr("others can read a command line: a secret comes from the environment, from .env, "
                               "or from a file that a *_file key names (coinlake help config)")
                          : see_help(command())};
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
    check(app_.add_option("--limit", words.limit), whole_number(1'000'000));
    app_.add_flag("--historical", words.historical);
    check(app_.add_option("--days", words.days), whole_number(100'000));
  }

  // What does not do is remembered as a message: CLI11 passes on plain text.
  CLI::Option* check(CLI::Option* option, WordCheck check) {
    return option->check([this, option, check = std::move(check)](const std::string& word) -> std::string {
      const auto wrong = check(word);
      if (wrong.empty()) return "";
      const bool named = !option->get_positional();
      complaint_ = tr("{}: {}", named ? option->get_name() : command(), wrong);
      return "refused";
    });
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
  CLI::Option* choice(CLI::App* app, const char* name, Value& value, const char* choices) {
    return check(app->add_option(name, value, choices), one_of(split(choices, '|')));
  }

  void add_commands() {
    add_collect();
    add_run();
    add("reload");
    add_show();
    add_status();
    add_runs();
    add_slots();
    add_budget();
    add_plan();
    add("doctor")->add_flag("--json", words.doctor.json);
    add_query();
    add_quarantine();
    add("replay")->add_flag("--check", words.replay.check);
    add_ledger();
    add_config();
    add("init")->add_flag("--force", words.init.force);
    add("version")->add_flag("--json", words.version_command.json);
    choice(add("completion"), "shell", words.shell, "bash|zsh|fish");
    add_help();
  }

  void add_collect() {
    auto* sub = add("collect");
    auto* source = sub->add_option("--source", words.source, kSourceChoices);
    auto* top = check(sub->add_option("--top", words.top), whole_number(1'000'000));
    auto* all = sub->add_flag("--all", words.collect_all)->excludes(top);
    auto* ids = sub->add_option("--ids", words.ids, "ID,…")->excludes(top)->excludes(all);
    auto* list = sub->add_flag("--list", words.collect.list)->excludes(top)->excludes(all)->excludes(ids);
    auto* currency = sub->add_option("--currency,--convert", words.currencies, "CURRENCY,…")->excludes(list);
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

  void add_run() {
    auto* sub = add("run");
    sub->add_flag("--once", words.run.once);
    sub->add_flag("--force", words.run.force);
  }

  void add_show() {
    auto* sub = add("show");
    sub->add_option("coins", words.show.coins, "COIN");
    choice(sub, "--source", words.show.source, kSourceChoices);
    sub->add_option("--currency", words.show.currency, "CURRENCY");
    choice(sub, "--kind", words.show.kind, "markets|simple|quotes|listings");
    sub->add_flag("--history", words.show.history);
    sub->add_option("--as-of", words.show.as_of);
    sub->add_option("--until", words.show.until);
    check(sub->add_option("--limit", words.show.limit), whole_number(1'000'000'000));
    sub->add_option("--watch", words.watch)->expected(0, 1);
    sub->add_flag("--json", words.show.json);
  }

  void add_runs() {
    auto* sub = add("runs");
    sub->add_option("ids", words.runs.ids, "RUN");
    check(sub->add_option("--limit", words.runs.limit), whole_number(1'000'000'000));
    sub->add_flag("--json", words.runs.json);
  }

  void add_status() {
    auto* sub = add("status");
    sub->add_option("--watch", words.watch)->expected(0, 1);
    sub->add_flag("--json", words.status.json);
  }

  void add_slots() {
    auto* sub = add("slots");
    sub->add_option("--schedule", words.slots.schedule, "SCHEDULE");
    sub->add_option("--since", words.slots.since);
    choice(sub, "--state", words.slots.state, "done|late|missed|skipped");
    check(sub->add_option("--limit", words.slots.limit), whole_number(1'000'000'000));
    sub->add_flag("--json", words.slots.json);
  }

  void add_budget() {
    auto* sub = add("budget");
    sub->add_option("--source", words.budget.source, kSourceChoices);
    sub->add_flag("--refresh", words.budget.refresh);
    sub->add_flag("--json", words.budget.json);
  }

  void add_plan() {
    auto* sub = add("plan");
    check(sub->add_option("--days", words.plan.days), whole_number(366));
    sub->add_flag("--json", words.plan.json);
  }

  void add_query() {
    auto* sub = add("query");
    sub->add_option("sql", words.query.sql);
    choice(sub, "-o,--output", words.query.output, "table|json|csv");
    check(sub->add_option("--max-rows", words.query.max_rows), whole_number(1'000'000'000));
    check(sub->add_option("--timeout", words.query.timeout_seconds), seconds());
  }

  void add_quarantine() {
    auto& options = words.quarantine;
    auto* sub = add("quarantine");
    choice(sub, "action", words.quarantine_action, "list|show|release|drop");
    sub->add_option("ids", options.ids, "ROW");
    check(sub->add_option("--limit", options.limit), whole_number(1'000'000'000));
    sub->add_option("--rule", options.rule, "RULE");
    sub->add_option("--why", options.why);
    sub->add_flag("--all", options.all);
    sub->add_flag("--json", options.json);
    sub->add_flag("--raw", options.raw);
  }

  void add_ledger() {
    auto* sub = add("ledger");
    choice(sub, "action", words.ledger.action, "digest|backup|verify");
    sub->add_option("target", words.ledger.target, "FILE");
    sub->add_option("--link", words.ledger.link);
    sub->add_flag("--inputs", words.ledger.inputs);
    sub->add_flag("--json", words.ledger.json);
  }

  void add_config() {
    auto* sub = add("config");
    choice(sub, "action", words.config_command.action, "check|show|schema");
    sub->add_flag("--force", words.config_command.force);
    sub->add_flag("--json", words.config_command.json);
  }

  void add_help() {
    auto* sub = add("help");
    sub->add_option("topic", words.help_command.topic, "TOPIC");
    sub->add_flag("--man", words.help_command.man);
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

}  // namespace

Message see_help(const std::string& command) {
  return tr("see {}", "coinlake " + (command.empty() ? "" : command + " ") + "--help");
}

CommandWords parse_command_line(const std::vector<std::string>& arguments) {
  CommandLine line;
  auto fault = line.parse(arguments);
  return {.command = line.command(), .words = std::move(line.words), .fault = std::move(fault)};
}

std::vector<CommandSyntax> command_line_syntax() { return CommandLine().syntax(); }

std::vector<std::string> option_names(const std::string& command) {
  const CommandLine line;
  return CommandLine::options_of(line.app(command));
}

}  // namespace coinlake::app
