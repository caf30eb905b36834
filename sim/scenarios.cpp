#include <algorithm>
#include <array>
#include <filesystem>
#include <vector>

#include "coinlake/base/file.hpp"
#include "coinlake/base/text.hpp"
#include "sim/scenario.hpp"

// The assembler puts each file into the program as it is.
#define EMBED_SCENARIO(symbol, file)                                                                    \
  __asm__(".section .rodata\n.global " #symbol "\n.global " #symbol "_end\n" #symbol                    \
          ":\n.incbin \"" COINLAKE_SCENARIO_DIR "/" file "\"\n" #symbol "_end:\n.byte 0\n.previous\n"); \
  extern "C" const char symbol[], symbol##_end[];

EMBED_SCENARIO(coinlake_bad_monday, "bad-monday.toml")
EMBED_SCENARIO(coinlake_captive_portal, "captive-portal.toml")
EMBED_SCENARIO(coinlake_key_revoked_at_noon, "key-revoked-at-noon.toml")
EMBED_SCENARIO(coinlake_shifting_market, "shifting-market.toml")
EMBED_SCENARIO(coinlake_silent_stall, "silent-stall.toml")
EMBED_SCENARIO(coinlake_torn_answers, "torn-answers.toml")

namespace coinlake::sim {
namespace {

std::string names_of_scenarios() {
  std::string out;
  for (const auto& [name, toml] : built_in_scenarios()) (out += out.empty() ? "" : ", ") += name;
  return out;
}

std::string guess_of(const std::string& name) {
  std::vector<std::string_view> names;
  for (const auto& scenario : built_in_scenarios()) names.push_back(scenario.name);
  const auto close = nearest(name, names);
  return close.empty() ? "" : ": did you mean " + std::string(close) + "?";
}

}  // namespace

std::span<const BuiltInScenario> built_in_scenarios() {
  static const std::array<BuiltInScenario, 6> all = {
      {{"bad-monday", {coinlake_bad_monday, coinlake_bad_monday_end}},
       {"captive-portal", {coinlake_captive_portal, coinlake_captive_portal_end}},
       {"key-revoked-at-noon", {coinlake_key_revoked_at_noon, coinlake_key_revoked_at_noon_end}},
       {"shifting-market", {coinlake_shifting_market, coinlake_shifting_market_end}},
       {"silent-stall", {coinlake_silent_stall, coinlake_silent_stall_end}},
       {"torn-answers", {coinlake_torn_answers, coinlake_torn_answers_end}}}};
  return all;
}

Result<void> load_scenario(const std::string& name, Options& to) {
  const auto all = built_in_scenarios();
  if (const auto hit = std::ranges::find(all, name, &BuiltInScenario::name); hit != all.end())
    return read_scenario(name, hit->toml, to);
  if (!std::filesystem::exists(name))
    return fail(Kind::usage, "there is no scenario and no file " + printable(name) + guess_of(name),
                "there are " + names_of_scenarios());
  return read_scenario(name, TRY(read_file(name)), to);
}

std::string scenario_list() {
  std::string out;
  for (const auto& [name, toml] : built_in_scenarios()) {
    Options options;
    const auto read = read_scenario(std::string(name), toml, options);
    out += "  " + fit(name, 22) + (read ? options.title : read.error().message.english()) + "\n";
  }
  return out;
}

}  // namespace coinlake::sim
