// A quarantined row from the provider's answer to the views, by the built program.
#include <gmock/gmock.h>

#include "tests/support/program.hpp"

namespace coinlake::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class QuarantineProgram : public testing::Test {
 protected:
  Exit coinlake(std::vector<std::string> words) {
    words.insert(words.end(), {"--db-path", folder_ / "ledger.db"});
    return run(COINLAKE_BINARY, words,
               {{"COINLAKE_COINGECKO__PLAN", "keyless"}, {"COINLAKE_COINGECKO__BASE_URL", simulator_.url()}},
               folder_.path());
  }
  static std::string between(const std::string& text, const std::string& from, const std::string& to) {
    const auto at = text.find(from) + from.size();
    return text.substr(at, text.find(to, at) - at);
  }

  TemporaryFolder folder_;
  Simulator simulator_{{"--coins", "20", "--bad-row", "7"}};
};

TEST_F(QuarantineProgram, AReleasedRowIsInShowAndTheViewsAndReplayKeepsIt) {
  ASSERT_EQ(coinlake({"collect", "--top", "20"}).code, 0);
  const auto listed = coinlake({"quarantine", "list", "--json"});
  EXPECT_THAT(listed.out, AllOf(HasSubstr(R"("rule":"negative")"), HasSubstr(R"("state":"open")")));
  const auto id = between(listed.out, R"("id":")", "\"");
  const auto raw = coinlake({"quarantine", "show", id, "--raw"}).out;
  const auto coin = between(raw, R"("id":")", "\"");
  EXPECT_EQ(raw.front() + std::string(1, raw.back()), "{}") << raw;
  EXPECT_EQ(coinlake({"show", coin}).code, 3);

  const auto released = coinlake({"quarantine", "release", id, "--why", "they confirmed it"});
  EXPECT_EQ(released.code, 0) << released.err;
  const auto shown = coinlake({"show", coin, "--json"});
  EXPECT_THAT(shown.out, HasSubstr(R"("released":true)"));
  EXPECT_THAT(coinlake({"show", coin}).out, HasSubstr("released"));
  const auto view = "SELECT count(*) AS n FROM cryptocurrency_data WHERE coin_id = '" + coin + "'";
  EXPECT_THAT(coinlake({"query", view, "-o", "json"}).out, HasSubstr(R"("n":1)"));
  const auto known_at = between(listed.out, R"("known_at":")", "\"");
  EXPECT_EQ(coinlake({"show", coin, "--as-of", known_at}).code, 3) << "nobody knew it then";

  const auto digest = coinlake({"ledger", "digest"}).out;
  EXPECT_EQ(coinlake({"replay", "--check"}).code, 0);
  EXPECT_EQ(coinlake({"replay"}).code, 0);
  EXPECT_EQ(coinlake({"ledger", "digest"}).out, digest);
  EXPECT_EQ(coinlake({"show", coin, "--json"}).out, shown.out);

  ASSERT_EQ(coinlake({"quarantine", "drop", id, "--why", "it was not"}).code, 0);
  EXPECT_EQ(coinlake({"show", coin}).code, 3);
  EXPECT_THAT(coinlake({"query", view, "-o", "json"}).out, HasSubstr(R"("n":0)"));
  EXPECT_EQ(coinlake({"ledger", "verify"}).code, 0);
}

}  // namespace
}  // namespace coinlake::test
