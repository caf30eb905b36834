// A query string as names and values, and how they get into a query by a table of what is known.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coinlake::sim {

using Parameters = std::vector<std::pair<std::string, std::string>>;

// In the order of the query, percent-decoded; nothing if a percent sign stands without two hexadecimal digits.
std::optional<Parameters> decode_query(std::string_view query);

std::optional<std::int64_t> whole(std::string_view text, std::int64_t least, std::int64_t most);
std::vector<std::string> comma_list(std::string_view text);
std::string to_upper(std::string ascii);
bool take_flag(bool& to, std::string_view text);  // "true" or "false"

// Takes one value into the query; false: it is not one of those that there are.
template <class Query>
using Take = bool (*)(Query&, const std::string& value);
template <class Query>
using Takes = std::map<std::string, Take<Query>, std::less<>>;

struct Misread {
  std::string name;
  bool known;  // the name is, but not the value
};

// Stops at the first that cannot be taken, and says which.
template <class Query>
std::optional<Misread> take_all(Query& to, const Parameters& parameters, const Takes<Query>& known) {
  for (const auto& [name, value] : parameters) {
    const auto hit = known.find(name);
    if (hit == known.end()) return Misread{name, false};
    if (!hit->second(to, value)) return Misread{name, true};
  }
  return std::nullopt;
}

}  // namespace coinlake::sim
