// What a terminal is sent: whole lines that fit, in signs that it has.
#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

#include "coinlake/app/terminal/console.hpp"
#include "coinlake/base/text.hpp"
#include "tests/support/program.hpp"

namespace coinlake::app {
namespace {

using testing::HasSubstr;

class ConsoleTest : public testing::Test {
 protected:
  // What `use` has a console of these options write, to either descriptor.
  template <class Use>
  std::string sent(Console::Options options, Use use) {
    const auto path = folder_ / "sent";
    FILE* to = std::fopen(path.c_str(), "w");
    options.out = options.err = ::fileno(to);
    Console console(options);
    use(console);
    std::fclose(to);
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void tell(Console& console) { console.tell(words() + "\n"); }
  static void say(Console& console) { console.say(words()); }

  // Nine words of two columns, which are four in ASCII.
  static Message words() { return tr("a… b… c… d… e… f… g… h… i…"); }

  test::TemporaryFolder folder_;
};

TEST_F(ConsoleTest, LinesFitAsTheyAreShownAlsoInASCII) {
  const Console::Options ascii = {
      .out_is_terminal = true, .err_is_terminal = true, .ascii = true, .width = 20, .err_width = 20};
  for (const auto& text : {sent(ascii, tell), sent(ascii, say)}) {
    EXPECT_THAT(text, HasSubstr("a... b..."));
    for (const auto line : split(text, '\n')) EXPECT_LE(line.size(), 20U) << line;
  }
}

TEST_F(ConsoleTest, EachOfStdoutAndStderrIsASCIIWhereItIsATerminalAndUtf8InAPipe) {
  EXPECT_THAT(sent({.out_is_terminal = true, .ascii = true}, tell), HasSubstr("a... "));
  EXPECT_THAT(sent({.err_is_terminal = true, .ascii = true}, tell), HasSubstr("a… "));
  EXPECT_THAT(sent({.err_is_terminal = true, .ascii = true}, say), HasSubstr("a... "));
  EXPECT_THAT(sent({.out_is_terminal = true, .ascii = true}, say), HasSubstr("a… "));
}

TEST_F(ConsoleTest, APipeGetsLinesOfAnyLength) {
  for (const auto& text : {sent({.width = 20, .err_width = 20}, tell), sent({.width = 20, .err_width = 20}, say)})
    EXPECT_EQ(text, words().english() + "\n");
}

}  // namespace
}  // namespace coinlake::app
