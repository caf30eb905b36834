// init: a configuration to begin with. It asks nothing: what it cannot know stays at its default.
#include <filesystem>
#include <map>

#include "coinlake/app/commands.hpp"
#include "coinlake/app/dotenv.hpp"
#include "coinlake/app/secret_file.hpp"
#include "coinlake/app/table.hpp"
#include "coinlake/app/zone.hpp"
#include "coinlake/base/file.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

constexpr std::size_t kMostBytesOfDotenv = std::size_t{1} << 20;

constexpr std::string_view kHead = R"(# The configuration of coinlake. What is commented out is at its default.
# The later wins: this file < .env beside it < environment < options of a command.
# `coinlake config check` checks it, `coinlake config show` says where each value comes from.
)";

std::string commented(const ConfigKey& key) {
  std::string text(key.meaning);
  if (!key.choices.empty()) text += " (" + std::string(key.choices) + ")";
  std::string out;
  for (const auto& line : wrap(text, 98)) out += "# " + line + "\n";
  const auto quote = key.kind == KeyKind::integer ? "" : "\"";
  return out + "# " + std::string(key.label()) + " = " + quote + std::string(key.fallback) + quote + "\n";
}

std::string configuration_file(const std::string& zone) {
  std::string out(kHead);
  std::string_view section;
  for (const auto& key : config_keys()) {
    const bool is_zone_key = key.kind == KeyKind::zone;
    if (!key.used && !is_zone_key) continue;
    if (section != key.section()) out += "\n[" + std::string(section = key.section()) + "]\n";
    if (!is_zone_key) out += commented(key);
    else out += "# where you are; not used yet\n" + std::string(key.label()) + " = \"" + zone + "\"\n";
  }
  return out;
}

// The key that a variable of .env sets, if any.
const ConfigKey* key_of(const std::string& name) {
  for (const auto& key : config_keys()) {
    if (name == key.alias || name == environment_name(key.name)) return &key;
  }
  return nullptr;
}

std::string fate(const ConfigKey* key, const std::optional<std::string>& value) {
  if (key == nullptr) return "not known";
  if (value.value_or("").empty()) return "empty";
  return key->used ? "used as " + std::string(key->name) : "not used yet (" + std::string(key->name) + ")";
}

// Names alone, and only those that are meant for us: a line of somebody's private key can look like a name.
bool is_ours(const std::string& name) {
  return key_of(name) != nullptr ||
         (is_plain_name(name) && (name.starts_with("COINLAKE_") || name.starts_with("EMAIL_")));
}

void say_what_becomes_of(Console& console, const Dotenv& file) {
  std::map<std::string, std::optional<std::string>> last;
  for (const auto& entry : file.entries) last[entry.name] = entry.value;
  std::vector<std::vector<TableCell>> rows;
  for (const auto& [name, value] : last) {
    if (is_ours(name)) rows.push_back({"  " + printable(name), fate(key_of(name), value)});
  }
  const auto others = std::ssize(last) - std::ssize(rows);
  console.tell("\n.env: " + counted(std::ssize(last), "name") +
               (others > 0 ? ", " + std::to_string(others) + " for other programs" : "") + "\n");
  if (rows.empty()) return;
  console.print(
      render_table(console, {{"  name", false, 100, 12}, {"what becomes of it", false, 90, 12, true}}, rows).text);
}

Result<void> report_dotenv(Console& console, const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored) || std::filesystem::is_directory(path, ignored)) return {};
  const auto file = parse_dotenv(TRY(read_file(path, kMostBytesOfDotenv)));
  say_what_becomes_of(console, file);
  for (const auto line : file.faulty_lines)
    console.say("coinlake: warning: .env:" + std::to_string(line) + " cannot be read: see coinlake config check");
  if (others_can_read(path)) console.say("coinlake: warning: others can read .env: chmod 600 .env");
  return {};
}

}  // namespace

Result<int> init(Console& console, const Config::Environment& environment, const std::string& path,
                 const InitOptions& options) {
  std::error_code ignored;
  if (!options.force && std::filesystem::exists(std::filesystem::symlink_status(path, ignored)))
    return fail(Kind::usage, printable(path) + " is there already",
                "coinlake init --force writes it anew: every value in it goes back to its default");
  const auto zone = machine_zone(environment);
  CHECK_OK(write_file(path, configuration_file(zone)));
  console.tell("wrote " + printable(path) + ": every key at its default, your zone " + zone + "\n");
  CHECK_OK(report_dotenv(console, ".env"));
  console.tell("\nNext:\n  coinlake config check\n  coinlake collect --top 250\n  coinlake show\n");
  return 0;
}

}  // namespace coinlake::app
