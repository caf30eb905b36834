#include "coinlake/app/terminal/reporter.hpp"

#include <gmock/gmock.h>

#include "coinlake/source/coingecko/coingecko.hpp"
#include "tests/support/log_capture.hpp"
#include "tests/support/manual_clock.hpp"

namespace coinlake::app {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

Pages pages_at(int per_minute, const port::Ask& ask) {
  const auto source = source::make_coingecko({.base_url = "http://x", .requests_per_minute = per_minute});
  return pages_of(*source, ask, source->plan(ask).value());
}

TEST(PagesOf, AreCountedBeforeTheFirstRequestWhereTheQuestionHasAnEnd) {
  EXPECT_EQ(pages_at(10, {.top = 250}).count, 1);
  EXPECT_EQ(pages_at(10, {.top = 251}).count, 2);
  EXPECT_EQ(pages_at(10, {.currencies = {"usd", "brl"}, .top = 1000}).count, 8) << "a sweep for each currency";
  EXPECT_EQ(pages_at(10, {.ids = {"bitcoin", "ethereum"}}).count, 1);
  EXPECT_EQ(pages_at(10, {.directory = true}).count, 1);
  EXPECT_EQ(pages_at(10, {}).count, std::nullopt) << "--all ends where the provider has no more";
}

TEST(PagesOf, TakeAsLongAsThePlanMakesThemWait) {
  EXPECT_EQ(pages_at(4, {.top = 1000}).at_least, minutes(0)) << "four at once";
  EXPECT_EQ(pages_at(3, {.top = 1000}).at_least, minutes(1));
  EXPECT_EQ(pages_at(1, {.top = 1000}).at_least, minutes(3));
  const auto source = source::make_coingecko({.base_url = "http://x", .requests_per_minute = 5});
  EXPECT_EQ(about_pages(*source, 69).at_least, minutes(13));
}

class ReporterTest : public testing::Test {
 protected:
  Log log_of(LogLevel level) {
    return Log::open({.clock = clock_, .level = level, .format = LogFormat::logfmt, .fd = log_.fd()}).value();
  }
  // What a terminal on stderr shows of `pages` stored pages, the last of them.
  std::string shown(const Pages& expected, int pages) {
    Console console({.err = terminal_.fd(), .err_is_terminal = true, .cursor = true});
    Reporter reporter(console, clock_, Log(), expected);
    for (int i = 0; i < pages; ++i) {
      clock_.sleep(seconds(1));
      reporter.page_stored({.kind = "markets"}, {.rows = 250});
    }
    const auto text = terminal_.text();
    return text.substr(text.rfind("\033[K") + 3);
  }

  test::ManualClock clock_;
  test::Captured log_, terminal_;
};

TEST_F(ReporterTest, AWaitOfTenSecondsIsWorthALineOfTheLogAndAShorterOneIsNot) {
  Console console({.err = terminal_.fd()});
  Reporter reporter(console, clock_, log_of(LogLevel::info), {});
  reporter.waiting(std::chrono::milliseconds(9999), verbatim("the plan's pace"));
  EXPECT_EQ(log_.text(), "");
  reporter.waiting(seconds(10), verbatim("the plan's pace"));
  EXPECT_THAT(log_.text(), testing::AllOf(HasSubstr("level=info"), HasSubstr("waiting 10 s (the plan's pace)")));
}

TEST_F(ReporterTest, AShortWaitIsALineOfTheLogForThoseWhoWantAll) {
  Console console({.err = terminal_.fd()});
  Reporter reporter(console, clock_, log_of(LogLevel::debug), {});
  reporter.waiting(seconds(9), verbatim("the plan's pace"));
  EXPECT_THAT(log_.text(), testing::AllOf(HasSubstr("level=debug"), HasSubstr("waiting 9 s")));
}

TEST_F(ReporterTest, AnEstimateIsCalledOneAndDroppedWhenThereAreMorePages) {
  EXPECT_EQ(shown({.count = 4}, 3), "750 rows, page: 3 of 4, 75 %, 1 s left");
  EXPECT_EQ(shown({.count = 4, .estimated = true}, 3), "750 rows, page: 3 of about 4, 75 %, 1 s left");
  EXPECT_EQ(shown({.count = 4, .estimated = true}, 4), "1000 rows, page: 4 of about 4, 100 %, 0 s left");
  EXPECT_EQ(shown({.count = 4, .estimated = true}, 5), "1250 rows, page: 5");
}

}  // namespace
}  // namespace coinlake::app
