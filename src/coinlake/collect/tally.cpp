#include "coinlake/collect/tally.hpp"

#include <algorithm>

#include "coinlake/base/text.hpp"

namespace coinlake::collect {
namespace {

using ledger::Outcome;

// "a, b, c and 9 more".
std::string some_of(const std::vector<std::string>& words) {
  constexpr std::size_t kShown = 10;
  std::string out;
  for (std::size_t i = 0; i < std::min(words.size(), kShown); ++i)
    (out += i == 0 ? "" : ", ") += printable(words[i].substr(0, 80));
  return words.size() > kShown ? out + " and " + std::to_string(words.size() - kShown) + " more" : out;
}

}  // namespace

void Tally::add_prices(const port::Page& page, const domain::Batch& batch) {
  for (const auto& row : batch.rows) {
    if (row.quote.known.has(domain::Column::price))
      priced_.emplace(row.currency.empty() ? std::string_view(page.currency) : row.currency);
  }
}

std::optional<Error> Tally::add(const port::Page& page, const domain::Batch& batch) {
  given_ = given_ | batch.given;
  kind_ = page.kind;
  directory_ = batch.directory;
  for (const auto& key : batch.unknown_keys) {
    if (std::ranges::find(unknown_keys_, key) == unknown_keys_.end()) unknown_keys_.push_back(key);
  }
  any_rejected_ = any_rejected_ || !batch.rejected.empty();
  rows_in_[page.currency] += batch.answered;
  add_prices(page, batch);
  if (page.number == 1) in_sweep_.clear();
  const auto before = in_sweep_.size();
  for (const auto& row : batch.rows) in_sweep_.emplace(row.coin), all_.emplace(row.coin);
  const bool useless = batch.rows.empty() && batch.answered > 0 && page.number > 1 && in_sweep_.empty();
  if (!useless && (batch.rows.empty() || in_sweep_.size() > before)) return std::nullopt;
  return Error{Kind::undecodable, "every coin of this page was on an earlier one, so the pages go in circles",
               "try again later; if it stays so, collect with --top"};
}

std::vector<std::string> Tally::missing(const port::Ask& ask) const {
  std::vector<std::string> out;
  std::ranges::copy_if(ask.ids, std::back_inserter(out), [&](const auto& id) { return !all_.contains(id); });
  return out;
}

// Why the run is not whole, if it is not.
std::optional<Error> Tally::fault(const port::Ask& ask, const ledger::Counts& counts) const {
  if (!counts.any_fact() && counts.rows == counts.surplus && !ask.ids.empty())
    return Error{Kind::undecodable, "the answer has none of the coins asked for: " + some_of(ask.ids),
                 "these are the provider's ids, not symbols: is one misspelt, or gone?"};
  if (!counts.any_fact() && counts.rows == counts.surplus)
    return Error{Kind::undecodable, "the answer is an empty list: nothing was stored", "try again later"};
  if (!counts.any_fact() && counts.bad > 0)
    return Error{Kind::undecodable, "no row of the answer could be stored",
                 "its rows are in the quarantine: coinlake quarantine"};
  if (directory_) return std::nullopt;
  if (!counts.any_fact() && priced_.empty())
    return Error{Kind::undecodable, "no row of the answer has a price: no more than the coins' presence was stored",
                 "try again later"};
  if (priced_.empty())
    return Error{Kind::undecodable, "no row of the answer has a price: what it says besides is stored",
                 "see whether the provider has renamed a key: coinlake runs"};
  for (const auto& currency : ask.currencies) {
    const auto rows = rows_in_.find(currency);
    if ((rows == rows_in_.end() || rows->second > 0) && !priced_.contains(currency))
      return Error{Kind::undecodable, "no coin has a price in " + currency + ": the other currencies are stored",
                   "is that a currency of this provider?"};
  }
  return std::nullopt;
}

std::optional<std::string> Tally::too_few(const port::Ask& ask, std::int64_t answered) const {
  if (const auto unanswered = missing(ask); !unanswered.empty())
    return "asked for " + counted(std::ssize(ask.ids), "coin") +
           (any_rejected_ ? ", not in the answer, or quarantined: " : ", the answer lacks ") + some_of(unanswered);
  const auto asked = ask.top.value_or(0) * std::ssize(ask.currencies);
  if (answered >= asked) return std::nullopt;
  return "asked for " + std::to_string(asked) + " rows, the answer has " + std::to_string(answered);
}

Result<std::optional<std::string>> Tally::gone_columns(std::string_view source, ledger::Ledger& ledger) const {
  const auto gone = TRY(ledger.gone_columns(source, kind_, given_));
  if (gone.empty()) return std::nullopt;
  auto text = "no row has these columns any more, which earlier runs had: " + gone.names();
  for (const auto& key : unknown_keys_) text += (&key == &unknown_keys_.front() ? "; keys nobody knows: " : ", ") + key;
  return text;
}

Result<std::optional<std::string>> Tally::gone_coins(std::string_view source, ledger::Ledger& ledger) const {
  if (!directory_) return std::nullopt;
  auto gone = TRY(ledger.coins_of_last_answer(source, kind_));
  std::erase_if(gone, [&](const auto& coin) { return all_.contains(coin); });
  if (gone.empty()) return std::nullopt;
  return counted(std::ssize(gone), "coin") + " of the last list " + (gone.size() == 1 ? "is" : "are") +
         " gone (what is known of them stays): " + some_of(gone);
}

Result<Verdict> Tally::judge(const port::Ask& ask, const ledger::Counts& counts, std::string_view source,
                             ledger::Ledger& ledger) const {
  Verdict out;
  const auto warn = [&](std::optional<std::string> text) {
    if (text) out.warnings.push_back(std::move(*text));
  };
  const auto answered = counts.rows - counts.surplus;
  if (answered > 0) warn(too_few(ask, answered));  // of nothing at all the error speaks
  for (const auto& [currency, rows] : rows_in_) {
    if (rows == 0 && answered > 0) out.warnings.push_back("the answer in " + currency + " is an empty list");
  }
  if (answered > 0) {
    warn(TRY(gone_columns(source, ledger)));
    warn(TRY(gone_coins(source, ledger)));
  }
  out.error = fault(ask, counts);
  if (out.error) out.outcome = counts.any_fact() ? Outcome::partial : Outcome::failed;
  return out;
}

}  // namespace coinlake::collect
