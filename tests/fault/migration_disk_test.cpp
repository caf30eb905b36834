// F7 on a failing disk: whatever fails at whatever point of a migration, the file has the old or the new schema whole,
// all its data, and the next opening goes on from there.
#include <gtest/gtest.h>

#include <random>

#include "coinlake/base/file.hpp"
#include "tests/support/every_fault.hpp"
#include "tests/support/fault_vfs.hpp"
#include "tests/support/ledger_fixture.hpp"

namespace coinlake::test {
namespace {

namespace fs = std::filesystem;
using ledger::Ledger;
using ledger::Migration;
using namespace std::chrono_literals;

// One step more than this program has. It moves much: each point of it is a chance to stop in the middle.
std::vector<Migration> one_step_more() {
  std::vector<Migration> steps(ledger::migrations().begin(), ledger::migrations().end());
  steps.push_back(
      {"CREATE TABLE price_copy (series, seq, price); INSERT INTO price_copy SELECT series, seq, price FROM quote;"
       "CREATE INDEX price_copy_price ON price_copy (price); ALTER TABLE price_copy RENAME COLUMN price TO value;"
       "DROP INDEX price_copy_price; DELETE FROM price_copy WHERE value < 20; CREATE VIEW prices AS SELECT value FROM "
       "price_copy"});
  return steps;
}

enum class Into { three, one_more };  // the last step that this program has, and one that it has not

class MigrationDiskTest : public testing::Test {
 protected:
  static constexpr int kCoins = 120;

  void go(Into into) {
    if (into == Into::one_more) return;
    steps_.assign(ledger::migrations().begin(), ledger::migrations().begin() + 3);
    before_steps_ = 2;
    looks_ = "SELECT count(*) FROM slot", shows_ = "0";
  }

  // A ledger as it was, and what it becomes.
  void SetUp() override {
    const LedgerFolder folder;
    const auto path = folder / "coinlake.db";
    fill(path);
    before_ = read_file(path.string()).value();
    digest_ = digest_of(path);
    old_schema_ = schema_of(path);
    const auto done = open(path, healthy_.name());
    ASSERT_TRUE(done.has_value()) << why(done);
    new_schema_ = schema_of(path);
    ASSERT_NE(new_schema_, old_schema_);
  }

  void fill(const fs::path& path) {
    const auto schema = std::span(steps_).first(before_steps_);
    auto ledger = Ledger::open({.path = path, .clock = &clock_, .vfs = healthy_.name(), .schema = schema}).value();
    Sheet sheet;
    for (int i = 0; i < kCoins; ++i)
      sheet.lines.push_back(
          Coin("coin-" + std::to_string(i)).at(clock_.now() - 1min).price(i + 0.5).position(i + 1).line());
    ASSERT_EQ(ingest(ledger, sheet, clock_)->fresh, kCoins);
  }

  Result<void> open(const fs::path& path, const char* vfs) {
    (void)TRY(Ledger::open({.path = path, .clock = &clock_, .vfs = vfs, .schema = steps_}));
    return {};
  }

  static std::string schema_of(const fs::path& path) {
    return plain_sql(path, "PRAGMA user_version; SELECT name, sql FROM sqlite_schema ORDER BY name");
  }

  // The digest and what verify says, of a copy that calls itself of the schema before: both refuse a newer one.
  void expect_all_data(const fs::path& path) {
    const LedgerFolder folder;
    const auto copy = folder / "copy.db";
    fs::copy_file(path, copy);
    ASSERT_EQ(plain_sql(copy, "PRAGMA user_version = " + std::to_string(before_steps_)), "");
    EXPECT_EQ(digest_of(copy), digest_);
    EXPECT_EQ(problems_of(copy), "");
  }

  enum class Left { old_schema, new_schema };

  // What an interrupted migration left: one of the two, whole.
  Left expect_one_schema_whole(const fs::path& path) {
    const auto found = schema_of(path);  // which also brings the -wal into the file
    EXPECT_TRUE(found == old_schema_ || found == new_schema_) << "between the schemas: " << found;
    expect_all_data(path);
    return found == old_schema_ ? Left::old_schema : Left::new_schema;
  }

  void expect_backup(const fs::path& path) const {
    const auto backup = path.string() + ".v" + std::to_string(before_steps_) + ".backup";
    ASSERT_TRUE(fs::exists(backup));
    EXPECT_EQ(schema_of(backup), old_schema_);
    EXPECT_EQ(digest_of(backup), digest_);
  }

  void expect_the_next_one_finishes(const fs::path& path) {
    const auto done = open(path, healthy_.name());
    ASSERT_TRUE(done.has_value()) << why(done);
    EXPECT_EQ(schema_of(path), new_schema_);
    EXPECT_EQ(plain_sql(path, looks_), shows_);
    expect_all_data(path);
  }

