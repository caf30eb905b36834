// When an answer that is there is as good as a new one, and how to ask whether it still holds.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "coinlake/net/http_cache.hpp"

namespace coinlake::net {
namespace {

using namespace std::chrono_literals;

const Time kNow = *parse_iso("2026-11-24T09:00:00Z");

HttpCache holding(StoredAnswer stored) {
  return HttpCache([stored](const std::string& url, bool body) -> Result<std::optional<StoredAnswer>> {
    if (url != "https://x/y") return std::nullopt;
    auto out = stored;
    if (!body) out.body.clear();
    return out;
  });
}
bool is_fresh(Duration age, Duration ttl) {
  return holding({.received_at = kNow - age}).fresh("https://x/y", kNow, ttl)->has_value();
}

TEST(HttpCache, AnAnswerIsFreshUntilItsTimeIsOver) {
  EXPECT_TRUE(is_fresh(0s, 60s));
  EXPECT_TRUE(is_fresh(60s - 1us, 60s));
  EXPECT_FALSE(is_fresh(60s, 60s));
  EXPECT_FALSE(is_fresh(0s, 0s)) << "a time to live of nothing: never";
}

TEST(HttpCache, AnAnswerFromTheFutureIsNotFresh) {
  EXPECT_FALSE(is_fresh(-1s, 60s)) << "the clock was set back: its age is unknown";
}

TEST(HttpCache, AnotherUrlIsAnotherAnswerAndWithoutALookUpThereIsNone) {
  EXPECT_FALSE(holding({.received_at = kNow}).fresh("https://x/z", kNow, 60s)->has_value());
  EXPECT_FALSE(HttpCache().fresh("https://x/y", kNow, 60s)->has_value());
  EXPECT_FALSE(HttpCache().condition("https://x/y")->has_value());
}

TEST(HttpCache, TheConditionIsTheStoredEtagAsItWasSent) {
  for (const std::string etag : {R"(W/"abc")", R"("abc")", R"("")"}) {
    const auto condition = holding({.etag = etag}).condition("https://x/y").value();
    ASSERT_TRUE(condition) << etag;
    EXPECT_EQ(condition->name, "If-None-Match");
    EXPECT_EQ(condition->value, etag);
  }
  EXPECT_FALSE(holding({}).condition("https://x/y")->has_value());
}

RC_GTEST_PROP(HttpCache, F106_NothingThatIsNoEtagGetsIntoAHeader, (const std::string& text)) {
  const auto etag = *rc::gen::element(text, "\"" + text + "\"", "W/\"" + text + "\"");
  const auto condition = holding({.etag = etag}).condition("https://x/y").value();
  if (condition) RC_ASSERT(condition->value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
  if (text.find('"') != std::string::npos) RC_ASSERT(!condition);
}

HttpRequest conditional(const std::string& etag) {
  return {.url = "https://x/y", .headers = {{"If-None-Match", etag}}};
}

TEST(HttpCache, A304BecomesTheWholeAnswerThatItStandsFor) {
  const auto cache = holding({.etag = "\"1\"", .body = "[1]"});
  HttpResponse response{.status = 304};
  EXPECT_TRUE(cache.complete(conditional("\"1\""), response).value());
  EXPECT_EQ(response.body, "[1]");
  EXPECT_EQ(response.header("etag"), "\"1\"") << "so that the next one can ask again";
  EXPECT_EQ(response.status, 304);
}

TEST(HttpCache, A304ThatNobodyAskedForConfirmsNothing) {
  HttpResponse response{.status = 304};
  for (const auto& request : {HttpRequest{.url = "https://x/y"}, conditional("\"2\"")})
    EXPECT_FALSE(holding({.etag = "\"1\"", .body = "[1]"}).complete(request, response).value());
  EXPECT_TRUE(response.body.empty());
  EXPECT_FALSE(HttpCache().complete(conditional("\"2\""), response).value());
}

// Its tag was once taken over, and asked about with the old body: a changed price would never have been fetched.
TEST(HttpCache, A304WithAnotherEtagConfirmsNothingAndAWeakOneIsTheSame) {
  const auto cache = holding({.etag = "W/\"1\"", .body = "[1]"});
  HttpResponse other{.status = 304, .headers = {{"etag", "\"2\""}}},
      same{.status = 304, .headers = {{"etag", "\"1\""}}};
  EXPECT_FALSE(cache.complete(conditional("W/\"1\""), other).value());
  EXPECT_TRUE(cache.complete(conditional("W/\"1\""), same).value());
  EXPECT_EQ(same.header("etag"), "W/\"1\"") << "as it was asked";
}

}  // namespace
}  // namespace coinlake::net
