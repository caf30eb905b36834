// The program against a market that lives: nothing of it is quarantined, nothing is new twice.
#include <chrono>

#include "coinlake/base/time.hpp"
#include "tests/support/played.hpp"

namespace coinlake::test {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;

class Market : public Played {
 protected:
  [[nodiscard]] Exit sweep(std::vector<std::string> words) const {
    for (const auto* word : {"collect", "--all", "--json", "--no-cache"}) words.emplace_back(word);
    std::ranges::rotate(words, words.end() - 4);
    return coinlake(words, {{"COINLAKE_COINGECKO__REQUESTS_PER_MINUTE", "6000"}, {"CMC_API_KEY", "k"}});
  }
  static auto minute() { return std::chrono::floor<std::chrono::minutes>(system_clock().now()); }
};

TEST_F(Market, AllOfItInTwoCurrenciesTwiceWithinItsPeriodIsNewOnce) {
  play({"market", "--coins", "600", "--no-limits"});
  for (;; begin_anew()) {  // once more if its prices became new in between
    const auto began = minute();
    const auto first = sweep({"--currency", "usd,brl"}), second = sweep({"--currency", "usd,brl"});
    ASSERT_EQ(first.code, 0) << first.err;
    ASSERT_EQ(second.code, 0) << second.err;
    if (minute() != began) continue;
    EXPECT_THAT(first.out, AllOf(ContainsRegex(R"("new":1[12][0-9][0-9],)"), HasSubstr(R"("quarantined":0)")));
    EXPECT_THAT(second.out, AllOf(HasSubstr(R"("new":0,)"), HasSubstr(R"("revised":0,"quarantined":0)")));
    break;
  }
  expect_a_sound_ledger();
}

TEST_F(Market, NamesChangeAndCoinsComeAndGoInASoundLedger) {
  for (const auto* from : {"2026-01-02", "2026-01-03", "2026-01-04"}) {  // sixty days of the market between them
    simulator_.emplace(
        std::vector<std::string>{"market", "--coins", "600", "--speed", "60", "--no-limits", "--from", from});
    const auto swept = sweep({});
    EXPECT_EQ(swept.code, 0) << swept.err;
    EXPECT_THAT(swept.out, HasSubstr(R"("quarantined":0)"));
  }
  EXPECT_GT(std::stoi(sql("SELECT count(DISTINCT coin) FROM series")), 640);
  EXPECT_GT(std::stoi(sql("SELECT count(*) FROM (SELECT series FROM profile GROUP BY series "
                          "HAVING count(DISTINCT name) > 1)")),
            5);
  expect_a_sound_ledger();
}

TEST_F(Market, CoinMarketCapsViewIsSoundToo) {
  play({"market", "--coins", "1500", "--speed", "600"});
  const auto out = sweep({"--source", "coinmarketcap"});
  EXPECT_EQ(out.code, 0) << out.err;
  EXPECT_THAT(out.out, HasSubstr(R"("quarantined":0)"));
  expect_a_sound_ledger();
}

}  // namespace
}  // namespace coinlake::test
