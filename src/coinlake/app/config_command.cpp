// config check, config show, config schema.
#include <algorithm>

#include "coinlake/app/commands.hpp"
#include "coinlake/app/config_schema.hpp"
#include "coinlake/app/table.hpp"
#include "coinlake/app/wiring.hpp"
#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

constexpr std::string_view kNothing = "—";

struct Shown {
  std::string value;  // of a secret whether there is one, and nothing of it
  std::string origin;
};

Shown shown(const Config& config, const ConfigKey& key) {
  if (key.kind != KeyKind::secret) return {config.text(key.name), config.origin(key.name).place};
  const auto from = config.is_from_file(key.name) ? std::string(key.name) + "_file" : std::string(key.name);
  return {config.secret(key.name).empty() ? "(not set)" : "(set)", config.origin(from).place};
}

bool is_section_used(std::string_view section) {
  return std::ranges::any_of(config_keys(), [&](const auto& key) { return key.section() == section && key.used; });
}

std::string heading(std::string_view section) {
  return std::string(section) + (is_section_used(section) ? "" : ": not used yet");
}

std::string value_or_nothing(const Shown& shown) {
  return shown.value.empty() ? std::string(kNothing) : printable(shown.value);
}

Table to_table(const Console& console, const Config& config) {
  std::vector<std::vector<TableCell>> rows;
  std::string_view section;
  for (const auto& key : config_keys()) {
    if (std::exchange(section, key.section()) != key.section())
      rows.push_back({{heading(section), Style::bold}, {""}, {""}});
    const auto what = shown(config, key);
    const auto style = what.origin == "default" ? Style::dim : Style::plain;
    rows.push_back({"  " + std::string(key.label()), {value_or_nothing(what), style}, {printable(what.origin), style}});
  }
  return render_table(console, {{"key", false, 100}, {"value", false, 90, 12, true}, {"from", false, 80, 18, true}},
                      rows);
}

// Where there is no room for three columns: what is not at its default says below where it comes from.
std::string to_lines(const Config& config) {
  std::string out;
  std::string_view section;
  for (const auto& key : config_keys()) {
    if (std::exchange(section, key.section()) != key.section()) out += heading(section) + "\n";
    const auto what = shown(config, key);
    out += "  " + std::string(key.label()) + "  " + value_or_nothing(what) + "\n";
    if (what.origin != "default") out += "    from " + printable(what.origin) + "\n";
  }
  return out;
}

void write_texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
  json.key(name).begin_array();
  for (const auto& text : texts) json.value(text);
  json.end_array();
}

void write_value(JsonWriter& json, const Config& config, const ConfigKey& key) {
  if (key.kind == KeyKind::secret) json.null();
  else if (key.kind == KeyKind::integer) json.value(config.integer(key.name));
  else json.value(config.text(key.name));
}

std::string to_json(const Config& config) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("keys").begin_array();
  for (const auto& key : config_keys()) {
    json.begin_object().key("key").value(key.name).key("value");
    write_value(json, config, key);
    const bool secret = key.kind == KeyKind::secret;
    json.key("set").value(secret ? !config.secret(key.name).empty() : !config.text(key.name).empty());
    json.key("secret").value(secret).key("origin").value(shown(config, key).origin);
    json.key("used").value(key.used).end_object();
  }
  json.end_array();
  write_texts(json, "files", config.files());
  std::vector<std::string> warnings;
  for (const auto& warning : oddities(config)) warnings.push_back(warning.english());
  write_texts(json, "warnings", warnings);
  write_texts(json, "notes", config.notes());
  json.end_object();
  return out + "\n";
}

void say_remarks(Console& console, const Config& config) {
  for (const auto& warning : oddities(config)) console.say("coinlake: warning: " + warning);
  for (const auto& note : config.notes()) console.say("coinlake: note: " + note);
}

Result<int> show_config(Context& context, bool as_json) {
  auto& console = *context.console;
  constexpr std::size_t kRoomy = 60;
  if (as_json) console.print(to_json(context.config));
  else if (console.width() < kRoomy) console.print(wrapped(to_lines(context.config), console.width()));
  else print_table(console, to_table(console, context.config), "--json");
  if (!as_json) say_remarks(console, context.config);
  return 0;
}

// Its faults were found on the way here.
Result<int> check_config(Context& context) {
  std::string files;
  for (const auto& file : context.config.files()) files += (files.empty() ? "" : ", ") + file;
  context.console->tell("ok: " + (files.empty() ? "no configuration file, no .env" : printable(files)) + "\n");
  say_remarks(*context.console, context.config);
  return 0;
}

}  // namespace

Result<int> config_tools(Context& context, const ConfigOptions& options) {
  if (options.action == "show") return show_config(context, options.json);
  if (options.action == "check") return check_config(context);
  context.console->print(config_schema());
  return 0;
}

}  // namespace coinlake::app
