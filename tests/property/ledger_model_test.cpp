// The ledger against a toy of itself, over random histories: answers that repeat, revise, regress and leave things out;
// rows that are quarantined, released and dropped; writers that die, commits that fail, tables that are rebuilt.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory>
#include <sstream>

#include "coinlake/ledger/decisions.hpp"
#include "tests/support/fault_vfs.hpp"
#include "tests/support/ledger_fixture.hpp"
#include "tests/support/toy_ledger.hpp"

namespace coinlake::test {
namespace {

using domain::Column;
using ledger::Ledger;
using namespace std::chrono_literals;

constexpr Time kEpoch = from_micros(1'800'000'000'000'000);
constexpr std::array kColumnsUsed = {Column::price, Column::market_cap, Column::ath};
constexpr std::array<Duration, 6> kEventTimes = {-72h, -30min, -2min,
                                                 0min, 1min,   3h};  // late, past the window's edge, usual, ahead
constexpr std::array<Duration, 4> kPauses = {1s, 1min, 65min, 24h};

// One row, as small numbers: what they stand for is in the arrays above.
struct RowDraw {
  int coin = 0, event_time = 0;                   // event_time 6: none
  std::array<int, kColumnsUsed.size()> values{};  // 0 absent, 1 null, 2 and 3 values
  bool bad = false;
};

struct Step {
  enum class What { answer, release, drop, give_up, fail, reopen, replay } what = What::answer;
  int currency = 0, pause = 0, served = 0;  // served: 0 unknown, then minutes before it was received
  int pick = 0;                             // which of the quarantined rows
  std::vector<RowDraw> rows = {};
};

void showValue(const RowDraw& row, std::ostream& os) {
  os << "{coin " << row.coin << ", time " << row.event_time << ", values " << row.values[0] << row.values[1]
     << row.values[2] << (row.bad ? ", bad}" : "}");
}

void showValue(const Step& step, std::ostream& os) {
  constexpr std::array kNames = {"answer", "release", "drop", "give_up", "fail", "reopen", "replay"};
  os << kNames[static_cast<std::size_t>(step.what)] << " currency " << step.currency << " pause " << step.pause
     << " served " << step.served << " pick " << step.pick;
  for (const auto& row : step.rows) showValue(row, os << " ");
  os << "\n";
}

constexpr int kCoins = 3;

// Of coin 0 to 2; coin 3: the answer does not have it.
rc::Gen<RowDraw> row_of(int coin) {
  const auto value = rc::gen::weightedElement<int>({{2, 0}, {1, 1}, {4, 2}, {3, 3}});
  return rc::gen::build<RowDraw>(
      rc::gen::set(&RowDraw::coin, rc::gen::weightedElement<int>({{1, kCoins}, {2, coin}})),
      rc::gen::set(&RowDraw::event_time, rc::gen::inRange(0, 7)),
      rc::gen::set(&RowDraw::values, rc::gen::container<std::array<int, kColumnsUsed.size()>>(value)),
      rc::gen::set(&RowDraw::bad, rc::gen::weightedElement<bool>({{3, false}, {1, true}})));
}

// A coin at most once.
rc::Gen<std::vector<RowDraw>> any_rows() {
  return rc::gen::map(rc::gen::tuple(row_of(0), row_of(1), row_of(2)), [](const auto& drawn) {
    std::vector<RowDraw> rows{std::get<0>(drawn), std::get<1>(drawn), std::get<2>(drawn)};
    std::erase_if(rows, [](const RowDraw& row) { return row.coin == kCoins; });
    return rows;
  });
}

rc::Gen<Step> any_step() {
  using What = Step::What;
  return rc::gen::build<Step>(
      rc::gen::set(&Step::what, rc::gen::weightedElement<What>({{12, What::answer},
                                                                {6, What::release},
                                                                {4, What::drop},
                                                                {2, What::give_up},
                                                                {1, What::fail},
                                                                {2, What::reopen},
                                                                {1, What::replay}})),
      rc::gen::set(&Step::currency, rc::gen::weightedElement<int>({{3, 0}, {1, 1}})),
      rc::gen::set(&Step::pause, rc::gen::weightedElement<int>({{6, 0}, {3, 1}, {1, 2}, {1, 3}})),
      rc::gen::set(&Step::served, rc::gen::inRange(0, 9)), rc::gen::set(&Step::pick, rc::gen::inRange(0, 8)),
      rc::gen::set(&Step::rows, any_rows()));
}

rc::Gen<std::vector<Step>> any_history() {
  return rc::gen::mapcat(rc::gen::inRange<std::size_t>(1, 30),
                         [](std::size_t n) { return rc::gen::container<std::vector<Step>>(n, any_step()); });
}

ToyRow toy_row(const RowDraw& draw) {
  ToyRow row{.coin = std::string(1, static_cast<char>('a' + draw.coin)), .event_time = {}, .values = {}};
  const auto time = static_cast<std::size_t>(draw.event_time);
  if (time < kEventTimes.size()) row.event_time = kEpoch + kEventTimes.at(time);
  for (std::size_t i = 0; i < draw.values.size(); ++i) {
    if (draw.values[i] == 1) row.values[kColumnsUsed[i]] = std::nullopt;
    if (draw.values[i] > 1) row.values[kColumnsUsed[i]] = draw.values[i];
  }
  return row;
}

Coin coin_of(const ToyRow& row) {
  Coin coin(row.coin);
  if (row.event_time) coin.at(*row.event_time);
  for (const auto& [column, value] : row.values) value ? coin.set(column, *value) : coin.null(column);
  return coin;
}

ToyAnswer toy_answer(const Step& step, Time now) {
  ToyAnswer answer{
      .currency = step.currency == 0 ? "usd" : "brl", .known_at = now, .received_at = now, .served_at = {}, .rows = {}};
  if (step.served > 0) answer.served_at = now - (step.served - 1) * 1min;
  for (const auto& row : step.rows) (row.bad ? answer.bad : answer.rows).push_back(toy_row(row));
  return answer;
}

Sheet sheet_of(const ToyAnswer& answer) {
  Sheet sheet;
  sheet.in(answer.currency);
  sheet.served_at = answer.served_at;
  for (const auto& row : answer.rows) sheet.lines.push_back(coin_of(row).line());
  for (const auto& row : answer.bad) sheet.bad("negative", coin_of(row));
  return sheet;
}

// A ledger on a disk that can be told to fail. Its first batch is an empty one that closes the one run there is, so
// that reopening never finds a run to close: every later batch, of that run too, is the toy's.
class Real {
 public:
  explicit Real(ManualClock& clock, std::size_t cached_series = 4096) : clock_(&clock), cached_series_(cached_series) {
    reopen();
    run_ = ledger_->begin_run({.source = "coingecko", .plan = "a history"}).value();
    auto tx = begin({.known_at = clock.now(), .received_at = clock.now()});
    tx.close_run(ledger::Outcome::ok);
    RC_ASSERT(tx.commit().has_value());
  }

  void reopen() {
    ledger_.reset();
    disk_.heal();
    auto opened = Ledger::open({.path = path(), .clock = clock_, .vfs = disk_.name(), .cached_series = cached_series_});
    RC_ASSERT(opened.has_value());
    ledger_ = std::make_unique<Ledger>(std::move(*opened));
  }

  ledger::Counts learn(const ToyAnswer& answer) {
    auto tx = begin(answer);
    const auto counts = tx.commit();
    RC_ASSERT(counts.has_value());
    return *counts;
  }

  [[nodiscard]] Result<ledger::Counts> release(std::size_t i) {
    return ledger::release(*ledger_, row(i), "a reason", sheet_decoder());
  }
  [[nodiscard]] Result<void> drop(std::size_t i) { return ledger::drop(*ledger_, row(i), "a reason"); }

  void give_up(const ToyAnswer& answer) { (void)begin(answer); }

  void fail(const ToyAnswer& answer) {
    {
      auto tx = begin(answer);
      disk_.fail_sync(1);
      RC_ASSERT(!tx.commit().has_value());
    }
    reopen();
  }

  void replay() {
    const auto before = digest_of(path());
    const auto rebuilt = ledger::replay(*ledger_, sheet_decoder(), [](auto, auto) {});
    RC_ASSERT(rebuilt.has_value());
    RC_ASSERT(rebuilt->contradictions.empty());
    RC_ASSERT(digest_of(path()) == before);
  }

  [[nodiscard]] std::filesystem::path path() const { return folder_ / "coinlake.db"; }

 private:
  // The i-th that was ever quarantined.
  ledger::QuarantineKey row(std::size_t i) {
    auto rows = ledger::quarantined(path(), {.decided = true}).value();
    std::ranges::sort(rows, {}, &ledger::QuarantinedRow::key);
    return rows.at(i).key;
  }

  Ledger::Tx begin(const ToyAnswer& answer) {
    auto tx = ledger_->begin({.run = run_, .kind = "answer", .source = "coingecko", .decoder = 1}).value();
    RC_ASSERT(add_sheet(tx, sheet_of(answer), clock_->now()).has_value());
    return tx;
  }

  ManualClock* clock_;
  std::size_t cached_series_;
  LedgerFolder folder_;
  FaultVfs disk_;
  std::unique_ptr<Ledger> ledger_;
  std::string run_;
};

// A fact in one line, the same from the toy and from the ledger.
std::string told(const std::string& currency, const std::string& coin, std::int64_t seq, Time event_time,
                 std::int64_t flags, const std::string& changed, bool superseded,
                 const std::function<std::optional<double>(Column)>& value) {
  std::ostringstream out;
  out << currency << " " << coin << " #" << seq << " @" << to_micros(event_time) << " flags " << flags << " ["
      << changed << "]" << (superseded ? " superseded" : "");
  for (const auto column : kColumnsUsed) {
    const auto v = value(column);
    out << " " << (v ? std::to_string(*v) : "null");
  }
  return out.str() + "\n";
}

std::string told(const ToyLedger::Key& key, const ToyLedger::Fact& fact, std::int64_t last) {
  domain::ColumnSet changed;
  for (const auto column : fact.changed) changed.add(column);
  const bool superseded = fact.superseded_by && *fact.superseded_by <= last;
  return told(key.first, key.second, fact.seq, fact.event_time, fact.flags, changed.names(), superseded, [&](Column c) {
    const auto found = fact.values.find(c);
    return found == fact.values.end() ? std::nullopt : found->second;
  });
}

std::string told(const ledger::QuoteLine& line) {
  return told(line.currency, line.coin, line.quote.seq, line.quote.event_time, line.flags, line.changed.names(),
              line.superseded, [&](Column c) { return line.quote.values.number(c); });
}

std::string sorted(std::vector<std::string> lines) {
  std::ranges::sort(lines);
  std::string out;
  for (const auto& line : lines) out += line;
  return out;
}

// What the reader says; nothing when nothing is known.
std::string told_by_reader(const std::filesystem::path& path, const ledger::QuoteFilter& filter) {
  auto reader = ledger::Reader::open(path);
  const auto lines = reader->quotes(filter);
  if (!lines && lines.error().kind == Kind::unknown) return "";
  RC_ASSERT(lines.has_value());
  std::vector<std::string> out;
  for (const auto& line : *lines) out.push_back(told(line));
  return sorted(out);
}

void expect_same(const ToyLedger& toy, const std::filesystem::path& path) {
  const auto moments = toy.moments();
  for (std::size_t i = 0; i < moments.size(); ++i) {
    std::vector<std::string> lines;
    for (const auto& [key, fact] : toy.newest(moments[i]))
      lines.push_back(told(key, fact, static_cast<std::int64_t>(i) + 1));
    RC_ASSERT(told_by_reader(path, {.as_of = moments[i]}) == sorted(lines));
  }
  std::vector<std::string> all;
  for (const auto& [key, facts] : toy.facts()) {
    for (const auto& fact : facts) all.push_back(told(key, fact, static_cast<std::int64_t>(moments.size())));
  }
  RC_ASSERT(told_by_reader(path, {.history = true}) == sorted(all));
}

// What was decided already is refused, and changes nothing.
void decide(const Step& step, Real& real, ToyLedger& toy, Time now) {
  if (toy.quarantined() == 0) return;
  const auto i = static_cast<std::size_t>(step.pick) % toy.quarantined();
  const bool release = step.what == Step::What::release;
  if (toy.state(i) == (release ? ToyLedger::State::released : ToyLedger::State::dropped)) {
    RC_ASSERT((release ? real.release(i).error() : real.drop(i).error()).kind == Kind::usage);
  } else if (release) {
    RC_ASSERT(real.release(i).value() == toy.release(i, now));
  } else {
    RC_ASSERT(real.drop(i).has_value());
    toy.drop(i, now);
  }
}

void take(const Step& step, Real& real, ToyLedger& toy, Time now) {
  const auto answer = toy_answer(step, now);
  switch (step.what) {
    case Step::What::answer: RC_ASSERT(real.learn(answer) == toy.learn(answer)); break;
    case Step::What::release:
    case Step::What::drop: decide(step, real, toy, now); break;
    case Step::What::give_up: real.give_up(answer); break;
    case Step::What::fail: real.fail(answer); break;
    case Step::What::reopen: real.reopen(); break;
    case Step::What::replay: real.replay(); break;
  }
}

RC_GTEST_PROP(LedgerModel, F47_F124_KnowsWhatTheToyKnows, ()) {
  const auto history = *any_history();
  ManualClock clock(kEpoch);
  Real real(clock);
  ToyLedger toy;
  toy.learn({.known_at = clock.now(), .received_at = clock.now()});
  for (const auto& step : history) {
    clock.sleep(kPauses.at(static_cast<std::size_t>(step.pause)));
    take(step, real, toy, clock.now());
  }
  expect_same(toy, real.path());
  real.replay();
  expect_same(toy, real.path());
}

RC_GTEST_PROP(LedgerModel, F47_WarmAndColdCachesAgree, ()) {
  const auto history = *any_history();
  ManualClock clock(kEpoch);
  Real warm(clock), cold(clock), narrow(clock, 1);
  ToyLedger warm_toy, cold_toy, narrow_toy;
  for (const auto& step : history) {
    clock.sleep(kPauses.at(static_cast<std::size_t>(step.pause)));
    if (step.what != Step::What::answer && step.what != Step::What::release && step.what != Step::What::drop) continue;
    take(step, warm, warm_toy, clock.now());
    take(step, cold, cold_toy, clock.now());
    cold.reopen();
    take(step, narrow, narrow_toy, clock.now());
  }
  RC_ASSERT(digest_of(warm.path()) == digest_of(cold.path()));
  RC_ASSERT(digest_of(warm.path()) == digest_of(narrow.path()));
}

// What the newest values are, and of which moments; not by which batch.
std::string newest_values(const std::filesystem::path& path) {
  auto reader = ledger::Reader::open(path);
  const auto lines = reader->quotes({});
  std::vector<std::string> out;
  for (const auto& line : lines.value_or(std::vector<ledger::QuoteLine>{}))
    out.push_back(told(line.currency, line.coin, 0, line.quote.event_time, 0, "", false,
                       [&](Column c) { return line.quote.values.number(c); }));
  return sorted(out);
}

// Of rows that say all: what a partial answer left out it took from the released row, and keeps.
RC_GTEST_PROP(LedgerModel, ADroppedReleaseIsAsIfItHadNeverBeen, ()) {
  auto history = *any_history();
  ManualClock clock(kEpoch);
  Real with(clock), without(clock);
  ToyLedger toy, other;
  for (auto& step : history) {
    for (auto& row : step.rows) {
      row.event_time %= static_cast<int>(kEventTimes.size());
      for (auto& value : row.values) value = std::max(value, 1);
    }
    clock.sleep(1s);
    if (step.what != Step::What::release && step.what != Step::What::drop) {
      step.what = Step::What::answer;
      take(step, without, other, clock.now());
    }
    take(step, with, toy, clock.now());
  }
  for (std::size_t i = 0; i < toy.quarantined(); ++i) {
    clock.sleep(1s);
    if (toy.state(i) == ToyLedger::State::released) RC_ASSERT(with.drop(i).has_value());
  }
  RC_ASSERT(newest_values(with.path()) == newest_values(without.path()));
}

}  // namespace
}  // namespace coinlake::test
