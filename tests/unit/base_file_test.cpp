#include "coinlake/base/file.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/program.hpp"

namespace coinlake {
namespace {

using testing::HasSubstr;

std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

// While it lives, no file of this process may grow past `bytes`: writing beyond fails as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  void (*handler_)(int);
  rlimit before_{};
};

class FileTest : public testing::Test {
 protected:
  test::TemporaryFolder folder_;
};

TEST_F(FileTest, ReadsBackWhatWasWritten) {
  for (const auto& bytes : {std::string(), std::string("a\0\n\r\xFF", 5), std::string(200'000, 'x')}) {
    ASSERT_TRUE(write_file_atomically(folder_ / "f", bytes));
    EXPECT_EQ(read_file(folder_ / "f").value(), bytes);
  }
  EXPECT_THAT(names_in(folder_.path()), testing::ElementsAre("f"));
}

TEST_F(FileTest, ReadsFilesThatSayTheyAreEmptyAndAreNot) {
  EXPECT_FALSE(read_file("/proc/self/status").value().empty());
}

TEST_F(FileTest, AMissingFileIsNamedInTheError) {
  const auto text = read_file(folder_ / "none");
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().kind, Kind::storage);
  EXPECT_THAT(text.error().message, testing::AllOf(HasSubstr(folder_ / "none"), HasSubstr("No such file")));
}

TEST_F(FileTest, AFolderIsNotReadAsAFile) {
  EXPECT_THAT(read_file(folder_.path()).error().message, HasSubstr("Is a directory"));
}

// Streams took an input error for the end of the file: a failing disk gave a shorter text and no error.
TEST_F(FileTest, AFailingReadIsAnErrorAndNotAShorterText) { EXPECT_FALSE(read_file("/proc/self/mem")); }

TEST_F(FileTest, AFailedWriteLeavesTheOldFileAndNothingElse) {
  ASSERT_TRUE(write_file_atomically(folder_ / "f", "old"));
  Result<void> done;
  {
    const FileSizeLimit full(1000);
    done = write_file_atomically(folder_ / "f", std::string(2000, 'x'));
  }
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, Kind::storage);
  EXPECT_EQ(read_file(folder_ / "f").value(), "old");
  EXPECT_THAT(names_in(folder_.path()), testing::ElementsAre("f"));
}

TEST_F(FileTest, AFailedRenameLeavesNothing) {
  std::filesystem::create_directories(folder_ / "taken/inside");
  EXPECT_FALSE(write_file_atomically(folder_ / "taken", "x"));
  EXPECT_THAT(names_in(folder_.path()), testing::ElementsAre("taken"));
}

TEST_F(FileTest, WritingIntoAMissingFolderFails) { EXPECT_FALSE(write_file_atomically(folder_ / "none/f", "x")); }

TEST_F(FileTest, GivesTheFileItsModeLessTheUmask) {
  const auto before = ::umask(0027);
  const auto done = write_file_atomically(folder_ / "f", "x", 0666);
  ::umask(before);
  ASSERT_TRUE(done);
  EXPECT_EQ(std::filesystem::status(folder_ / "f").permissions(), std::filesystem::perms{0640});
}

// Both threads used one temporary name, and the loser deleted the winner's file.
TEST_F(FileTest, TwoWritersOfOnePathBothSucceedAndOneOfThemIsReadWhole) {
  constexpr int kTimes = 10;
  const std::array<std::string, 2> texts = {std::string(5000, 'a'), std::string(7000, 'b')};
  std::array<int, 2> written = {0, 0};
  const auto write = [&](std::size_t i) {
    for (int n = 0; n < kTimes; ++n) written.at(i) += write_file_atomically(folder_ / "f", texts.at(i)) ? 1 : 0;
  };
  {
    const std::jthread other(write, 1);
    write(0);
  }
  EXPECT_THAT(written, testing::ElementsAre(kTimes, kTimes));
  EXPECT_THAT(read_file(folder_ / "f").value(), testing::AnyOf(texts[0], texts[1]));
  EXPECT_THAT(names_in(folder_.path()), testing::ElementsAre("f"));
}

TEST_F(FileTest, SyncsFoldersAndOnlyFolders) {
  EXPECT_TRUE(sync_folder(folder_.path()));
  ASSERT_TRUE(write_file_atomically(folder_ / "f", "x"));
  EXPECT_FALSE(sync_folder(folder_ / "f"));
  EXPECT_FALSE(sync_folder(folder_ / "none"));
}

TEST_F(FileTest, SaysHowMuchSpaceIsFree) {
  EXPECT_GT(free_bytes(folder_.path()).value(), 0U);
  EXPECT_FALSE(free_bytes(folder_ / "none"));
}

}  // namespace
}  // namespace coinlake
