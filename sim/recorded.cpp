#include <map>
#include <set>

#include "coinlake/base/file.hpp"
#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"
#include "sim/market.hpp"
#include "sim/rows.hpp"

namespace coinlake::sim {
namespace {

struct Recording {
  Rows rows;
  std::vector<RowKey> keys;
};

RowKey key_of(std::string_view row) {
  return {.id = std::string(text_of(row, "id")),
          .symbol = std::string(text_of(row, "symbol")),
          .name = std::string(text_of(row, "name")),
          .market_cap = parse_number(value_of(row, "market_cap")).value_or(0),
          .volume = parse_number(value_of(row, "total_volume")).value_or(0)};
}

Result<Recording> load(const std::string& path) {
  auto rows = split_array(TRY(read_file(path)));
  if (!rows) return std::unexpected(std::move(rows).error().within(path));
  Recording out{.rows = std::move(*rows), .keys = {}};
  for (const auto& row : out.rows) out.keys.push_back(key_of(row));
  return out;
}

// "usd" for markets_usd.json, "" for markets.json, nothing for other files.
std::optional<std::string> currency_of(const std::filesystem::path& path) {
  const auto stem = path.stem().string();
  if (path.extension() != ".json" || !stem.starts_with("markets")) return std::nullopt;
  if (stem == "markets") return "";
  return stem[7] == '_' && stem.find('_', 8) == std::string::npos ? std::optional(to_lower(stem.substr(8)))
                                                                  : std::nullopt;
}

class Recorded final : public Market {
 public:
  explicit Recorded(std::map<std::string, Recording> by_currency) : by_currency_(std::move(by_currency)) {
    std::set<std::string> seen;
    for (const auto& [currency, recording] : by_currency_) {
      for (const auto& key : recording.keys) {
        if (seen.insert(key.id).second) listed_.push_back(key);
      }
    }
  }

  [[nodiscard]] bool has(const std::string& currency) const override { return find(currency) != nullptr; }
  [[nodiscard]] std::span<const RowKey> keys(const std::string& currency) const override {
    return find(currency)->keys;
  }
  [[nodiscard]] std::span<const RowKey> listed() const override { return listed_; }
  [[nodiscard]] std::string row(std::size_t index, const MarketsQuery& query) const override {
    return find(query.currency)->rows[index];
  }

 private:
  [[nodiscard]] const Recording* find(const std::string& currency) const {
    const auto own = by_currency_.find(currency), hit = own == by_currency_.end() ? by_currency_.find("") : own;
    return hit == by_currency_.end() ? nullptr : &hit->second;
  }

  std::map<std::string, Recording> by_currency_;
  std::vector<RowKey> listed_;
};

Result<std::optional<std::string>> read_if_there(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  return TRY(read_file(path.string()));
}

}  // namespace

Result<RecordedAnswers> recorded_answers(const std::filesystem::path& folder) {
  RecordedAnswers out;
  out.quotes = TRY(read_if_there(folder / "quotes_latest.json"));
  out.listings = TRY(read_if_there(folder / "listings_latest.json"));
  return out;
}

Result<std::unique_ptr<Market>> recorded_market(const std::filesystem::path& folder) {
  std::map<std::string, Recording> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (const auto currency = currency_of(entry.path())) found[*currency] = TRY(load(entry.path().string()));
  }
  if (error) return fail(Kind::config, "cannot read the folder " + folder.string() + ": " + error.message());
  const auto answers = TRY(recorded_answers(folder));
  if (!found.empty() || answers.quotes || answers.listings) return std::make_unique<Recorded>(std::move(found));
  return fail(Kind::config, "there is nothing to play in " + folder.string(),
              tr("it needs markets_usd.json, or markets.json for any currency, or quotes_latest.json"));
}

}  // namespace coinlake::sim
