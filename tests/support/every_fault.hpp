// Suites over every kind of fault of a disk, once and for good, and how many of a disk's changes they try.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <tuple>

#include "coinlake/base/result.hpp"
#include "tests/support/fault_vfs.hpp"

namespace coinlake::test {

// Every so manyth change of a disk is tried: each one by `make prove` and by hand, some of them (tests/CMakeLists.txt)
// by `make test` and, as what they look for is in each of its neighbours as well, under sanitizers.
inline const int kSweepStep = [] {
  const char* asked = std::getenv("COINLAKE_SWEEP_STEP");
  return asked == nullptr ? 1 : std::max(1, std::atoi(asked));
}();

using FaultCase = std::tuple<DiskFault, bool>;  // and whether all changes after it fail too

inline auto every_fault() {
  return testing::Combine(testing::Values(DiskFault::io_error, DiskFault::disk_full, DiskFault::short_write),
                          testing::Bool());
}

// What a failed change may be called. A full disk may fail at a truncate or a sync as well, and then it is one that
// failed.
inline bool is_kind_of(DiskFault fault, Kind kind) {
  return kind == Kind::storage || (fault != DiskFault::io_error && kind == Kind::unwritable);
}

inline std::string name_of_fault(const testing::TestParamInfo<FaultCase>& tested) {
  constexpr std::array kNames = {"IoError", "DiskFull", "ShortWrite"};
  const auto [fault, for_good] = tested.param;
  return std::string(kNames.at(static_cast<std::size_t>(fault))) + (for_good ? "ForGood" : "Once");
}

}  // namespace coinlake::test
