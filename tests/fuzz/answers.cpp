#include "tests/fuzz/answers.hpp"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/cases.hpp"

namespace coinlake::fuzz {
namespace {

using domain::Batch;
using domain::Column;
namespace dom = simdjson::dom;

const Time kReceived = *parse_iso("2026-01-01T00:00:00Z");

std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value + 0.0); }

void check_error(const Error& error) {
  require(!error.message.english().empty(), "an error says something");
  require(printable(error.message.english()) == error.message.english(), "an error can be printed",
          error.message.english());
  require(printable(error.hint.english()) == error.hint.english(), "a hint can be printed", error.hint.english());
}

bool is_utf8(std::string_view text) { return find_invalid_utf8(text) == std::string_view::npos; }

void check_row(const domain::Row& row, const port::Answer& answer) {
  require(!row.coin.empty() && is_utf8(row.coin), "a row has an id", row.coin);
  require((row.quote.known - row.quote.given).empty(), "what is known was given", row.coin);
  for (const auto number : row.quote.numbers)
    require(std::isfinite(number) && bits(number) == std::bit_cast<std::uint64_t>(number), "numbers are finite",
            row.coin);
  for (const auto text : row.quote.texts) require(is_utf8(text), "texts are UTF-8", text);
  const auto currencies = split(answer.page.currency, ',');
  require(
      currencies.size() == 1 ? row.currency.empty() : std::ranges::find(currencies, row.currency) != currencies.end(),
      "a row is in a currency that was asked for", row.currency);
  require(!row.rank || *row.rank >= 0, "a rank is a count", row.coin);
  require(row.position >= answer.page.first_position && row.position < answer.page.first_position + answer.page.take,
          "a row belongs to the question", row.coin);
}

// Of rows that nobody vouched for.
void check_belief(const domain::Row& row) {
  require(!row.event_time ||
              (*row.event_time >= *parse_iso("2009-01-03") && *row.event_time <= kReceived + std::chrono::hours(3)),
          "a moment lies between the first coin and now", row.coin);
  for (const auto column : {Column::price, Column::market_cap, Column::volume_24h, Column::circulating_supply})
    require(row.quote.number(column).value_or(0) >= 0, "amounts are not negative", row.coin);
}

void check_rows(const Batch& batch, const port::Answer& answer) {
  std::set<std::pair<std::string_view, std::string_view>> coins;
  for (const auto& row : batch.rows) {
    check_row(row, answer);
    if (!answer.released) check_belief(row);
    require(coins.emplace(row.coin, row.currency).second, "a coin is there once", row.coin);
    require((row.quote.given - batch.given).empty(), "the answer gave what a row was given", row.coin);
  }
}

void check_batch(const Batch& batch, const port::Answer& answer) {
  require(batch.rows.size() + batch.rejected.size() <= static_cast<std::size_t>(batch.answered),
          "no more comes out than was answered");
  check_rows(batch, answer);
  for (const auto& rejected : batch.rejected) {
    require(!rejected.rule.empty() && rejected.index >= 0 && rejected.index < batch.answered, "a rejected row is known",
            rejected.rule);
    require(rejected.evidence.size() <= 2400 && is_utf8(rejected.evidence), "evidence is short text",
            rejected.evidence);
  }
  for (const auto& key : batch.unknown_keys) require(printable(key) == key, "an unknown key can be printed", key);
  require(batch.unknown_keys.size() <= 16, "unknown keys are named up to a number");
}

// ---- nothing is invented

// Everything that a JSON text says, without the structure that it says it in.
struct Said {
  std::set<std::uint64_t> numbers;  // read by the C library, not by what the decoders use
  std::set<std::string, std::less<>> texts;
};

void collect_texts(dom::element element, Said& said) {
  if (element.is_string()) said.texts.emplace(std::string_view(element));
  if (element.is_array())
    for (const dom::element inner : dom::array(element)) collect_texts(inner, said);
  if (element.is_object()) {
    for (const auto& [key, value] : dom::object(element)) {
      said.texts.emplace(key);
      collect_texts(value, said);
    }
  }
}

void collect_numbers(std::string_view json, Said& said) {
  bool in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (in_text && json[i] == '\\') ++i;
    else if (json[i] == '"') in_text = !in_text;
    else if (!in_text && (json[i] == '-' || (json[i] >= '0' && json[i] <= '9'))) {
      const auto end = std::min(json.find_first_not_of("+-.eE0123456789", i), json.size());
      said.numbers.insert(bits(std::strtod(std::string(json.substr(i, end - i)).c_str(), nullptr)));
      i = end - 1;
    }
  }
}

