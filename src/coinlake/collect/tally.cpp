#include "coinlake/collect/tally.hpp"

#include <algorithm>

#include "coinlake/base/text.hpp"

namespace coinlake::collect {
namespace {

using ledger::Outcome;

// "a, b, c and 9 more".
Message some_of(const std::vector<std::string>& words) {
  constexpr std::size_t kShown = 10;
  std::string out;
  for (std::size_t i = 0; i < std::min(words.size(), kShown); ++i)
    (out += i == 0 ? "" : ", ") += printable(words[i].substr(0, 80));
  return words.size() > kShown ? tr("{} and {} more", out, words.size() - kShown) : out;
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
  return Error{Kind::undecodable, tr("every coin of this page was on an earlier one, so the pages go in circles"),
               tr("try again later; if it stays so, collect with --top")};
}

std::vector<std::string> Tally::missing(const port::Ask& ask) const {
  std::vector<std::string> out;
  std::ranges::copy_if(ask.ids, std::back_inserter(out), [&](const auto& id) { return !all_.contains(id); });
  return out;
}

// Why the run is not whole, if it is not.
std::optional<Error> Tally::fault(const port::Ask& ask, const ledger::Counts& counts) const {
  const auto answered = counts.rows - counts.surplus;
  const bool only_others = answered > 0 && !any_rejected_ && missing(ask).size() == ask.ids.size();
  if (!ask.ids.empty() && (only_others || (!counts.any_fact() && answered == 0)))
    return Error{Kind::undecodable, tr("the answer has none of the coins asked for: {}", some_of(ask.ids)),
                 tr("these are the provider's ids, not symbols: is one misspelt, or gone?")};
  if (!counts.any_fact() && answered == 0)
    return Error{Kind::undecodable, tr("the answer is an empty list: nothing was stored"), tr("try again later")};
  if (!counts.any_fact() && counts.bad > 0)
    return Error{Kind::undecodable, tr("no row of the answer could be stored"),
                 tr("its rows are in the quarantine: coinlake quarantine")};
  if (directory_) return std::nullopt;
  if (!counts.any_fact() && priced_.empty())
    return Error{Kind::undecodable, tr("no row of the answer has a price: no more than the coins' presence was stored"),
                 tr("try again later")};
  if (priced_.empty())
    return Error{Kind::undecodable, tr("no row of the answer has a price: what it says besides is stored"),
                 tr("see whether the provider has renamed a key: coinlake runs")};
  for (const auto& currency : ask.currencies) {
    const auto rows = rows_in_.find(currency);
    if ((rows == rows_in_.end() || rows->second > 0) && !priced_.contains(currency))
      return Error{Kind::undecodable, tr("no coin has a price in {}: the other currencies are stored", currency),
                   tr("is that a currency of this provider?")};
  }
  return std::nullopt;
}

std::optional<Message> Tally::too_few(const port::Ask& ask, std::int64_t answered) const {
  if (const auto unanswered = missing(ask); !unanswered.empty()) {
    const auto coins = std::ssize(ask.ids);
    return any_rejected_ ? trn("asked for {} coin, not in the answer, or quarantined: {}",
                               "asked for {} coins, not in the answer, or quarantined: {}", coins, some_of(unanswered))
                         : trn("asked for {} coin, the answer lacks {}", "asked for {} coins, the answer lacks {}",
                               coins, some_of(unanswered));
  }
  const auto asked = ask.top.value_or(0) * std::ssize(ask.currencies);
  if (answered >= asked) return std::nullopt;
  return tr("asked for {} rows, the answer has {}", asked, answered);
}

Result<std::optional<Message>> Tally::gone_columns(std::string_view source, ledger::Ledger& ledger) const {
  const auto gone = TRY(ledger.gone_columns(source, kind_, given_));
  if (gone.empty()) return std::nullopt;
  if (unknown_keys_.empty()) return tr("no row has these columns any more, which earlier runs had: {}", gone.names());
  const std::vector<Message> keys(unknown_keys_.begin(), unknown_keys_.end());
  return tr("no row has these columns any more, which earlier runs had: {}; keys nobody knows: {}", gone.names(),
            joined(keys, ", "));
}

Result<std::optional<Message>> Tally::gone_coins(std::string_view source, ledger::Ledger& ledger) const {
  if (!directory_) return std::nullopt;
  auto gone = TRY(ledger.coins_of_last_answer(source, kind_));
  std::erase_if(gone, [&](const auto& coin) { return all_.contains(coin); });
  if (gone.empty()) return std::nullopt;
  return trn("{} coin of the last list is gone (what is known of it stays): {}",
             "{} coins of the last list are gone (what is known of them stays): {}", std::ssize(gone), some_of(gone));
}

Result<Verdict> Tally::judge(const port::Ask& ask, const ledger::Counts& counts, std::string_view source,
                             ledger::Ledger& ledger) const {
  Verdict out;
  const auto warn = [&](std::optional<Message> text) {
    if (text) out.warnings.push_back(std::move(*text));
  };
  const auto answered = counts.rows - counts.surplus;
  if (answered > 0) warn(too_few(ask, answered));  // of nothing at all the error speaks
  for (const auto& [currency, rows] : rows_in_) {
    if (rows == 0 && answered > 0) out.warnings.push_back(tr("the answer in {} is an empty list", currency));
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
