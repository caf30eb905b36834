#include "sim/words.hpp"

#include <array>

#include "coinlake/base/number.hpp"

namespace coinlake::sim {
namespace {

using namespace std::chrono_literals;

struct Unit {
  std::string_view name;
  Duration length;
};
constexpr auto kUnits = std::to_array<Unit>({{"ms", 1ms}, {"s", 1s}, {"m", 1min}, {"h", 1h}});
constexpr std::int64_t kMostUnits = 100'000'000;

}  // namespace

Result<double> to_real(const std::string& called, const std::string& text, double least, double most) {
  const auto value = parse_number(text);
  if (value && *value >= least && *value <= most) return *value;
  return fail(Kind::usage, called + " needs a number from " + format_number(least) + " to " + format_number(most) +
                               ", not \"" + printable(text) + "\"");
}

Result<Duration> to_duration(const std::string& called, const std::string& text) {
  const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
  for (const auto& unit : kUnits) {
    const auto count = to_number<std::int64_t>(called, text.substr(0, end), 0, kMostUnits);
    if (count && text.substr(end) == unit.name) return *count * unit.length;
  }
  return fail(Kind::usage, called + " needs a time such as 500ms, 90s, 10m or 6h, not \"" + printable(text) + "\"");
}

Words& Words::flag(const std::string& name, bool& to) {
  return value(name, ValueKind::nothing,
               [&to](const std::string&, const std::string&) { return to = true, Result<void>{}; });
}

Words& Words::text(const std::string& name, std::string& to) {
  return value(name, ValueKind::text,
               [&to](const std::string&, const std::string& v) { return to = v, Result<void>{}; });
}

Words& Words::value(const std::string& name, ValueKind takes, Set set) {
  words_[name] = {.takes = takes, .set = std::move(set)};
  return *this;
}

Words& Words::add(const Words& more) {
  words_.insert(more.words_.begin(), more.words_.end());
  return *this;
}

const Words::Word* Words::find(const std::string& name) const {
  const auto hit = words_.find(name);
  return hit == words_.end() ? nullptr : &hit->second;
}

std::vector<std::string> Words::names() const {
  std::vector<std::string> out;
  for (const auto& [name, word] : words_) out.push_back(name);
  return out;
}

}  // namespace coinlake::sim
