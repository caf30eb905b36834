#include <gmock/gmock.h>

#include "coinlake/app/commands/commands.hpp"
#include "coinlake/app/terminal/live_page.hpp"
#include "coinlake/base/text.hpp"
#include "tests/support/command_line_fixture.hpp"
#include "tests/support/scripted_screen.hpp"

namespace coinlake::app {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr Time kNow = from_micros(1'800'000'000'000'000);  // 2027-01-15 08:00:00

ledger::QuoteLine quote(const std::string& coin, double price) {
  ledger::QuoteLine line{.source = "coingecko", .coin = coin, .currency = "usd", .kind = "markets"};
  line.quote.event_time = kNow - std::chrono::seconds(34);
  line.quote.values.set(domain::Column::price, price);
  return line;
}

LivePage page(std::size_t rows) {
  LivePage out{.ledger = "data/coinlake.db", .now = kNow};
  for (std::size_t i = 0; i < rows; ++i) out.lines.push_back(quote("coin-" + std::to_string(i), 100));
  out.moves.resize(rows);
  return out;
}

Console screen(std::size_t columns) { return Console({.out_is_terminal = true, .width = columns}); }

TEST(LivePage, HasTheTimeTheLedgerTheTableAndHowToEndIt) {
  const auto lines = draw(page(2), screen(80), 24);
  EXPECT_THAT(lines.front(), HasSubstr("2027-01-15 08:00:00 UTC data/coinlake.db"));
  EXPECT_THAT(lines.at(2), HasSubstr("34 s"));
  EXPECT_EQ(lines.back(), "q ends");
  EXPECT_EQ(lines.size(), 5U);
}

TEST(LivePage, AgesCountUpWithoutNewData) {
  auto later = page(1);
  later.now += std::chrono::seconds(7);
  EXPECT_THAT(draw(later, screen(80), 24).at(2), HasSubstr("41 s"));
}

TEST(LivePage, IsNeverLargerThanTheScreen) {
  for (const std::size_t columns : {20U, 40U, 80U, 200U}) {
    for (std::size_t rows = 1; rows < 30; ++rows) {
      const auto lines = draw(page(20), screen(columns), rows);
      EXPECT_LE(lines.size(), rows);
      for (const auto& line : lines) EXPECT_LE(display_width(line), columns) << line;
    }
  }
}

TEST(LivePage, SaysHowManyRowsAndWhichColumnsHaveNoRoom) {
  const auto low = draw(page(20), screen(80), 8);
  EXPECT_EQ(low.size(), 8U);
  EXPECT_EQ(low.back(), "not shown, for want of room: 15 rows (a larger terminal shows all); q ends");
  const auto narrow = draw(page(1), screen(30), 24);
  EXPECT_THAT(narrow, testing::Contains(HasSubstr("24 h, market cap, volume 24 h")));
}

// A value that was doubted once is not shown as any other, nor without its coin.
TEST(LivePage, SaysOfAReleasedRowThatItIsOneOnNarrowScreens) {
  auto some = page(2);
  EXPECT_THAT(draw(some, screen(200), 24).at(1), Not(HasSubstr("note")));
  some.lines[1] = quote("coin-1", 0.000012345678);
  some.lines[1].released = true;
  for (const std::size_t columns : {40U, 60U, 200U}) {
    const auto lines = draw(some, screen(columns), 24);
    EXPECT_THAT(lines.at(1), HasSubstr("note"));
    EXPECT_THAT(lines.at(2), AllOf(HasSubstr("coin-0"), Not(HasSubstr("rel"))));
    EXPECT_THAT(lines.at(3), AllOf(HasSubstr("coin-1"), HasSubstr("rel")));
  }
}

TEST(LivePage, HasARowOrSaysHowManyThereAreHoweverLowTheScreenIs) {
  const std::string title = "2027-01-15 08:00:00 UTC data/coinlake.db";
  EXPECT_THAT(draw(page(20), screen(80), 1), ElementsAre(title));
  const auto none = "not shown, for want of room: 20 rows (a larger terminal shows all); q ends";
  EXPECT_THAT(draw(page(20), screen(80), 2), ElementsAre(title, none));
  EXPECT_THAT(draw(page(20), screen(80), 3), ElementsAre(title, none)) << "a head alone says nothing";
  EXPECT_THAT(draw(page(20), screen(80), 4),
              ElementsAre(title, HasSubstr("price"), HasSubstr("coin-0"), HasSubstr(": 19 rows (")));
}

TEST(LivePage, IsDrawnOverTheOneBeforeAndClearsWhatThatHadMore) {
  EXPECT_EQ(frame_of({"title", "row"}), "\033[Htitle\033[K\r\nrow\033[K\033[J");
  EXPECT_EQ(frame_of({}), "\033[H\033[J");
}

TEST(QuoteTable, HasTheAgeOn40ColumnsWhateverItsNamesAndArrows) {
  auto line = quote("a-coin-with-a-long-name", 107'325.41);
  line.rank = 100;
  line.quote.event_time = kNow - std::chrono::minutes(34);
  line.quote.values.set(domain::Column::price_change_percentage_24h, -12.34);
  const std::vector lines(3, line);
  for (const auto& moves : {std::vector<Move>{}, {Move::up, Move::none, Move::down}}) {
    const auto table = quote_table(screen(40), lines, kNow, moves);
    EXPECT_THAT(table.left_out, ElementsAre("24 h", "market cap", "volume 24 h"));
    EXPECT_THAT(table.text, HasSubstr("34 min"));
    for (const auto shown : split(table.text, '\n')) EXPECT_LE(display_width(shown), 40U) << shown;
  }
}

TEST(LivePage, AMovedPriceHasASignBesideItsColourAndNoPriceJumps) {
  auto moved = page(3);
  moved.moves = {Move::up, Move::none, Move::down};
  const auto lines = draw(moved, screen(80), 24);
  EXPECT_THAT(lines.at(2), HasSubstr("100.00 usd ▲"));
  EXPECT_THAT(lines.at(3), Not(testing::ContainsRegex("▲|▼")));
  EXPECT_THAT(lines.at(4), HasSubstr("100.00 usd ▼"));
  EXPECT_EQ(lines.at(2).find("100.00"), lines.at(3).find("100.00"));
  const auto coloured = draw(moved, Console({.colour = true, .out_is_terminal = true}), 24);
  EXPECT_THAT(coloured.at(2), HasSubstr("\033[32m"));
  EXPECT_THAT(coloured.at(4), HasSubstr("\033[31m"));
}

TEST(LivePage, IsAsciiWhereTheLocaleIs) {
  auto moved = page(2);
  moved.moves = {Move::up, Move::down};
  moved.ledger = "dados/preços.db";
  const auto lines = draw(moved, Console({.out_is_terminal = true, .ascii = true}), 24);
  EXPECT_THAT(lines.front(), HasSubstr("dados/precos.db"));
  EXPECT_THAT(lines.at(2), HasSubstr("100.00 usd +"));
  EXPECT_THAT(lines.at(3), HasSubstr("100.00 usd -"));
}

TEST(PriceMemory, TellsHowAPriceMovedAndKeepsItUntilThereIsNews) {
  PriceMemory memory;
  EXPECT_THAT(memory.moves({quote("a", 1), quote("b", 1)}), Each(Move::none));
  EXPECT_THAT(memory.moves({quote("a", 2), quote("b", 1)}), ElementsAre(Move::up, Move::none));
  EXPECT_THAT(memory.moves({quote("b", 1), quote("a", 2)}), ElementsAre(Move::none, Move::up)) << "nothing moved";
  EXPECT_THAT(memory.moves({quote("a", 2), quote("b", 0.5)}), ElementsAre(Move::none, Move::down));
  EXPECT_THAT(memory.moves({quote("c", 9)}), ElementsAre(Move::none)) << "new, not moved";
}

class Watching : public test::CommandLineFixture {
 protected:
  Result<int> watch_with(test::ScriptedScreen& page, Duration every) {
    Console console({.out_is_terminal = true});
    auto reading = Config::read({.environment = environment_});
    EXPECT_TRUE(reading.faults.empty());
    Context context{.config = std::move(reading.config), .console = &console, .clock = &clock_};
    return watch(context, {}, every, page);
  }
};

TEST_F(Watching, WaitsForALedgerThatIsNotThereYetAndShowsWhatIsCollectedMeanwhile) {
  const test::Simulator simulator({"--coins", "5"});
  use(simulator);
  test::ScriptedScreen page(clock_, {[] {}, [&] { EXPECT_EQ(run({"collect", "--top", "5"}).code, 0); }, [] {}});
  EXPECT_EQ(watch_with(page, std::chrono::seconds(1)).value_or(-1), 0);
  EXPECT_THAT(page.frames.at(0), testing::AllOf(HasSubstr("there is no data yet at"), HasSubstr("; waiting")));
  EXPECT_THAT(page.frames.at(1), HasSubstr("waiting"));
  EXPECT_THAT(page.frames.at(2), testing::AllOf(HasSubstr("Bitcoin"), Not(HasSubstr("waiting"))));
}

TEST_F(Watching, DrawsEverySecondThoughItReadsLessOften) {
  const test::Simulator simulator({"--coins", "5"});
  use(simulator);
  ASSERT_EQ(run({"collect", "--top", "5"}).code, 0);
  test::ScriptedScreen page(clock_, {[] {}, [&] { std::filesystem::remove(ledger()); }, [] {}, [] {}});
  EXPECT_EQ(watch_with(page, std::chrono::milliseconds(2500)).value_or(-1), 0);
  EXPECT_THAT(page.waits, ElementsAre(std::chrono::seconds(1), std::chrono::seconds(1), std::chrono::milliseconds(500),
                                      std::chrono::seconds(1)));
  ASSERT_EQ(page.frames.size(), 5U);
  EXPECT_THAT(page.frames.at(1), HasSubstr("08:00:01 UTC"));
  EXPECT_THAT(page.frames.at(2), testing::AllOf(HasSubstr("08:00:02 UTC"), Not(HasSubstr("waiting"))))
      << "the ledger is gone, but it is not time to read it";
  EXPECT_THAT(page.frames.at(3), testing::AllOf(HasSubstr("Bitcoin"), HasSubstr("is gone, empty or damaged")))
      << "what was read before stays, and the page says that it is not read again";
}

TEST_F(Watching, DrawsAtOnceAndWithoutReadingForAScreenOfAnotherSize) {
  const test::Simulator simulator({"--coins", "5"});
  use(simulator);
  ASSERT_EQ(run({"collect", "--top", "5"}).code, 0);
  test::ScriptedScreen page(clock_,
                            {[&] { std::filesystem::remove(ledger()), page.resize({.columns = 80, .rows = 4}); }});
  EXPECT_EQ(watch_with(page, std::chrono::seconds(1)).value_or(-1), 0);
  ASSERT_EQ(page.frames.size(), 2U);
  EXPECT_EQ(std::ranges::count(page.frames.at(0), '\n'), 8);
  EXPECT_EQ(std::ranges::count(page.frames.at(1), '\n'), 4);
  EXPECT_THAT(page.frames.at(1), Not(HasSubstr("waiting")));
  EXPECT_THAT(page.waits, testing::IsEmpty());
}

TEST_F(Watching, AMarkSaysNothingOnceTheLedgerCannotBeRead) {
  const test::Simulator simulator({"--coins", "5", "--change-price", "--on", "2"});
  use(simulator);
  ASSERT_EQ(run({"collect", "--top", "5"}).code, 0);
  test::ScriptedScreen page(clock_, {[&] { EXPECT_EQ(run({"collect", "--top", "5", "--no-cache"}).code, 0); },
                                     [&] { std::filesystem::remove(ledger()); }});
  EXPECT_EQ(watch_with(page, std::chrono::seconds(1)).value_or(-1), 0);
  ASSERT_EQ(page.frames.size(), 3U);
  EXPECT_THAT(page.frames.at(1), testing::ContainsRegex("▲|▼"));
  EXPECT_THAT(page.frames.at(2), testing::AllOf(HasSubstr("Bitcoin"), Not(testing::ContainsRegex("▲|▼"))));
}

TEST_F(Watching, AFileThatIsNoLedgerEndsIt) {
  std::ofstream(ledger()) << "not a database, whatever it is called";
  test::ScriptedScreen page(clock_, {});
  const auto outcome = watch_with(page, std::chrono::seconds(1));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, Kind::config);
  EXPECT_THAT(page.frames, testing::IsEmpty());
}

TEST_F(Watching, NeedsATerminalAndHasNoOtherMoments) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{}, {"--json"}, {"--history"}, {"--as-of", "2026-01-01"}}) {
    auto line = words;
    line.insert(line.begin(), {"show", "--watch"});
    const auto said = run(line);
    EXPECT_EQ(said.code, 2);
    EXPECT_THAT(said.err, HasSubstr("show --watch"));
  }
  for (const auto* interval : {"0", "0.09", "86400.1", "86401", "-5"})
    EXPECT_THAT(run({"show", "--watch", interval}).err, HasSubstr("a number of seconds from 0.1 to 86400 is needed"))
        << interval;
  for (const auto* interval : {"0.1", "86400"})
    EXPECT_THAT(run({"show", "--watch", interval}).err, HasSubstr("needs a terminal")) << interval;
  EXPECT_THAT(run({"show", "--watch", "bitcoin"}).err, HasSubstr("needs a terminal")) << "a coin, not an interval";
}

}  // namespace
}  // namespace coinlake::app