  FaultVfs healthy_;
  ManualClock clock_;
  std::vector<Migration> steps_ = one_step_more();
  std::size_t before_steps_ = ledger::migrations().size();
  std::string looks_ = "SELECT count(*), min(value) FROM price_copy", shows_ = std::to_string(kCoins - 20) + "|20.5";
  std::string before_, digest_, old_schema_, new_schema_;
};

class MigrationFaultTest : public MigrationDiskTest, public testing::WithParamInterface<std::tuple<Into, FaultCase>> {
 protected:
  void SetUp() override {
    go(std::get<0>(GetParam()));
    MigrationDiskTest::SetUp();
  }

  // False once k is beyond the last change.
  bool try_at(std::int64_t k) {
    SCOPED_TRACE("change " + std::to_string(k));
    const auto [fault, for_good] = std::get<1>(GetParam());
    const LedgerFolder folder;
    const auto path = folder / "coinlake.db";
    write_image({{"coinlake.db", before_}}, folder.path());
    FaultVfs disk;
    disk.fail(k, fault, for_good);
    const auto done = open(path, disk.name());
    if (!done) {
      EXPECT_TRUE(is_kind_of(fault, done.error().kind)) << done.error().message.english();
    }
    const auto left = expect_one_schema_whole(path);
    ++(left == Left::old_schema ? left_old_ : left_new_);
    const bool in_the_step = !done && done.error().message.english().find("to schema ") != std::string::npos;
    if (in_the_step) ++failed_steps_;
    if (in_the_step || left == Left::new_schema) expect_backup(path);
    if (done) {
      EXPECT_EQ(left, Left::new_schema);
    }
    expect_the_next_one_finishes(path);
    return disk.failures() > 0;
  }

  int left_old_ = 0, left_new_ = 0, failed_steps_ = 0;
};

TEST_P(MigrationFaultTest, F7_EveryChangeOfAMigrationMayFail) {
  for (std::int64_t k = 1; try_at(k) && !HasFailure(); k += kSweepStep) {
  }
  EXPECT_GT(kSweepStep * failed_steps_, 5);
  EXPECT_GT(kSweepStep * left_old_, 5);
  EXPECT_GT(kSweepStep * left_new_, 5);
}

std::string name_of_migration(const testing::TestParamInfo<MigrationFaultTest::ParamType>& tested) {
  const auto& [into, fault] = tested.param;
  return name_of_fault({fault, 0}) + (into == Into::three ? "IntoThree" : "IntoOneMore");
}

INSTANTIATE_TEST_SUITE_P(Disk, MigrationFaultTest,
                         testing::Combine(testing::Values(Into::three, Into::one_more), every_fault()),
                         name_of_migration);

// The loss of power at every point of a migration.
class MigrationPowerTest : public MigrationDiskTest {
 protected:
  void lose_power_everywhere(const std::function<bool()>& survives) {
    const auto journal = recorded();
    int left_old = 0, left_new = 0;
    for (std::size_t n = kBefore; n <= journal.size() && !HasFailure(); ++n) {
      SCOPED_TRACE("power lost after change " + std::to_string(n) + " of " + std::to_string(journal.size()));
      const LedgerFolder folder;
      const auto path = folder / "coinlake.db";
      write_image(after_power_loss(journal, n, survives), folder.path());
      ++(expect_one_schema_whole(path) == Left::old_schema ? left_old : left_new);
      expect_the_next_one_finishes(path);
    }
    EXPECT_GT(left_old, 5);
    EXPECT_GT(left_new, 5);
  }

  // The first changes put the old ledger onto the disk.
  static constexpr std::size_t kBefore = 3;
  std::vector<DiskChange> recorded() {
    using What = DiskChange::What;
    const LedgerFolder folder;
    write_image({{"coinlake.db", before_}}, folder.path());
    FaultVfs disk;
    const auto done = open(folder / "coinlake.db", disk.name());
    EXPECT_TRUE(done.has_value()) << why(done);
    std::vector<DiskChange> journal = {{.what = What::create, .file = "coinlake.db"},
                                       {.what = What::write, .file = "coinlake.db", .at = 0, .bytes = before_},
                                       {.what = What::sync, .file = "coinlake.db"}};
    journal.insert(journal.end(), disk.journal().begin(), disk.journal().end());
    EXPECT_GT(journal.size(), kBefore + 20);
    return journal;
  }
};

class ThirdSchemaPowerTest : public MigrationPowerTest {
 protected:
  void SetUp() override {
    go(Into::three);
    MigrationPowerTest::SetUp();
  }
};

TEST_F(ThirdSchemaPowerTest, F7_TheSchemaIsOldOrNewWhenNothingUnsyncedSurvives) {
  lose_power_everywhere([] { return false; });
}

TEST_F(MigrationPowerTest, F7_TheSchemaIsOldOrNewWhenNothingUnsyncedSurvives) {
  lose_power_everywhere([] { return false; });
}

TEST_F(MigrationPowerTest, F7_TheSchemaIsOldOrNewWhenAllOfItSurvives) {
  lose_power_everywhere([] { return true; });
}

TEST_F(MigrationPowerTest, F7_TheSchemaIsOldOrNewWhicheverWritesSurvive) {
  std::mt19937 random(20260727);
  lose_power_everywhere([&] { return random() % 2 == 0; });
}

}  // namespace
}  // namespace coinlake::test
