#include "coinlake/ledger/reader.hpp"

#include <algorithm>
#include <queue>
#include <unordered_map>

#include "coinlake/base/text.hpp"
#include "coinlake/ledger/coin_names.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/decision_log.hpp"
#include "coinlake/ledger/identity.hpp"
#include "coinlake/ledger/schema.hpp"

namespace coinlake::ledger {
namespace {

// How far a fact's moment may lie ahead of when it was learned: an hour by the rules for rows, and what our clock was
// slow.
constexpr Duration kAheadOfKnowing = std::chrono::hours(48);

// The same order on every screen: the largest first, a coin's currencies together.
bool before(const QuoteLine& a, const QuoteLine& b) {
  const auto key = [](const QuoteLine& line) {
    const auto cap = line.quote.values.number(domain::Column::market_cap);
    return std::tuple(!line.rank, line.rank.value_or(0), -cap.value_or(-1), std::string_view(line.coin),
                      std::string_view(line.source), std::string_view(line.currency));
  };
  return key(a) < key(b);
}

// A source may have told of a coin by several of its endpoints: the newest moment counts, of equal ones that with a
// rank.
void keep_newest_kind(std::vector<QuoteLine>& lines) {
  const auto coin = [](const QuoteLine& line) {
    return std::tuple(std::string_view(line.source), std::string_view(line.coin), std::string_view(line.currency));
  };
  std::ranges::sort(lines, [&](const QuoteLine& a, const QuoteLine& b) {
    if (coin(a) != coin(b)) return coin(a) < coin(b);
    return std::pair(a.quote.event_time, a.rank.has_value()) > std::pair(b.quote.event_time, b.rank.has_value());
  });
  const auto rest = std::ranges::unique(lines, {}, coin);
  lines.erase(rest.begin(), rest.end());
}

// The newest moments of those seen so far. Full and all after `t`: nothing up to t will be among them.
class NewestMoments {
 public:
  explicit NewestMoments(std::optional<std::int64_t> limit) : limit_(limit) {}
  void add(Time t) {
    if (!limit_) return;
    kept_.push(t);
    if (std::cmp_greater(kept_.size(), *limit_)) kept_.pop();
  }
  [[nodiscard]] bool all_after(Time t) const {
    return limit_ && std::cmp_equal(kept_.size(), *limit_) && (kept_.empty() || kept_.top() > t);
  }

 private:
  std::optional<std::int64_t> limit_;
  std::priority_queue<Time, std::vector<Time>, std::greater<>> kept_;
};

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) (out += out.empty() ? "" : ", ") += printable(word);
  return out;
}

Error nothing_there(const QuoteFilter& filter, const std::vector<std::string>& coins) {
  auto what = coins.empty() ? tr("nothing") : tr("nothing of {}", join(coins));
  if (filter.currency) what = tr("{} in {}", what, printable(*filter.currency));
  if (filter.source) what = tr("{} from {}", what, printable(*filter.source));
  if (filter.kind) what = tr("{} of the kind {}", what, printable(*filter.kind));
  if (filter.as_of) what = tr("{}, as of {}", what, format_iso(*filter.as_of));
  if (filter.until) what = tr("{}, of before {}", what, format_iso(*filter.until));
  return {Kind::unknown, tr("unknown: there is {}", what), tr("see `coinlake runs` for what was collected when")};
}

RunLine run_line(const Statement& row) {
  return {.id = row.text(0),
          .kind = row.text(1),
          .source = row.text(2),
          .plan = row.text(3),
          .outcome = row.text(4),
          .started_at = row.time(5),
          .ended_at = row.maybe_time(6),
          .pages = row.integer(7),
          .rows = row.integer(8),
          .fresh = row.integer(9),
          .revised = row.integer(10),
          .equal = row.integer(11),
          .unpriced = row.integer(12),
          .bad = row.integer(13),
          .requests = row.integer(14),
          .credits = row.integer(16),
          .note = row.maybe_text(15),
          .schedule = row.maybe_text(17),
          .slot = row.maybe_time(18)};
}

}  // namespace

Result<Reader> Reader::open(const std::filesystem::path& path) {
  Reader reader(TRY(open_ledger(path)));
  CHECK_OK(reader.db_.execute("BEGIN"));  // one state of the ledger for all that is asked
  return reader;
}

