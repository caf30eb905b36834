// The built coinlake in a folder of its own, the built simulator beside it, and what that was asked.
#pragma once

#include <gmock/gmock.h>

#include <fstream>
#include <optional>

#include "tests/support/program.hpp"

namespace coinlake::test {

class Played : public testing::Test {
 protected:
  // From here on another ledger.
  void begin_anew() { ++round_; }
  // And another simulator.
  void play(std::vector<std::string> options) {
    begin_anew();
    options.insert(options.end(), {"--log", log()});
    simulator_.emplace(options);
  }

  // Without a path of CoinGecko's: where CoinMarketCap is.
  [[nodiscard]] std::string address() const { return simulator_->url().substr(0, simulator_->url().find("/api/v3")); }
  [[nodiscard]] std::string ledger() const { return folder_ / ("ledger" + std::to_string(round_) + ".db"); }

  [[nodiscard]] Environment with(Environment environment) const {
    environment.emplace("COINLAKE_LEDGER__PATH", ledger());
    if (!simulator_) return environment;
    environment.emplace("COINLAKE_COINGECKO__BASE_URL", simulator_->url());
    environment.emplace("COINLAKE_COINMARKETCAP__BASE_URL", address());
    return environment;
  }
  [[nodiscard]] Exit coinlake(const std::vector<std::string>& words, const Environment& environment = {}) const {
    return run(COINLAKE_BINARY, words, with(environment), folder_.path());
  }

  // The rows as CSV, without their titles and the last line end.
  [[nodiscard]] std::string sql(const std::string& text) const {
    const auto done = coinlake({"query", text, "-o", "csv"});
    const auto begin = done.out.find("\r\n"), end = done.out.rfind("\r\n");
    return begin == end ? done.err : done.out.substr(begin + 2, end - begin - 2);
  }

  // What the simulator wrote: a line of JSON for each request.
  [[nodiscard]] std::vector<std::string> requests() const {
    std::ifstream file(log());
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

  void expect_a_sound_ledger() const { EXPECT_EQ(coinlake({"ledger", "verify"}).code, 0); }

  // What stands behind `from` up to `to`; "" if it is not there.
  static std::string between(const std::string& text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    if (at == std::string::npos) return "";
    const auto begin = at + from.size();
    return text.substr(begin, text.find(to, begin) - begin);
  }

  TemporaryFolder folder_;
  std::optional<Simulator> simulator_;

 private:
  [[nodiscard]] std::string log() const { return folder_ / ("requests" + std::to_string(round_)); }

  int round_ = 0;
};

}  // namespace coinlake::test
