// `.env`, and the same variables as an environment.
#include "coinlake/app/config/dotenv.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "coinlake/base/text.hpp"
#include "tests/fuzz/layers.hpp"
#include "tests/fuzz/targets.hpp"

namespace coinlake::fuzz {
namespace {

app::ConfigLayer layer_of(std::string_view bytes) { return app::read_dotenv(".env", app::parse_dotenv(bytes)); }

std::string quoted_value(const std::string& value) {
  constexpr std::string_view kCharacters = "\\\"\r\n", kLetters = "\\\"rn";
  std::string out = "\"";
  for (const char c : value) {
    const auto which = kCharacters.find(c);
    if (which != std::string_view::npos) (out += '\\') += kLetters[which];
    else out += c;
  }
  return out + "\"";
}

// The entries that have a plain name, as a file again.
std::string written_dotenv(const app::Dotenv& file) {
  std::string out;
  for (const auto& entry : file.entries)
    if (app::is_plain_name(entry.name))
      out += entry.name + (entry.value ? "=" + quoted_value(*entry.value) : "") + "\n";
  return out;
}

void check_file(const app::Dotenv& file, std::string_view bytes) {
  const auto lines = 1 + std::ranges::count(bytes, '\n') + std::ranges::count(bytes, '\r');
  std::size_t before = 0;
  for (const auto& entry : file.entries) {
    require(!entry.name.empty() && find_invalid_utf8(entry.name) == std::string::npos, "an entry has a name",
            entry.name);
    require(entry.line >= std::max<std::size_t>(before, 1) && entry.line <= static_cast<std::size_t>(lines),
            "entries come in order", entry.name);
    before = entry.line;
  }
  require(file.utf8 == (find_invalid_utf8(bytes) == std::string::npos), "UTF-8 is UTF-8");
  require(file.utf8 || file.entries.empty(), "what is not UTF-8 says nothing");
}

void check_written(const app::Dotenv& file) {
  const auto text = written_dotenv(file);
  const auto again = app::parse_dotenv(text);
  require(again.faulty_lines.empty(), "what was written has no fault", text);
  require(written_dotenv(again) == text, "what was written and read is the same", text);
  std::size_t plain = 0;
  for (const auto& entry : file.entries) {
    if (!app::is_plain_name(entry.name)) continue;
    require(plain < again.entries.size() && again.entries[plain].name == entry.name &&
                again.entries[plain].value == entry.value,
            "an entry written and read is the same", text);
    ++plain;
  }
}

// Of each name the last value, as a process would be given it.
void check_environment(const app::Dotenv& file, const app::ConfigLayer& layer) {
  std::map<std::string, std::string> environment;
  std::map<std::string, bool> has_value;
  for (const auto& entry : file.entries) {
    has_value[entry.name] = entry.value.has_value() && app::is_plain_name(entry.name);
    environment[entry.name] = entry.value.value_or("");
  }
  std::erase_if(environment, [&](const auto& one) { return !has_value[one.first]; });
  const auto from_environment = app::read_environment(environment);
  check_layer(from_environment);
  // In a file they stand in another order.
  const auto sorted = [](const app::ConfigLayer& of) {
    const auto text = settings_of(of);
    auto lines = split(text, '\n');
    std::ranges::sort(lines);
    std::string out;
    for (const auto line : lines) (out += line) += "\n";
    return out;
  };
  require(sorted(from_environment) == sorted(layer), "a file says what the same environment says", settings_of(layer));
}

// "export NAME" of an input that ends in one.
std::string_view plain_ending(std::string_view text) {
  const auto begin =
      std::ranges::find_if_not(text.rbegin(), text.rend(), [](char c) { return app::is_plain_name({&c, 1}); });
  return {begin.base(), text.end()};
}

}  // namespace

void dotenv(std::string_view input) {
  const auto file = app::parse_dotenv(input);
  check_file(file, input);
  check_written(file);
  const auto layer = app::read_dotenv(".env", file);
  check_layer(layer);
  check_environment(file, layer);

  if (input.find(kCanaryBegins) != std::string_view::npos) return;
  const std::string text(input), canary(kCanary);
  for (const auto& quote : {"", "'", "\""})
    check_hides_canary(layer_of(text + "\nCMC_API_KEY=" + quote + canary + "\n"));
  // Whatever the name, what stands behind its colon is no part of it; nor right behind a name of ours.
  check_hides_canary(layer_of(std::string(plain_ending(input)) + ":" + canary + "\n"));
  for (const auto* name : {"CMC_API_KEY", "CMC_", "EMAIL_PASSWORD", "COINLAKE_COINMARKETCAP__API_KEY"})
    for (const auto* between : {"", "_"})
      for (const auto* after : {"", "=", "=x"})
        check_hides_canary(layer_of((name + (between + canary)) + after + "\n"));
}

}  // namespace coinlake::fuzz
