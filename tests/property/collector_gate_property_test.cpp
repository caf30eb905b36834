// The pace and the blocks of one account, over processes that follow each other and clocks that are set back.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/support/collector_fixture.hpp"

namespace coinlake::test {
namespace {

using namespace std::chrono_literals;

enum class GateStep { request, sleep, restart, set_back };

class GateOfProcesses : public CollectorFixture {
 protected:
  static std::vector<std::pair<GateStep, int>> any_steps() {
    return *rc::gen::resize(
        25, rc::gen::container<std::vector<std::pair<GateStep, int>>>(rc::gen::pair(
                rc::gen::weightedElement<GateStep>(
                    {{6, GateStep::request}, {3, GateStep::sleep}, {2, GateStep::restart}, {1, GateStep::set_back}}),
                rc::gen::inRange(0, 90))));
  }

  // As the next process: of this one nothing is left but the file.
  void start(int per_minute) {
    gate_.reset();
    reopen();
    source_ = source::make_coingecko(keyless(per_minute));
    access_ = std::make_unique<collect::OwnLedger>(*ledger_);
    gate_ = collect::Gate::open(*source_, *access_, clock_).value();
  }
  void set_back(Duration time) { clock_.set(clock_.now() - time); }
  bool is_closed() { return gate_->closed_for(kPage).value().has_value(); }
  void close_for(Duration time) {
    const port::Refused refused{.error = {Kind::rate_limited, tr("slower")}, .penalty = port::Penalty::pace};
    ASSERT_TRUE(gate_->close(kPage, refused, time));
  }

  inline static const port::Page kPage{.kind = "markets", .currency = "usd", .take = 5};
  std::unique_ptr<port::Source> source_;
  std::unique_ptr<collect::OwnLedger> access_;
  std::optional<collect::Gate> gate_;
};

RC_GTEST_FIXTURE_PROP(GateOfProcesses, NeverLetMoreThanTheAllowanceIntoAnySixtySeconds, ()) {
  const int per_minute = *rc::gen::inRange(1, 6);
  std::vector<Duration> sent;
  start(per_minute);
  for (const auto& [step, amount] : any_steps()) {
    switch (step) {
      case GateStep::request:
        clock_.sleep(gate_->wait());
        RC_ASSERT(gate_->pass("run", kPage));
        sent.push_back(clock_.monotonic());
        break;
      case GateStep::sleep: clock_.sleep(std::chrono::seconds(amount)); break;
      case GateStep::restart: start(per_minute); break;
      case GateStep::set_back: set_back(std::chrono::seconds(amount * amount)); break;
    }
  }
  const auto limit = static_cast<std::size_t>(per_minute);
  for (std::size_t i = limit; i < sent.size(); ++i) RC_ASSERT(sent[i] - sent[i - limit] >= 60s);
}

// Within one process the wall clock may jump anywhere: its pace is by the other one.
RC_GTEST_FIXTURE_PROP(GateOfProcesses, APaceIsByAClockThatNobodySets, ()) {
  const int per_minute = *rc::gen::inRange(1, 6);
  std::vector<Duration> sent;
  start(per_minute);
  for (const int jump : *rc::gen::resize(20, rc::gen::container<std::vector<int>>(rc::gen::inRange(-9000, 9000)))) {
    clock_.set(clock_.now() + std::chrono::seconds(jump));
    clock_.sleep(gate_->wait());
    RC_ASSERT(gate_->pass("run", kPage));
    sent.push_back(clock_.monotonic());
  }
  const auto limit = static_cast<std::size_t>(per_minute);
  for (std::size_t i = limit; i < sent.size(); ++i) RC_ASSERT(sent[i] - sent[i - limit] >= 60s);
}

RC_GTEST_FIXTURE_PROP(GateOfProcesses, NobodyWaitsLongerThanAWindowHoweverTheClockWasSetBack, ()) {
  const int per_minute = *rc::gen::inRange(1, 6);
  start(per_minute);
  for (const auto& [step, amount] : any_steps()) {
    if (step == GateStep::request) RC_ASSERT(gate_->pass("run", kPage));
    if (step == GateStep::sleep) clock_.sleep(std::chrono::seconds(amount));
    if (step == GateStep::set_back) set_back(std::chrono::hours(amount * amount));
    if (step != GateStep::request) start(per_minute);
    RC_ASSERT(gate_->wait() <= net::RateLimiter::kWindow);
  }
}

// It holds for its own length at least, and for no longer than that from the last time that the clock was set back.
RC_GTEST_FIXTURE_PROP(GateOfProcesses, ABlockHoldsForItsLengthAndNoLongerAfterTheClockWasSetBack, ()) {
  const auto length = *rc::gen::map(rc::gen::inRange(1, 3600), [](int s) { return Duration{std::chrono::seconds(s)}; });
  start(5);
  close_for(length);
  auto from = clock_.monotonic();
  const auto closed_at = from;
  for (const auto& [step, amount] : any_steps()) {
    if (step == GateStep::set_back) set_back(std::chrono::minutes(amount * amount)), from = clock_.monotonic();
    else clock_.sleep(length * amount / 400);
    start(5);
    if (clock_.monotonic() - closed_at < length) RC_ASSERT(is_closed());
    if (clock_.monotonic() - from >= length) RC_ASSERT(!is_closed());
  }
}

}  // namespace
}  // namespace coinlake::test
