// config check, config show, config schema.
#include <utility>

#include "coinlake/app/commands/commands.hpp"
#include "coinlake/app/commands/quota_plan.hpp"
#include "coinlake/app/config/config_schema.hpp"
#include "coinlake/app/config/schedules.hpp"
#include "coinlake/app/terminal/table.hpp"
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

// All keys of a section are used, or none.
Message section_title(const ConfigKey& first) {
  return first.used ? Message(first.section()) : tr("{}: not used yet", first.section());
}

Table to_table(const Console& console, const Config& config) {
  std::vector<std::vector<TableCell>> rows;
  std::string_view section;
  for (const auto& key : config.keys()) {
    if (std::exchange(section, key.section()) != key.section())
      rows.push_back({{console.text(section_title(key)), Style::bold}, {""}, {""}});
    const auto& origin = origin_of(config, key);
    const bool said = origin.layer != Layer::fallback;
    const auto style = said ? Style::plain : Style::dim;
    rows.push_back({"  " + std::string(key.label()),
                    {console.text(shown_value(config, key)), style},
                    {said ? printable(origin.place) : console.text(tr("default")), style}});
  }
  return render_table(
      console, {{tr("key"), false, 100}, {tr("value"), false, 90, 12, true}, {tr("from"), false, 80, 18, true}}, rows);
}

// Where there is no room for three columns: what is not at its default says below where it comes from.
std::string to_lines(const Console& console, const Config& config) {
  std::string out;
  std::string_view section;
  for (const auto& key : config.keys()) {
    if (std::exchange(section, key.section()) != key.section()) out += console.text(section_title(key)) + "\n";
    const auto& origin = origin_of(config, key);
    out += "  " + std::string(key.label()) + "  " + console.text(shown_value(config, key)) + "\n";
    if (origin.layer != Layer::fallback) out += "    " + console.text(tr("from {}", printable(origin.place))) + "\n";
  }
  return out;
}

void write_texts(JsonWriter& json, std::string_view name, const std::vector<Message>& texts) {
  json.key(name).begin_array();
  for (const auto& text : texts) json.value(text.english());
  json.end_array();
}

void write_value(JsonWriter& json, const Config& config, const ConfigKey& key) {
  if (key.kind == KeyKind::secret) json.null();
  else if (key.kind == KeyKind::integer && !config.text(key.name).empty()) json.value(config.integer(key.name));
  else json.value(config.text(key.name));
}

std::string to_json(const Config& config) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("keys").begin_array();
  for (const auto& key : config.keys()) {
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

// What somebody has set as for the earlier collectors, and nothing of this version asks for.
std::string set_in_vain(const Config& config) {
  std::string out;
  for (const auto& key : config_keys()) {
    const auto& origin = origin_of(config, key);
    if (key.used || (origin.layer != Layer::dotenv && origin.layer != Layer::environment)) continue;
    out += (out.empty() ? "" : ", ") + std::string(key.name) + " (" + printable(origin.place) + ")";
  }
  return out;
}

Result<int> show_config(Context& context, bool as_json) {
  auto& console = *context.console;
  constexpr std::size_t kRoomy = 60;
  if (as_json) console.print_data(to_json(context.config));
  else if (console.width() < kRoomy)
    console.print(wrapped(console.shown(to_lines(console, context.config)), console.width()));
  else print_table(console, to_table(console, context.config), verbatim("--json"));
  if (!as_json) say_remarks(console, context.config);
  return 0;
}

// What would run, and that nobody asked for it where that is so.
void list_schedules(Context& context, const std::vector<collect::Schedule>& all) {
  auto& console = *context.console;
  console.tell(context.config.has_default_schedules()
                   ? tr("schedules, as they are where the configuration has none:") + "\n"
                   : tr("schedules:") + "\n");
  print_table(console, schedule_table(console, all, context.clock->now()), verbatim("config show"));
}

// Whether they fit what the providers allow; by force it is only said.
Result<void> check_fit(Context& context, const std::vector<collect::Schedule>& all, bool force) {
  auto fits = check_quota(context.config, all, context.clock->now());
  if (fits || !force) return fits;
  context.console->say(tr("coinlake: warning: {}", fits.error().message));
  return {};
}

// Its faults were found on the way here.
Result<int> check_config(Context& context, bool force) {
  const auto all = TRY(schedules(context.config));
  CHECK_OK(check_fit(context, all, force));
  std::string files;
  for (const auto& file : context.config.files()) files += (files.empty() ? "" : ", ") + file;
  auto& console = *context.console;
  const auto verdict = files.empty() ? tr("ok: no configuration file, no .env") : tr("ok: {}", printable(files));
  console.tell(verdict + "\n");
  list_schedules(context, all);
  if (const auto names = set_in_vain(context.config); !names.empty())
    console.tell(tr("not used yet: {}", names) + "\n");
  say_remarks(console, context.config);
  return 0;
}

}  // namespace

Result<int> config_tools(Context& context, const ConfigOptions& options) {
  if (options.action == "show") return show_config(context, options.json);
  if (options.action == "check") return check_config(context, options.force);
  context.console->print_data(config_schema());
  return 0;
}

}  // namespace coinlake::app
