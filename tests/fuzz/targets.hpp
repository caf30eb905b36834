// What is fuzzed. A target takes any bytes and says by `require` what must hold of whatever the product made of them; a
// crash, a sanitizer's word and an endless loop are findings besides. libFuzzer runs one target a program
// (fuzzer_main.cpp); replay_main.cpp runs any of them over files, in builds without libFuzzer, too.
#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace coinlake::fuzz {

void coingecko(std::string_view input);
void coinmarketcap(std::string_view input);
void number(std::string_view input);
void time(std::string_view input);
void http(std::string_view input);
void toml(std::string_view input);
void dotenv(std::string_view input);
void sql(std::string_view input);
void secrets(std::string_view input);
void cron(std::string_view input);

struct Target {
  std::string_view name;
  void (*run)(std::string_view input);
};

// tests/fuzz/CMakeLists.txt makes programs and tests from the declarations above.
inline constexpr std::array kTargets = {
    Target{"coingecko", coingecko}, Target{"coinmarketcap", coinmarketcap},
    Target{"number", number},       Target{"time", time},
    Target{"http", http},           Target{"toml", toml},
    Target{"dotenv", dotenv},       Target{"sql", sql},
    Target{"secrets", secrets},     Target{"cron", cron},
};

// `found` is printed where the statement does not hold.
inline void require(bool holds, std::string_view statement, std::string_view found = {}) {
  if (holds) return;
  std::fprintf(stderr, "NOT TRUE: %.*s: %.*s\n", static_cast<int>(statement.size()), statement.data(),
               static_cast<int>(found.size()), found.data());
  std::abort();
}

// The text before the first `separator`, taken from `rest` with it; all of it where there is none.
inline std::string_view take_until(std::string_view& rest, char separator) {
  const auto end = rest.find(separator);
  const auto taken = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return taken;
}

}  // namespace coinlake::fuzz
