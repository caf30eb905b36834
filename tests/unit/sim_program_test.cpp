// coinlake-sim as a program: its options, its help, how it starts and ends.
#include <gmock/gmock.h>

#include <csignal>
#include <regex>
#include <sstream>

#include "sim/options.hpp"
#include "tests/support/program.hpp"

namespace coinlake::sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

TEST(SimOptions, AreReadInBothSpellings) {
  const auto options = parse_options({"--coins", "5", "--seed=9", "--on", "2,7", "--status", "503:Busy: later",
                                      "--rename=a=b", "--delay", "20", "--moving"});
  ASSERT_TRUE(options) << options.error().message.english();
  EXPECT_EQ(options->made_up.coins, 5);
  EXPECT_EQ(options->made_up.seed, 9U);
  EXPECT_TRUE(options->made_up.moving);
  EXPECT_THAT(options->fault.on, ElementsAre(2, 7));
  EXPECT_EQ(options->fault.status, 503);
  EXPECT_EQ(options->fault.status_body, "Busy: later");
  EXPECT_EQ(options->fault.rename, std::pair(std::string("a"), std::string("b")));
  EXPECT_EQ(options->fault.delay, 20ms);
}

TEST(SimOptions, OfCoinMarketCapAndOfTheLimitAreReadToo) {
  const auto options = parse_options({"--cmc-key", "k", "--cmc-error=1008:200", "--limit", "30", "--retry-after=5"});
  ASSERT_TRUE(options) << options.error().message.english();
  EXPECT_EQ(options->cmc_rules.key, "k");
  EXPECT_EQ(options->limit, 30);
  EXPECT_EQ(options->fault.cmc_error->code, 1008);
  EXPECT_EQ(options->fault.cmc_error->status, 200);
  for (const auto& [code, status] : std::vector<std::pair<int, int>>{{1001, 401},
                                                                     {1002, 401},
                                                                     {1003, 402},
                                                                     {1004, 402},
                                                                     {1005, 403},
                                                                     {1006, 403},
                                                                     {1007, 403},
                                                                     {1008, 429},
                                                                     {1009, 429},
                                                                     {1010, 429},
                                                                     {1011, 429},
                                                                     {400, 400},
                                                                     {500, 500}})
    EXPECT_EQ(parse_options({"--cmc-error", std::to_string(code)})->fault.cmc_error->status, status) << code;
}

TEST(SimOptions, OfALivingMarketComeAfterItsWord) {
  const auto options = parse_options({"market", "--coins", "5000", "--seed", "7", "--speed", "60", "--from",
                                      "2026-10-02T14:30:00Z", "--no-limits", "--status", "503"});
  ASSERT_TRUE(options) << options.error().message;
  EXPECT_EQ(options->made_up.coins, 5'000);
  EXPECT_EQ(options->made_up.speed, 60);
  EXPECT_EQ(options->made_up.from, parse_iso("2026-10-02T14:30:00Z"));
  EXPECT_TRUE(options->no_limits);
  EXPECT_EQ(options->fault.status, 503);
  EXPECT_EQ(parse_options({"market"})->made_up.speed, 1);
  EXPECT_EQ(parse_options({})->made_up.speed, std::nullopt);
}

TEST(SimOptions, SayWhatIsWrongAndWhatWasMeant) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> table = {
      {{"--coin", "5"}, "--coins"},
      {{"--coins"}, "needs a value"},
      {{"--coins", "many"}, "whole number"},
      {{"--coins", "-1"}, "whole number"},
      {{"--port", "70000"}, "65535"},
      {{"--html=1"}, "takes no value"},
      {{"--on", "2"}, "no fault"},
      {{"--on", "0", "--html"}, "whole number"},
      {{"--rename", "a"}, "OLD=NEW"},
      {{"--plan", "gold"}, "demo or pro"},
      {{"--retry-after", "5"}, "--status"},
      {{"--limit", "0"}, "whole number"},
      {{"--cmc-error", "1012"}, "whole number"},
      {{"--cmc-error", "999"}, "1001 to 1011"},
      {{"--cmc-error", "1008:99"}, "whole number"},
      {{"--cmc-error", "1008:"}, "whole number"},
      {{"--cmc-key"}, "needs a value"},
      {{"--bodies", "x", "--moving"}, "--bodies"},
      {{"bodies"}, "bodies"},
      {{"--speed", "2"}, "coinlake-sim market"},
      {{"--no-limits"}, "coinlake-sim market"},
      {{"market", "--moving"}, "--moving"},
      {{"market", "--bodies", "x"}, "--bodies"},
      {{"market", "--speed", "0"}, "from 0.01"},
      {{"market", "--speed", "fast"}, "from 0.01"},
      {{"market", "--from", "noon"}, "a time such as"},
      {{"--coins", "3", "market"}, "market"},
      {{"--cmc-plan", "gold"}, "startup"}};
  for (const auto& [words, says] : table) {
    const auto options = parse_options(words);
    ASSERT_FALSE(options) << words[0];
    EXPECT_EQ(options.error().kind, Kind::usage);
    EXPECT_THAT(options.error().message.english(), HasSubstr(says));
  }
}

TEST(SimProgram, HelpStartsWithWhatItIsShowsExamplesFirstAndFitsATerminal) {
  const auto help = test::run(COINLAKE_SIM_BINARY, {"--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.out, StartsWith("coinlake-sim: a local CoinGecko"));
  EXPECT_LT(help.out.find("Examples:"), help.out.find("--bodies DIR"));
  std::istringstream lines(help.out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 78U) << line;
}

TEST(SimProgram, AWrongOptionIsExit2WithTheNearestWordAndNothingOnStdout) {
  const auto done = test::run(COINLAKE_SIM_BINARY, {"--cuts", "5"});
  EXPECT_EQ(done.code, 2);
  EXPECT_EQ(done.out, "");
  EXPECT_THAT(done.err, HasSubstr("did you mean --cut?"));
}

TEST(SimProgram, SaysWhenItIsReadyAndEndsWellOnASignal) {
  for (const int signal : {SIGTERM, SIGINT}) {
    test::Program program(COINLAKE_SIM_BINARY, {"--coins", "3"});
    EXPECT_TRUE(std::regex_match(program.read_out_line(),
                                 std::regex(R"(coinlake-sim listening on http://127\.0\.0\.1:[0-9]+/api/v3)")));
    EXPECT_TRUE(
        std::regex_match(program.read_out_line(), std::regex(R"(as CoinMarketCap: http://127\.0\.0\.1:[0-9]+)")));
    program.signal(signal);
    EXPECT_EQ(program.wait().code, 0);
  }
}

TEST(SimProgram, EndsWhenItsStdinIsClosedIfAskedTo) {
  const auto done = test::run("/bin/sh", {"-c", "exec \"$0\" --until-stdin-closes < /dev/null", COINLAKE_SIM_BINARY});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, StartsWith("coinlake-sim listening on "));
}

TEST(SimProgram, TellsItsVersion) {
  EXPECT_THAT(test::run(COINLAKE_SIM_BINARY, {"--version"}).out, StartsWith("coinlake-sim "));
}

}  // namespace
}  // namespace coinlake::sim
