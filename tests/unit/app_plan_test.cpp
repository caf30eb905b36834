// `coinlake plan`, and what refuses schedules that do not fit what the providers allow.
#include <gmock/gmock.h>
#include <simdjson.h>

#include "coinlake/app/commands/quota_plan.hpp"
#include "coinlake/app/config/schedules.hpp"
#include "tests/support/command_line_fixture.hpp"
#include "tests/support/config_folder.hpp"

namespace coinlake::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kTooMuch =
    "[schedules.often]\nwhen = \"every 1m\"\nsource = \"coinmarketcap\"\nids = [\"1\"]\ncurrency = \"brl\"\n";

class PlanCommand : public CommandLineFixture {
 protected:
  PlanCommand() {
    environment_["COINLAKE_TIME__ZONE"] = "UTC";
    environment_["TMPDIR"] = folder_.path();
  }

  void configure(const std::string& text) { std::ofstream(folder_ / "c.toml") << text; }
  Said with_config(std::vector<std::string> words) {
    words.insert(words.end(), {"--config", folder_ / "c.toml"});
    return run(words);
  }
  simdjson::dom::element plan(const std::string& text, const std::string& days = "30") {
    configure(text);
    said_ = with_config({"plan", "--days", days, "--json"});
    EXPECT_EQ(said_.code, 0) << said_.err;
    return parser_.parse(said_.out);
  }
  void use_key(const std::string& plan) {
    environment_["CMC_API_KEY"] = "cmc-0123456789";
    environment_["COINLAKE_COINMARKETCAP__PLAN"] = plan;
  }

  Said said_;
  simdjson::dom::parser parser_;
};

TEST_F(PlanCommand, CountsWhatEachScheduleAndProviderUses) {
  const auto p = plan(
      "[schedules.top]\nwhen = \"0 9,13,18 * * *\"\ntop = 600\n[schedules.one]\nwhen = \"every 5m\"\nids = "
      "[\"bitcoin\"]\n",
      "1");
  EXPECT_EQ(std::int64_t(p["days"]), 1);
  const auto one = p["schedules"].at(0), top = p["schedules"].at(1);
  EXPECT_EQ(std::string_view(one["schedule"]), "one");
  EXPECT_EQ(std::int64_t(one["slots"]), 288);
  EXPECT_EQ(std::int64_t(one["requests"]), 288);
  EXPECT_EQ(std::int64_t(top["slots"]), 3);
  EXPECT_EQ(std::int64_t(top["requests"]), 9);
  EXPECT_EQ(std::int64_t(top["rows"]), 1800);
  const auto provider = p["providers"]["coingecko"];
  EXPECT_EQ(std::int64_t(provider["requests"]), 297);
  EXPECT_EQ(std::int64_t(provider["credits"]), 297);
  EXPECT_EQ(std::int64_t(provider["limits"]["requests_per_minute"]), 5);
  EXPECT_TRUE(provider["limits"]["credits_per_month"].is_null()) << "unknown is not zero";
  EXPECT_TRUE(provider["reserve"].is_null());
  EXPECT_EQ(std::int64_t(provider["busiest_minute"]), 4) << "three pages, and the one of nine o'clock";
  EXPECT_EQ(std::int64_t(p["bytes_a_year"]), (297 * 600 + (1800 + 288) * 515) * 365);
  EXPECT_TRUE(bool(p["fits"]));
  EXPECT_EQ(p["misfits"].get_array().size(), 0U);
  EXPECT_FALSE(std::filesystem::exists(ledger())) << "nobody was asked";
}

