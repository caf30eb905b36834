// Ledgers for tests: answers written by hand, a folder of their own, a clock that stands still.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/ledger/ledger.hpp"
#include "coinlake/ledger/reader.hpp"
#include "coinlake/ledger/replay.hpp"
#include "tests/support/manual_clock.hpp"

namespace coinlake::test {

// A folder that goes when it goes.
class LedgerFolder {
 public:
  LedgerFolder();
  LedgerFolder(const LedgerFolder&) = delete;
  LedgerFolder& operator=(const LedgerFolder&) = delete;
  ~LedgerFolder();
  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::vector<std::string> names() const;  // of its files, sorted
  [[nodiscard]] std::vector<std::string> data_files()
      const;  // the same without the -shm and empty -wal that SQLite's readers leave

 private:
  std::filesystem::path path_;
};

// One row of an answer, as text: "bitcoin|1|1|1800000000000000|price=0x1p6|symbol=btc|ath=" (nothing after "=" is
// null).
class Coin {
 public:
  explicit Coin(std::string id) : id_(std::move(id)) {}
  Coin& at(Time event_time) { return event_time_ = event_time, *this; }
  Coin& position(std::int64_t n) { return position_ = n, *this; }
  Coin& rank(std::int64_t n) { return rank_ = n, *this; }
  Coin& price(double value) { return set(domain::Column::price, value); }
  Coin& symbol(std::string_view value) { return set(domain::Column::symbol, value); }
  Coin& name(std::string_view value) { return set(domain::Column::name, value); }
  Coin& set(domain::Column column, double value);
  Coin& set(domain::Column column, Time value);
  Coin& set(domain::Column column, std::string_view value);
  Coin& null(domain::Column column);
  [[nodiscard]] std::string line() const;

 private:
  std::string id_, values_;
  std::int64_t position_ = 1;
  std::optional<std::int64_t> rank_;
  std::optional<Time> event_time_;
};

// One answer. A bad row is a line "!rule|evidence", and behind another "|" what it says, if it says anything.
struct Sheet {
  std::vector<std::string> lines = {};
  std::string currency = "usd", source = "coingecko", kind = "markets";
  std::optional<Time> served_at = {};
  std::optional<Time> received_at = {};  // nothing: what the clock says
  std::int64_t page = 1;

  Sheet() = default;
  explicit(false) Sheet(const Coin& coin) : lines{coin.line()} {}
  Sheet(std::initializer_list<Coin> coins);
  Sheet& in(std::string_view c) { return currency = c, *this; }
  Sheet& from(std::string_view s) { return source = s, *this; }
  Sheet& served(Time t) { return served_at = t, *this; }
  Sheet& received(Time t) { return received_at = t, *this; }
  Sheet& bad(std::string_view rule) { return lines.push_back("!" + std::string(rule) + "|found by a test"), *this; }
  Sheet& bad(std::string_view rule, const Coin& coin) { return bad(rule), lines.back() += "|" + coin.line(), *this; }
  [[nodiscard]] std::string body() const;
};

domain::Batch decode_sheet(std::string_view body, std::optional<std::int64_t> released = {});
ledger::Decode sheet_decoder();  // for replay; an answer that begins with "?" cannot be decoded

// What went wrong, for messages of tests.
template <class T>
std::string why(const Result<T>& result) {
  return result ? "it worked" : result.error().message.english();
}

// Everything of one answer but its commit.
Result<ledger::Counts> add_sheet(ledger::Ledger::Tx& tx, const Sheet& sheet, Time now);

// A run of one answer.
Result<ledger::Counts> ingest(ledger::Ledger& ledger, const Sheet& sheet, Clock& clock);

// SQL on a connection of its own that knows nothing of coinlake. Rows joined by "\n", cells by "|"; "NULL".
std::string plain_sql(const std::filesystem::path& path, const std::string& sql);
std::string file_hash(const std::filesystem::path& path);
std::string digest_of(const std::filesystem::path& path);
std::string problems_of(const std::filesystem::path& path);  // what verify() finds, joined; "" when all is well

// A ledger in a folder, opened when first used. Every answer is a closed run of its own, a second after the one before.
class LedgerTest : public testing::Test {
 protected:
  ledger::Ledger& writer();
  void close() { ledger_.reset(); }
  [[nodiscard]] std::filesystem::path path() const { return folder / "coinlake.db"; }
  ledger::Counts ingest(const Sheet& sheet);
  std::vector<ledger::QuoteLine> quotes(const ledger::QuoteFilter& filter = {});
  Result<std::vector<ledger::QuoteLine>> try_quotes(const ledger::QuoteFilter& filter);
  [[nodiscard]] double newest_price(std::string_view coin = "bitcoin");
  std::string sql(const std::string& text) { return plain_sql(path(), text); }
  Time last_known_at();
  Result<ledger::Rebuilt> replay();

  LedgerFolder folder;
  ManualClock clock;

 private:
  std::optional<ledger::Ledger> ledger_;
};

}  // namespace coinlake::test
