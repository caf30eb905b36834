#include "coinlake/app/config/config_schema.hpp"

#include "coinlake/app/config/config_keys.hpp"
#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

void write_range(JsonWriter& json, std::string_view range) {
  const auto dots = range.find("..");
  json.key("minimum").value(to_integer(range.substr(0, dots))).key("maximum").value(to_integer(range.substr(dots + 2)));
}

void write_choices(JsonWriter& json, std::string_view choices) {
  json.key("enum").begin_array();
  for (const auto word : split(choices, '|')) json.value(word);
  json.end_array();
}

// A text with commas, or one text each; ids may be numbers.
void write_list(JsonWriter& json) {
  json.key("type").begin_array().value("string").value("array").end_array();
  json.key("items").begin_object().key("type").begin_array().value("string").value("integer").end_array().end_object();
}

void write_key(JsonWriter& json, const ConfigKey& key) {
  const bool integer = key.kind == KeyKind::integer;
  json.key(key.label()).begin_object();
  if (key.is_list()) write_list(json);
  else json.key("type").value(integer ? "integer" : "string");
  if (integer) write_range(json, key.choices);
  if (key.kind == KeyKind::choice) write_choices(json, key.choices);
  if (key.kind == KeyKind::duration) json.key("pattern").value("^([0-9]+(ms|s|m|h))?$");
  if (key.kind == KeyKind::secret) json.key("writeOnly").value(true);
  json.key("description").value(std::string(key.meaning) + (key.used ? "" : " (not used yet)"));
  if (integer && !key.fallback.empty()) json.key("default").value(to_integer(key.fallback));
  else if (!key.fallback.empty()) json.key("default").value(key.fallback);
  json.end_object();
}

JsonWriter& begin_properties(JsonWriter& json) {
  return json.key("type").value("object").key("additionalProperties").value(false).key("properties").begin_object();
}

void write_schedules(JsonWriter& json) {
  json.key("schedules").begin_object().key("type").value("object").key("additionalProperties").value(false);
  json.key("patternProperties").begin_object();
  begin_properties(json.key("^[a-z0-9_-]{1,40}$").begin_object());
  for (const auto& key : schedule_keys()) write_key(json, key);
  json.end_object().end_object().end_object().end_object();
}

}  // namespace

std::string config_schema() {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("$schema").value("https://json-schema.org/draft/2020-12/schema");
  begin_properties(json.key("title").value("coinlake.toml"));
  std::string_view section;
  for (const auto& key : config_keys()) {
    if (section != key.section()) {
      if (!section.empty()) json.end_object().end_object();
      section = key.section();
      begin_properties(json.key(section).begin_object());
    }
    write_key(json, key);
  }
  json.end_object().end_object();
  write_schedules(json);
  json.end_object().end_object();
  return out + "\n";
}

}  // namespace coinlake::app
