// A case is a folder of tests/cases/<source>:
//
//   body      the answer, byte for byte
//   ask       optional lines "word value": kind markets, currency usd, take 250, first 1, status 200,
//             type application/json, received TIME, served TIME, released 0
//   expected  what it must give, one fact a line (see source_cases_test.cpp); required
//   ORIGIN    where the body is from and under which licence, when somebody recorded it; without it we made it up
#pragma once

#include <algorithm>
#include <bit>
#include <filesystem>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "coinlake/base/file.hpp"
#include "coinlake/base/time.hpp"
#include "coinlake/port/source.hpp"

namespace coinlake::test {

struct Case {
  std::string name;
  std::string body;
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  port::Page page{.kind = "markets", .currency = "usd", .take = 250};
  Time received_at = *parse_iso("2026-01-01T00:00:00Z");
  std::optional<Time> served_at = {};
  std::optional<std::int64_t> released = {};
  std::vector<std::pair<std::string, std::string>> expected;  // the first word of each line, and the rest of it

  [[nodiscard]] port::Answer answer() const { return answer_of(body); }
  [[nodiscard]] port::Answer answer_of(std::string_view bytes) const {
    return {.page = page, .body = bytes, .received_at = received_at, .served_at = served_at, .released = released};
  }
};

inline std::string cases_folder(const std::string& source) {
  return std::string(COINLAKE_SOURCE_DIR) + "/tests/cases/" + source;
}

inline std::string must_read(const std::string& path) {
  auto bytes = read_file(path);
  if (!bytes) throw std::runtime_error(bytes.error().message.english());
  return *std::move(bytes);
}

// Every folder, in order, with or without an expectation.
inline std::vector<std::string> case_names(const std::string& source) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(cases_folder(source))) {
    names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

inline std::vector<std::pair<std::string, std::string>> words_and_rests(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    const auto space = line.find(' ');
    out.emplace_back(line.substr(0, space), space == std::string::npos ? "" : line.substr(space + 1));
  }
  return out;
}

inline void apply_ask(Case& c, const std::string& word, const std::string& value) {
  if (word == "kind") c.page.kind = value;
  else if (word == "currency") c.page.currency = value;
  else if (word == "released") c.released = std::stoll(value);
  else if (word == "take") c.page.take = std::stoll(value);
  else if (word == "first") c.page.first_position = std::stoll(value);
  else if (word == "status") c.status = std::stoi(value);
  else if (word == "type") c.content_type = value;
  else if (word == "received") c.received_at = parse_iso(value).value();
  else if (word == "served") c.served_at = parse_iso(value).value();
  else throw std::runtime_error(c.name + "/ask: unknown word " + word);
}

inline Case load_case(const std::string& source, const std::string& name) {
  const auto folder = cases_folder(source) + "/" + name;
  Case c;
  c.name = name;
  if (source == "coinmarketcap") c.page.kind = "listings";
  c.body = must_read(folder + "/body");
  if (std::filesystem::exists(folder + "/ask")) {
    for (const auto& [word, value] : words_and_rests(must_read(folder + "/ask"))) apply_ask(c, word, value);
  }
  if (std::filesystem::exists(folder + "/expected")) c.expected = words_and_rests(must_read(folder + "/expected"));
  return c;
}

inline std::vector<Case> all_cases(const std::string& source) {
  std::vector<Case> cases;
  for (const auto& name : case_names(source)) cases.push_back(load_case(source, name));
  return cases;
}

// Everything an answer says, as text.
inline std::string transcript(const Result<domain::Batch>& batch) {
  if (!batch) return "error " + std::to_string(static_cast<int>(batch.error().kind)) + batch.error().message.english();
  std::string out = std::to_string(batch->answered) + "/" + std::to_string(batch->given.bits()) + "/" +
                    std::to_string(batch->credits.value_or(-1)) + (batch->directory ? " directory" : "");
  for (const auto& row : batch->rows) {
    out += "\n" + std::string(row.coin) + " " + std::string(row.currency) + " " + std::to_string(row.position) + "," +
           std::to_string(row.rank.value_or(-1)) + "," +
           std::to_string(row.event_time ? to_micros(*row.event_time) : 0);
    out += "," + std::to_string(row.quote.given.bits()) + "," + std::to_string(row.quote.known.bits());
    for (const auto number : row.quote.numbers) out += "," + std::to_string(std::bit_cast<std::uint64_t>(number));
    for (const auto date : row.quote.dates) out += "," + std::to_string(to_micros(date));
    for (const auto text : row.quote.texts) out.append(",").append(text);
  }
  for (const auto& rejected : batch->rejected)
    out += "\n" + std::to_string(rejected.index) + rejected.rule + rejected.evidence;
  for (const auto& key : batch->unknown_keys) out += "\n" + key;
  return out;
}

}  // namespace coinlake::test
