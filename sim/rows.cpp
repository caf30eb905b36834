#include "sim/rows.hpp"

#include "coinlake/base/text.hpp"

namespace coinlake::sim {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

// One past the end of the string whose opening quote is at `from`, or npos.
std::size_t end_of_string(std::string_view json, std::size_t from) {
  for (auto i = from + 1; i < json.size(); ++i) {
    if (json[i] == '\\') ++i;
    else if (json[i] == '"') return i + 1;
  }
  return std::string_view::npos;
}

// Where the value at `from` ends: at a comma or a closing bracket that is not its own. npos if it never does.
std::size_t end_of_value(std::string_view json, std::size_t from) {
  int depth = 0;
  for (auto i = from; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') {
      i = end_of_string(json, i);
      if (i == std::string_view::npos) return i;
      --i;
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

// The member that starts at or after `at`, which moves past it.
std::optional<Member> next_member(std::string_view row, std::size_t& at) {
  const auto begin = row.find('"', at);
  if (begin == std::string_view::npos) return std::nullopt;
  const auto end = end_of_string(row, begin), colon = row.find(':', end);
  if (colon == std::string_view::npos) return std::nullopt;
  at = end_of_value(row, colon + 1);
  if (at == std::string_view::npos) return std::nullopt;
  return Member{.key = row.substr(begin, end - begin), .value = trim(row.substr(colon + 1, at - colon - 1))};
}

bool is_object(std::string_view text) { return text.size() >= 2 && text.front() == '{' && text.back() == '}'; }

}  // namespace

Result<Rows> split_array(std::string_view json) {
  json = trim(json);
  if (!json.starts_with('[') || !json.ends_with(']')) return fail(Kind::undecodable, tr("not a JSON array"));
  Rows rows;
  if (json.find_first_not_of(kSpace, 1) == json.size() - 1) return rows;
  for (std::size_t at = 1; at < json.size();) {
    const auto end = end_of_value(json, at);
    if (end == std::string_view::npos) return fail(Kind::undecodable, tr("a JSON array that does not end"));
    const auto row = trim(json.substr(at, end - at));
    if (!is_object(row))
      return fail(Kind::undecodable, "element " + std::to_string(rows.size() + 1) + " is no JSON object");
    rows.emplace_back(row);
    at = end + 1;
  }
  return rows;
}

std::optional<Member> find_member(std::string_view row, std::string_view key) {
  const auto quoted = "\"" + std::string(key) + "\"";
  for (std::size_t at = 1; at < row.size();) {
    const auto member = next_member(row, at);
    if (!member || member->key == quoted) return member;
  }
  return std::nullopt;
}

std::string_view value_of(std::string_view row, std::string_view key) {
  const auto member = find_member(row, key);
  return member ? member->value : "";
}

std::string_view text_of(std::string_view row, std::string_view key) {
  const auto quoted = value_of(row, key);
  return quoted.size() >= 2 && quoted.front() == '"' ? quoted.substr(1, quoted.size() - 2) : "";
}

std::string with_replaced(std::string_view row, std::string_view old, std::string_view by) {
  const auto at = static_cast<std::size_t>(old.data() - row.data());
  return std::string(row.substr(0, at)) + std::string(by) + std::string(row.substr(at + old.size()));
}

}  // namespace coinlake::sim
