#include "tests/support/ledger_fixture.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "coinlake/base/file.hpp"
#include "coinlake/base/hash.hpp"
#include "coinlake/ledger/tables.hpp"
#include "coinlake/ledger/verify.hpp"

namespace coinlake::test {
namespace {

namespace fs = std::filesystem;
using domain::Column;

std::vector<std::string_view> split_at(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::int64_t> integer_in(std::string_view text) {
  std::int64_t value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc()) return std::nullopt;
  return value;
}

Column column_named(std::string_view name) {
  for (std::size_t i = 0; i < domain::kColumns; ++i) {
    if (domain::name_of(static_cast<Column>(i)) == name) return static_cast<Column>(i);
  }
  throw std::logic_error("no column " + std::string(name));
}

void set_value(domain::Quote& quote, std::string_view assignment, TextArena& texts) {
  const auto equals = assignment.find('=');
  const auto column = column_named(assignment.substr(0, equals));
  const auto value = assignment.substr(equals + 1);
  const auto i = domain::index_of(column);
  if (value.empty()) quote.set_null(column);
  else if (i < domain::kNumberColumns) quote.set(column, std::strtod(std::string(value).c_str(), nullptr));
  else if (i < domain::kFirstText) quote.set(column, from_micros(*integer_in(value)));
  else quote.set(column, texts.keep(value));
}

domain::Row decode_line(std::string_view line, TextArena& texts) {
  const auto parts = split_at(line, '|');
  domain::Row row;
  row.coin = texts.keep(parts[0]);
  row.position = *integer_in(parts[1]);
  row.rank = integer_in(parts[2]);
  if (const auto micros = integer_in(parts[3])) row.event_time = from_micros(*micros);
  for (std::size_t i = 4; i < parts.size(); ++i) set_value(row.quote, parts[i], texts);
  return row;
}

std::string hex_float(double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%a", value);
  return text.data();
}

std::string cell(sqlite3_stmt* row, int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
  return text == nullptr ? "NULL" : text;
}

}  // namespace

LedgerFolder::LedgerFolder() {
  auto pattern = (fs::temp_directory_path() / "coinlake-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
  path_ = fs::canonical(pattern);
}

LedgerFolder::~LedgerFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::vector<std::string> LedgerFolder::names() const {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(path_)) out.push_back(entry.path().filename().string());
  std::ranges::sort(out);
  return out;
}

std::vector<std::string> LedgerFolder::data_files() const {
  auto out = names();
  std::erase_if(out, [&](const std::string& name) {
    return name.ends_with("-shm") || (name.ends_with("-wal") && fs::file_size(path_ / name) == 0);
  });
  return out;
}

Coin& Coin::set(Column column, double value) {
  values_ += "|" + std::string(domain::name_of(column)) + "=" + hex_float(value);
  return *this;
}

Coin& Coin::set(Column column, Time value) {
  values_ += "|" + std::string(domain::name_of(column)) + "=" + std::to_string(to_micros(value));
  return *this;
}

Coin& Coin::set(Column column, std::string_view value) {
  ((values_ += "|") += domain::name_of(column)) += "=";
  values_ += value;
  return *this;
}

Coin& Coin::null(Column column) {
  values_ += "|" + std::string(domain::name_of(column)) + "=";
  return *this;
}

std::string Coin::line() const {
  const auto rank = rank_ ? std::to_string(*rank_) : "";
  const auto time = event_time_ ? std::to_string(to_micros(*event_time_)) : "";
  return id_ + "|" + std::to_string(position_) + "|" + rank + "|" + time + values_;
}

Sheet::Sheet(std::initializer_list<Coin> coins) {
  for (const auto& coin : coins) lines.push_back(coin.line());
}

std::string Sheet::body() const {
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

domain::Batch decode_sheet(std::string_view body, std::optional<std::int64_t> released) {
  domain::Batch batch;
  for (auto line : split_at(body, '\n')) {
    if (line.empty()) continue;
    const auto index = batch.answered++;
    if (index != released.value_or(index)) continue;
    if (released) batch.row_bytes = line;
    if (line.front() == '!') {
      const auto parts = split_at(line.substr(1), '|');
      const bool says_something = parts.size() > 2;
      if (!released || !says_something) {
        batch.rejected.push_back({index, std::string(parts[0]), std::string(parts[1])});
        continue;
      }
      line = std::string_view(parts[2].data(), line.data() + line.size());
    }
    batch.rows.push_back(decode_line(line, batch.texts));
    batch.given = batch.given | batch.rows.back().quote.given;
  }
  return batch;
}

ledger::Decode sheet_decoder() {
  return [](std::string_view, int, const port::Answer& answer) -> Result<domain::Batch> {
    if (answer.body.starts_with('?')) return fail(Kind::undecodable, tr("not an answer"));
    return decode_sheet(answer.body, answer.released);
  };
}

Result<ledger::Counts> add_sheet(ledger::Ledger::Tx& tx, const Sheet& sheet, Time now) {
  const auto body = sheet.body();
  CHECK_OK(tx.add_raw({.kind = sheet.kind,
                       .currency = sheet.currency,
                       .page = sheet.page,
                       .take = 250,
                       .received_at = sheet.received_at.value_or(now),
                       .served_at = sheet.served_at,
                       .url = "https://example.test/" + sheet.kind,
                       .status = 200,
                       .headers = {},
                       .fault = {},
                       .body = body}));
  return tx.add_batch(decode_sheet(body));
}

Result<ledger::Counts> ingest(ledger::Ledger& ledger, const Sheet& sheet, Clock& clock) {
  const auto run = TRY(ledger.begin_run({.source = sheet.source, .plan = "a test"}));
  auto tx = TRY(ledger.begin({.run = run, .kind = "answer", .source = sheet.source, .decoder = 1, .requests = 1}));
  (void)TRY(add_sheet(tx, sheet, clock.now()));
  tx.close_run(ledger::Outcome::ok);
  return tx.commit();
}

std::string plain_sql(const fs::path& path, const std::string& sql) {
  sqlite3* db = nullptr;
  sqlite3_open(path.c_str(), &db);
  std::string out;
  const char* rest = sql.c_str();
  while (*rest != '\0') {
    sqlite3_stmt* row = nullptr;
    int code = sqlite3_prepare_v2(db, rest, -1, &row, &rest);
    while (row != nullptr && (code = sqlite3_step(row)) == SQLITE_ROW) {
      if (!out.empty()) out += "\n";
      for (int c = 0; c < sqlite3_column_count(row); ++c) (out += c == 0 ? "" : "|") += cell(row, c);
    }
    sqlite3_finalize(row);
    if (code != SQLITE_OK && code != SQLITE_DONE) {
      out = std::string("error: ") + sqlite3_errmsg(db);
      break;
    }
  }
  sqlite3_close(db);
  return out;
}

std::string file_hash(const fs::path& path) { return to_hex(sha256(read_file(path.string()).value())); }

std::string digest_of(const fs::path& path) {
  const auto digest = ledger::digest(path);
  return digest ? digest->sha256 : "no digest: " + digest.error().message.english();
}

std::string problems_of(const fs::path& path) {
  const auto verified = ledger::verify(path);
  if (!verified) return verified.error().message.english();
  std::string out;
  for (const auto& problem : verified->problems) out += problem.english() + "\n";
  return out;
}

ledger::Ledger& LedgerTest::writer() {
  if (!ledger_) {
    auto opened = ledger::Ledger::open({.path = path(), .clock = &clock});
    if (!opened) throw std::runtime_error(opened.error().message.english());
    ledger_.emplace(std::move(*opened));
  }
  return *ledger_;
}

ledger::Counts LedgerTest::ingest(const Sheet& sheet) {
  clock.sleep(std::chrono::seconds(1));
  auto counts = test::ingest(writer(), sheet, clock);
  if (!counts) throw std::runtime_error(counts.error().message.english());
  return *counts;
}

Result<std::vector<ledger::QuoteLine>> LedgerTest::try_quotes(const ledger::QuoteFilter& filter) {
  auto reader = TRY(ledger::Reader::open(path()));
  return reader.quotes(filter);
}

std::vector<ledger::QuoteLine> LedgerTest::quotes(const ledger::QuoteFilter& filter) {
  auto lines = try_quotes(filter);
  if (!lines) throw std::runtime_error(lines.error().message.english());
  return std::move(*lines);
}

double LedgerTest::newest_price(std::string_view coin) {
  return quotes({.coins = {std::string(coin)}}).at(0).quote.values.number(Column::price).value();
}

Time LedgerTest::last_known_at() { return from_micros(std::stoll(sql("SELECT max(known_at) FROM batch"))); }

Result<ledger::Rebuilt> LedgerTest::replay() {
  return ledger::replay(writer(), sheet_decoder(), [](std::int64_t, std::int64_t) {});
}

}  // namespace coinlake::test
