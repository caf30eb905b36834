#include "coinlake/source/json_text.hpp"

#include <algorithm>

#include "coinlake/base/memory.hpp"
#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/source/json_outline.hpp"

namespace coinlake::source {
namespace {

constexpr std::size_t kMostDamaged = 10'000;  // bytes: beyond that no row is whole

// simdjson 3.0 misreads long decimals: 0.1 written out to 55 digits becomes 1.8e-36.
simdjson::error_code get_number(json::value& value, std::string_view token, double& number) {
  if (token.size() <= 19) return value.get_double().get(number);
  const auto first = token.front();
  if (first != '-' && (first < '0' || first > '9')) return simdjson::INCORRECT_TYPE;
  const auto read = parse_number(trim(token));
  number = read.value_or(0);
  return read ? simdjson::SUCCESS : simdjson::NUMBER_ERROR;
}

ValueFault fault_of(std::string_view rule, simdjson::error_code error) {
  return {rule, is_value_error(error) ? simdjson::SUCCESS : error};
}

}  // namespace

bool is_value_error(simdjson::error_code code) {
  return code == simdjson::INCORRECT_TYPE || code == simdjson::NUMBER_ERROR || code == simdjson::STRING_ERROR ||
         code == simdjson::NUMBER_OUT_OF_RANGE || code == simdjson::N_ATOM_ERROR || code == simdjson::T_ATOM_ERROR ||
         code == simdjson::F_ATOM_ERROR;
}

std::string_view first_value(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      else if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return trim(text.substr(0, i));
      if (--depth == 0) return text.substr(0, i + 1);
    } else if (c == ',' && depth == 0) {
      return trim(text.substr(0, i));
    }
  }
  return trim(text);
}

ValueFault read_number(json::value& value, double& number) {
  const auto token = std::string_view(value.raw_json_token());
  const auto error = get_number(value, token, number);
  if (!error) return {};
  const bool other = std::string_view("\"{[tf").find(token.front()) != std::string_view::npos;
  return fault_of(other ? "wrong_type" : "not_a_number", error);
}

ValueFault read_text(json::value& value, std::string_view& text) {
  const auto token = std::string_view(value.raw_json_token());
  const auto error = value.get_string().get(text);
  return error ? fault_of(token.starts_with('"') ? "bad_text" : "wrong_type", error) : ValueFault{};
}

ValueFault read_time(json::value& value, std::optional<Time>& time, std::string_view& found) {
  const auto token = std::string_view(value.raw_json_token());
  auto error = value.get_string().get(found);
  if (!error) return time = parse_iso(found), ValueFault{};
  if (!is_value_error(error)) return {"bad_time", error};
  double stamp = 0;
  error = get_number(value, token, stamp);
  if (error) return fault_of(token.starts_with('"') ? "bad_time" : "wrong_type", error);
  found = trim(token);
  time = time_from_number(stamp);
  return {};
}

Result<json::document> JsonText::open(std::string_view body) {
  buffer_.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  buffer_.assign(body);
  body_ = body;
  damaged_.clear();
  json::document document;
  auto error = parser_.iterate(buffer_.data(), buffer_.size(), buffer_.capacity()).get(document);
  if (error == simdjson::UTF8_ERROR) {
    std::size_t after = 0;
    for (auto bad = find_invalid_utf8(buffer_); bad != std::string::npos;) {
      if (damaged_.size() == kMostDamaged) return fail(Kind::undecodable, tr("the answer is not UTF-8 text"));
      damaged_.push_back(after + bad);
      buffer_[after + bad] = '?';
      after += bad + 1;
      bad = find_invalid_utf8(std::string_view(buffer_).substr(after));
    }
    error = parser_.iterate(buffer_.data(), buffer_.size(), buffer_.capacity()).get(document);
  }
  if (error == simdjson::MEMALLOC) end_without_memory();  // not the answer's fault
  if (error) return fail(Kind::undecodable, tr("the answer is not JSON: {}", simdjson::error_message(error)));
  return document;
}

Result<void> JsonText::expect_sound() const {
  if (has_sound_outline(buffer_)) return {};
  return fail(Kind::undecodable, tr("the answer is not JSON: a bracket, a comma or a colon is out of place"));
}

bool JsonText::is_damaged(std::string_view span) const {
  if (damaged_.empty()) return false;
  const auto first = static_cast<std::size_t>(span.data() - buffer_.data());
  const auto hit = std::ranges::lower_bound(damaged_, first);
  return hit != damaged_.end() && *hit < first + span.size();
}

bool JsonText::is_value_damaged(std::string_view rest) const {
  return is_damaged(rest) && is_damaged(first_value(rest));
}

}  // namespace coinlake::source
