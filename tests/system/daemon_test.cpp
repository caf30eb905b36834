// The daemon from outside: what it does by itself, its signals, its socket, and how it dies.
#include <sqlite3.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <thread>

#include "tests/support/aim.hpp"
#include "tests/support/daemon_clients.hpp"
#include "tests/support/daemon_fixture.hpp"
#include "tests/support/raw_server.hpp"

namespace coinlake::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using namespace std::chrono_literals;

class DaemonTest : public DaemonFixture {};

TEST_F(DaemonTest, EachSlotIsARunAndARow) {
  start();
  collected(4);
  EXPECT_EQ(stop().code, 0);
  const auto runs = sql("SELECT count(*) FROM run_summary WHERE outcome = 'ok'");
  EXPECT_EQ(sql("SELECT count(*) FROM slot WHERE state IN ('done', 'late')"), runs);
  EXPECT_GE(std::stoi(runs), 4);
  expect_sound();
}

TEST_F(DaemonTest, OnceDoesWhatIsDueAndEnds) {
  configure("[schedules.daily]\nwhen = \"every 24h\"\ntop = 20\n");
  const auto first = coinlake({"run", "--once"});
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(sql("SELECT count(*) FROM slot"), "1");
}

TEST_F(DaemonTest, F18_OnceWithoutRoomCollectsNothingAndSaysSo) {
  configure(std::string(kEachSecond) + "[disk]\nmin_free_mib = 1048576\n");
  EXPECT_EQ(coinlake({"run", "--once"}).code, 75);
  EXPECT_EQ(sql("SELECT count(*) FROM run"), "0");
}

TEST_F(DaemonTest, OnceSaysThatItFailed) {
  more_["COINLAKE_COINGECKO__BASE_URL"] = "http://127.0.0.1:1/api/v3";
  configure("[schedules.top]\nwhen = \"every 1h\"\ntop = 20\ntimeout = \"1s\"\n");
  EXPECT_EQ(coinlake({"run", "--once"}).code, 75);
  EXPECT_EQ(sql("SELECT count(*) FROM slot"), "0") << "the next one may still fill it";
  EXPECT_THAT(sql("SELECT state, why FROM condition WHERE subject = 'schedule top'"),
              AllOf(testing::StartsWith("waiting,"), HasSubstr("no connection")));
}

TEST_F(DaemonTest, DoctorSaysThatAProviderRefusesWhatItIsAsked) {
  const Simulator refusing({"--status", "404:nothing here"});
  more_["COINLAKE_COINGECKO__BASE_URL"] = refusing.url();
  start();
  line_with("404");
  line_with("404");  // the run before has ended
  const auto said = coinlake({"doctor"});
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.out, HasSubstr("bad  coingecko network: page 1 in usd: CoinGecko answered 404"));
  EXPECT_EQ(stop().code, 0);
}

TEST_F(DaemonTest, TheReferencesEnvironmentAloneStartsItsJob) {
  std::filesystem::remove(folder_ / "coinlake.toml");
  std::ofstream(folder_ / ".env") << "CMC_API_KEY=0123456789abcdef\n";
  start();
  for (std::string line; line.find("bitcoin") == std::string::npos && !(line = daemon_->read_out_line()).empty();) {
  }
  line_with("schedule=bitcoin");
  EXPECT_EQ(stop().code, 0);
  EXPECT_EQ(sql("SELECT count(*) FROM bitcoin_precos"), "1");
  EXPECT_EQ(sql("SELECT plan, timetable FROM plan_version ORDER BY plan"),
            "bitcoin,every 5m\r\ntop,\"0 9,13,18 * * *\"");
}

TEST_F(DaemonTest, F11_ASecondOneNamesTheFirstAndLeavesItAlone) {
  start();
  collected(1);
  const auto second = coinlake({"run"});
  EXPECT_EQ(second.code, 75);
  EXPECT_THAT(second.err, HasSubstr("process " + std::to_string(daemon_->pid())));
  collected(1);
  EXPECT_EQ(stop().code, 0);
}

TEST_F(DaemonTest, F11_ALockAndASocketOfADeadOneAreNoObstacle) {
  start();
  collected(1);
  stop(SIGKILL);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "data/coinlake.db.sock"));
  start();
  collected(1);
  EXPECT_EQ(coinlake({"reload"}).code, 0);
  EXPECT_EQ(stop().code, 0);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data/coinlake.db.sock"));
  expect_sound();
}

