// F12: an end that is cut off. SQLite takes a -wal with a damaged byte for one that ends before it; what was
// acknowledged is noted beside the ledger, so nobody goes on without it.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "coinlake/base/file.hpp"
#include "coinlake/ledger/acknowledged.hpp"
#include "coinlake/ledger/backup.hpp"
#include "coinlake/ledger/identity.hpp"
#include "coinlake/ledger/slots.hpp"
#include "coinlake/ledger/verify.hpp"
#include "tests/support/fault_vfs.hpp"
#include "tests/support/ledger_file_fixture.hpp"

namespace coinlake::test {
namespace {

namespace fs = std::filesystem;
using ledger::Acknowledged;
using ledger::Ledger;
using testing::HasSubstr;

class CutOffTest : public LedgerFileTest {
 protected:
  // The ledger as a kill -9 left it: a part of what was acknowledged is in the -wal only.
  void kill_after(int batches, const std::function<void()>& then = [] {}) {
    ingest(bitcoin(100));
    close();
    for (int i = 0; i < batches; ++i) ingest(bitcoin(101 + i));
    then();
    for (const auto* suffix : {"", "-wal", ".lock"}) fs::copy_file(path().string() + suffix, left_.string() + suffix);
    close();
  }
  void flip_in_wal(std::uintmax_t at) const {
    std::fstream file(left_.string() + "-wal", std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const auto byte = static_cast<char>(file.get() ^ 1);
    file.seekp(static_cast<std::streamoff>(at));
    file.put(byte);
  }
  [[nodiscard]] std::uintmax_t wal_size() const { return fs::file_size(left_.string() + "-wal"); }
  [[nodiscard]] Result<Ledger> open_left() { return Ledger::open({.path = left_, .clock = &clock}); }
  [[nodiscard]] std::string bytes() const {
    return read_file(left_).value() + read_file(left_.string() + "-wal").value();
  }

  fs::path left_ = folder / "left.db";
};

TEST_F(CutOffTest, F12_AfterAKillAllThatWasAcknowledgedIsThere) {
  kill_after(3);
  EXPECT_EQ(problems_of(left_), "");
  EXPECT_TRUE(open_left().has_value());
}

TEST_F(CutOffTest, F12_VerifyNamesAnEndThatADamagedByteOfTheWalCutOff) {
  kill_after(3);
  flip_in_wal(wal_size() / 2);
  EXPECT_THAT(problems_of(left_), HasSubstr("lacks its end"));
  EXPECT_EQ(ledger::spot_check(left_).value().problems.size(), 1U);
}

TEST_F(CutOffTest, F12_ASlotThatIsTheLastThingInTheWalIsMissedToo) {
  const ledger::SlotFill missed = {.plan = "top", .at = clock.now(), .state = ledger::SlotState::missed};
  kill_after(1, [&] { ASSERT_TRUE(writer().account({{missed}})); });
  flip_in_wal(wal_size() - 5000);
  EXPECT_THAT(problems_of(left_), HasSubstr("lacks its end"));
}

TEST_F(CutOffTest, F12_NobodyWritesToItAndItsFilesStayAsTheyAre) {
  kill_after(3);
  flip_in_wal(wal_size() / 2);
  const auto before = bytes();
  const auto refused = open_left();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, Kind::corrupt);
  EXPECT_THAT(refused.error().hint.english(), HasSubstr(".lock"));
  EXPECT_TRUE(bytes() == before);
}

TEST_F(CutOffTest, F12_ALedgerOfWhichNothingIsLeftIsNotBegunAnew) {
  kill_after(1);
  for (const auto* suffix : {"", "-wal"}) fs::remove(left_.string() + suffix);
  EXPECT_THAT(why(open_left()), HasSubstr("is gone, empty or damaged"));
  EXPECT_THAT(why(ledger::open_ledger(left_)), HasSubstr("is gone, empty or damaged"));
  EXPECT_FALSE(fs::exists(left_) && fs::file_size(left_) > 0);
}

TEST_F(CutOffTest, F12_AnotherCopyIsGoneOnWithOnceTheNoteIsRemoved) {
  kill_after(3);
  fs::remove(left_.string() + "-wal");  // what a restored backup looks like
  EXPECT_THAT(why(open_left()), HasSubstr("lacks its end"));
  fs::remove(left_.string() + ".lock");
  EXPECT_TRUE(open_left().has_value());
  EXPECT_EQ(problems_of(left_), "");
}

TEST_F(CutOffTest, F12_WhatALongerPidLeftBehindTheOwnIsNoNote) {
  std::ofstream(path().string() + ".lock") << "41943041943041943\n";
  EXPECT_TRUE(open().has_value());
  EXPECT_TRUE(open().has_value());
}

// The only good copy there is, perhaps.
TEST_F(CutOffTest, F12_ABackupThatHasLessIsNotTouchedEither) {
  ingest(bitcoin(100));
  const auto copy = folder / "backup.db";
  ASSERT_TRUE(ledger::backup(path(), copy));
  ingest(bitcoin(101));
  close();
  fs::copy_file(copy, left_);
  fs::copy_file(path().string() + ".lock", left_.string() + ".lock");
  EXPECT_THAT(why(open_left()), HasSubstr("lacks its end"));
  EXPECT_EQ(file_hash(left_), file_hash(copy));
  EXPECT_FALSE(fs::exists(left_.string() + "-wal"));
}

// Two copies of one ledger, both written to: as many commits, other ones.
TEST_F(CutOffTest, F12_ACopyThatWentAnotherWayIsNamed) {
  ingest(bitcoin(100));
  const auto copy = folder / "copy.db";
  ASSERT_TRUE(ledger::backup(path(), copy));
  ingest(bitcoin(101));
  close();
  {
    auto other = Ledger::open({.path = copy, .clock = &clock}).value();
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(test::ingest(other, bitcoin(200 + i), clock));
  }
  fs::copy_file(copy, path(), fs::copy_options::overwrite_existing);
  EXPECT_THAT(problems_of(path()), HasSubstr("has another batch 2 than was acknowledged"));
  EXPECT_EQ(open().error().kind, Kind::corrupt);
}

TEST_F(CutOffTest, F12_NoBackupIsMadeOfWhatLacksItsEnd) {
  kill_after(3);
  flip_in_wal(wal_size() / 2);
  EXPECT_THAT(why(ledger::backup(left_, folder / "backup.db")), HasSubstr("lacks its end"));
  EXPECT_FALSE(fs::exists(folder / "backup.db"));
}

TEST_F(CutOffTest, F12_ANoteThatIsDamagedIsNotWrittenOver) {
  ingest(bitcoin(100));
  close();
  const auto lock = path().string() + ".lock";
  auto text = read_file(lock).value();
  text[text.size() - 3] = '!';
  std::ofstream(lock) << text;
  EXPECT_THAT(why(ledger::verify(path())), HasSubstr("is damaged"));
  EXPECT_EQ(open().error().kind, Kind::corrupt);
  EXPECT_EQ(read_file(lock).value(), text);
}

TEST_F(CutOffTest, F12_AVersionThatIsNoneIsADamagedHeader) {
  ingest(bitcoin(100));
  close();
  for (const auto* version : {"-2147483644", "0"}) {
    sql(std::string("PRAGMA user_version = ") + version);
    EXPECT_EQ(open().error().kind, Kind::corrupt) << version;
    EXPECT_THAT(why(ledger::verify(path())), HasSubstr("header")) << version;
  }
}

TEST_F(CutOffTest, F12_ALostCountIsNoProof) {
  ingest(bitcoin(100));
  close();
  sql("DELETE FROM commits");
  EXPECT_THAT(why(ledger::verify(path())), HasSubstr("lost the count"));
  EXPECT_THAT(why(open()), HasSubstr("lost the count"));
}

TEST_F(CutOffTest, F12_ANoteThatCannotBeReadIsAnErrorAndNoApproval) {
  ingest(bitcoin(100));
  close();
  const auto lock = path().string() + ".lock";
  fs::remove(lock);
  EXPECT_FALSE(ledger::verify(path()).value().acknowledged) << "none is there";
  ASSERT_EQ(::mkfifo(lock.c_str(), 0600), 0);
  EXPECT_THAT(why(ledger::verify(path())), HasSubstr("is not a file"));
}

// A disk that fails at any change of a commit: what is noted is in the ledger.
TEST_F(CutOffTest, F12_TheNoteIsNeverAheadOfTheLedger) {
  for (std::int64_t k = 1;; ++k) {
    FaultVfs disk;
    {
      auto ledger = Ledger::open({.path = left_, .clock = &clock, .vfs = disk.name()}).value();
      disk.fail(k, DiskFault::io_error, true);
      (void)test::ingest(ledger, bitcoin(100 + static_cast<double>(k)), clock);
    }
    EXPECT_EQ(problems_of(left_), "") << "change " << k;
    if (disk.failures() == 0) break;
  }
}

TEST_F(CutOffTest, F12_AnotherLedgerInItsPlaceIsNamed) {
  kill_after(1);
  const auto other = folder / "other.db";
  ASSERT_TRUE(Ledger::open({.path = other, .clock = &clock}));
  fs::copy_file(other, left_, fs::copy_options::overwrite_existing);
  fs::remove(left_.string() + "-wal");
  EXPECT_THAT(why(open_left()), HasSubstr("is not the ledger that was written to here"));
}

TEST_F(CutOffTest, F12_AFreshLedgerIsNotedBeforeAnythingIsInIt) {
  writer();
  const auto noted = ledger::noted_beside(path()).value();
  ASSERT_TRUE(noted);
  EXPECT_EQ(noted->commits, 0);
  EXPECT_EQ(noted->ledger, ledger::ledger_id(writer().connection()).value());
}

TEST(Acknowledged, IsReadAsItWasWrittenOrIsDamaged) {
  const auto read = [](const std::string& text) { return ledger::read_acknowledged(text, "x.db"); };
  const Acknowledged noted = {.ledger = std::string(32, 'a'), .commits = 812, .batch = 7, .link = std::string(64, 'b')};
  const auto text = "4711\n" + ledger::text_of(noted);
  const auto whole = read(text);
  ASSERT_TRUE(whole && *whole) << why(whole);
  EXPECT_EQ((*whole)->ledger, noted.ledger);
  EXPECT_EQ((*whole)->commits, 812);
  EXPECT_EQ((*whole)->batch, 7);
  EXPECT_EQ((*whole)->link, noted.link);
  for (const auto& none : {std::string(), std::string("4711\n"), std::string(200, '\0')})
    EXPECT_FALSE(read(none).value()) << "a PID alone, or what a loss of power may leave";
  EXPECT_TRUE(read(text + "f 1\n").value()) << "what a longer note left behind this one";
  for (std::size_t at = 5; at < text.size(); ++at) {
    auto damaged = text;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    EXPECT_FALSE(read(damaged)) << damaged;
    EXPECT_FALSE(read(text.substr(0, at == 5 ? 6 : at))) << "cut after " << at;
  }
}

// A row that the chain does not have stands twice: in its table and in an index.
TEST_F(LedgerFileTest, F12_VerifyFindsAChangedByteInRowsWithoutAHash) {
  const ledger::SlotFill missed = {
      .plan = "top", .at = clock.now(), .state = ledger::SlotState::missed, .why = "no-network-here"};
  ASSERT_TRUE(writer().account({{missed}}));
  ASSERT_TRUE(
      writer().put_condition({.subject = "clock", .state = "ok", .since = clock.now(), .why = "quite-unlikely"}));
  close();
  const auto whole = read_file(path()).value();
  for (const std::string text : {"no-network-here", "quite-unlikely"}) {
    for (auto at = whole.find(text); at != std::string::npos; at = whole.find(text, at + 1)) {
      auto damaged = whole;
      damaged[at + 2] = '_';
      std::ofstream(path(), std::ios::binary) << damaged;
      EXPECT_THAT(problems_of(path()), HasSubstr("index")) << text << " at " << at;
    }
  }
}

}  // namespace
}  // namespace coinlake::test
