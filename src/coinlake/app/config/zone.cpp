#include "coinlake/app/config/zone.hpp"

#include <filesystem>

#include "coinlake/base/file.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/base/zone.hpp"

namespace coinlake::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDatabase = "/usr/share/zoneinfo";
constexpr std::size_t kMostBytesOfZone = std::size_t{1} << 20;

// "/usr/share/zoneinfo/America/Sao_Paulo" -> "America/Sao_Paulo"; a name stays as it is.
std::string name_within(const std::string& path) {
  constexpr std::string_view kMark = "zoneinfo/";
  const auto at = path.rfind(kMark);
  return at == std::string::npos ? path : path.substr(at + kMark.size());
}

}  // namespace

bool is_zone(const std::string& name) {
  std::error_code ignored;
  if (!is_zone_name(name)) return false;
  if (!fs::is_directory(kDatabase, ignored)) return true;
  const auto data = read_file(std::string(kDatabase) + "/" + name, kMostBytesOfZone);
  return data && data->starts_with("TZif");
}

std::string machine_zone(const Config::Environment& environment, const std::string& root) {
  if (const auto tz = environment.find("TZ"); tz != environment.end()) {
    const auto name = name_within(tz->second.substr(tz->second.starts_with(':') ? 1 : 0));
    if (is_zone(name)) return name;
  }
  std::error_code ignored;
  auto link = name_within(fs::read_symlink(root + "/etc/localtime", ignored).string());
  if (is_zone(link)) return link;
  const auto file = read_file(root + "/etc/timezone", kMostBytesOfZone);
  const std::string name(file ? trim(*file) : "");
  return is_zone(name) ? name : "UTC";
}

}  // namespace coinlake::app