TEST_F(DaemonTest, F75_OneSignalEndsItWithinTenSecondsAndWhateverIsUnderWay) {
  start();
  collected(1);
  const auto asked = std::chrono::steady_clock::now();
  EXPECT_EQ(stop(SIGINT).code, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - asked, 10s);
}

// A provider that takes requests and never answers.
class HungDaemonTest : public DaemonFixture {
 protected:
  void start_and_be_asked() {
    more_["COINLAKE_COINGECKO__BASE_URL"] = hung_.url("/api/v3");
    start();
    while (hung_.requests().empty()) std::this_thread::yield();
  }
  RawServer hung_{"", End::stall};
};

TEST_F(HungDaemonTest, F75_OneSignalEndsItWithinTenSecondsAlsoWhileAProviderHangs) {
  configure("[schedules.hourly]\nwhen = \"every 1h\"\ntop = 20\n");
  start_and_be_asked();
  const auto asked = std::chrono::steady_clock::now();
  EXPECT_EQ(stop().code, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - asked, 10s);
  EXPECT_EQ(sql("SELECT outcome FROM run_summary"), "failed");
  EXPECT_EQ(sql("SELECT count(*) FROM slot"), "0") << "the next process may fill it";
  EXPECT_THAT(sql("SELECT why FROM condition WHERE subject = 'schedule hourly'"), HasSubstr("interrupted"));
}

TEST_F(HungDaemonTest, ItsTimeoutEndsARunAndTheSlotSaysSo) {
  configure("[schedules.fast]\nwhen = \"every 2s\"\ntop = 20\ntimeout = \"1s\"\n");
  start_and_be_asked();
  eventually(
      "SELECT count(*) > 0 FROM slot WHERE state = 'missed' AND why LIKE '%no whole answer before the deadline%'");
  EXPECT_EQ(stop().code, 0);
}

