// Slots on a failing disk: the row of a slot is there with the batch that closes its run, or neither is; slots that are
// written together are there together.
#include <gmock/gmock.h>

#include "tests/support/every_fault.hpp"
#include "tests/support/slot_fixture.hpp"

namespace coinlake::test {
namespace {

using ledger::Ledger;
using ledger::SlotFill;
using ledger::SlotState;
using namespace std::chrono_literals;

class SlotDiskTest : public testing::TestWithParam<FaultCase> {
 protected:
  // How far it came before something failed.
  struct Done {
    bool opened = false, filled = false, accounted = false, versioned = false, conditioned = false;
  };

  Result<void> work(Ledger& ledger, Done& done) {
    (void)TRY(collect_slot(ledger, {.plan = "top", .at = start_}, Coin("bitcoin").at(start_).price(1), clock_));
    done.filled = true;
    const std::vector<SlotFill> gap = {
        {.plan = "top", .at = start_ + 5min, .state = SlotState::missed, .why = "off"},
        {.plan = "top", .at = start_ + 10min, .state = SlotState::skipped, .why = "busy"}};
    (void)TRY(ledger.account(gap));
    done.accounted = true;
    CHECK_OK(ledger.add_plan_version({.plan = "top", .from = start_, .when = "every 5m"}));
    done.versioned = true;
    CHECK_OK(ledger.put_condition({.subject = "coingecko", .state = "open", .since = start_}));
    done.conditioned = true;
    return {};
  }

  // What is there: 1 of each that is whole, 0 of each that is not there; anything else is a half.
  static std::string there(const std::filesystem::path& path) {
    return plain_sql(path, R"(
      SELECT (SELECT count(*) FROM batch WHERE close_seq IS NOT NULL AND kind = 'answer'),
             (SELECT count(*) FROM slot WHERE state = 'done' AND seq = 1),
             (SELECT count(*) / 2.0 FROM slot WHERE state <> 'done'),
             (SELECT count(*) FROM plan_version), (SELECT count(*) FROM condition))");
  }

  // False once k is beyond the last change.
  bool try_at(std::int64_t k) {
    SCOPED_TRACE("change " + std::to_string(k));
    const auto [fault, for_good] = GetParam();
    const LedgerFolder folder;
    const auto path = folder / "coinlake.db";
    FaultVfs disk;
    Done done;
    bool hit = false;
    {
      auto ledger = Ledger::open({.path = path, .clock = &clock_, .vfs = disk.name()}).value();
      disk.fail(k, fault, for_good);
      const auto worked = work(ledger, done);
      hit = disk.failures() > 0;
      if (!worked) {
        ++failed_;
        EXPECT_TRUE(is_kind_of(fault, worked.error().kind)) << why(worked);
        EXPECT_FALSE(ledger.check_alive());
        EXPECT_FALSE(ledger.account({}).has_value()) << "nothing more is written";
        EXPECT_FALSE(ledger.put_condition({}).has_value());
      }
    }
    expect_whole(path, done);
    return hit;
  }

  void expect_whole(const std::filesystem::path& path, const Done& done) {
    EXPECT_TRUE(Ledger::open({.path = path, .clock = &clock_, .vfs = healthy_.name()}));
    const auto found = there(path);
    EXPECT_THAT(found, testing::MatchesRegex("(0\\|0|1\\|1)\\|[01]\\.0\\|[01]\\|[01]")) << "both or neither";
    const auto kept = [&](std::size_t column) { return found.at(column) == '1'; };
    EXPECT_LE(done.filled, kept(0));
    EXPECT_LE(done.accounted, kept(4));
    EXPECT_LE(done.versioned, kept(8));
    EXPECT_LE(done.conditioned, kept(10));
    EXPECT_EQ(problems_of(path), "");
  }

  FaultVfs healthy_;
  ManualClock clock_;
  Time start_ = clock_.now();
  int failed_ = 0;
};

TEST_P(SlotDiskTest, F4_EveryChangeOfWhatFillsASlotMayFail) {
  for (std::int64_t k = 1; try_at(k) && !HasFailure(); k += kSweepStep) {
  }
  EXPECT_GT(kSweepStep * failed_, 10);
}

INSTANTIATE_TEST_SUITE_P(Disk, SlotDiskTest, every_fault(), name_of_fault);

}  // namespace
}  // namespace coinlake::test
