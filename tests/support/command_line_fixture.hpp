// The command line in this process: words in, exit code and texts out.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "coinlake/app/cli/cli.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/program.hpp"

namespace coinlake::test {

class CommandLineFixture : public testing::Test {
 protected:
  struct Said {
    int code;
    std::string out, err;
  };

  // Against this test's own ledger, unless the words name another. stdout is no terminal, and neither is stderr unless
  // the test says so.
  Said run(std::vector<std::string> words, const app::Config::Environment& more = {}) {
    auto environment = environment_;
    for (const auto& [name, value] : more) environment[name] = value;
    const auto out = folder_ / "out", err = folder_ / "err";
    FILE* to = std::fopen(out.c_str(), "w");
    FILE* errors = std::fopen(err.c_str(), "w");
    app::Console console({.out = ::fileno(to),
                          .err = ::fileno(errors),
                          .err_is_terminal = talks_to_people_,
                          .width = width_,
                          .err_width = 10'000,
                          .language = language_});
    const int code = app::run_program(words, environment, console, clock_);
    std::fclose(to), std::fclose(errors);
    return {code, text_of(out), text_of(err)};
  }
  static std::string text_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] std::string ledger() const { return folder_ / "ledger.db"; }
  void use(const Simulator& simulator) {
    constexpr std::string_view kPath = "/api/v3";
    environment_["COINLAKE_COINGECKO__BASE_URL"] = simulator.url();
    environment_["COINLAKE_COINMARKETCAP__BASE_URL"] = simulator.url().substr(0, simulator.url().size() - kPath.size());
  }

  TemporaryFolder folder_;
  ManualClock clock_;  // at 2027-01-15 08:00:00 UTC
  app::Config::Environment environment_ = {{"TMPDIR", folder_.path()},
                                           {"COINLAKE_LEDGER__PATH", folder_ / "ledger.db"},
                                           {"COINLAKE_COINGECKO__BASE_URL", "http://127.0.0.1:1/api/v3"},
                                           {"COINLAKE_COINMARKETCAP__BASE_URL", "http://127.0.0.1:1"}};
  std::size_t width_ = 80;
  bool talks_to_people_ = false;
  app::Language language_;
};

}  // namespace coinlake::test
