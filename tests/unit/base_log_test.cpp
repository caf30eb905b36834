#include "coinlake/base/log.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "coinlake/base/file.hpp"
#include "coinlake/base/secret.hpp"
#include "coinlake/base/text.hpp"
#include "tests/support/log_capture.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/program.hpp"

namespace coinlake {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class LogTest : public testing::Test {
 protected:
  Log log_in(LogFormat format, LogLevel level = LogLevel::info) {
    return Log::open({.clock = clock_, .level = level, .format = format, .fd = err_.fd()}).value();
  }
  // Lines of info go to the file alone.
  LogOptions to_file() {
    return {.clock = clock_, .level = LogLevel::error, .fd = err_.fd(), .file = folder_ / "run.log"};
  }
  std::string file(const std::string& name) { return read_file(folder_ / name).value_or("no file\n"); }
  std::string logfmt_of(std::string_view text) {
    log_in(LogFormat::logfmt).info(tr("m"), {{"k", text}});
    const auto line = err_.text();
    return line.substr(line.find(" k=") + 3);
  }

  test::ManualClock clock_;
  test::Captured err_;
  test::TemporaryFolder folder_;
};

TEST_F(LogTest, WritesLogfmt) {
  const auto log = log_in(LogFormat::logfmt).with({"run", "ab12"});
  log.info(tr("collected"), {{"new", 250}, {"price", 0.1}, {"partial", false}, {"big", std::int64_t{1} << 62}});
  EXPECT_EQ(err_.text(),
            "time=2027-01-15T08:00:00.000000Z level=info run=ab12 msg=collected new=250 price=0.1 partial=false "
            "big=4611686018427387904\n");
}

TEST_F(LogTest, WritesJson) {
  const auto log = log_in(LogFormat::json).with({"run", "ab12"});
  log.warn(tr("a \"b\""), {{"new", 250}, {"price", 0.1}, {"partial", true}, {"coin", "日本"}});
  EXPECT_EQ(err_.text(),
            R"({"time":"2027-01-15T08:00:00.000000Z","level":"warn","run":"ab12","msg":"a \"b\"","new":250,)"
            R"("price":0.1,"partial":true,"coin":"日本"})"
            "\n");
}

TEST_F(LogTest, WritesTextForPeople) {
  const auto log = log_in(LogFormat::text, LogLevel::debug).with({"run", "ab12"});
  log.info(tr("collected"), {{"new", 250}});
  log.debug(tr("asked"));
  log.warn(tr("page 3 is \x1b[31mshort"), {{"why", "no rows"}});
  log.error(Error{Kind::temporary, tr("no connection"), tr("try again")});
  EXPECT_EQ(err_.text(),
            "coinlake: collected new=250\n"
            "coinlake: debug: asked\n"
            "coinlake: warning: page 3 is �[31mshort why=\"no rows\"\n"
            "coinlake: no connection\n  try again\n");
}

TEST_F(LogTest, AnErrorHasItsKindAndItsHintIfThereIsOne) {
  const auto log = log_in(LogFormat::logfmt);
  log.error(Error{Kind::rate_limited, tr("asked to slow down"), tr("wait")}, {{"page", 2}});
  EXPECT_THAT(err_.text(), HasSubstr(R"(level=error msg="asked to slow down" page=2 kind=rate_limited hint=wait)"));
  log.warn(Error{Kind::upstream, tr("503")});
  EXPECT_THAT(err_.text(), HasSubstr("level=warn msg=503 kind=upstream\n"));
}

TEST_F(LogTest, LogfmtQuotesOnlyWhatReadersWouldSplitOrMisread) {
  for (const auto* plain : {"a", "2.5", "https://x.y/z?a&b", "日本é🚀", "a,b:c'[d]"})
    EXPECT_EQ(logfmt_of(plain), std::string(plain) + "\n");
  EXPECT_EQ(logfmt_of(""), "\"\"\n");
  EXPECT_EQ(logfmt_of("a b"), "\"a b\"\n");
  EXPECT_EQ(logfmt_of("a=b"), "\"a=b\"\n");
  EXPECT_EQ(logfmt_of("\"\\"), R"("\"\\")"
                               "\n");
}

