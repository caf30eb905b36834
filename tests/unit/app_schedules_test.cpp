// The schedules of the configuration: what is a fault and where, what they come to, and what holds where there are
// none.
#include "coinlake/app/config/schedules.hpp"

#include <gmock/gmock.h>

#include "coinlake/app/wiring.hpp"
#include "coinlake/base/text.hpp"
#include "tests/support/config_folder.hpp"

namespace coinlake::app {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ConfigSchedules : public test::ConfigFolder {
 protected:
  // Each by its name. What is wrong is a failure of the test.
  std::map<std::string, collect::Schedule> all(const Config::Environment& environment = {}) {
    auto read = schedules(good(environment));
    if (!read) ADD_FAILURE() << read.error().message;
    std::map<std::string, collect::Schedule> out;
    for (auto& schedule : read.value_or(std::vector<collect::Schedule>{})) out.emplace(schedule.name, schedule);
    return out;
  }
  collect::Schedule only(const std::string& text, const Config::Environment& environment = {}) {
    toml(text);
    const auto found = all(environment);
    EXPECT_EQ(found.size(), 1U);
    return found.begin()->second;
  }
  // Of values that are good by themselves.
  std::string wrong(const std::string& text, const Config::Environment& environment = {}) {
    toml(text);
    return joined(read_schedules(good(environment)).faults);
  }
};

TEST_F(ConfigSchedules, WhatIsWrittenIsWhatRuns) {
  toml(
      "[schedules.top]\nwhen = \"0 9,13,18 * * *\"\nzone = \"America/Sao_Paulo\"\ntop = 250\n"
      "currency = [\"usd\", \"BRL\"]\nfreshness = \"5m\"\ntimeout = \"30s\"\n"
      "[schedules.some_coins-2]\nwhen = \"every 5m\"\nids = [\"bitcoin\", \"ethereum\"]\ncurrency = \"usd, brl\"\n");
  const auto found = all({{"TZ", "Europe/Lisbon"}});
  ASSERT_EQ(found.size(), 2U);
  const auto& top = found.at("top");
  EXPECT_EQ(top.source, "coingecko");
  EXPECT_EQ(top.ask.top, 250);
  EXPECT_THAT(top.ask.ids, IsEmpty());
  EXPECT_THAT(top.ask.currencies, ElementsAre("usd", "brl"));
  EXPECT_EQ(top.timeline.when() + " " + top.timeline.zone(), "0 9,13,18 * * * America/Sao_Paulo");
  EXPECT_EQ(top.freshness, 5min);
  EXPECT_EQ(top.timeout, 30s);
  const auto& coins = found.at("some_coins-2");
  EXPECT_EQ(coins.ask.top, std::nullopt);
  EXPECT_THAT(coins.ask.ids, ElementsAre("bitcoin", "ethereum"));
  EXPECT_THAT(coins.ask.currencies, ElementsAre("usd", "brl"));
  EXPECT_EQ(coins.timeline.zone(), "Europe/Lisbon") << "the machine's, where nobody says another";
}

TEST_F(ConfigSchedules, FreshnessAndTimeoutFollowTheTimeline) {
  const auto top = only("[schedules.top]\nwhen = \"0 9,13,18 * * *\"\ntop = 1\n");
  EXPECT_EQ(top.freshness, 15h);
  EXPECT_EQ(top.timeout, 15min) << "and not the four hours that there are";
  const auto often = only("[schedules.often]\nwhen = \"every 5s\"\ntop = 1\n");
  EXPECT_EQ(often.freshness, 60s) << "CoinGecko renews it no sooner";
  EXPECT_EQ(often.timeout, 5s);
}

TEST_F(ConfigSchedules, ItsOwnZoneBeatsTheOneOfTheConfigurationWhichBeatsTheMachines) {
  const std::string schedule = "[schedules.a]\nwhen = \"0 9 * * *\"\ntop = 1\n";
  const auto zone = [&](const std::string& text) { return only(text, {{"TZ", "Europe/Lisbon"}}).timeline.zone(); };
  EXPECT_EQ(zone(schedule), "Europe/Lisbon");
  EXPECT_EQ(zone("[time]\nzone = \"America/Sao_Paulo\"\n" + schedule), "America/Sao_Paulo");
  EXPECT_EQ(zone("[time]\nzone = \"America/Sao_Paulo\"\n" + schedule + "zone = \"UTC\"\n"), "UTC");
}

TEST_F(ConfigSchedules, AllFaultsAreSaidAtOnceEachWithItsPlaceAndKey) {
  toml(
      "[schedules.a]\nwhen = \"61 * * * *\"\nzone = \"Europa/Lisbon\"\ntop = 0\ncurrency = \"us d\"\n"
      "freshness = \"soon\"\ntimeout = \"25h\"\nsource = \"coingeko\"\nids = [\"a\", \"\"]\nwhem = 1\n"
      "[schedules.Big]\ntop = 1\n[schedules]\nflat = 1\nb.ids = [[\"a\"]]\nb.top = [1]\n");
  const auto said = faults();
  for (const auto* one :
       {"coinlake.toml:2: schedules.a.when: ", "coinlake.toml:3: schedules.a.zone must be a time zone's",
        "coinlake.toml:4: schedules.a.top must be a whole number in 1..1000000, not \"0\"\n",
        "coinlake.toml:5: schedules.a.currency: \"us d\" is not a currency code\n",
        "coinlake.toml:6: schedules.a.freshness must be a duration in 1s..8784h such as 60s, not \"soon\"\n",
        "coinlake.toml:7: schedules.a.timeout must be a duration in 1s..24h such as 60s, not \"25h\"\n",
        "coinlake.toml:8: schedules.a.source must be one of coingecko|coinmarketcap, not \"coingeko\": did you mean "
        "coingecko?\n",
        "coinlake.toml:9: schedules.a.ids: ids has an empty id\n",
        "coinlake.toml:10: unknown key schedules.a.whem: did you mean schedules.a.when?\n",
        "coinlake.toml:11: the name of a schedule has 1 to 40 small letters, digits, - and _, unlike \"Big\"\n",
        "coinlake.toml:14: schedules.flat must be a table\n",
        "coinlake.toml:15: schedules.b.ids must be a text, or a list of texts\n",
        "coinlake.toml:16: schedules.b.top must be a text or a whole number\n"})
    EXPECT_THAT(said, HasSubstr(one));
  EXPECT_EQ(std::ranges::count(said, '\n'), 13) << said;
}

TEST_F(ConfigSchedules, WhatTheSectionIsCalledIsSaidToWhoNearlyKnewIt) {
  toml("[schedule.top]\nwhen = \"every 5m\"\n");
  EXPECT_EQ(faults(), "coinlake.toml:1: unknown key schedule.top: did you mean schedules.top?\n");
  toml("schedules = 1\n");
  EXPECT_EQ(faults(), "coinlake.toml:1: schedules must be a table\n");
  toml("[[schedules]]\nwhen = \"every 5m\"\n");
  EXPECT_EQ(faults(), "coinlake.toml:1: schedules must be a table\n");
  toml("[schedules.a]\nwhen = \"every 5m\"\n[schedules.a]\ntop = 1\n");
  EXPECT_THAT(faults(), HasSubstr("coinlake.toml:3: "));
}

TEST_F(ConfigSchedules, ANameHasForty) {
  const std::string name(40, 'a');
  EXPECT_EQ(only("[schedules." + name + "]\nwhen = \"every 5m\"\ntop = 1\n").name, name);
  toml("[schedules." + name + "a]\nwhen = \"every 5m\"\ntop = 1\n");
  EXPECT_EQ(faults(),
            "coinlake.toml:1: the name of a schedule has 1 to 40 small letters, digits, - and _, unlike \"…\"\n")
      << "so long a word may be a secret";
}

TEST_F(ConfigSchedules, WhenAndOneQuestionAreNeeded) {
  EXPECT_EQ(wrong("\n[schedules.a]\n"),
            "coinlake.toml:2: schedules.a.when: it is missing: when is it to run?\n"
            "coinlake.toml:2: schedules.a.top: it is missing, and ids, too: which coins?\n");
  EXPECT_EQ(wrong("[schedules.a]\nwhen = \"every 5m\"\ntop = 5\nids = \"bitcoin\"\n"),
            "coinlake.toml:4: schedules.a.ids: top (coinlake.toml:3) is set, too: keep one\n");
  EXPECT_EQ(wrong("[schedules.a]\nwhen = \"every 5m\"\nids = []\n"),
            "coinlake.toml:1: schedules.a.top: it is missing, and ids, too: which coins?\n");
}

TEST_F(ConfigSchedules, WhatIsSaidOfAValueIsNotSaidAgain) {
  toml("[schedules.a]\nwhen = \"x\"\ntop = \"many\"\nsource = \"y\"\n");
  const auto reading = read();
  EXPECT_EQ(reading.faults.size(), 3U);
  EXPECT_THAT(read_schedules(reading.config).faults, IsEmpty());
  EXPECT_THAT(read_schedules(reading.config).schedules, IsEmpty());
}

TEST_F(ConfigSchedules, TheSourceSaysWhetherTheQuestionMakesSense) {
  const std::string cmc = "[schedules.a]\nwhen = \"every 5m\"\nsource = \"coinmarketcap\"\n";
  EXPECT_THAT(
      wrong(cmc + "ids = [1, \"1027\"]\n"),
      AllOf(HasSubstr("coinlake.toml:3: schedules.a.source: there is no key for CoinMarketCap; set CMC_API_KEY"),
            Not(HasSubstr("ids"))));
  const Config::Environment key = {{"CMC_API_KEY", "CANARY"}};
  EXPECT_THAT(only(cmc + "ids = [1, \"1027\"]\n", key).ask.ids, ElementsAre("1", "1027"));
  EXPECT_THAT(wrong(cmc + "ids = [\"bitcoin\"]\n", key),
              HasSubstr("coinlake.toml:4: schedules.a.ids: \"bitcoin\" is no CoinMarketCap id; ids are whole numbers"));
  EXPECT_THAT(wrong("[schedules.a]\nwhen = \"every 5m\"\nids = \"" + std::string(300, 'a') + "\"\n"),
              HasSubstr("coinlake.toml:3: schedules.a.ids: the id \"aaa"));
}

TEST_F(ConfigSchedules, AllThatIsWrongTogetherIsOneError) {
  toml("[schedules.a]\ntop = 1\n[schedules.b]\nwhen = \"every 5m\"\n");
  const auto refused = schedules(good());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Kind::config);
  EXPECT_THAT(refused.error().message.english(),
              AllOf(HasSubstr("2 faults"), HasSubstr("schedules.a.when"), HasSubstr("schedules.b.top")));
}

