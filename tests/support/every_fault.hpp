// Suites over every kind of fault of a disk, once and for good.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <tuple>

#include "tests/support/fault_vfs.hpp"

namespace coinlake::test {

using FaultCase = std::tuple<DiskFault, bool>;  // and whether all changes after it fail too

inline auto every_fault() {
  return testing::Combine(testing::Values(DiskFault::io_error, DiskFault::disk_full, DiskFault::short_write),
                          testing::Bool());
}

inline std::string name_of_fault(const testing::TestParamInfo<FaultCase>& tested) {
  constexpr std::array kNames = {"IoError", "DiskFull", "ShortWrite"};
  const auto [fault, for_good] = tested.param;
  return std::string(kNames.at(static_cast<std::size_t>(fault))) + (for_good ? "ForGood" : "Once");
}

}  // namespace coinlake::test
