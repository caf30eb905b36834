#include "coinlake/base/file.hpp"
#include "sim/market.hpp"

namespace coinlake::sim {
namespace {

class Recorded final : public Market {
 public:
  static Result<std::unique_ptr<Market>> load(const std::filesystem::path& folder) {
    auto market = std::make_unique<Recorded>();
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
      const auto name = entry.path().filename().string();
      if (!name.starts_with("markets") || entry.path().extension() != ".json") continue;
      auto rows = split_array(TRY(read_file(entry.path().string())));
      if (!rows) return std::unexpected(std::move(rows).error().within(entry.path().string()));
      const auto stem = entry.path().stem().string();
      market->by_currency_[stem == "markets" ? "" : stem.substr(stem.find('_') + 1)] = std::move(*rows);
    }
    if (!market->by_currency_.empty()) return std::unique_ptr<Market>(std::move(market));
    return fail(Kind::config, "there is nothing to play in " + folder.string(), "it needs markets_usd.json, or markets.json for any currency");
  }

  Rows rows(const std::string& currency) override {
    const auto own = by_currency_.find(currency), any = by_currency_.find("");
    if (own != by_currency_.end()) return own->second;
    return any != by_currency_.end() ? any->second : Rows{};
  }

 private:
  std::map<std::string, Rows> by_currency_;
};

}  // namespace

Result<std::unique_ptr<Market>> recorded_market(const std::filesystem::path& folder) { return Recorded::load(folder); }

}  // namespace coinlake::sim
