// `coinlake run` as a process of its own, with a simulated provider and a folder of its own.
#pragma once

#include <gmock/gmock.h>

#include <csignal>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/program.hpp"

namespace coinlake::test {

class DaemonFixture : public testing::Test {
 protected:
  void SetUp() override { configure(kEachSecond); }

  static constexpr const char* kEachSecond = "[schedules.fast]\nwhen = \"every 1s\"\ntop = 20\n";

  void configure(const std::string& schedules) {
    std::ofstream(folder_ / "coinlake.toml") << "[log]\nlevel = \"info\"\nformat = \"logfmt\"\n" + schedules;
  }
  [[nodiscard]] Environment environment() const {
    Environment out = more_;
    out.emplace("COINLAKE_COINGECKO__BASE_URL", simulator_.url());
    out.emplace("COINLAKE_COINMARKETCAP__BASE_URL", simulator_.url().substr(0, simulator_.url().find("/api")));
    out.emplace("COINLAKE_COINGECKO__REQUESTS_PER_MINUTE", "6000");
    return out;
  }
  void start() {
    daemon_ =
        std::make_unique<Program>(COINLAKE_BINARY, std::vector<std::string>{"run"}, environment(), folder_.path());
  }
  // The next line of its log that has these words; fails the test when it ends before.
  std::string line_with(const std::string& words) {
    for (auto line = daemon_->read_err_line(); !line.empty(); line = daemon_->read_err_line()) {
      if (line.find(words) != std::string::npos) return line;
    }
    ADD_FAILURE() << "it ended without saying: " << words;
    return "";
  }
  void collected(int times) {
    for (int i = 0; i < times; ++i) line_with("msg=collected");
  }
  Exit stop(int signal = SIGTERM) {
    daemon_->signal(signal);
    return end();
  }
  Exit end() {
    auto exit = daemon_->wait();
    daemon_.reset();
    return exit;
  }
  Exit coinlake(const std::vector<std::string>& words) {
    return run(COINLAKE_BINARY, words, environment(), folder_.path());
  }
  // The rows of a query as CSV without its header.
  std::string sql(const std::string& text) {
    const auto done = coinlake({"query", text, "-o", "csv"});
    EXPECT_EQ(done.code, 0) << done.err;
    const auto begin = done.out.find("\r\n"), end = done.out.rfind("\r\n");
    return begin == end ? "" : done.out.substr(begin + 2, end - begin - 2);
  }
  // Until it says 1.
  void eventually(const std::string& question) {
    constexpr int kMostTries = 2000;
    for (int tries = 0; tries < kMostTries; ++tries) {
      if (sql(question) == "1") return;
    }
    ADD_FAILURE() << "it never became true: " << question;
  }
  // What holds for every ledger, whatever was done to its daemon: whole, proved, and each slot between the first and
  // the last of a schedule that runs each second has its row.
  void expect_sound() {
    EXPECT_EQ(coinlake({"ledger", "verify"}).code, 0);
    EXPECT_EQ(sql("SELECT count(*) FROM slot a WHERE plan = 'fast' AND at < (SELECT max(at) FROM slot WHERE plan = "
                  "'fast') AND NOT EXISTS (SELECT 1 FROM slot b WHERE b.plan = 'fast' AND b.at = a.at + 1000000)"),
              "0")
        << "a slot without a row";
    EXPECT_EQ(sql("SELECT count(*) FROM slot WHERE state IN ('done', 'late') AND seq NOT IN (SELECT seq FROM batch "
                  "WHERE outcome = 'ok')"),
              "0")
        << "a slot that says it is filled, and is not";
  }

  TemporaryFolder folder_;
  Simulator simulator_{{"--coins", "50", "--moving"}};
  Environment more_;  // these before all others
  std::unique_ptr<Program> daemon_;
};

}  // namespace coinlake::test