Result<std::int64_t> Reader::last_known(const QuoteFilter& filter) {
  auto last =
      TRY(db_.prepare("SELECT max(seq) FROM batch WHERE known_at <= ? AND kind IN ('answer', 'release', 'drop')"));
  last.bind(1, filter.as_of.value_or(Time::max()));
  (void)TRY(last.step());
  if (!last.is_null(0)) return last.integer(0);
  return fail(Kind::unknown,
              filter.as_of ? tr("unknown: nothing had been collected at {}", format_iso(*filter.as_of))
                           : tr("unknown: nothing had been collected yet"),
              tr("see `coinlake runs` for what was collected when"));
}

Result<std::vector<Reader::Named>> Reader::resolve(const QuoteFilter& filter) {
  std::vector<Named> out;
  for (const auto& word : filter.coins) out.push_back({word, TRY(ids_called(db_, word, filter.source))});
  return out;
}

Result<std::vector<Reader::Wanted>> Reader::wanted(const QuoteFilter& filter, const std::vector<Named>& named,
                                                   std::int64_t last) {
  auto all = TRY(db_.prepare(
      "SELECT id, first_seq, source, coin, currency, kind FROM series WHERE first_seq <= ? AND kind <> ? ORDER BY id"));
  all.bind(1, last).bind(2, kListKind);
  const auto is_meant = [](const Named& coin, std::string_view id) {
    return std::ranges::find(coin.ids, id) != coin.ids.end();
  };
  std::vector<Wanted> out;
  while (TRY(all.step())) {
    if (filter.source && all.bytes(2) != *filter.source) continue;
    const auto meant = [&](const Named& coin) { return is_meant(coin, all.bytes(3)); };
    if (!named.empty() && std::ranges::none_of(named, meant)) continue;
    if (filter.currency && all.bytes(4) != to_lower(*filter.currency)) continue;
    if (filter.kind && all.bytes(5) != *filter.kind) continue;
    out.push_back({all.integer(0), all.integer(1)});
  }
  return out;
}

// Nobody is left out in silence.
Result<void> Reader::expect_all(const QuoteFilter& filter, const std::vector<Named>& named,
                                const std::vector<QuoteLine>& lines) {
  const auto is_there = [&](const std::string& id) {
    return std::ranges::find(lines, id, &QuoteLine::coin) != lines.end();
  };
  std::vector<std::string> unknown;
  for (const auto& coin : named) {
    if (std::ranges::none_of(coin.ids, is_there)) unknown.push_back(coin.word);
  }
  if (unknown.empty() && !lines.empty()) return {};
  return std::unexpected(nothing_there(filter, unknown));
}

// Series whose newest fact may be another one by what somebody decided later.
Result<std::unordered_set<std::int64_t>> Reader::decided_after(std::int64_t last) {
  const auto decision = TRY(decision_table(db_));
  auto series =
      TRY(db_.prepare("SELECT o.series FROM " + decision + " d CROSS JOIN obs o ON o.seq = d.seq WHERE d.seq > ?"));
  series.bind(1, last);
  std::unordered_set<std::int64_t> out;
  while (TRY(series.step())) out.insert(series.integer(0));
  return out;
}

// Heads of coins that no later answer than `last` has, and no later decision is about: they were heads then already.
Result<std::vector<Reader::Fact>> Reader::heads(const std::vector<Wanted>& series, std::int64_t last) {
  auto head = TRY(db_.prepare("SELECT seq, seen_seq FROM head WHERE series = ?1 AND seen_seq <= ?2"));
  const auto decided = TRY(decided_after(last));
  std::vector<Fact> facts;
  for (const auto& s : series) {
    if (decided.contains(s.series)) continue;
    head.bind(1, s.series).bind(2, last);
    if (TRY(head.step())) facts.push_back({head.integer(0), s.series, head.integer(1)});
    head.reset();
  }
  return facts;
}

// Every answer and decision says what the newest fact of each of its coins was once it was known, so the last one that
// has a coin tells. Its rank is the last answer's.
Result<std::vector<Reader::Fact>> Reader::newest(const std::vector<Wanted>& series, std::int64_t last) {
  std::unordered_set<std::int64_t> missing;
  for (const auto& s : series) missing.insert(s.series);
  auto facts = TRY(heads(series, last));
  for (const auto& fact : facts) missing.erase(fact.series);
  std::unordered_map<std::int64_t, std::size_t> unranked;  // series whose fact is found, by a decision
  auto seen =
      TRY(db_.prepare("SELECT o.series, o.head_seq, b.kind <> 'answer' FROM batch b CROSS JOIN obs o ON o.seq = b.seq "
                      "WHERE b.seq = ?"));
  for (auto seq = last; seq > 0 && !(missing.empty() && unranked.empty()); --seq) {
    seen.bind(1, seq);
    while (TRY(seen.step())) {
      const auto id = seen.integer(0);
      const bool decided = seen.integer(2) != 0;
      if (missing.erase(id) != 0 && !seen.is_null(1)) {
        if (decided) unranked.emplace(id, facts.size());
        facts.push_back({seen.integer(1), id, seq});
      } else if (const auto found = unranked.find(id); found != unranked.end() && !decided) {
        facts[found->second].seen = seq;
        unranked.erase(found);
      }
    }
    seen.reset();
  }
  return facts;
}

