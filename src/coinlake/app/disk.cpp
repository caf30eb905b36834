#include "coinlake/app/disk.hpp"

#include <sys/statvfs.h>

#include <algorithm>
#include <array>

namespace coinlake::app {
namespace {

constexpr std::int64_t kMib = std::int64_t{1} << 20;

}  // namespace

DiskState disk_of(const std::filesystem::path& file) {
  struct statvfs info{};
  auto folder = file.parent_path();
  if (folder.empty()) folder = ".";
  if (::statvfs(folder.c_str(), &info) != 0) return {};
  const auto block = static_cast<std::int64_t>(info.f_frsize);
  return {.free = static_cast<std::int64_t>(info.f_bavail) * block,
          .total = static_cast<std::int64_t>(info.f_blocks) * block,
          .read_only = (info.f_flag & ST_RDONLY) != 0};
}

std::int64_t least_free(const DiskState& disk, std::int64_t mib) {
  constexpr std::int64_t kPart = 20, kLeast = 8 * kMib, kMost = 1024 * kMib;
  return mib > 0 ? mib * kMib : std::clamp(disk.total / kPart, kLeast, kMost);
}

std::optional<Message> hindrance_of(const DiskState& disk, std::int64_t least, bool paused) {
  if (disk.total == 0) return std::nullopt;
  if (disk.read_only) return tr("the disk of the ledger may only be read");
  if (disk.free >= (paused ? least + least / 10 : least)) return std::nullopt;
  return tr("the disk of the ledger is nearly full: {} are free, {} are left so", format_bytes(disk.free),
            format_bytes(least));
}

std::string format_bytes(std::int64_t bytes) {
  constexpr std::array kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  const auto tenths = static_cast<std::int64_t>(value * 10);
  const bool whole = unit == 0 || tenths >= 100;
  return std::to_string(tenths / 10) + (whole ? "" : "." + std::to_string(tenths % 10)) + " " + kUnits[unit];
}

}  // namespace coinlake::app
