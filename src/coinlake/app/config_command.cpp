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

// Of a secret whether there is one, and nothing of it.
Message shown_value(const Config& config, const ConfigKey& key) {
  if (key.kind == KeyKind::secret) return config.secret(key.name).empty() ? tr("(not set)") : tr("(set)");
  const auto& value = config.text(key.name);
  return value.empty() ? std::string(kNothing) : printable(value);
}

// Of a secret's file, where that gave it.
const Origin& origin_of(const Config& config, const ConfigKey& key) {
  return config.origin(config.is_from_file(key.name) ? std::string(key.name) + "_file" : std::string(key.name));
}

Message section_title(std::string_view section) {
  const auto is_used = [&](const ConfigKey& key) { return key.section() == section && key.used; };
  return std::ranges::any_of(config_keys(), is_used) ? Message(section) : tr("{}: not used yet", section);
}

// Three columns; where there is no room for them, a second line says where a value comes from.
std::string to_table(const Console& console, const Config& config) {
  constexpr std::size_t kRoomy = 60;
  const bool roomy = console.width() >= kRoomy;
  const TableCell blank{""};
  std::vector<std::vector<TableCell>> rows;
  std::string_view section;
  for (const auto& key : config_keys()) {
    if (std::exchange(section, key.section()) != key.section())
      rows.push_back({{console.text(section_title(section)), Style::bold}, blank, blank});
    const auto& origin = origin_of(config, key);
    const bool said = origin.layer != Layer::fallback;
    const auto style = said ? Style::plain : Style::dim;
    rows.push_back({"  " + std::string(key.label()),
                    {console.text(shown_value(config, key)), style},
                    {said ? printable(origin.place) : console.text(tr("default")), style}});
    if (!roomy && said) rows.push_back({"    " + printable(origin.place), blank, blank});
  }
  std::vector<TableColumn> columns = {{console.text(tr("key")), false, 100, 26},
                                      {console.text(tr("value")), false, 90, 12}};
  if (roomy) columns.push_back({console.text(tr("from")), false, 80, 18});
  else std::ranges::for_each(rows, [](auto& row) { row.pop_back(); });
  return render_table(console, columns, rows).text;
}

void write_texts(JsonWriter& json, std::string_view name, const std::vector<Message>& texts) {
  json.key(name).begin_array();
  for (const auto& text : texts) json.value(text.english());
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
    json.key("secret").value(secret).key("origin").value(origin_of(config, key).place);
    json.key("used").value(key.used).end_object();
  }
  json.end_array();
  write_texts(json, "files", {config.files().begin(), config.files().end()});
  write_texts(json, "warnings", oddities(config));
  write_texts(json, "notes", config.notes());
  json.end_object();
  return out + "\n";
}

void say_remarks(Console& console, const Config& config) {
  for (const auto& warning : oddities(config)) console.say(tr("coinlake: warning: {}", warning));
  for (const auto& note : config.notes()) console.say(tr("coinlake: note: {}", note));
}

Result<int> show_config(Context& context, bool as_json) {
  auto& console = *context.console;
  console.print(as_json ? to_json(context.config) : to_table(console, context.config));
  if (!as_json) say_remarks(console, context.config);
  return 0;
}

// Its faults were found on the way here.
Result<int> check_config(Context& context) {
  std::string files;
  for (const auto& file : context.config.files()) files += (files.empty() ? "" : ", ") + file;
  auto& console = *context.console;
  const auto verdict = files.empty() ? tr("ok: no configuration file, no .env") : tr("ok: {}", printable(files));
  console.print(console.text(verdict) + "\n");
  say_remarks(console, context.config);
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