Result<std::vector<Reader::Fact>> Reader::newest_before(const std::vector<Wanted>& series, std::int64_t last,
                                                        Time until) {
  auto query = TRY(db_.prepare(
      "SELECT q.seq, q.series, max(q.event_time) FROM quote q WHERE q.seq <= ?1 AND q.event_time < ?2 AND NOT EXISTS "
      "(SELECT 1 FROM superseded x WHERE x.series = q.series AND x.seq = q.seq AND x.by_seq <= ?1) GROUP BY q.series"));
  query.bind(1, last).bind(2, until);
  std::unordered_set<std::int64_t> ids;
  for (const auto& s : series) ids.insert(s.series);
  std::vector<Fact> facts;
  while (TRY(query.step())) {
    if (ids.contains(query.integer(1))) facts.push_back({query.integer(0), query.integer(1), query.integer(0)});
  }
  return facts;
}

Result<std::vector<Reader::Fact>> Reader::history(const std::vector<Wanted>& series, std::int64_t last,
                                                  const QuoteFilter& filter) {
  auto query = TRY(db_.prepare(
      "SELECT q.seq, q.event_time, b.known_at FROM batch b CROSS JOIN quote q ON q.seq = b.seq AND q.series = ?1 "
      "WHERE b.seq BETWEEN ?2 AND ?3 AND q.event_time < ?4 ORDER BY b.seq DESC"));
  std::vector<Fact> facts;
  for (const auto& s : series) {
    query.bind(1, s.series).bind(2, s.first_seq).bind(3, last).bind(4, filter.until.value_or(Time::max()));
    // Facts are learned nearly in the order of their moments, but a late one is old news: the limit is not filled with
    // those.
    NewestMoments moments(filter.limit);
    while (TRY(query.step()) && !moments.all_after(query.time(2) + kAheadOfKnowing)) {
      facts.push_back({query.integer(0), s.series, query.integer(0)});
      moments.add(query.time(1));
    }
    query.reset();
  }
  return facts;
}

// The same where no coin is named: one walk over the batches instead of one for each of thousands of series.
Result<std::vector<Reader::Fact>> Reader::history_of_all(const std::vector<Wanted>& series, std::int64_t last,
                                                         const QuoteFilter& filter) {
  std::unordered_set<std::int64_t> ids;
  for (const auto& s : series) ids.insert(s.series);
  auto query = TRY(
      db_.prepare("SELECT q.seq, q.series, q.event_time, b.known_at FROM batch b CROSS JOIN quote q ON q.seq = b.seq "
                  "WHERE b.seq <= ?1 AND q.event_time < ?2 ORDER BY b.seq DESC"));
  query.bind(1, last).bind(2, filter.until.value_or(Time::max()));
  std::vector<std::pair<Time, Fact>> found;
  NewestMoments moments(filter.limit);
  while (TRY(query.step()) && !moments.all_after(query.time(3) + kAheadOfKnowing)) {
    if (!ids.contains(query.integer(1))) continue;
    found.push_back({query.time(2), {query.integer(0), query.integer(1), query.integer(0)}});
    moments.add(query.time(2));
  }
  std::ranges::stable_sort(found, std::greater{}, [](const auto& f) { return std::pair(f.first, f.second.seq); });
  if (filter.limit) found.resize(std::min(found.size(), static_cast<std::size_t>(*filter.limit)));
  std::vector<Fact> facts;
  for (const auto& [_, fact] : found) facts.push_back(fact);
  return facts;
}

