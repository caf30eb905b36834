// The command line on a ledger of schedules, whose runs are written by hand.
#pragma once

#include <stdexcept>

#include "tests/support/command_line_fixture.hpp"
#include "tests/support/slot_fixture.hpp"

namespace coinlake::test {

class ScheduleFixture : public CommandLineFixture {
 protected:
  using State = ledger::SlotState;

  // `work` with the ledger's writer; what fails is a bug of the test.
  template <class Work>
  void write(Work work) {
    auto writer = ledger::Ledger::open({.path = ledger(), .clock = &clock_});
    if (!writer) throw std::runtime_error(why(writer));
    const auto done = work(*writer);
    if (!done) throw std::runtime_error(why(done));
  }
  void schedule(const std::string& name, const std::string& when = "every 5m",
                Duration freshness = std::chrono::minutes(10), const std::string& zone = "UTC") {
    write([&](ledger::Ledger& writer) {
      return writer.add_plan_version({.plan = name,
                                      .from = clock_.now(),
                                      .when = when,
                                      .zone = zone,
                                      .source = "coingecko",
                                      .asks = "top 2 usd",
                                      .freshness = freshness,
                                      .timeout = std::chrono::minutes(5),
                                      .why = "first seen"});
    });
  }
  // A run of now, and its slot.
  void fill(const std::string& name, const std::optional<Sheet>& sheet, State state = State::done,
            const std::string& reason = "") {
    const auto begun = std::chrono::floor<std::chrono::minutes>(clock_.now());
    write([&](ledger::Ledger& writer) {
      return collect_slot(writer, {.plan = name, .at = begun, .state = state, .why = reason}, sheet, clock_);
    });
  }
  // Of one value, of a moment before now.
  void collect(const std::string& name, Duration age = {}, double price = 1) {
    fill(name, Sheet(Coin("bitcoin").at(clock_.now() - age).price(price)));
  }
  // Four slots of "top" from 08:00 on, five minutes apart, and one of "hourly" at 08:00.
  void tell_the_story() {
    schedule("top"), schedule("hourly", "0 * * * *");
    collect("hourly"), collect("top");
    clock_.sleep(std::chrono::minutes(5));
    fill("top", test::Sheet(test::Coin("bitcoin").at(clock_.now()).price(2)), State::late, "60 s after its time");
    clock_.sleep(std::chrono::minutes(5));
    fill("top", std::nullopt, State::missed, "coingecko did not answer within 30 s");
    clock_.sleep(std::chrono::minutes(5));
    write([&](ledger::Ledger& writer) {
      return writer.account(std::vector<ledger::SlotFill>{
          {.plan = "top", .at = clock_.now(), .state = State::skipped, .why = "the month is spent"}});
    });
  }
  void say(const ledger::Condition& condition) {
    write([&](ledger::Ledger& writer) { return writer.put_condition(condition); });
  }
};

}  // namespace coinlake::test
