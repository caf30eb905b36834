#include "coinlake/ledger/coin_names.hpp"

#include <algorithm>

#include "coinlake/base/text.hpp"

namespace coinlake::ledger {
namespace {

struct Named {
  std::string source, coin;
};

Result<std::vector<Named>> with_text(const Connection& db, const std::string& column, const std::string& text) {
  auto row =
      TRY(db.prepare("SELECT DISTINCT s.source, s.coin FROM head h JOIN series s ON s.id = h.series AND s.kind <> ?2 "
                     "JOIN profile p ON p.series = h.series AND p.seq = h.profile_seq WHERE lower(p." +
                     column + ") = ?1 ORDER BY 1, 2"));
  row.bind(1, std::string_view(text)).bind(2, kListKind);
  std::vector<Named> out;
  while (TRY(row.step())) out.push_back({row.text(0), row.text(1)});
  return out;
}

Result<std::vector<Named>> with_id(const Connection& db, const std::string& word) {
  auto row = TRY(db.prepare("SELECT DISTINCT source, coin FROM series WHERE coin = ? ORDER BY 1"));
  row.bind(1, std::string_view(word));
  std::vector<Named> out;
  while (TRY(row.step())) out.push_back({row.text(0), row.text(1)});
  return out;
}

Result<std::string> nearest_id(const Connection& db, const std::string& word) {
  auto row = TRY(db.prepare("SELECT DISTINCT coin FROM series"));
  std::vector<std::string> coins;
  while (TRY(row.step())) coins.push_back(row.text(0));
  const std::vector<std::string_view> candidates(coins.begin(), coins.end());
  return std::string(nearest(word, candidates));
}

bool one_of_each_source(const std::vector<Named>& coins) {
  return std::ranges::adjacent_find(coins, {}, &Named::source) == coins.end();
}

std::string list(const std::vector<Named>& coins) {
  std::string out;
  for (const auto& [source, coin] : coins) out += (out.empty() ? "" : ", ") + printable(coin) + " (" + source + ")";
  return out;
}

}  // namespace

Result<std::vector<std::string>> ids_called(const Connection& db, const std::string& word,
                                            const std::optional<std::string>& source) {
  auto known = TRY(with_id(db, word));
  const auto is_other = [&](const Named& named) { return source && named.source != *source; };
  std::erase_if(known, is_other);
  const auto has_it = [&](const Named& named) {
    return std::ranges::find(known, named.source, &Named::source) != known.end();
  };
  auto coins = known.empty() ? TRY(with_text(db, "symbol", to_lower(word))) : std::vector<Named>();
  if (coins.empty()) coins = TRY(with_text(db, "name", to_lower(word)));
  std::erase_if(coins, has_it);
  if (!known.empty() && !one_of_each_source(coins)) coins.clear();
  coins.insert(coins.begin(), known.begin(), known.end());
  std::erase_if(coins, is_other);
  if (!one_of_each_source(coins))
    return fail(Kind::usage, tr("\"{}\" is what several coins are called: {}", printable(word), list(coins)),
                tr("use a coin's id"));
  std::vector<std::string> ids;
  for (auto& named : coins) ids.push_back(std::move(named.coin));
  if (!ids.empty()) return ids;
  const auto close = TRY(nearest_id(db, word));
  return fail(Kind::unknown, tr("no coin with the id, symbol or name \"{}\" has been collected", printable(word)),
              close.empty() ? tr("coinlake show lists what there is") : tr("did you mean {}?", printable(close)));
}

}  // namespace coinlake::ledger