TEST_F(ConfigSchedules, WithoutAnyThereIsWhatThePythonCollectorsDid) {
  const auto config = good({{"COINLAKE_TIME__ZONE", "America/Sao_Paulo"}});
  EXPECT_TRUE(config.has_default_schedules());
  const auto found = all({{"COINLAKE_TIME__ZONE", "America/Sao_Paulo"}});
  ASSERT_EQ(found.size(), 1U);
  const auto& top = found.at("top");
  EXPECT_EQ(top.source + " " + top.timeline.when() + " " + top.timeline.zone(),
            "coingecko 0 9,13,18 * * * America/Sao_Paulo");
  EXPECT_EQ(top.ask.top, 250);
  EXPECT_THAT(top.ask.currencies, ElementsAre("usd"));
  EXPECT_EQ(config.origin("schedules.top.when").place, "default");
}

TEST_F(ConfigSchedules, TheKeyOfCoinMarketCapAloneBringsBitcoin) {
  dotenv("CMC_API_KEY=x\n");
  const auto found = all();
  ASSERT_EQ(found.size(), 2U);
  const auto& bitcoin = found.at("bitcoin");
  EXPECT_EQ(bitcoin.source + " " + bitcoin.timeline.when(), "coinmarketcap every 5m");
  EXPECT_THAT(bitcoin.ask.ids, ElementsAre("1"));
  EXPECT_THAT(bitcoin.ask.currencies, ElementsAre("brl"));
  dotenv("COINLAKE_COINMARKETCAP__API_KEY_FILE=" + secret_file("x") + "\n");
  EXPECT_EQ(all().size(), 2U);
  toml("[schedules.mine]\nwhen = \"every 1h\"\ntop = 1\n");
  EXPECT_EQ(all().size(), 1U) << "who writes one wants no other";
  EXPECT_FALSE(good().has_default_schedules());
}

