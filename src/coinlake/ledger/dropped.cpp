// The part of Facts that takes back what a release said. What counts at a moment is what those say who are still in
// force, so it is found anew from them: the same whatever order the decisions came in.
#include <algorithm>

#include "coinlake/ledger/facts.hpp"

namespace coinlake::ledger {

Result<void> Facts::drop() {
  const auto release = decisions_.undone_by(context_.seq);
  if (!release) return {};
  auto* series = TRY(series_released_by(*release));
  if (series == nullptr) return {};
  const auto said = TRY(observed(*release, *series));
  std::optional<std::int64_t> restated;
  if (said->quote_seq) {
    fact_.bind(1, *said->quote_seq).bind(2, series->id);
    (void)TRY(fact_.step());
    const auto event_time = fact_.time(0);
    fact_.reset();
    restated = TRY(mend(*series, event_time));
  }
  const auto place = restated ? TRY(observed(*restated, *series)) : said;
  insert_obs_.bind(1, context_.seq).bind(2, series->id).bind(3, place->position).bind(4, place->rank);
  insert_obs_.bind(5, restated).bind(6, series->head ? std::optional(series->head->seq) : std::nullopt);
  CHECK_OK(insert_obs_.run());
  series->seen = TRY(last_seen(*series));
  mark_dirty(*series);
  return {};
}

// Null when the release was of a row that left no trace.
Result<Facts::Series*> Facts::series_released_by(std::int64_t release) {
  released_series_.bind(1, release);
  const bool found = TRY(released_series_.step());
  const auto coin = found ? released_series_.text(0) : "", currency = found ? released_series_.text(1) : "";
  released_series_.reset();
  if (!found) return nullptr;
  return series_of({.coin = coin, .currency = currency, .rank = {}, .event_time = {}, .quote = {}});
}

// Puts what counts now at that moment in the place of what counted. The fact whose values are restated, if any are.
Result<std::optional<std::int64_t>> Facts::mend(Series& series, Time event_time) {
  const auto now = TRY(find(series, event_time));
  if (!now) return std::nullopt;
  const auto claim = TRY(best_claim(series, event_time));
  if (claim == TRY(first_stated(now->seq, series))) return std::nullopt;
  const bool was_head = series.head && series.head->seq == now->seq;
  std::optional<StoredQuote> next;
  if (claim) next = TRY(restate(series, *now, *claim));
  CHECK_OK(supersede(series.id, now->seq, context_.seq));
  if (was_head) series.head = claim ? std::move(next) : TRY(newest_left(series));
  return claim;
}

// The first batch in force that states it: an answer, or a release.
Result<std::optional<std::int64_t>> Facts::first_to_state(const Series& series, std::int64_t quote_seq) {
  const auto fact = TRY(first_stated(quote_seq, series));
  if (decisions_.in_force(fact)) return fact;
  for (auto seq = fact + 1; seq < context_.seq; ++seq) {
    if (decisions_.in_force(seq) && TRY(is_stated_by({seq}, fact, series))) return seq;
  }
  return std::nullopt;
}

// All revisions of a moment, superseded ones too, in the order they were learned.
Result<std::vector<std::int64_t>> Facts::facts_of(const Series& series, Time event_time) {
  auto seqs = TRY(learned_near(event_time));
  for (auto at = seqs.begin(); at != seqs.end();) {
    window_quote_.bind(1, *at).bind(2, series.id).bind(3, event_time);
    at = TRY(window_quote_.step()) ? at + 1 : seqs.erase(at);
    window_quote_.reset();
  }
  for (const auto seq : TRY(learned_late(series, event_time))) seqs.push_back(seq);
  std::ranges::sort(seqs);
  seqs.erase(std::ranges::unique(seqs).begin(), seqs.end());
  return seqs;
}

Result<std::optional<Time>> Facts::served_at(std::int64_t seq) {
  if (decisions_.is_decision(seq)) return decisions_.served_at(seq);
  served_at_.bind(1, seq);
  const auto time = TRY(served_at_.step()) ? served_at_.maybe_time(0) : std::nullopt;
  served_at_.reset();
  return time;
}

// Of what is said of a moment by those in force, the newest that was not stale when it came: what would count had the
// others never spoken. A fact whose release was dropped is as new, and as stale, as the next who said it.
Result<std::optional<std::int64_t>> Facts::best_claim(const Series& series, Time event_time) {
  std::vector<std::pair<std::int64_t, std::int64_t>> claims;  // who says it, and which fact
  for (const auto fact : TRY(facts_of(series, event_time))) {
    if (decisions_.is_drop(fact)) continue;
    if (const auto by = TRY(first_to_state(series, fact))) claims.emplace_back(*by, fact);
  }
  std::ranges::sort(claims);
  std::optional<std::int64_t> best;
  for (const auto& [by, fact] : claims) {
    const auto served = TRY(served_at(by));
    const auto later = served ? TRY(served_after(*served, by)) : std::vector<std::int64_t>{};
    if (!best || !TRY(is_stated_by(later, *best, series))) best = fact;
  }
  return best;
}

Result<StoredQuote> Facts::restate(Series& series, const StoredQuote& now, std::int64_t claim) {
  const auto said = TRY(quotes_.read(claim, series.id));
  fact_.bind(1, claim).bind(2, series.id);
  (void)TRY(fact_.step());
  const auto assumed = fact_.integer(1) & kTimeAssumed;
  fact_.reset();
  return store(series, said->values, now.event_time, assumed | kRevision, differing_columns(now.values, said->values));
}

// Facts that were not late are of no later moment than ten minutes after they were learned; the others have an index.
Result<std::optional<StoredQuote>> Facts::newest_left(const Series& series) {
  std::int64_t best = 0;
  Time best_time = Time::min();
  newest_late_.bind(1, series.id);
  if (TRY(newest_late_.step())) best = newest_late_.integer(0), best_time = newest_late_.time(1);
  newest_late_.reset();
  batches_.bind(1, series.first_seq).bind(2, context_.seq - 1);
  while (TRY(batches_.step()) && batches_.time(1) + kWindowBefore >= best_time) {
    fact_.bind(1, batches_.integer(0)).bind(2, series.id);
    const auto time = TRY(fact_.step()) ? fact_.time(0) : Time::min();
    fact_.reset();
    if (time > best_time && !TRY(is_superseded(series.id, batches_.integer(0))))
      best = batches_.integer(0), best_time = time;
  }
  batches_.reset();
  if (best == 0) return std::nullopt;
  return quotes_.read(best, series.id);
}

}  // namespace coinlake::ledger