TEST_F(LogTest, F106_HostileTextStaysOneLineThatSteersNoTerminal) {
  EXPECT_EQ(logfmt_of("x\r\ntime=2000 level=info msg=forged"), R"("x\r\ntime=2000 level=info msg=forged")"
                                                               "\n");
  EXPECT_EQ(logfmt_of("\x1b[2J\x07\x7f"), R"("\u001b[2J\u0007\u007f")"
                                          "\n");
  EXPECT_EQ(logfmt_of("\u009b31m\u202eabc\u2028"), R"("\u009b31m\u202eabc\u2028")"
                                                   "\n");
  EXPECT_EQ(logfmt_of("a\xFF\xC0\xAF"), "\"a\uFFFD\uFFFD\uFFFD\"\n");
  EXPECT_EQ(logfmt_of(std::string("a\0b", 3)), R"("a\u0000b")"
                                               "\n");
}

TEST_F(LogTest, F106_AForgedKeyIsStillOneKey) {
  log_in(LogFormat::logfmt).info(tr("m"), {{"a b=\"c\n", 1}, {"", 2}});
  EXPECT_THAT(err_.text(), testing::EndsWith(" msg=m a_b__c\uFFFD=1 _=2\n"));
}

TEST_F(LogTest, F106_TenMegabytesBecomeOneShortLineWithAMark) {
  const std::string huge(10'000'000, 'x'), worst(10'000'000, '\x1b');
  for (const auto format : {LogFormat::logfmt, LogFormat::json, LogFormat::text}) {
    log_in(format).info(huge, {{"a", huge}, {"b", worst}, {"last", 1}});
    const auto line = err_.text();
    EXPECT_LE(line.size(), 8192U);
    EXPECT_EQ(std::ranges::count(line, '\n'), 1);
    EXPECT_THAT(line, AllOf(HasSubstr("xxx…"), HasSubstr("last")));
  }
}

TEST_F(LogTest, FieldsThatDoNotFitAreCounted) {
  const LogFields fields(10, {"k", std::string(2000, 'x')});
  log_in(LogFormat::json).info(tr("m"), fields);
  EXPECT_THAT(err_.text(), testing::EndsWith(",\"left_out\":6}\n"));
  log_in(LogFormat::logfmt).info(tr("m"), fields);
  EXPECT_THAT(err_.text(), testing::EndsWith(" left_out=6\n"));
}

TEST_F(LogTest, ANumberThatIsNotFiniteIsNull) {
  log_in(LogFormat::json).info(tr("m"), {{"k", std::numeric_limits<double>::quiet_NaN()}});
  EXPECT_THAT(err_.text(), HasSubstr("\"k\":null}"));
}

TEST_F(LogTest, WritesWhatItsLevelTakesInAndNothingElse) {
  for (const auto level : {LogLevel::error, LogLevel::warn, LogLevel::info, LogLevel::debug}) {
    const auto log = log_in(LogFormat::logfmt, level);
    log.debug(tr("debug"));
    log.info(tr("info"));
    log.warn(tr("warn"));
    log.error(tr("error"));
    const auto lines = err_.text();
    for (const auto other : {LogLevel::error, LogLevel::warn, LogLevel::info, LogLevel::debug}) {
      EXPECT_EQ(lines.contains("level=" + std::string(name_of(other))), other <= level);
      EXPECT_EQ(log.wants(other), other <= level);
    }
  }
}

TEST_F(LogTest, LevelsAndFormatsAreReadByTheirNames) {
  for (const auto level : {LogLevel::error, LogLevel::warn, LogLevel::info, LogLevel::debug})
    EXPECT_EQ(parse_log_level(name_of(level)), level);
  EXPECT_EQ(parse_log_level("Info"), std::nullopt);
  EXPECT_EQ(parse_log_format("text"), LogFormat::text);
  EXPECT_EQ(parse_log_format("logfmt"), LogFormat::logfmt);
  EXPECT_EQ(parse_log_format("json"), LogFormat::json);
  EXPECT_EQ(parse_log_format(""), std::nullopt);
}

TEST_F(LogTest, AFieldOfOneCopyIsNotInTheOther) {
  const auto log = log_in(LogFormat::logfmt);
  log.with({"run", 1}).with({"page", 2}).info(tr("m"));
  log.info(tr("n"));
  EXPECT_THAT(err_.text(), AllOf(HasSubstr(" run=1 page=2 msg=m\n"), HasSubstr("level=info msg=n\n")));
}

TEST_F(LogTest, OneThatWasNotOpenedWritesNothing) {
  const auto log = Log().with({"run", 1});
  log.error(tr("m"));
  EXPECT_FALSE(log.wants(LogLevel::error));
}

template <class T>
concept IsMessage = requires(const Log& log, T text) { log.info(text); };
template <class T>
concept IsValue = requires(T value) { LogField("key", value); };
template <class T>
concept IsKey = requires(T key) { LogField(key, "value"); };

TEST_F(LogTest, F111_ASecretIsNoMessageNoKeyAndNoValue) {
  EXPECT_TRUE((IsMessage<std::string> && IsKey<std::string> && IsValue<std::string>));
  EXPECT_FALSE((IsMessage<Secret> || IsKey<Secret> || IsValue<Secret>));
  EXPECT_FALSE((IsMessage<Secret*> || IsKey<Secret*> || IsValue<Secret*> || IsValue<std::optional<Secret>>));
}

TEST_F(LogTest, TheFileTakesInfoThoughTheDescriptorDoesNot) {
  const auto log = Log::open(to_file()).value();
  EXPECT_TRUE(log.wants(LogLevel::info));
  log.debug(tr("a"));
  log.info(tr("b"));
  EXPECT_EQ(file("run.log"), "time=2027-01-15T08:00:00.000000Z level=info msg=b\n");
  EXPECT_EQ(err_.text(), "");
}

TEST_F(LogTest, TheFileTakesDebugWhenThatIsTheLevelAndJsonWhenThatIsTheFormat) {
  auto options = to_file();
  options.level = LogLevel::debug;
  options.format = LogFormat::json;
  Log::open(options).value().debug(tr("a"));
  EXPECT_EQ(file("run.log"), err_.text());
  EXPECT_THAT(file("run.log"), StartsWith("{\"time\":"));
}

TEST_F(LogTest, FilesAreForTheirOwnerAlone) {
  const auto before = ::umask(0);
  auto options = to_file();
  options.file_size = 100;
  const auto log = Log::open(options).value();
  for (int i = 0; i < 3; ++i) log.info(tr("a message of some length"));
  ::umask(before);
  for (const auto* name : {"run.log", "run.1.log", "run.2.log"}) {
    struct stat info{};
    ASSERT_EQ(::stat((folder_ / name).c_str(), &info), 0) << name;
    EXPECT_EQ(info.st_mode & 0777, 0600U) << name;
  }
}

TEST_F(LogTest, AFileThatCannotBeWrittenIsAnErrorAtOnce) {
  ASSERT_EQ(::mkfifo((folder_ / "fifo").c_str(), 0600), 0);
  for (const auto& path :
       {folder_ / "none/run.log", folder_.path().string(), folder_ / "fifo", std::string("/dev/null")}) {
    auto options = to_file();
    options.file = path;
    const auto log = Log::open(options);
    ASSERT_FALSE(log) << path;
    EXPECT_EQ(log.error().kind, Kind::config);
    EXPECT_THAT(log.error().message.english(), HasSubstr("the log file " + path));
    EXPECT_THAT(log.error().hint.english(), HasSubstr("log.file"));
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ / "none"));
}

