// Commands of the program in this process, in a working folder that begins empty: what lies there is theirs to find.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "coinlake/app/cli/cli.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/program.hpp"

namespace coinlake::test {

class CommandInFolder : public testing::Test {
 protected:
  CommandInFolder() : before_(std::filesystem::current_path()) { std::filesystem::current_path(folder_.path()); }
  ~CommandInFolder() override { std::filesystem::current_path(before_); }

  struct Heard {
    int code;
    std::string out, err;
  };
  static Heard run(const std::vector<std::string>& words, const app::Config::Environment& environment = {},
                   std::size_t width = 80) {
    ManualClock clock;
    FILE* to = std::tmpfile();
    FILE* errors = std::tmpfile();
    app::Console console({.out = ::fileno(to), .err = ::fileno(errors), .width = width});
    const int code = app::run_program(words, environment, console, clock);
    return {code, text_of(to), text_of(errors)};
  }
  static std::string text_of(FILE* file) {
    std::string text;
    std::rewind(file);
    for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
    std::fclose(file);
    return text;
  }
  static void write(const std::string& name, const std::string& text, mode_t mode = 0600) {
    std::ofstream(name) << text;
    ASSERT_EQ(::chmod(name.c_str(), mode), 0);
  }
  static std::string content(const std::string& name) {
    std::ifstream file(name);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  TemporaryFolder folder_;
  std::filesystem::path before_;
};

}  // namespace coinlake::test