Result<std::vector<QuoteLine>> Reader::load(const std::vector<Fact>& facts, std::int64_t last) {
  auto line = TRY(
      db_.prepare("SELECT s.source, s.coin, s.currency, s.kind, o.rank, b.known_at, q.flags, q.changed, "
                  "EXISTS (SELECT 1 FROM superseded x WHERE x.series = q.series AND x.seq = q.seq AND x.by_seq <= ?3), "
                  "b.kind = 'release' "
                  "FROM quote q JOIN series s ON s.id = q.series JOIN batch b ON b.seq = q.seq "
                  "LEFT JOIN obs o ON o.seq = ?4 AND o.series = q.series WHERE q.seq = ?1 AND q.series = ?2"));
  auto stored = TRY(QuoteReader::open(db_, ""));
  std::vector<QuoteLine> out;
  for (const auto& fact : facts) {
    line.bind(1, fact.seq).bind(2, fact.series).bind(3, last).bind(4, fact.seen);
    auto quote = TRY(stored.read(fact.seq, fact.series));
    if (!TRY(line.step()) || !quote)
      return fail(Kind::corrupt, tr("the ledger's tables contradict each other"), tr("run `coinlake replay`"));
    out.push_back({.source = line.text(0),
                   .coin = line.text(1),
                   .currency = line.text(2),
                   .kind = line.text(3),
                   .rank = line.maybe_integer(4),
                   .known_at = line.time(5),
                   .flags = line.integer(6),
                   .changed = domain::ColumnSet(static_cast<std::uint64_t>(line.integer(7))),
                   .superseded = line.integer(8) != 0,
                   .released = line.integer(9) != 0,
                   .quote = std::move(*quote)});
    line.reset();
  }
  return out;
}

Result<std::vector<QuoteLine>> Reader::quotes(const QuoteFilter& filter) {
  const auto last = TRY(last_known(filter));
  const auto named = TRY(resolve(filter));
  const auto series = TRY(wanted(filter, named, last));
  const auto facts = filter.history
                         ? TRY(named.empty() ? history_of_all(series, last, filter) : history(series, last, filter))
                     : filter.until ? TRY(newest_before(series, last, *filter.until))
                     : filter.as_of ? TRY(newest(series, last))
                                    : TRY(heads(series, last));
  auto lines = TRY(load(facts, last));
  CHECK_OK(expect_all(filter, named, lines));
  const auto newest_first = [](const QuoteLine& a, const QuoteLine& b) {
    return std::pair(a.quote.event_time, a.quote.seq) > std::pair(b.quote.event_time, b.quote.seq);
  };
  if (filter.history) {
    std::ranges::stable_sort(lines, newest_first);
  } else {
    if (!filter.kind) keep_newest_kind(lines);
    std::ranges::sort(lines, before);
  }
  if (filter.limit && lines.size() > static_cast<std::size_t>(*filter.limit))
    lines.erase(lines.begin() + *filter.limit, lines.end());
  return lines;
}

// A ledger before schema 3 has no schedules.
Result<std::string> Reader::runs_where(std::string_view which) {
  const std::string_view scheduled = TRY(has_slots(db_)) ? "p.plan, p.at FROM run_summary LEFT JOIN run_plan p "
                                                           "ON p.run = run_summary.id "
                                                         : "NULL, NULL FROM run_summary ";
  return "SELECT run_summary.id, kind, source, run_summary.plan, outcome, started_at, ended_at, pages, n_rows, n_new, "
         "n_revised, n_equal, n_unpriced, n_bad, requests, note, "
         "(SELECT coalesce(sum(credits), 0) FROM batch WHERE run = run_summary.id), " +
         std::string(scheduled) + std::string(which);
}

Result<std::vector<RunLine>> Reader::runs(std::int64_t limit) {
  const auto sql = TRY(runs_where("ORDER BY started_at DESC, run_summary.id LIMIT ?"));
  auto row = TRY(db_.prepare(sql));
  row.bind(1, limit);
  std::vector<RunLine> out;
  while (TRY(row.step())) out.push_back(run_line(row));
  return out;
}

Result<RunLine> Reader::run(const std::string& id) {
  const auto sql = TRY(runs_where("WHERE run_summary.id = ?"));
  auto row = TRY(db_.prepare(sql));
  row.bind(1, id);
  if (TRY(row.step())) return run_line(row);
  return fail(Kind::unknown, tr("there is no run {}", printable(id)), tr("coinlake runs lists them"));
}

Result<RunTimes> Reader::times_of(const std::string& run) {
  auto row =
      TRY(db_.prepare("SELECT min(r.received_at), max(r.received_at), (SELECT max(known_at) FROM batch WHERE run = ?1) "
                      "FROM batch b CROSS JOIN raw r ON r.seq = b.seq WHERE b.run = ?1"));
  row.bind(1, std::string_view(run));
  (void)TRY(row.step());
  return RunTimes{
      .first_response = row.maybe_time(0), .last_response = row.maybe_time(1), .known_at = row.maybe_time(2)};
}

Result<std::optional<SlotLine>> Reader::slot_of(const RunLine& run) {
  if (!run.schedule || !run.slot) return std::nullopt;
  auto found = TRY(slots(db_, {.plan = run.schedule, .since = run.slot, .until = *run.slot + Duration{1}, .limit = 1}));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

}  // namespace coinlake::ledger