// Nothing, where the body is not JSON from end to end: a damaged row must not cost the others.
std::optional<Said> said_in(std::string_view body) {
  static dom::parser parser;
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  dom::element root;
  if (parser.parse(body.data(), body.size()).get(root)) return std::nullopt;
  Said said;
  collect_texts(root, said);
  collect_numbers(body, said);
  return said;
}

void check_said(const domain::Row& row, const Said& said) {
  for (std::size_t i = 0; i < domain::kColumns; ++i) {
    const auto column = static_cast<Column>(i);
    if (!row.quote.known.has(column) || column == Column::roi) continue;
    if (i < domain::kNumberColumns)
      require(said.numbers.contains(bits(*row.quote.number(column))), "the answer says this number",
              format_number(*row.quote.number(column)));
    else if (i >= domain::kFirstText)
      require(said.texts.contains(*row.quote.text(column)), "the answer says this text", *row.quote.text(column));
  }
  require(said.texts.contains(row.coin) || parse_number(row.coin), "the answer says this id", row.coin);
}

// ---- what a person sees of a rejected row

void check_released(port::Source& source, port::Answer answer, const Batch& batch) {
  if (batch.rejected.empty()) return;
  answer.released = batch.rejected.front().index;
  const auto alone = source.decode(answer);
  require(alone.has_value(), "what was decoded is decoded again");
  check_batch(*alone, answer);
  require(alone->rows.size() + alone->rejected.size() == 1, "a released row comes alone");
  require(!alone->row_bytes.empty() && answer.body.find(alone->row_bytes) != std::string_view::npos,
          "a row's bytes are the answer's", alone->row_bytes);
}

}  // namespace

Question question_in(std::string_view input) {
  auto head = take_until(input, '\n');
  Question out{.body = input};
  if (head.empty()) return out;
  out.letter = head.front();
  head.remove_prefix(1);
  if (head.ends_with('s')) out.served_ahead = true, head.remove_suffix(1);
  if (head.size() <= 3 && head.find_first_not_of("0123456789") == std::string_view::npos && !head.empty())
    out.number = std::atoi(std::string(head).c_str());
  return out;
}

port::Answer answer_to(const Question& question, const port::Page& page) {
  port::Answer answer{.page = page, .body = question.body, .received_at = kReceived, .released = question.number};
  if (question.served_ahead) answer.served_at = kReceived + std::chrono::hours(2);
  return answer;
}

void check_decoding(port::Source& source, const port::Answer& answer) {
  const auto batch = source.decode(answer);
  const auto refused = source.refusal_within(answer.page, answer.body);
  require(!refused || !batch, "a refusal is no data");
  if (!batch) {
    check_error(batch.error());
    if (refused)
      require(batch.error().message.english() == refused->error.message.english(), "both say the same",
              batch.error().message.english());
    return;
  }
  check_batch(*batch, answer);
  require(test::transcript(source.decode(answer)) == test::transcript(batch), "decoding again gives the same");
  if (!batch->rows.empty()) {
    if (const auto said = said_in(answer.body))
      for (const auto& row : batch->rows) check_said(row, *said);
  }
  if (!answer.released) check_released(source, answer, *batch);
}

void check_refusal(port::Source& source, const Question& question) {
  const auto status = static_cast<int>(question.number.value_or(429));
  const auto refused = source.explain({.status = status, .content_type = "application/json", .body = question.body});
  check_error(refused.error);
  require(refused.error.message.english().size() < 1200, "a refusal is a sentence", refused.error.message.english());
  require(!refused.wait || *refused.wait >= Duration::zero(), "a wait is not negative",
          refused.error.message.english());
}

void check_key_info(port::Source& source, std::string_view body) {
  const auto info = source.decode_key(body);
  if (!info) return check_error(info.error());
  for (const auto& count : {info->requests_per_minute, info->credits_per_month, info->credits_used, info->credits_left})
    require(count.value_or(0) >= 0, "counts are not negative");
  require(printable(info->plan.value_or("")) == info->plan.value_or(""), "a plan's name can be printed");
}

}  // namespace coinlake::fuzz