TEST_F(DaemonTest, F75_ASecondSignalEndsItAtOnce) {
  Manager manager(folder_ / "notify");
  // Its threads are left where they are: no leak.
  more_ = {{"NOTIFY_SOCKET", folder_ / "notify"}, {"TSAN_OPTIONS", "halt_on_error=1:report_thread_leaks=0"}};
  start();
  collected(1);
  sqlite3* other = nullptr;  // keeps its last rows from being written
  ASSERT_EQ(sqlite3_open((folder_ / "data/coinlake.db").c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  daemon_->signal(SIGTERM);
  while (manager.next() != "STOPPING=1") {
  }
  EXPECT_EQ(stop().code, 128 + SIGTERM);
  sqlite3_close(other);
  expect_sound();
}

TEST_F(DaemonTest, SilentAndSenselessClientsOfItsSocketHoldNothingUp) {
  start();
  collected(1);
  std::vector<SocketClient> silent;
  for (int i = 0; i < 6; ++i) silent.emplace_back(folder_ / "data/coinlake.db.sock");
  SocketClient senseless(folder_ / "data/coinlake.db.sock");
  senseless.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_THAT(coinlake({"status"}).out, HasSubstr("coinlake run is at work"));
  EXPECT_THAT(senseless.answer(), testing::StartsWith("2 "));
  collected(2);
  for (int i = 0; i < 6; ++i) silent.emplace_back(folder_ / "data/coinlake.db.sock");
  const auto asked = std::chrono::steady_clock::now();
  EXPECT_EQ(stop().code, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - asked, 10s);
}

// For the sanitizers: all that comes from outside, at once.
TEST_F(DaemonTest, F75_ReloadsCommandsAndTheEndAtOnce) {
  start();
  collected(1);
  const auto repeat = [this](std::vector<std::string> words) {
    return std::thread([this, words = std::move(words)] {
      for (int i = 0; i < 3; ++i) (void)coinlake(words);
    });
  };
  std::vector<std::thread> clients;
  clients.push_back(repeat({"reload"}));
  clients.push_back(repeat({"collect", "--top", "3", "--no-cache"}));
  clients.push_back(repeat({"status"}));
  for (int i = 0; i < 3; ++i) daemon_->signal(SIGHUP), collected(1);
  daemon_->signal(SIGTERM);
  for (auto& client : clients) client.join();
  EXPECT_EQ(end().code, 0);
  expect_sound();
}

TEST_F(DaemonTest, F73_AFaultyConfigurationLeavesTheOldInForceAndSaysSo) {
  start();
  collected(1);
  configure("[schedules.fast]\nwhen = \"every 1s\"\ntop = 20\ncolour = \"red\"\n");
  const auto refused = coinlake({"reload"});
  EXPECT_EQ(refused.code, 78);
  EXPECT_THAT(refused.err, HasSubstr("colour"));
  EXPECT_THAT(line_with("level=error"), HasSubstr("the old configuration stays"));
  collected(1);
  configure(kEachSecond);
  EXPECT_THAT(sql("SELECT state, why FROM condition WHERE subject = 'configuration'"), HasSubstr("refused,"));
  configure(std::string(kEachSecond) + "[schedules.other]\nwhen = \"every 2s\"\ntop = 5\n");
  EXPECT_EQ(coinlake({"reload"}).code, 0);
  line_with("schedule=other");
  EXPECT_EQ(sql("SELECT state FROM condition WHERE subject = 'configuration'"), "ok");
  EXPECT_EQ(stop().code, 0);
  expect_sound();
}

TEST_F(DaemonTest, F73_SIGHUPReadsTheConfigurationAnew) {
  start();
  collected(1);
  configure(std::string(kEachSecond) + "[schedules.other]\nwhen = \"every 2s\"\ntop = 5\n");
  daemon_->signal(SIGHUP);
  line_with("schedule=other");
  EXPECT_EQ(stop().code, 0);
}

TEST_F(DaemonTest, ReloadWithoutADaemonSaysThatThereIsNone) { EXPECT_EQ(coinlake({"reload"}).code, 3); }

TEST_F(DaemonTest, ACommandThatWritesIsDoneByTheDaemon) {
  start();
  collected(1);
  const auto done = coinlake({"collect", "--top", "7", "--json"});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("\"rows\":7"));
  EXPECT_EQ(coinlake({"collect", "--ids", "no such coin"}).code, 1);
  EXPECT_THAT(coinlake({"quarantine", "drop", "1/0/1", "--why", "x"}).err, HasSubstr("1/0/1"));
  EXPECT_EQ(stop().code, 0);
  EXPECT_EQ(sql("SELECT count(*) FROM run WHERE plan = 'top 7 usd'"), "1");
}

TEST_F(DaemonTest, TheSocketIsItsOwnersAlone) {
  start();
  collected(1);
  struct stat info{};
  ASSERT_EQ(::stat((folder_ / "data/coinlake.db.sock").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_EQ(stop().code, 0);
}

TEST_F(DaemonTest, F18_BelowTheLimitOfTheDiskItPausesSaysSoAndGoesOnAlone) {
  start();
  collected(1);
  configure(std::string(kEachSecond) + "[disk]\nmin_free_mib = 1048576\n");
  EXPECT_EQ(coinlake({"reload"}).code, 0);
  EXPECT_THAT(line_with("level=warn"), HasSubstr("the disk of the ledger is nearly full"));
  EXPECT_THAT(sql("SELECT state, why FROM condition WHERE subject = 'collection'"), HasSubstr("paused,"));
  eventually("SELECT count(*) > 0 FROM slot WHERE state = 'skipped' AND why LIKE '%nearly full%'");
  const auto refused = coinlake({"collect", "--top", "3", "--no-cache"});
  EXPECT_EQ(refused.code, 75);
  EXPECT_THAT(refused.err, HasSubstr("collecting is paused: the disk of the ledger is nearly full"));
  configure(kEachSecond);
  EXPECT_EQ(coinlake({"reload"}).code, 0);
  line_with("collecting goes on");
  collected(2);
  EXPECT_EQ(stop().code, 0);
  expect_sound();
}

TEST_F(DaemonTest, F17_ALedgerWhoseLockIsGoneIsTakenUpAgain) {
  start();
  collected(1);
  std::filesystem::remove(folder_ / "data/coinlake.db.lock");
  line_with("collecting is paused");
  line_with("collecting goes on");
  collected(1);
  EXPECT_EQ(stop().code, 0);
  expect_sound();
}

TEST_F(DaemonTest, ALedgerThatWasMovedAwayIsNotReplacedByAnEmptyOne) {
  start();
  collected(1);
  std::filesystem::rename(folder_ / "data", folder_ / "elsewhere");
  line_with("collecting is paused");
  std::filesystem::create_directory(folder_ / "data");
  EXPECT_THAT(line_with("is gone, or another one lies there"), HasSubstr("data/coinlake.db"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data/coinlake.db"));
  std::filesystem::remove_all(folder_ / "data");
  std::filesystem::rename(folder_ / "elsewhere", folder_ / "data");
  line_with("collecting goes on");
  collected(1);
  EXPECT_EQ(stop().code, 0);
  expect_sound();
}

TEST_F(DaemonTest, ALedgerThatWasReplacedByACopyOfItIsNotWrittenToWithAWalThatIsNotItsOwn) {
  start();
  collected(2);
  EXPECT_EQ(coinlake({"ledger", "backup", "copy.db"}).code, 0);
  collected(1);
  std::filesystem::rename(folder_ / "copy.db", folder_ / "data/coinlake.db");
  line_with("collecting is paused");
  line_with("another one lies there");
  EXPECT_EQ(stop().code, 0);
}

TEST_F(DaemonTest, ALedgerThatNowLiesBehindALinkIsNotWrittenToUnderTwoNames) {
  start();
  collected(2);
  std::filesystem::rename(folder_ / "data/coinlake.db", folder_ / "moved.db");
  std::filesystem::create_symlink(folder_ / "moved.db", folder_ / "data/coinlake.db");
  line_with("collecting is paused");
  line_with("another one lies there");
  std::filesystem::remove(folder_ / "data/coinlake.db");
  std::filesystem::rename(folder_ / "moved.db", folder_ / "data/coinlake.db");
  line_with("collecting goes on");
  collected(1);
  EXPECT_EQ(stop().code, 0);
  expect_sound();
}

TEST_F(HungDaemonTest, F1_KilledWhileARunHangsOverSeveralSlotsNoneLacksItsRow) {
  configure(std::string(kEachSecond) + "timeout = \"30s\"\n");
  start();
  collected(2);
  stop();
  start_and_be_asked();
  const auto begun = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - begun < 3s) (void)coinlake({"status"});
  stop(SIGKILL);
  more_.clear();
  start();
  collected(2);
  EXPECT_EQ(stop().code, 0);
  expect_sound();
}

TEST_F(DaemonTest, F1_KilledAtAnyMomentItLosesNothingThatWasAcknowledged) {
  const char* asked = std::getenv("COINLAKE_KILLS");  // make prove: 1000
  const int kills = asked == nullptr ? 20 : std::atoi(asked);
  configure(std::string(kEachSecond) + "[schedules.other]\nwhen = \"every 1s\"\ntop = 50\n");
  int collected_runs = 0;
  std::vector<std::chrono::milliseconds> waits;  // for the first page
  for (int i = 0; i < kills; ++i) {
    const auto begun = std::chrono::steady_clock::now();
    start();
    collected(1);
    ++collected_runs;
    waits.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun));
    spin(std::chrono::microseconds(static_cast<int>(spread(i) * 60'000)));
    stop(SIGKILL);
    if (asked != nullptr) expect_sound();
  }
  std::ranges::sort(waits);
  std::cout << "counted: " << kills
            << " kills; median of a restart up to its first stored page: " << waits[waits.size() / 2] << "\n";
  EXPECT_EQ(coinlake({"run", "--once"}).code, 0);
  EXPECT_GE(std::stoi(sql("SELECT count(*) FROM run_summary WHERE outcome = 'ok'")), collected_runs);
  EXPECT_EQ(sql("SELECT count(*) FROM run_summary WHERE outcome = 'open'"), "0");
  expect_sound();
}

// --- systemd

TEST_F(DaemonTest, F75_SystemdHearsThatItIsReadyAliveReloadingAndStopping) {
  Manager manager(folder_ / "notify");
  more_ = {{"NOTIFY_SOCKET", folder_ / "notify"}, {"WATCHDOG_USEC", "200000"}};
  start();
  EXPECT_EQ(manager.next(), "READY=1");
  EXPECT_EQ(manager.next(), "WATCHDOG=1");
  EXPECT_EQ(manager.next(), "WATCHDOG=1");
  daemon_->signal(SIGHUP);
  std::string said;
  while ((said = manager.next()) == "WATCHDOG=1") {
  }
  EXPECT_THAT(said, testing::StartsWith("RELOADING=1\nMONOTONIC_USEC="));
  while ((said = manager.next()) == "WATCHDOG=1") {
  }
  EXPECT_EQ(said, "READY=1");
  daemon_->signal(SIGTERM);
  while ((said = manager.next()) == "WATCHDOG=1") {
  }
  EXPECT_EQ(said, "STOPPING=1");
  EXPECT_EQ(end().code, 0);
}

}  // namespace
}  // namespace coinlake::test