class LogRotation : public LogTest {
 protected:
  static constexpr std::size_t kLines = 20, kLine = 52;  // in a file; bytes of one of number()'s
  LogOptions small(std::size_t older = 5) {
    auto options = to_file();
    options.file_size = kLines * kLine;
    options.older_files = older;
    return options;
  }
  static void number(const Log& log, int from, int to) {
    for (int i = from; i < to; ++i) log.info(std::to_string(i));
  }
  static std::string numbered(int from, int to) {
    std::string out;
    for (int i = from; i < to; ++i)
      out += "time=2027-01-15T08:00:00.000000Z level=info msg=" + std::to_string(i) + "\n";
    return out;
  }
  std::string all_files() {
    std::string out;
    for (const auto* name : {"run.5.log", "run.4.log", "run.3.log", "run.2.log", "run.1.log", "run.log"})
      out += file(name);
    return out;
  }
};

TEST_F(LogRotation, KeepsEveryLineOverSixFiles) {
  number(Log::open(small()).value(), 100, 220);
  EXPECT_EQ(all_files(), numbered(100, 220));
  EXPECT_EQ(file("run.log"), numbered(200, 220));
}

TEST_F(LogRotation, KeepsEveryLineOfProcessesOneAfterTheOther) {
  for (int i = 100; i < 220; i += 3) number(Log::open(small()).value(), i, i + 3);
  EXPECT_EQ(all_files(), numbered(100, 220));
}

