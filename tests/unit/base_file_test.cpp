#include "coinlake/base/file.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <string>
#include <string_view>

#include "tests/support/program.hpp"

namespace coinlake {
namespace {

using testing::HasSubstr;

class FileTest : public testing::Test {
 protected:
  void write(std::string_view bytes) { std::ofstream(folder_ / "f", std::ios::binary) << bytes; }
  test::TemporaryFolder folder_;
};

TEST_F(FileTest, ReadsBackWhatWasWritten) {
  for (const auto& bytes : {std::string(), std::string("a\0\n\r\xFF", 5), std::string(200'000, 'x')}) {
    write(bytes);
    EXPECT_EQ(read_file(folder_ / "f").value(), bytes);
  }
}

TEST_F(FileTest, OneThatIsTooLargeIsAnErrorAlsoIfItNeverEnds) {
  write(std::string(1001, 'x'));
  EXPECT_TRUE(read_file(folder_ / "f", 1001));
  EXPECT_THAT(read_file(folder_ / "f", 1000).error().message.english(), HasSubstr("File too large"));
  EXPECT_FALSE(read_file("/dev/zero", 1000));
}

TEST_F(FileTest, ReadsFilesThatSayTheyAreEmptyAndAreNot) {
  EXPECT_FALSE(read_file("/proc/self/status").value().empty());
}

TEST_F(FileTest, AMissingFileIsNamedInTheError) {
  const auto text = read_file(folder_ / "none");
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().kind, Kind::storage);
  EXPECT_THAT(text.error().message.english(), testing::AllOf(HasSubstr(folder_ / "none"), HasSubstr("No such file")));
}

TEST_F(FileTest, AFolderIsNotReadAsAFile) {
  EXPECT_THAT(read_file(folder_.path()).error().message.english(), HasSubstr("Is a directory"));
}

// It hung, and with it the shell whose Tab had asked.
TEST_F(FileTest, APipeThatNobodyWritesToIsAnErrorAndNoWait) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), S_IRWXU), 0);
  EXPECT_THAT(read_file(folder_ / "pipe").error().message.english(), HasSubstr("nobody writes to it"));
}

// Streams took an input error for the end of the file: a failing disk gave a shorter text and no error.
TEST_F(FileTest, AFailingReadIsAnErrorAndNotAShorterText) { EXPECT_FALSE(read_file("/proc/self/mem")); }

TEST_F(FileTest, SyncsFoldersAndOnlyFolders) {
  EXPECT_TRUE(sync_folder(folder_.path()));
  write("x");
  EXPECT_FALSE(sync_folder(folder_ / "f"));
  EXPECT_FALSE(sync_folder(folder_ / "none"));
}

TEST_F(FileTest, SaysHowMuchSpaceIsFree) {
  EXPECT_GT(disk_space(folder_.path()).value().free, 0U);
  EXPECT_GE(disk_space(folder_.path()).value().total, disk_space(folder_.path()).value().free);
  EXPECT_FALSE(disk_space(folder_.path()).value().read_only);
  EXPECT_FALSE(disk_space(folder_ / "none"));
}

}  // namespace
}  // namespace coinlake
