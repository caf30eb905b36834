// init: a configuration to begin with. It asks nothing: what it cannot know stays at its default.
#include <filesystem>
#include <map>

#include "coinlake/app/commands/commands.hpp"
#include "coinlake/app/config/config_layers.hpp"
#include "coinlake/app/config/dotenv.hpp"
#include "coinlake/app/config/secret_file.hpp"
#include "coinlake/app/config/zone.hpp"
#include "coinlake/app/terminal/table.hpp"
#include "coinlake/base/file.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/ledger/identity.hpp"

namespace coinlake::app {
namespace {

constexpr std::size_t kMostBytesOfDotenv = std::size_t{1} << 20;

std::string comment(const Language& language, const Message& words) {
  std::string out;
  for (const auto& line : wrap(language.text(words), 98)) out += "# " + line + "\n";
  return out;
}

Message meaning_in_file(const ConfigKey& key) {
  auto words = tr_marked(key.meaning);
  if (!key.choices.empty()) words += " (" + std::string(key.choices) + ")";
  return words;
}

std::string commented(const Language& language, const ConfigKey& key) {
  const auto quote = key.kind == KeyKind::integer ? "" : "\"";
  return comment(language, meaning_in_file(key)) + "# " + std::string(key.label()) + " = " + quote +
         std::string(key.fallback) + quote + "\n";
}

std::string head(const Language& language) {
  return comment(language, tr("The configuration of coinlake. What is commented out is at its default.")) +
         comment(language, tr("The later wins: this file < .env beside it < environment < options of a command.")) +
         comment(language, tr("`coinlake config check` checks it, `coinlake config show` says where each value comes "
                              "from."));
}

// A line of the example for each key; what has no default in the schedule of the largest coins stays empty.
std::string example_value(const ConfigKey& key) {
  if (key.label() == "when") return "\"0 9,13,18 * * *\"";
  return key.label() == "top" ? "250" : "\"" + std::string(key.fallback) + "\"";
}

std::string example_schedule(const Language& language) {
  auto out = "\n" +
             comment(language, tr("What is collected round the clock: a table for each, by a name of your own. "
                                  "Without any there are two: this one and, with a CoinMarketCap key, Bitcoin "
                                  "in brl every 5m.")) +
             "# [schedules.top]\n";
  for (const auto& key : schedule_keys())
    out +=
        comment(language, meaning_in_file(key)) + "# " + std::string(key.label()) + " = " + example_value(key) + "\n";
  return out;
}

// The comments are in the reader's language.
std::string configuration_file(const Language& language, const std::string& zone) {
  auto out = head(language);
  std::string_view section;
  for (const auto& key : config_keys()) {
    const bool is_zone_key = key.kind == KeyKind::zone;
    if (!key.used) continue;
    if (section != key.section()) out += "\n[" + std::string(section = key.section()) + "]\n";
    if (!is_zone_key) out += commented(language, key);
    else
      out += comment(language, tr("where you are: whose clock schedules follow")) + std::string(key.label()) + " = \"" +
             zone + "\"\n";
  }
  return out + example_schedule(language);
}

// The key that a variable of .env sets, if any.
std::optional<ConfigKey> key_set_by(const std::string& variable) {
  for (const auto& key : config_keys()) {
    if (variable == key.alias || variable == environment_name(key.name)) return key;
  }
  if (!variable.starts_with("COINLAKE_SCHEDULES__")) return std::nullopt;
  const auto* of_schedule = find_key(key_of_variable(variable));
  return of_schedule == nullptr ? std::nullopt : std::optional(*of_schedule);
}

Message fate(const std::string& variable, const std::optional<std::string>& value) {
  const auto key = key_set_by(variable);
  if (!key) return tr("not known");
  if (value.value_or("").empty()) return tr("empty");
  if (key->name.starts_with(kSchedules)) return tr("used as {}", key_of_variable(variable));
  return key->used ? tr("used as {}", key->name) : tr("not used yet ({})", key->name);
}

// Names alone, and only those that are meant for us: a line of somebody's private key can look like a name.
bool is_ours(const std::string& name) {
  return key_set_by(name) || (is_plain_name(name) && (name.starts_with("COINLAKE_") || name.starts_with("EMAIL_")));
}

void say_what_becomes_of(Console& console, const Dotenv& file) {
  std::map<std::string, std::optional<std::string>> last;
  for (const auto& entry : file.entries) last[entry.name] = entry.value;
  std::vector<std::vector<TableCell>> rows;
  for (const auto& [name, value] : last) {
    if (is_ours(name)) rows.push_back({"  " + shown_variable(name), console.text(fate(name, value))});
  }
  const auto all = std::ssize(last), others = all - std::ssize(rows);
  const auto names =
      others > 0 ? trn(".env: {} name, {} for other programs", ".env: {} names, {} for other programs", all, others)
                 : trn(".env: {} name", ".env: {} names", all);
  console.tell("\n" + names + "\n");
  if (rows.empty()) return;
  const std::vector<TableColumn> columns = {{"  " + tr("name"), false, 100, 12},
                                            {tr("what becomes of it"), false, 90, 12, true}};
  console.print(render_table(console, columns, rows).text);
}

Result<void> report_dotenv(Console& console, const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored) || std::filesystem::is_directory(path, ignored)) return {};
  const auto file = parse_dotenv(TRY(read_file(path, kMostBytesOfDotenv)));
  say_what_becomes_of(console, file);
  for (const auto line : file.faulty_lines)
    console.say(tr("coinlake: warning: {}", tr(".env:{} cannot be read: see coinlake config check", line)));
  if (others_can_read(path)) console.say(tr("coinlake: warning: {}", tr("others can read .env: chmod 600 .env")));
  return {};
}

}  // namespace

Result<int> init(Console& console, const Config::Environment& environment, const std::string& path,
                 const InitOptions& options) {
  std::error_code ignored;
  const bool there = std::filesystem::exists(std::filesystem::symlink_status(path, ignored));
  if (there && std::filesystem::is_regular_file(path, ignored) && TRY(ledger::is_database(path)))
    return fail(Kind::usage, tr("{} is a database, and no configuration", printable(path)), tr("name another file"));
  if (there && !options.force)
    return fail(Kind::usage, tr("{} is there already", printable(path)),
                tr("coinlake init --force writes it anew: every value in it goes back to its default"));
  const auto zone = machine_zone(environment);
  CHECK_OK(write_file(path, configuration_file(console.language(), zone)));
  console.tell(tr("wrote {}: every key at its default, your zone {}", printable(path), zone) + "\n");
  CHECK_OK(report_dotenv(console, ".env"));
  console.tell("\n" + tr("Next:") +
               verbatim("\n  coinlake config check\n  coinlake collect --top 250\n  coinlake show\n"));
  return 0;
}

}  // namespace coinlake::app