TEST_F(LogRotation, DropsTheOldestFileOnly) {
  number(Log::open(small()).value(), 100, 221);
  EXPECT_EQ(all_files(), numbered(120, 221));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "run.6.log"));
}

TEST_F(LogRotation, EndsALineThatAnotherProcessDidNotEnd) {
  std::ofstream(folder_ / "run.log") << "time=2027 level=in";
  number(Log::open(small()).value(), 100, 101);
  EXPECT_EQ(file("run.log"), "time=2027 level=in\n" + numbered(100, 101));
}

// spdlog empties a file that it cannot rename.
TEST_F(LogRotation, AFileThatCannotBeRenamedKeepsItsLinesAndStopsNothing) {
  std::filesystem::create_directories(folder_ / "run.1.log/in_the_way");
  const auto log = Log::open(small(1)).value();
  number(log, 100, 125);
  EXPECT_EQ(file("run.log"), numbered(100, 120));
  const auto said = err_.text();
  EXPECT_THAT(said, AllOf(StartsWith("coinlake: the log file failed: "), HasSubstr(folder_ / "run.log")));
  EXPECT_EQ(split(said, '\n').size(), 3U) << "an error and its hint, once";

  clock_.sleep(std::chrono::seconds{61});
  number(log, 125, 126);
  EXPECT_EQ(err_.text(), "") << "it fails again, which was said";

  std::filesystem::remove_all(folder_ / "run.1.log");
  number(log, 126, 127);
  EXPECT_EQ(file("run.log"), numbered(100, 120)) << "tried once a minute";
  clock_.sleep(std::chrono::seconds{61});
  log.info(tr("again"));
  EXPECT_EQ(file("run.1.log"), numbered(100, 120));
  EXPECT_EQ(
      file("run.log"),
      "time=2027-01-15T08:02:02.000000Z level=warn msg=\"lines are missing here: the log file had failed\" missed=7\n"
      "time=2027-01-15T08:02:02.000000Z level=info msg=again\n");
}

// As a full disk does it: a part of a line is written, then nothing.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t most) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now{most, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    (void)std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int) = std::signal(SIGXFSZ, SIG_IGN);
};

TEST_F(LogRotation, AHalfWrittenLineDoesNotSpoilTheNext) {
  const auto log = Log::open(small()).value();
  {
    const FileSizeLimit limit(kLine + 10);
    number(log, 100, 104);
  }
  EXPECT_THAT(err_.text(), StartsWith("coinlake: the log file failed: "));
  clock_.sleep(std::chrono::seconds{61});
  log.info(tr("again"));
  const auto text = read_file(folder_ / "run.log").value();
  const auto lines = split(text, '\n');
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[1], "time=2027-");
  EXPECT_THAT(std::string(lines[2]), HasSubstr("missed=3"));
  EXPECT_THAT(std::string(lines[3]), HasSubstr("msg=again"));
}

TEST_F(LogRotation, LinesOfManyThreadsAreWholeAndAllThere) {
  auto options = small();
  options.file_size = 1'000'000;
  const auto log = Log::open(options).value();
  std::vector<std::jthread> threads;
  for (int t = 1; t <= 4; ++t)
    threads.emplace_back([own = log.with({"thread", t}), t] { number(own, t * 1000, t * 1000 + 200); });
  threads.clear();
  const auto text = file("run.log");
  EXPECT_EQ(std::ranges::count(text, '\n'), 800);
  for (int t = 1; t <= 4; ++t)
    for (int i = 0; i < 200; ++i) {
      const auto line = " thread=" + std::to_string(t) + " msg=" + std::to_string(t * 1000 + i) + "\n";
      EXPECT_THAT(text, HasSubstr("Z level=info" + line));
    }
}

}  // namespace
}  // namespace coinlake
