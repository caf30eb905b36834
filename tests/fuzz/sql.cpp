// SQL from people, against a small ledger that must stay as it is.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "coinlake/base/file.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/ledger/ledger.hpp"
#include "coinlake/ledger/query.hpp"
#include "tests/fuzz/targets.hpp"

namespace coinlake::fuzz {
namespace {

namespace fs = std::filesystem;

template <class T>
T must(Result<T> result) {
  require(result.has_value(), "the ledger can be made", result ? "" : result.error().message.english());
  return *std::move(result);
}

domain::Batch three_coins() {
  domain::Batch batch{.answered = 4};
  const auto now = from_micros(1'767'225'600'000'000);
  for (const auto* coin : {"bitcoin", "ethereum", "solana"}) {
    auto& row = batch.rows.emplace_back();
    row.coin = coin;
    row.position = row.rank.emplace(static_cast<std::int64_t>(batch.rows.size()));
    row.event_time = now;
    row.quote.set(domain::Column::price, 64'250.1);
    row.quote.set(domain::Column::symbol, row.coin.substr(0, 3));
    row.quote.set_null(domain::Column::max_supply);
    batch.given = batch.given | row.quote.given;
  }
  batch.rejected.push_back({3, "negative", "current_price is -1; row: {}"});
  return batch;
}

// A ledger of one answer, in a folder that goes with the process.
class SmallLedger {
 public:
  SmallLedger() {
    auto pattern = (fs::temp_directory_path() / "coinlake-fuzz-XXXXXX").string();
    require(::mkdtemp(pattern.data()) != nullptr, "a folder can be made", pattern);
    folder_ = pattern;
    fill();
    bytes_ = must(read_file(path().string()));
    names_ = names();
  }
  SmallLedger(const SmallLedger&) = delete;
  SmallLedger& operator=(const SmallLedger&) = delete;
  ~SmallLedger() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  [[nodiscard]] fs::path path() const { return folder_ / "coinlake.db"; }
  [[nodiscard]] bool is_as_it_was() const { return names() == names_ && must(read_file(path().string())) == bytes_; }

 private:
  void fill() const {
    auto ledger = must(ledger::Ledger::open({.path = path(), .clock = &system_clock()}));
    const auto run = must(ledger.begin_run({.source = "coingecko", .plan = "fuzz"}));
    auto tx = must(ledger.begin({.run = run, .kind = "answer", .source = "coingecko", .decoder = 1, .requests = 1}));
    const ledger::Raw raw{.kind = "markets",
                          .currency = "usd",
                          .take = 250,
                          .received_at = system_clock().now(),
                          .url = "https://example.test/",
                          .status = 200,
                          .body = "[]"};
    require(tx.add_raw(raw).has_value(), "an answer can be added");
    (void)must(tx.add_batch(three_coins()));
    tx.close_run(ledger::Outcome::ok);
    (void)must(tx.commit());
  }

  // Without what SQLite's readers leave.
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      auto name = entry.path().filename().string();
      const bool left = name.ends_with("-shm") || (name.ends_with("-wal") && fs::file_size(entry.path()) == 0);
      if (!left) out.push_back(std::move(name));
    }
    std::ranges::sort(out);
    return out;
  }

  fs::path folder_;
  std::string bytes_;
  std::vector<std::string> names_;
};

// The first word, behind white space, semicolons and comments.
std::string first_word(std::string_view text) {
  for (;;) {
    const auto at = std::min(text.find_first_not_of(" \t\n\f\r;\xEF\xBB\xBF"), text.size());
    text.remove_prefix(at);
    const bool line = text.starts_with("--"), block = text.starts_with("/*");
    if (!line && !block) break;
    const auto end = line ? text.find('\n') : text.find("*/", 2);
    if (end == std::string_view::npos) return "";
    text.remove_prefix(end + (line ? 1 : 2));
  }
  const auto end = std::ranges::find_if_not(text, [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; });
  return to_lower({text.begin(), end});
}

bool is_reading(std::string_view word) {
  return word == "select" || word == "values" || word == "with" || word == "explain";
}

}  // namespace

void sql(std::string_view input) {
  static const SmallLedger small;
  constexpr ledger::QueryLimits kLimits{.time = std::chrono::milliseconds(5), .rows = 50};
  const auto result = ledger::query(small.path(), std::string(input), kLimits);
  require(small.is_as_it_was(), "a query changes nothing", input);
  if (!result) {
    const auto kind = result.error().kind;
    require(kind == Kind::usage || kind == Kind::limit, "SQL is refused, or too much",
            result.error().message.english());
    return require(!result.error().message.english().empty(), "a refusal says something");
  }
  require(is_reading(first_word(input)), "what is done is reading", input);
  require(result->rows.size() <= 50, "rows are as many as may be", input);
  for (const auto& row : result->rows) require(row.size() == result->columns.size(), "a row is whole", input);
}

}  // namespace coinlake::fuzz
