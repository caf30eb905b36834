#include "coinlake/base/text.hpp"
#include "sim/market.hpp"

namespace coinlake::sim {
namespace {

// One past the end of the JSON value that starts at `from`: brackets count, unless they stand in a string.
std::size_t end_of_value(std::string_view json, std::size_t from) {
  int depth = 0;
  bool in_string = false;
  for (auto i = from; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      if (c == '\\') ++i;
      else if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if (depth == 0 && (c == ',' || c == ']' || c == '}')) {
      return i;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return std::string_view::npos;
}

// Where the value of a top-level key starts, or npos.
std::size_t find_value(std::string_view row, std::string_view key) {
  const auto quoted = "\"" + std::string(key) + "\"";
  for (std::size_t at = row.find('{') + 1; at < row.size();) {
    const auto begin = row.find('"', at);
    if (begin == std::string_view::npos) return begin;
    const auto colon = row.find(':', row.find('"', begin + 1));
    const auto value = row.find_first_not_of(" \t\r\n", colon + 1);
    if (colon == std::string_view::npos || value == std::string_view::npos) return std::string_view::npos;
    if (row.substr(begin, quoted.size()) == quoted) return value;
    const auto end = end_of_value(row, value);
    if (end == std::string_view::npos) return end;
    at = end + 1;
  }
  return std::string_view::npos;
}

}  // namespace

Result<Rows> split_array(std::string_view json) {
  json = trim(json);
  if (!json.starts_with('[') || !json.ends_with(']')) return fail(Kind::undecodable, "not a JSON array");
  Rows rows;
  for (std::size_t at = 1; at < json.size();) {
    const auto end = end_of_value(json, at);
    if (end == std::string_view::npos) return fail(Kind::undecodable, "a JSON array that does not end");
    const auto row = trim(json.substr(at, end - at));
    if (!row.empty()) rows.emplace_back(row);
    at = end + 1;
  }
  return rows;
}

std::string_view number_of(std::string_view row, std::string_view key) {
  const auto value = find_value(row, key);
  return value == std::string_view::npos ? "" : trim(row.substr(value, end_of_value(row, value) - value));
}

std::string_view text_of(std::string_view row, std::string_view key) {
  const auto quoted = number_of(row, key);
  return quoted.size() >= 2 && quoted.starts_with('"') ? quoted.substr(1, quoted.size() - 2) : "";
}

std::string with_number(const std::string& row, std::string_view key, std::string_view number) {
  const auto value = find_value(row, key);
  if (value == std::string_view::npos) return row;
  return row.substr(0, value) + std::string(number) + row.substr(end_of_value(row, value));
}

}  // namespace coinlake::sim
