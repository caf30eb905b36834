#include "coinlake/ledger/facts.hpp"

#include <algorithm>

namespace coinlake::ledger {
namespace {

using domain::Column;
using domain::ColumnSet;
using domain::Quote;
using namespace std::chrono_literals;

constexpr Duration kWindowAfter = 70min, kLateAfter = 60min;

void bind_slow(Statement& to, int at, const Quote& values) {
  for (auto c = domain::kFastColumns; c < domain::kNumberColumns; ++c)
    to.bind(at++, values.number(static_cast<Column>(c)));
  for (auto c = domain::kFirstDate; c < domain::kFirstText; ++c) to.bind(at++, values.date(static_cast<Column>(c)));
  for (auto c = domain::kFirstText; c < domain::kColumns; ++c) to.bind(at++, values.text(static_cast<Column>(c)));
}

}  // namespace

Result<void> Facts::begin(AnswerContext context) {
  if (cached_ > max_cached_) {
    CHECK_OK(flush());
    forget();
  }
  context_ = std::move(context);
  served_later_.reset();
  group_ = nullptr;
  return decisions_.read_to(context_.seq);
}

void Facts::forget() {
  decisions_.forget();
  groups_.clear();
  dirty_.clear();
  group_ = nullptr;
  cached_ = 0;
  next_series_ = 0;
}

// Rows of one currency mostly follow each other.
Facts::Group& Facts::group_of(std::string_view currency) {
  if (group_ == nullptr || group_currency_ != currency) {
    group_currency_ = currency;
    group_ = &groups_[context_.source + '\n' + context_.kind + '\n' + group_currency_];
  }
  return *group_;
}

Result<Facts::Series*> Facts::series_of(const domain::Row& row) {
  const auto coin = row.coin;
  auto& group = group_of(row.currency.empty() ? std::string_view(context_.currency) : row.currency);
  if (const auto hit = group.find(coin); hit != group.end()) return &hit->second;
  Series series;
  find_series_.bind(1, std::string_view(context_.source)).bind(2, std::string_view(group_currency_));
  find_series_.bind(3, std::string_view(context_.kind)).bind(4, coin);
  const bool known = TRY(find_series_.step());
  if (known) series.id = find_series_.integer(0), series.first_seq = find_series_.integer(1);
  find_series_.reset();
  if (known) {
    series.head = TRY(quotes_.head(series.id));
  } else {
    if (next_series_ == 0) {
      (void)TRY(last_series_.step());
      next_series_ = last_series_.integer(0) + 1;
      last_series_.reset();
    }
    series.id = next_series_++, series.first_seq = context_.seq;
    insert_series_.bind(1, series.id).bind(2, std::string_view(context_.source)).bind(3, coin);
    insert_series_.bind(4, std::string_view(group_currency_))
        .bind(5, std::string_view(context_.kind))
        .bind(6, context_.seq);
    CHECK_OK(insert_series_.run());
  }
  ++cached_;
  return &group.emplace(std::string(coin), std::move(series)).first->second;
}

Result<bool> Facts::is_superseded(std::int64_t series, std::int64_t seq) {
  superseded_.bind(1, series).bind(2, seq);
  const bool found = TRY(superseded_.step());
  superseded_.reset();
  return found;
}

// The newest revision that a series has for an event_time older than its head's.
Result<std::optional<StoredQuote>> Facts::find(const Series& series, Time event_time) {
  if (auto quote = TRY(find_in_window(series, event_time))) return quote;
  return find_late(series, event_time);
}

// Batches learned so near to a moment that a fact of it which is not late is one of theirs; the newest first.
Result<std::vector<std::int64_t>> Facts::learned_near(Time event_time) {
  std::vector<std::int64_t> seqs;
  window_.bind(1, event_time - kWindowBefore).bind(2, event_time + kWindowAfter).bind(3, context_.seq);
  while (TRY(window_.step())) seqs.push_back(window_.integer(0));
  window_.reset();
  return seqs;
}

Result<std::vector<std::int64_t>> Facts::learned_late(const Series& series, Time event_time) {
  std::vector<std::int64_t> seqs;
  late_.bind(1, series.id).bind(2, event_time);
  while (TRY(late_.step())) seqs.push_back(late_.integer(0));
  late_.reset();
  return seqs;
}

Result<std::optional<StoredQuote>> Facts::find_in_window(const Series& series, Time event_time) {
  for (const auto seq : TRY(learned_near(event_time))) {
    window_quote_.bind(1, seq).bind(2, series.id).bind(3, event_time);
    const bool hit = TRY(window_quote_.step());
    window_quote_.reset();
    if (hit && !TRY(is_superseded(series.id, seq))) return quotes_.read(seq, series.id);
  }
  return std::nullopt;
}

Result<std::optional<StoredQuote>> Facts::find_late(const Series& series, Time event_time) {
  for (const auto seq : TRY(learned_late(series, event_time))) {
    if (!TRY(is_superseded(series.id, seq))) return quotes_.read(seq, series.id);
  }
  return std::nullopt;
}

Result<std::optional<Facts::Observation>> Facts::observed(std::int64_t seq, const Series& series) {
  observed_.bind(1, seq).bind(2, series.id);
  std::optional<Observation> out;
  if (TRY(observed_.step())) out = {observed_.integer(0), observed_.maybe_integer(1), observed_.maybe_integer(2)};
  observed_.reset();
  return out;
}

// What a drop restates was said by others before: the first fact that says it.
Result<std::int64_t> Facts::first_stated(std::int64_t quote_seq, const Series& series) {
  if (!decisions_.is_drop(quote_seq)) return quote_seq;
  const auto drop = TRY(observed(quote_seq, series));
  return drop ? drop->quote_seq.value_or(quote_seq) : quote_seq;
}

// Batches before `before` whose answers were written after `time`.
Result<std::vector<std::int64_t>> Facts::served_after(Time time, std::int64_t before) {
  auto out = decisions_.released_of_later(time, before);
  served_later_query_.bind(1, time).bind(2, before);
  while (TRY(served_later_query_.step())) out.push_back(served_later_query_.integer(0));
  served_later_query_.reset();
  return out;
}

Result<bool> Facts::is_stated_by(const std::vector<std::int64_t>& batches, std::int64_t quote_seq,
                                 const Series& series) {
  const auto fact = TRY(first_stated(quote_seq, series));
  for (const auto seq : batches) {
    const auto said = TRY(observed(seq, series));
    if (said && said->quote_seq && TRY(first_stated(*said->quote_seq, series)) == fact) return true;
  }
  return false;
}

// Is this answer older than one that stated `quote_seq`? Caches keep answers for ten minutes and more: an old one must
// not win.
Result<bool> Facts::is_stale(const Series& series, std::int64_t quote_seq) {
  if (!context_.served_at) return false;
  if (!served_later_) served_later_ = TRY(served_after(*context_.served_at, context_.seq));
  return is_stated_by(*served_later_, quote_seq, series);
}

Result<std::optional<StoredQuote>> Facts::last_stale(const Series& series, const StoredQuote& winner) {
  std::optional<std::int64_t> seq;
  for (const auto by : {winner.seq, TRY(first_stated(winner.seq, series))}) {
    last_stale_.bind(1, series.id).bind(2, by).bind(3, by);
    (void)TRY(last_stale_.step());
    seq = std::max(seq, last_stale_.maybe_integer(0));
    last_stale_.reset();
  }
  if (!seq) return std::nullopt;
  return quotes_.read(*seq, series.id);
}

Result<Verdict> Facts::add(const domain::Row& row) {
  Series& series = *TRY(series_of(row));
  if (row.event_time) return add_priced(series, row, *row.event_time, 0);
  if (!row.quote.known.has(Column::price) && !context_.directory)
    return seen(series, row, Verdict::unpriced, std::nullopt);
  // No time of its own: the same values are the same fact, other values are a fact of the moment they came, unless the
  // answer is older than one that stated the head. (A released row came before a head of a later moment.)
  const bool came_before = context_.released && series.head && series.head->event_time > context_.received_at;
  const auto* head = series.head && !came_before ? &*series.head : nullptr;
  if (head != nullptr && changed_columns(head->values, row.quote).empty())
    return seen(series, row, Verdict::equal, head->seq);
  if (head != nullptr && TRY(is_stale(series, head->seq))) return compare(series, *head, row, kTimeAssumed);
  return add_priced(series, row, context_.received_at, kTimeAssumed);
}

Result<Verdict> Facts::add_priced(Series& series, const domain::Row& row, Time event_time, std::int64_t flags) {
  const bool newest = !series.head || event_time > series.head->event_time;
  if (!newest) {
    if (event_time == series.head->event_time) return compare(series, *series.head, row, flags);
    if (const auto before = TRY(find(series, event_time))) return compare(series, *before, row, flags);
  }
  const auto values = series.head ? filled(row.quote, series.head->values, ColumnSet::slow()) : row.quote;
  auto quote = TRY(store(series, values, event_time, flags, ColumnSet{}));
  const auto seq = quote.seq;
  if (newest) series.head = std::move(quote);
  return seen(series, row, Verdict::fresh, seq);
}

Result<Verdict> Facts::compare(Series& series, const StoredQuote& before, const domain::Row& row, std::int64_t flags) {
  const auto changed = changed_columns(before.values, row.quote);
  if (changed.empty()) return seen(series, row, Verdict::equal, before.seq);
  const auto by = before.seq;
  const bool stale = TRY(is_stale(series, by));
  if (stale) {
    const auto earlier = TRY(last_stale(series, before));
    if (earlier && changed_columns(earlier->values, row.quote).empty())
      return seen(series, row, Verdict::equal, earlier->seq);
  }
  const bool was_head = series.head->seq == by;
  // A revision says what it says; what it does not mention stays as its predecessor has it.
  auto values = filled(row.quote, before.values, ColumnSet::all());
  values.given = values.given | before.values.given;
  auto quote =
      TRY(store(series, values, before.event_time, flags | kRevision | (stale ? std::int64_t{kStale} : 0), changed));
  CHECK_OK(stale ? supersede(series.id, context_.seq, by) : supersede(series.id, by, context_.seq));
  if (!stale && was_head) series.head = std::move(quote);
  return seen(series, row, Verdict::revised, context_.seq);
}

Result<Verdict> Facts::seen(Series& series, const domain::Row& row, Verdict verdict,
                            std::optional<std::int64_t> quote_seq) {
  insert_obs_.bind(1, context_.seq).bind(2, series.id).bind(3, row.position).bind(4, row.rank).bind(5, quote_seq);
  insert_obs_.bind(6, series.head ? std::optional(series.head->seq) : std::nullopt);
  CHECK_OK(insert_obs_.run());
  series.seen = context_.released ? TRY(last_seen(series)) : context_.seq;
  if (series.head) mark_dirty(series);
  return verdict;
}

void Facts::mark_dirty(Series& series) {
  if (!std::exchange(series.dirty, true)) dirty_.push_back(&series);
}

// The last answer that had the coin, which decisions do not move; where no answer had it, its last release.
Result<std::int64_t> Facts::last_seen(const Series& series) {
  std::optional<std::int64_t> release;
  for (auto seq = context_.seq; seq >= series.first_seq; --seq) {
    if (!decisions_.in_force(seq) || !TRY(observed(seq, series))) continue;
    if (!decisions_.is_decision(seq)) return seq;
    if (!release) release = seq;
  }
  return release.value_or(context_.seq);
}

Result<StoredQuote> Facts::store(Series& series, const Quote& values, Time event_time, std::int64_t flags,
                                 ColumnSet changed) {
  const auto profile_seq = TRY(store_profile(series, values));
  const auto known_at = context_.known_at;
  if (known_at < event_time - kWindowBefore || known_at > event_time + kLateAfter) flags |= kLate;
  const auto absent = ColumnSet::all() - values.given;
  insert_quote_.bind(1, context_.seq).bind(2, series.id).bind(3, event_time).bind(4, flags);
  insert_quote_.bind(5, static_cast<std::int64_t>(changed.bits())).bind(6, static_cast<std::int64_t>(absent.bits()));
  insert_quote_.bind(7, profile_seq);
  for (std::size_t c = 0; c < domain::kFastColumns; ++c) {
    insert_quote_.bind(kQuoteHead + 1 + static_cast<int>(c), values.number(static_cast<Column>(c)));
  }
  CHECK_OK(insert_quote_.run());
  return StoredQuote{context_.seq, profile_seq, event_time, values};
}

// Slow columns go to a row of their own when they differ from the head's.
Result<std::int64_t> Facts::store_profile(Series& series, const Quote& values) {
  auto whole = values;
  whole.given = ColumnSet::all();  // what is unknown here must be unknown there
  if (series.head && (changed_columns(series.head->values, whole) & ColumnSet::slow()).empty())
    return series.head->profile_seq;
  insert_profile_.bind(1, series.id).bind(2, context_.seq);
  bind_slow(insert_profile_, kProfileHead + 1, values);
  CHECK_OK(insert_profile_.run());
  return context_.seq;
}

Result<void> Facts::supersede(std::int64_t series, std::int64_t seq, std::int64_t by) {
  return insert_superseded_.bind(1, series).bind(2, seq).bind(3, by).run();
}

Result<void> Facts::flush() {
  for (Series* series : dirty_) {
    series->dirty = false;
    if (!series->head) {
      CHECK_OK(delete_head_.bind(1, series->id).run());
      continue;
    }
    write_head_.bind(1, series->id)
        .bind(2, series->head->seq)
        .bind(3, series->head->event_time)
        .bind(4, series->head->profile_seq)
        .bind(5, series->seen);
    CHECK_OK(write_head_.run());
  }
  dirty_.clear();
  return {};
}

Result<void> Facts::quarantine(std::int64_t n, const domain::Rejected& rejected) {
  insert_quarantine_.bind(1, context_.seq).bind(2, n).bind(3, rejected.index);
  return insert_quarantine_.bind(4, std::string_view(rejected.rule)).bind(5, std::string_view(rejected.evidence)).run();
}

Counts& Counts::operator+=(const Counts& o) {
  rows += o.rows, fresh += o.fresh, equal += o.equal, revised += o.revised;
  unpriced += o.unpriced, bad += o.bad, surplus += o.surplus;
  return *this;
}

Result<Counts> add_answer(Facts& facts, std::int64_t n, const domain::Batch& batch) {
  Counts counts{.rows = batch.answered, .bad = static_cast<std::int64_t>(batch.rejected.size())};
  facts.of_directory(batch.directory);
  for (const auto& row : batch.rows) {
    switch (TRY(facts.add(row))) {
      case Verdict::fresh: ++counts.fresh; break;
      case Verdict::equal: ++counts.equal; break;
      case Verdict::revised: ++counts.revised; break;
      case Verdict::unpriced: ++counts.unpriced; break;
    }
  }
  for (const auto& rejected : batch.rejected) CHECK_OK(facts.quarantine(n, rejected));
  counts.surplus = batch.answered - counts.bad - static_cast<std::int64_t>(batch.rows.size());
  return counts;
}

}  // namespace coinlake::ledger
