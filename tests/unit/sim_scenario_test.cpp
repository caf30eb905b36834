// Scenarios: how they are read, and which faults hit which requests when.
#include "sim/scenario.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "coinlake/base/number.hpp"
#include "tests/support/simulation.hpp"

namespace coinlake::sim {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr const char *kGeckoPage = "/api/v3/coins/markets", *kCmcPage = "/v1/cryptocurrency/listings/latest";

Result<Options> scenario_of(const std::string& faults, const std::string& top = "title = \"a test\"\n") {
  Options options;
  CHECK_OK(read_scenario("test.toml", top + faults, options));
  return options;
}
std::string mistakes_in(const std::string& faults, const std::string& top = "title = \"a test\"\n") {
  const auto options = scenario_of(faults, top);
  return options ? "" : options.error().message.english();
}

class SimScenario : public test::Simulation {
 protected:
  Router playing(const std::string& faults, const std::string& top = "title = \"a test\"\n", double speed_up = 1) {
    auto options = scenario_of(faults, top);
    if (!options) throw std::runtime_error(options.error().message.english());
    options->speed_up = speed_up;
    return simulator(*options);
  }
  static net::HttpReply gecko(Router& sim, const std::string& query = "vs_currency=usd") {
    return get(sim, kGeckoPage, query);
  }
  static net::HttpReply cmc(Router& sim, const std::string& query = "") {
    return get(sim, kCmcPage, query, {{"x-cmc_pro_api_key", "k"}});
  }
  std::vector<int> statuses(Router& sim, int count, Duration between = 0s) {
    std::vector<int> out;
    for (int i = 0; i < count; ++i) {
      out.push_back(gecko(sim).status);
      clock_.sleep(between);
    }
    return out;
  }
};

TEST_F(SimScenario, EveryWordOfTheCommandLineIsOneHereToo) {
  const auto options = scenario_of(R"(
[market]
coins = 12
speed = 2.5
no_limits = true
cmc_plan = "startup"
limit = 30

[[fault]]
provider = "coinmarketcap"
from = "90s"
until = "10m"
probability = 0.25
on = [1, 3]
status = "503:Busy"
cmc_error = "1008:200"
retry_after = 30
cut = 5
delay = 20
html = true
bad_row = 2
rename = "a=b"
date = -60
reset = false
)",
                                   "title = \"a test\"\nabout = \"of words\"\nseed = 9\ntls = \"expired\"\n");
  ASSERT_TRUE(options) << options.error().message;
  EXPECT_EQ(options->made_up.coins, 12);
  EXPECT_EQ(options->made_up.speed, 2.5);
  EXPECT_EQ(options->made_up.seed, 9U);
  EXPECT_EQ(options->cmc_rules.plan->name, "startup");
  EXPECT_EQ(options->limit, 30);
  EXPECT_EQ(options->tls, "expired");
  ASSERT_THAT(options->scenario, SizeIs(1));
  const auto& fault = options->scenario[0];
  EXPECT_EQ(fault.provider, "coinmarketcap");
  EXPECT_EQ(fault.from, 90s);
  EXPECT_EQ(fault.until, 10min);
  EXPECT_EQ(fault.probability, 0.25);
  EXPECT_THAT(fault.on, ElementsAre(1, 3));
  EXPECT_EQ(fault.status_body, "Busy");
  EXPECT_EQ(fault.cmc_error->code, 1008);
  EXPECT_EQ(fault.retry_after, "30");
  EXPECT_EQ(fault.date, -60);
  EXPECT_THAT(fault.names(),
              ElementsAre("status", "cmc_error", "retry_after", "cut", "delay", "html", "bad_row", "rename", "date"));
}

TEST_F(SimScenario, AllMistakesAreToldAtOnceEachWithItsLine) {
  EXPECT_EQ(mistakes_in(R"(colour = "red"
[market]
coins = "many"
pace = 1
[[fault]]
from = "10m"
until = "5m"
status = 503
[[fault]]
statu = 503
html = 1
cut = -1
[[fault]]
probability = 0.5
[[fault]]
bad-row = 2
until = "soon"
on = [1, "two"]
)"),
            "test.toml:2: there is no colour here\n"
            "  test.toml:4: coins must be a number\n"
            "  test.toml:5: there is no pace here\n"
            "  test.toml:6: it ends before it begins\n"
            "  test.toml:11: there is no statu here: did you mean status?\n"
            "  test.toml:12: html must be true or false\n"
            "  test.toml:13: cut needs a whole number from 0 to 1073741824, not \"-1\"\n"
            "  test.toml:14: this fault does nothing\n"
            "  test.toml:17: there is no bad-row here: did you mean bad_row?\n"
            "  test.toml:18: until needs a time such as 500ms, 90s, 10m or 6h, not \"soon\"\n"
            "  test.toml:19: on must be a number or a list of numbers");
}

