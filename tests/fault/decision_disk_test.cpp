// F4 while somebody decides: the decision, its batch, its run and what follows from it are there together or not at
// all.
#include <gtest/gtest.h>

#include "coinlake/base/file.hpp"
#include "coinlake/ledger/decisions.hpp"
#include "tests/support/every_fault.hpp"
#include "tests/support/ledger_fixture.hpp"

namespace coinlake::test {
namespace {

using ledger::Ledger;
using namespace std::chrono_literals;

class DecisionDiskTest : public testing::TestWithParam<FaultCase> {
 protected:
  // A row that waits, and one that was released over another value: the two decisions below write all that one can.
  void SetUp() override {
    const LedgerFolder folder;
    const auto path = folder / "coinlake.db";
    {
      auto ledger = open(path, healthy_);
      ASSERT_TRUE(ingest(ledger, Sheet(coin(100)).bad("negative", coin(200)).bad("negative", coin(300)), clock_));
      ASSERT_TRUE(ledger::release(ledger, {1, 0, 1}, "x", sheet_decoder()));
    }
    before_ = read_file(path.string()).value();
  }
  Coin coin(double price) { return Coin("bitcoin").at(start_).price(price).symbol("b" + std::to_string(price)); }
  Ledger open(const std::filesystem::path& path, const FaultVfs& disk) {
    return Ledger::open({.path = path, .clock = &clock_, .vfs = disk.name()}).value();
  }

  static Result<void> decide(Ledger& ledger) {
    CHECK_OK(ledger::release(ledger, {1, 0, 2}, "y", sheet_decoder()));
    CHECK_OK(ledger::drop(ledger, {1, 0, 1}, "z"));
    return ledger::drop(ledger, {1, 0, 2}, "z");
  }

  // False once k is beyond the last change of the decisions.
  bool try_at(std::int64_t k) {
    SCOPED_TRACE("change " + std::to_string(k));
    const auto [fault, for_good] = GetParam();
    const LedgerFolder folder;
    const auto path = folder / "coinlake.db";
    write_image({{"coinlake.db", before_}}, folder.path());
    FaultVfs disk;
    bool hit = false;
    {
      auto ledger = open(path, disk);
      disk.fail(k, fault, for_good);
      const auto done = decide(ledger);
      hit = disk.failures() > 0;
      EXPECT_EQ(done.has_value(), !hit) << why(done);
      if (!done) {
        ++failed_;
        EXPECT_TRUE(is_kind_of(fault, done.error().kind)) << done.error().message.english();
      }
    }
    disk.heal();
    expect_whole(path);
    return hit;
  }

  void expect_whole(const std::filesystem::path& path) {
    auto ledger = open(path, healthy_);
    const auto decided = plain_sql(path, "SELECT count(*) FROM decision");
    EXPECT_EQ(plain_sql(path, "SELECT count(*) FROM batch WHERE kind IN ('release', 'drop')"), decided);
    EXPECT_EQ(plain_sql(path, "SELECT count(*) FROM run_summary WHERE kind = 'quarantine' AND outcome = 'ok'"),
              decided);
    EXPECT_EQ(plain_sql(path, "SELECT count(*) FROM run WHERE kind = 'quarantine'"), decided);
    EXPECT_EQ(problems_of(path), "");
    const auto compared = ledger::check_replay(path, sheet_decoder(), [](auto, auto) {});
    EXPECT_TRUE(compared && compared->different == 0) << why(compared);
    const auto state = ledger::quarantined_row(ledger.connection(), {1, 0, 2})->state;
    if (state != ledger::RowState::released) {
      EXPECT_TRUE(ledger::release(ledger, {1, 0, 2}, "again", sheet_decoder()));
    }
    EXPECT_EQ(plain_sql(path, "SELECT price FROM head JOIN quote USING (seq, series)"), "300.0");
  }

  FaultVfs healthy_;
  ManualClock clock_;
  Time start_ = clock_.now() - 1min;
  std::string before_;
  std::int64_t failed_ = 0;
};

TEST_P(DecisionDiskTest, F4_EveryChangeOfADecisionMayFail) {
  for (std::int64_t k = 1; try_at(k) && !HasFailure(); k += kSweepStep) {
  }
  EXPECT_GT(kSweepStep * failed_, 10);
}

INSTANTIATE_TEST_SUITE_P(Disk, DecisionDiskTest, every_fault(), name_of_fault);

}  // namespace
}  // namespace coinlake::test
