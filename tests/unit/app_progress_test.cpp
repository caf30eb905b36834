#include <gmock/gmock.h>
#include <unistd.h>

#include <array>

#include "coinlake/app/terminal/progress.hpp"
#include "tests/support/manual_clock.hpp"

namespace coinlake::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(TimeLeft, FollowsThePaceSoFar) {
  EXPECT_EQ(time_left({{}, 25, 100}, seconds(10), {}), seconds(30));
  EXPECT_EQ(time_left({{}, 100, 100}, seconds(10), {}), seconds(0));
}

TEST(TimeLeft, IsUnknownWithoutATotalBeforeTheFirstIsDoneAndInTheFirstSeconds) {
  EXPECT_EQ(time_left({{}, 25, std::nullopt}, minutes(10), {}), std::nullopt);
  EXPECT_EQ(time_left({{}, 0, 100}, minutes(10), {}), std::nullopt);
  EXPECT_EQ(time_left({{}, 25, 100}, milliseconds(2999), {}), std::nullopt);
}

// Five pages come in four seconds, and then the plan makes everybody wait for the next minute.
TEST(TimeLeft, IsNoShorterThanThePlanAllows) {
  EXPECT_EQ(time_left({{}, 5, 20}, seconds(4), minutes(3)), minutes(3) - seconds(4));
}

TEST(ProgressLine, SaysHowManyHowMuchAndHowLong) {
  EXPECT_EQ(progress_line(Language{}, {tr("verifying answers"), 1200, 5000}, seconds(119), 79),
            "verifying answers: 1200 of 5000, 24 %, 2 min left");
  EXPECT_EQ(progress_line(Language{}, {tr("250 rows, page"), 1, std::nullopt}, std::nullopt, 79), "250 rows, page: 1");
  EXPECT_EQ(progress_line(Language{}, {tr("rebuilding answers"), 0, 0}, std::nullopt, 79),
            "rebuilding answers: 0 of 0");
}

TEST(ProgressLine, SaysWhereTheTotalIsAnEstimate) {
  EXPECT_EQ(progress_line(Language{}, {tr("4250 rows, page"), 17, 69, true}, seconds(119), 79),
            "4250 rows, page: 17 of about 69, 24 %, 2 min left");
}

TEST(ProgressLine, LeavesOutTheCountsRatherThanTheTimeOnANarrowTerminal) {
  EXPECT_EQ(progress_line(Language{}, {tr("verifying answers"), 1200, 5000}, seconds(119), 39),
            "verifying answers: 24 %, 2 min left");
}

// What a terminal on stderr was sent.
class ProgressOnATerminal : public testing::Test {
 protected:
  ProgressOnATerminal() { EXPECT_EQ(::pipe(ends_.data()), 0); }
  ~ProgressOnATerminal() override { ::close(ends_[0]), ::close(ends_[1]); }
  [[nodiscard]] Console console(bool terminal = true, bool cursor = true) const {
    return Console({.err = ends_[1], .err_is_terminal = terminal, .cursor = cursor});
  }
  [[nodiscard]] std::string sent() const {
    EXPECT_EQ(::write(ends_[1], "$", 1), 1);
    std::string out(1000, ' ');
    out.resize(static_cast<std::size_t>(::read(ends_[0], out.data(), out.size())));
    return out;
  }
  std::array<int, 2> ends_{};
  test::ManualClock clock_;
};

TEST_F(ProgressOnATerminal, IsWrittenTenTimesASecondAndGoneAtTheEnd) {
  auto terminal = console();
  {
    Progress progress(terminal, clock_);
    progress.show({tr("pages"), 1, 4});
    progress.show({tr("pages"), 2, 4});
    clock_.sleep(milliseconds(100));
    progress.show({tr("pages"), 3, 4});
  }
  EXPECT_EQ(sent(), "\r\033[Kpages: 1 of 4, 25 %\r\033[Kpages: 3 of 4, 75 %\r\033[K$");
}

TEST_F(ProgressOnATerminal, IsNothingInAPipeOrWhereALineCannotBeReplaced) {
  for (auto other : {console(false, true), console(true, false)}) {
    Progress progress(other, clock_);
    progress.show({tr("pages"), 1, 4});
    progress.say(tr("waiting"));
  }
  EXPECT_EQ(sent(), "$");
}

}  // namespace
}  // namespace coinlake::app