TEST_F(SimScenario, WhatIsNoTomlOrNoScenarioIsAnError) {
  EXPECT_THAT(mistakes_in("[[fault]\n"), HasSubstr("test.toml:2: "));
  EXPECT_THAT(mistakes_in("fault = 3\n"), HasSubstr("[[fault]]"));
  EXPECT_THAT(mistakes_in("market = 3\n[[fault]]\nhtml = true\n"), HasSubstr("[market]"));
  EXPECT_THAT(mistakes_in(""), HasSubstr("it has no [[fault]]"));
  EXPECT_THAT(mistakes_in("[[fault]]\nhtml = true\n", ""), HasSubstr("it has no title"));
  EXPECT_THAT(mistakes_in("[[fault]]\nretry_after = 5\n"), HasSubstr("retry_after needs status or cmc_error"));
}

TEST_F(SimScenario, AFaultHoldsFromItsBeginToBeforeItsEnd) {
  auto sim = playing("[[fault]]\nfrom = \"20s\"\nuntil = \"40s\"\nstatus = 503\n");
  EXPECT_THAT(statuses(sim, 6, 10s), ElementsAre(200, 200, 503, 503, 200, 200));
  clock_.set(clock_.now() - 1h);
  EXPECT_EQ(gecko(sim).status, 200) << "a wall clock that jumps does not begin it anew";
}

TEST_F(SimScenario, ItsTimesPassAsFastAsOneLikes) {
  auto sim = playing("[[fault]]\nfrom = \"20m\"\nuntil = \"40m\"\nstatus = 503\n", "title = \"t\"\n", 60);
  EXPECT_THAT(statuses(sim, 6, 10s), ElementsAre(200, 200, 503, 503, 200, 200));
}

TEST_F(SimScenario, AFaultIsOfOneProviderOrOfBoth) {
  auto one = playing("[[fault]]\nprovider = \"coinmarketcap\"\nstatus = 500\n"),
       both = playing("[[fault]]\nstatus = 500\n");
  EXPECT_EQ(gecko(one).status, 200);
  EXPECT_EQ(cmc(one).status, 500);
  EXPECT_EQ(gecko(both).status, 500);
  EXPECT_EQ(cmc(both).status, 500);
}

TEST_F(SimScenario, FaultsThatHoldTogetherAreDoneOneAfterTheOther) {
  auto sim =
      playing("[[fault]]\nstatus = 503\ndelay = 20\n[[fault]]\nage = 9\ndelay = 30\n[[fault]]\non = 2\nhtml = true\n");
  const auto first = gecko(sim), second = gecko(sim);
  EXPECT_EQ(first.status, 503);
  EXPECT_EQ(first.delay, 50ms);
  EXPECT_EQ(header(first, "Age"), "9");
  EXPECT_EQ(second.status, 200) << "the later fault has the last word";
  EXPECT_THAT(log_.str(), AllOf(HasSubstr("\"faults\":[\"status\",\"delay\",\"delay\",\"age\"]"),
                                HasSubstr("\"faults\":[\"status\",\"delay\",\"delay\",\"age\",\"html\"]")));
}

TEST_F(SimScenario, TheCommandLinesFaultComesOnTop) {
  auto options = scenario_of("[[fault]]\nstatus = 503\n");
  options->fault.age = 7;
  auto sim = simulator(*options);
  const auto reply = gecko(sim);
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(header(reply, "Age"), "7");
}

// Decisions of a seed, as a text of 200 signs.
std::string decisions(std::uint64_t seed, double probability) {
  test::ManualClock clock;
  Fault fault{.probability = probability, .status = 503};
  auto sim = make_simulator({.made_up = {.coins = 1, .seed = seed}, .scenario = {fault, fault}}, clock, nullptr);
  std::string out;
  for (int i = 0; i < 200; ++i) {
    const auto reply = sim->answer(
        {.method = "GET", .path = kGeckoPage, .query = "vs_currency=usd", .headers = {{"user-agent", "t"}}});
    out += reply.status == 503 ? 'x' : '.';
  }
  return out;
}

RC_GTEST_PROP(SimScenarioProperty, TheSameSeedDecidesTheSame, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  RC_ASSERT(decisions(seed, 0.3) == decisions(seed, 0.3));
  RC_ASSERT(decisions(seed, 0.3) != decisions(seed + 1, 0.3));
}