TEST_F(ConfigSchedules, VariablesSetKeysOfAScheduleToo) {
  toml("[schedules.top]\nwhen = \"every 1h\"\ntop = 1\n");
  dotenv("COINLAKE_SCHEDULES__TOP__WHEN='every 2h'\n");
  const Config::Environment more = {{"COINLAKE_SCHEDULES__A__B___IDS", "bitcoin,ethereum"},
                                    {"COINLAKE_SCHEDULES__A__B___WHEN", "every 6h"}};
  const auto found = all(more);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found.at("top").timeline.when(), "every 2h");
  EXPECT_EQ(found.at("a__b_").timeline.when(), "every 6h") << "the last two underscores stand before the key";
  EXPECT_EQ(good(more).origin("schedules.top.when").place, ".env:1");
  EXPECT_EQ(good(more).origin("schedules.a__b_.ids").place, "COINLAKE_SCHEDULES__A__B___IDS");
}

TEST_F(ConfigSchedules, NoVariableOfAScheduleIsOverlooked) {
  const auto said = [&](const std::string& name) { return faults({{name, "x"}}); };
  for (const auto* nearly : {"COINLAKE_SCHEDULES_TOP_WHEN", "COINLAKE_SCHEDULES__TOP_WHEN",
                             "COINLAKE_SCHEDULES_TOP__WHEN", "coinlake_schedules__top__when"})
    EXPECT_EQ(said(nearly), std::string(nearly) + ": did you mean COINLAKE_SCHEDULES__TOP__WHEN?\n");
  for (const auto* none : {"COINLAKE_SCHEDULES", "COINLAKE_SCHEDULES__TOP", "COINLAKE_SCHEDULES_TOP_WHENEVER"})
    EXPECT_EQ(said(none), std::string(none) + ": the keys of schedules are set as in COINLAKE_SCHEDULES__TOP__WHEN\n");
  EXPECT_EQ(said("COINLAKE_SCHEDULES__TOP__WHEM"),
            "COINLAKE_SCHEDULES__TOP__WHEM: unknown key schedules.top.whem: did you mean schedules.top.when?\n");
  EXPECT_THAT(said("COINLAKE_SCHEDULES____WHEN"), HasSubstr("the name of a schedule has"));
  EXPECT_THAT(said("COINLAKE_SCHEDULES__TOP__WHEN"), HasSubstr("COINLAKE_SCHEDULES__TOP__WHEN: schedules.top.when"));
}

TEST_F(ConfigSchedules, NothingThatLooksLikeASecretIsRepeated) {
  toml(
      "[schedules.a]\nwhen = \"b54bcf4d-1bca-4e8e-9a24-22ff2c3d462c\"\nsource = "
      "\"b54bcf4d-1bca-4e8e-9a24-22ff2c3d462c\"\n"
      "\"b54bcf4d-1bca-4e8e-9a24-22ff2c3d462c\" = 1\n\"top:b54bcf4d\" = 1\n[schedules.B54bcf4d-1bca-4e8e]\n");
  const auto said = faults();
  EXPECT_EQ(std::ranges::count(said, '\n'), 5) << said;
  EXPECT_THAT(to_lower(said), Not(HasSubstr("b54bcf4d")));
}

TEST(ScheduleKeys, NameEverySourceThereIs) {
  const auto sources = split(find_key("schedules.top.source")->choices, '|');
  EXPECT_TRUE(std::ranges::equal(sources, source_names()));
}

}  // namespace
}  // namespace coinlake::app
