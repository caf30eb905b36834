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

TEST(HttpCache, A304BecomesTheWholeAnswerThatItStandsFor) {
  const auto cache = holding({.etag = "\"1\"", .body = "[1]"});
  HttpResponse response{.status = 304};
  ASSERT_TRUE(cache.complete({.url = "https://x/y", .headers = {{"If-None-Match", "\"1\""}}}, response));
  EXPECT_EQ(response.body, "[1]");
  EXPECT_EQ(response.header("etag"), "\"1\"") << "so that the next one can ask again";
  EXPECT_EQ(response.status, 304);
}

TEST(HttpCache, A304ThatNobodyAskedForIsNoAnswer) {
  HttpResponse response{.status = 304};
  const HttpRequest plain{.url = "https://x/y"}, other{.url = "https://x/y", .headers = {{"If-None-Match", "\"2\""}}};
  for (const auto& request : {plain, other}) {
    const auto done = holding({.etag = "\"1\"", .body = "[1]"}).complete(request, response);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind, Kind::undecodable);
  }
  EXPECT_TRUE(response.body.empty());
  EXPECT_FALSE(HttpCache().complete(other, response));
}

}  // namespace
}  // namespace coinlake::net
