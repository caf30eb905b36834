// A working folder with the files of a configuration, and what is read from them.
#pragma once

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <string>
#include <vector>

#include "coinlake/app/config/config.hpp"
#include "tests/support/program.hpp"

namespace coinlake::test {

class ConfigFolder : public testing::Test {
 protected:
  void toml(const std::string& text) { write("coinlake.toml", text); }
  void dotenv(const std::string& text) { write(".env", text); }
  std::string secret_file(const std::string& text, mode_t mode = 0600) {
    write("secret", text, mode);
    return folder_ / "secret";
  }
  void write(const std::string& name, const std::string& text, mode_t mode = 0600) {
    std::ofstream(folder_ / name) << text;
    ASSERT_EQ(::chmod((folder_ / name).c_str(), mode), 0);
  }
  app::ConfigReading read(const app::Config::Environment& environment = {}) {
    return app::Config::read({.environment = environment, .folder = folder_.path()});
  }
  // One that is free of faults.
  app::Config good(const app::Config::Environment& environment = {}) {
    auto reading = read(environment);
    EXPECT_THAT(reading.faults, testing::IsEmpty());
    return std::move(reading.config);
  }
  std::string faults(const app::Config::Environment& environment = {}) { return joined(read(environment).faults); }
  std::string clashes(const app::Config::Environment& environment = {}) {
    return joined(app::contradictions(good(environment)));
  }
  static std::string joined(const std::vector<Message>& messages) {
    std::string out;
    for (const auto& message : messages) out += message.english() + "\n";
    return out;
  }
  TemporaryFolder folder_;
};

}  // namespace coinlake::test
