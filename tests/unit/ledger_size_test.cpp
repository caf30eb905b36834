#include "coinlake/ledger/size.hpp"

#include <gmock/gmock.h>

#include "coinlake/ledger/identity.hpp"
#include "tests/support/decision_fixture.hpp"

namespace coinlake::test {
namespace {

using namespace std::chrono_literals;

class SizeTest : public DecisionTest {
 protected:
  ledger::SizeInfo size() { return ledger::size_info(writer().connection(), path(), clock.now()).value(); }
  std::uint64_t on_disk() {
    const auto wal = path().string() + "-wal";
    return std::filesystem::file_size(path()) + (std::filesystem::exists(wal) ? std::filesystem::file_size(wal) : 0);
  }
  void wait(Duration d) { clock.sleep(d); }
  void expect_day(double times_what_there_is) {
    const auto now = size();
    const auto expected = static_cast<double>(now.bytes) * times_what_there_is;
    EXPECT_NEAR(static_cast<double>(now.bytes_per_day.value()), expected, expected / 1000);
  }
};

TEST_F(SizeTest, CountsTheFileAndItsWal) {
  ingest(bitcoin(0s, 100));
  EXPECT_GT(std::filesystem::file_size(path().string() + "-wal"), 0U);
  EXPECT_EQ(size().bytes, on_disk());
  close();
  const auto db = ledger::open_ledger(path()).value();
  EXPECT_EQ(ledger::size_info(db, path(), clock.now())->bytes, on_disk());
}

TEST_F(SizeTest, ALedgerOfLessThanAnHourSaysNothingOfADay) {
  writer();
  EXPECT_EQ(size().bytes_per_day, std::nullopt);
  ingest(bitcoin(0s, 100));
  wait(59min);
  EXPECT_EQ(size().bytes_per_day, std::nullopt);
  wait(1min);
  EXPECT_NE(size().bytes_per_day, std::nullopt);
}

TEST_F(SizeTest, ADayTakesWhatTheBatchesOfTheLastDayTook) {
  for (int n = 0; n < 30; ++n) ingest(bitcoin(n * 1s, n)), wait(1h - 1s);
  expect_day(24.0 / 30);
  wait(24h);
  EXPECT_EQ(size().bytes_per_day, 0);
}

TEST_F(SizeTest, AYoungLedgerGoesOnAsItBegan) {
  for (int n = 0; n < 6; ++n) ingest(bitcoin(n * 1s, n)), wait(1h - 1s);
  expect_day(4);
}

TEST_F(SizeTest, SaysWhatIsLeftOfTheDisk) {
  writer();
  const auto now = size();
  EXPECT_GT(now.free_bytes, 0U);
  EXPECT_GT(now.disk_bytes, now.free_bytes);
  EXPECT_FALSE(now.read_only);
  EXPECT_EQ(ledger::size_info(writer().connection(), folder / "none.db", clock.now()).error().kind, Kind::unwritable);
}

TEST_F(SizeTest, RowsAreOpenUntilSomebodyDecides) {
  ingest(Sheet().bad("negative", bitcoin(0s, 1)).bad("negative"));
  ingest(Sheet().bad("no_identity"));
  const auto open_rows = [&] { return ledger::open_rows(writer().connection()).value(); };
  EXPECT_EQ(open_rows(), 3);
  release({1, 0, 0});
  EXPECT_EQ(open_rows(), 2);
  drop({1, 0, 0});
  EXPECT_EQ(open_rows(), 2);
  EXPECT_THAT(sql("EXPLAIN QUERY PLAN SELECT count(*) FROM quarantine"), testing::HasSubstr("quarantine_key"));
}

}  // namespace
}  // namespace coinlake::test