TEST_F(SimScenario, AProbabilityIsHowOftenItHappensAndEachFaultDecidesForItself) {
  std::size_t hit = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    hit += static_cast<std::size_t>(std::ranges::count(decisions(seed, 0.3), 'x'));
  EXPECT_NEAR(static_cast<double>(hit) / 4'000, 1 - 0.7 * 0.7, 0.04) << "of two that are independent";
  EXPECT_EQ(decisions(1, 0), std::string(200, '.'));
  EXPECT_EQ(decisions(1, 1), std::string(200, 'x'));
}

TEST_F(SimScenario, WhatIsFrozenGoesOnWithAFreshDateUntilItThaws) {
  auto sim = playing("[market]\nmoving = true\n[[fault]]\nfrom = \"60s\"\nuntil = \"180s\"\nfreeze = true\n");
  const auto before = gecko(sim).body;
  clock_.sleep(60s);
  const auto first = gecko(sim);
  clock_.sleep(60s);
  const auto second = gecko(sim);
  EXPECT_NE(first.body, before);
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(second.body, first.body);
  EXPECT_NE(header(second, "Date"), header(first, "Date"));
  EXPECT_NE(gecko(sim, "vs_currency=usd&page=2").body, first.body) << "another question has another answer";
  clock_.sleep(60s);
  EXPECT_NE(gecko(sim).body, first.body);
}

// Ids of a sweep of three pages, in its order.
template <class Page>
std::vector<std::string> ids_of_sweep(Page page, std::string_view key) {
  std::vector<std::string> out;
  for (int n = 1; n <= 3; ++n) {
    const std::string body = page(n);
    for (auto at = body.find(key); at != std::string::npos; at = body.find(key, at + 1))
      out.push_back(body.substr(at + key.size(), body.find_first_of(",\"", at + key.size()) - at - key.size()));
  }
  return out;
}

TEST_F(SimScenario, RowsThatMoveAreSeenTwiceAndOthersNotAtAll) {
  auto sim = playing("[market]\ncoins = 30\n[[fault]]\nshuffle = true\n"),
       plain = simulator({.made_up = {.coins = 30}});
  const auto pages_of = [](Router& from) {
    return [&from](int n) { return gecko(from, "vs_currency=usd&per_page=10&page=" + std::to_string(n)).body; };
  };
  const auto listing_of = [](Router& from) {
    return [&from](int n) { return cmc(from, "limit=10&start=" + std::to_string(10 * n - 9)).body; };
  };
  const auto check = [](const std::vector<std::string>& moved, const std::vector<std::string>& still) {
    ASSERT_THAT(still, SizeIs(30));
    ASSERT_THAT(moved, SizeIs(30));
    for (std::size_t i = 0; i < 30; ++i) EXPECT_EQ(moved[i], still[i == 10 || i == 20 ? i - 1 : i]) << i;
  };
  check(ids_of_sweep(pages_of(sim), "{\"id\":\""), ids_of_sweep(pages_of(plain), "{\"id\":\""));
  check(ids_of_sweep(listing_of(sim), "\"cmc_rank\":"), ids_of_sweep(listing_of(plain), "\"cmc_rank\":"));
}

TEST_F(SimScenario, ThoseThatAreBuiltInAreReadAndSayWhatTheyAre) {
  ASSERT_THAT(built_in_scenarios(), SizeIs(6));
  for (const auto& [name, toml] : built_in_scenarios()) {
    Options options;
    const auto read = load_scenario(std::string(name), options);
    ASSERT_TRUE(read) << name << ": " << read.error().message;
    EXPECT_LE(options.title.size(), 54U) << name;
    EXPECT_THAT(scenario_list(), HasSubstr(options.title));
    for (const auto& fault : options.scenario) EXPECT_TRUE(fault.any());
  }
}

TEST_F(SimScenario, AreNamedOnTheCommandLineOrLieInAFile) {
  const auto options = parse_options({"scenario", "bad-monday", "--seed", "3", "--speed-up", "10", "--status", "500"});
  ASSERT_TRUE(options) << options.error().message;
  EXPECT_EQ(options->title, "A bad Monday at CoinGecko");
  EXPECT_EQ(options->made_up.seed, 3U);
  EXPECT_EQ(options->speed_up, 10);
  EXPECT_EQ(options->fault.status, 500);
  EXPECT_TRUE(parse_options({"scenario"})->list);
  EXPECT_TRUE(parse_options({"scenario", "--list"})->list);
  const auto unknown = parse_options({"scenario", "bad-mondy"});
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message.english(), AllOf(HasSubstr("bad-mondy"), HasSubstr("did you mean bad-monday?")));
  EXPECT_FALSE(parse_options({"--speed-up", "10"}));
  EXPECT_FALSE(parse_options({"--certificate", "x"}));
  EXPECT_FALSE(parse_options({"--tls", "good"}));
}

}  // namespace
}  // namespace coinlake::sim
