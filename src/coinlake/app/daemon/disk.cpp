#include "coinlake/app/daemon/disk.hpp"

#include <algorithm>
#include <array>

namespace coinlake::app {
namespace {

constexpr std::uint64_t kMib = std::uint64_t{1} << 20;

}  // namespace

std::uint64_t least_free(std::uint64_t disk, std::int64_t mib) {
  constexpr std::uint64_t kPart = 20, kLeast = 8 * kMib, kMost = 1024 * kMib;
  return mib > 0 ? static_cast<std::uint64_t>(mib) * kMib : std::clamp(disk / kPart, kLeast, kMost);
}

std::optional<Message> hindrance_of(const DiskSpace& disk, std::uint64_t least, bool paused) {
  if (disk.read_only) return tr("the disk of the ledger may only be read");
  if (disk.free >= (paused ? least + least / 10 : least)) return std::nullopt;
  return tr("the disk of the ledger is nearly full: {} are free, {} are left so", format_bytes(disk.free),
            format_bytes(least));
}

std::optional<Message> low_space(std::uint64_t free, std::uint64_t least) {
  if (free < least || free / 2 >= least) return std::nullopt;
  return tr("the disk of the ledger fills up: {} are free, collecting pauses below {}", format_bytes(free),
            format_bytes(least));
}

std::string format_bytes(std::uint64_t bytes) {
  constexpr std::array kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  const auto tenths = static_cast<std::int64_t>(value * 10);
  const bool whole = unit == 0 || tenths >= 100;
  return std::to_string(tenths / 10) + (whole ? "" : "." + std::to_string(tenths % 10)) + " " + kUnits[unit];
}

}  // namespace coinlake::app
