// Whole outputs, kept as files of tests/cases/golden. Where a text differs from its file, the test fails and shows how.
// COINLAKE_RENEW_GOLDEN=1 writes the texts as they are now instead, shows the same, and leaves it to you to agree.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/program.hpp"

namespace coinlake::test {

inline void expect_golden(const std::string& name, const std::string& text) {
  const auto golden = std::string(COINLAKE_SOURCE_DIR) + "/tests/cases/golden/" + name;
  const TemporaryFolder folder;
  const auto now = folder / name;
  std::ofstream(now, std::ios::binary) << text;
  const auto difference =
      run("/usr/bin/diff", {"-N", "-u", "--label", "golden " + name, "--label", "now", golden, now});
  if (difference.code == 0) return;
  if (std::getenv("COINLAKE_RENEW_GOLDEN") == nullptr)
    ADD_FAILURE() << difference.out << difference.err
                  << "COINLAKE_RENEW_GOLDEN=1 renews the file (see CONTRIBUTING.md)";
  else
    std::filesystem::copy_file(now, golden, std::filesystem::copy_options::overwrite_existing),
        std::fputs(difference.out.c_str(), stdout);
}

}  // namespace coinlake::test