TEST_F(PlanCommand, KeepsAReserveApart) {
  use_key("basic");
  const auto p =
      plan("[schedules.btc]\nwhen = \"every 5m\"\nsource = \"coinmarketcap\"\nids = [\"1\"]\ncurrency = \"brl\"\n");
  const auto provider = p["providers"]["coinmarketcap"];
  EXPECT_EQ(std::int64_t(provider["credits"]), 30 * 288);
  EXPECT_EQ(std::int64_t(provider["month"]), 31 * 288);
  EXPECT_EQ(std::int64_t(provider["limits"]["credits_per_month"]), 15'000);
  EXPECT_EQ(std::int64_t(provider["reserve"]), 1'500);
  EXPECT_TRUE(provider["lasts_days"].is_null());
}

TEST_F(PlanCommand, SchedulesThatWouldRunOutAreRefusedUnlessByForce) {
  use_key("basic");
  configure(kTooMuch);
  const auto checked = with_config({"config", "check"});
  EXPECT_EQ(checked.code, 78);
  EXPECT_THAT(checked.err, AllOf(HasSubstr("the schedules use 44640 credits in a month, and 15000 are allowed"),
                                 HasSubstr("they are spent within 11 days"), HasSubstr("coinlake plan")));
  EXPECT_THAT(checked.out, IsEmpty()) << "it is not said to be good before";
  const auto refused = with_config({"run", "--once"});
  EXPECT_EQ(refused.code, 78);
  EXPECT_THAT(refused.err, HasSubstr("44640 credits"));
  EXPECT_FALSE(std::filesystem::exists(ledger())) << "nothing was begun";
  const auto forced = with_config({"config", "check", "--force"});
  EXPECT_EQ(forced.code, 0);
  EXPECT_THAT(forced.err, HasSubstr("warning: the schedules do not fit"));
  EXPECT_EQ(with_config({"config", "show", "--force"}).code, 2);
}

TEST_F(PlanCommand, TheReserveCountsAsSpent) {
  use_key("basic");
  const std::string nearly =  // 31 days: 14,880 of 15,000
      "[schedules.often]\nwhen = \"every 3m\"\nsource = \"coinmarketcap\"\nids = [\"1\"]\ncurrency = \"brl\"\n";
  configure(nearly);
  EXPECT_THAT(with_config({"config", "check"}).err, HasSubstr("of which 1500 (10 %) are set apart for repairs"));
  configure("[budget]\nreserve_percent = 0\n" + nearly);
  EXPECT_EQ(with_config({"config", "check"}).code, 0);
}

TEST_F(PlanCommand, ASweepThatIsPacedBeyondItsTimeDoesNotFit) {
  configure("[schedules.all]\nwhen = \"0 9 * * *\"\ntop = 5000\ntimeout = \"2m\"\n");
  const auto said = with_config({"config", "check"});
  EXPECT_EQ(said.code, 78);
  EXPECT_THAT(said.err, HasSubstr("coingecko: a run of schedule all cannot be whole: with 5 requests a minute it takes "
                                  "182 s, and after 120 s it is given up"));
}

TEST_F(PlanCommand, TheProvidersOwnLimitsCount) {
  const Simulator simulator({"--cmc-plan", "basic"});
  use(simulator);
  use_key("professional");  // as somebody believes
  const auto p = plan(kTooMuch);
  const auto provider = p["providers"]["coinmarketcap"];
  EXPECT_TRUE(bool(provider["told"]));
  EXPECT_EQ(std::int64_t(provider["limits"]["credits_per_month"]), 15'000);
  EXPECT_EQ(std::int64_t(provider["limits"]["requests_per_minute"]), 30);
  EXPECT_EQ(std::int64_t(provider["lasts_days"]), 11);
  EXPECT_FALSE(bool(p["fits"]));
  EXPECT_THAT(std::string(std::string_view(p["misfits"].at(0))), HasSubstr("44640 credits"));
  EXPECT_THAT(with_config({"plan"}).out, HasSubstr("coinmarketcap was asked for the limits of the key."));
}

TEST_F(PlanCommand, WithoutAnAnswerTheConfigurationCountsAndThatIsSaid) {
  use_key("basic");
  const auto p = plan(kTooMuch);
  const auto provider = p["providers"]["coinmarketcap"];
  EXPECT_FALSE(bool(provider["told"]));
  EXPECT_THAT(std::string(std::string_view(provider["provider_error"])), HasSubstr("no connection"));
  EXPECT_THAT(with_config({"plan"}).out, HasSubstr("coinmarketcap could not be asked"));
}

class PlannedConfig : public ConfigFolder {};

TEST_F(PlannedConfig, ADaysCreditsCountWhereTheProviderLimitsThem) {
  toml(std::string("[coinmarketcap]\nplan = \"professional\"\napi_key = \"cmc-0123456789\"\n") + kTooMuch);
  const auto config = good();
  const auto all = app::schedules(config).value();
  const auto told = [&](std::int64_t a_day) {
    app::ToldLimits out;
    out.emplace("coinmarketcap", std::optional(port::KeyInfo{.credits_per_day = a_day}));
    return joined(app::misfits(app::quota_plan(config, all, ManualClock().now(), std::chrono::days{1}, out).value()));
  };
  EXPECT_EQ(told(1440), "");
  EXPECT_THAT(told(1439), HasSubstr("use 1440 credits in a day, and 1439 are allowed"));
}

TEST_F(PlanCommand, IsReadAtAnyWidth) {
  use_key("basic");
  configure(kTooMuch);
  for (const std::size_t width : {20U, 40U, 80U, 200U}) {
    width_ = width;
    std::istringstream lines(with_config({"plan"}).out);
    for (std::string line; std::getline(lines, line);)
      EXPECT_LE(line.size(), width + 2) << line;  // a dash has three bytes
  }
}

}  // namespace
}  // namespace coinlake::test
