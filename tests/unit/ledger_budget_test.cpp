// What was spent and who must wait, as the ledger's tables have it.
#include <gmock/gmock.h>

#include "coinlake/ledger/budget.hpp"
#include "tests/support/ledger_fixture.hpp"

namespace coinlake::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Time utc_moment(std::string_view text) { return parse_iso(text).value(); }

TEST(Month, BeginsOnItsFirstAndEndsWhereTheNextBegins) {
  EXPECT_EQ(ledger::month_start(utc_moment("2026-11-24T09:00:00Z")), utc_moment("2026-11-01T00:00:00Z"));
  EXPECT_EQ(ledger::next_month(utc_moment("2026-11-24T09:00:00Z")), utc_moment("2026-12-01T00:00:00Z"));
  EXPECT_EQ(ledger::month_start(utc_moment("2026-11-01T00:00:00Z")), utc_moment("2026-11-01T00:00:00Z"))
      << "it is in it";
  EXPECT_EQ(ledger::next_month(utc_moment("2026-11-01T00:00:00Z")), utc_moment("2026-12-01T00:00:00Z"));
  EXPECT_EQ(ledger::month_start(utc_moment("2026-11-30T23:59:59.999999Z")), utc_moment("2026-11-01T00:00:00Z"));
}

TEST(Month, OfDecemberEndsWithTheYearAndOfFebruaryWithItsLastDay) {
  EXPECT_EQ(ledger::month_start(utc_moment("2026-12-31T23:59:59.999999Z")), utc_moment("2026-12-01T00:00:00Z"));
  EXPECT_EQ(ledger::next_month(utc_moment("2026-12-31T23:59:59.999999Z")), utc_moment("2027-01-01T00:00:00Z"));
  EXPECT_EQ(ledger::month_start(utc_moment("2028-02-29T12:00:00Z")), utc_moment("2028-02-01T00:00:00Z"));
  EXPECT_EQ(ledger::next_month(utc_moment("2028-02-29T12:00:00Z")), utc_moment("2028-03-01T00:00:00Z"));
  EXPECT_EQ(ledger::next_month(utc_moment("2027-02-28T12:00:00Z")), utc_moment("2027-03-01T00:00:00Z"));
  EXPECT_EQ(ledger::next_month(utc_moment("2027-01-31T12:00:00Z")), utc_moment("2027-02-01T00:00:00Z"));
}

class SpendTest : public LedgerTest {
 protected:
  const ledger::Connection& db() { return writer().connection(); }
  // At the clock's time, and a second passes.
  std::int64_t spend(const std::string& account, std::int64_t credits = 1) {
    const auto id = writer().spend({.account = account, .run = "r", .kind = "markets", .credits = credits}).value();
    clock.sleep(1s);
    return id;
  }
  void block(const std::string& account, const std::string& endpoint, Duration time) {
    const auto now = clock.now();
    ASSERT_TRUE(writer().block({.account = account,
                                .endpoint = endpoint,
                                .since = now,
                                .until = now + time,
                                .kind = "refused",
                                .why = "because of " + endpoint}));
  }
  std::string why_blocked(std::string_view account, std::string_view endpoint) {
    const auto found = ledger::block_on(db(), account, endpoint, clock.now()).value();
    return found ? found->why : "";
  }
};

TEST_F(SpendTest, AnAccountIsOfOneProviderAndKeyAndNamesNoKey) {
  const auto name = [&](std::string_view source, const std::string& key) {
    return ledger::account_name(db(), source, Secret(key)).value();
  };
  EXPECT_EQ(name("coingecko", ""), "coingecko:keyless");
  const auto demo = name("coingecko", "CG-0123456789");
  EXPECT_THAT(demo, testing::MatchesRegex("coingecko:[0-9a-f]{12}"));
  EXPECT_EQ(demo, name("coingecko", "CG-0123456789"));
  EXPECT_NE(demo, name("coingecko", "CG-0123456780"));
  const auto digits = demo.substr(demo.size() - 12);
  EXPECT_THAT(name("coinmarketcap", "CG-0123456789"), Not(HasSubstr(digits))) << "nor tells that the key is the same";
}

// Twelve digits of a plain hash would let anybody try a list of keys against a ledger, and tell users of one key.
TEST_F(SpendTest, TheSameKeyHasAnotherNameInAnotherLedger) {
  auto other = ledger::Ledger::open({.path = folder / "other.db", .clock = &clock}).value();
  EXPECT_NE(ledger::account_name(db(), "coingecko", Secret("CG-0123456789")).value(),
            ledger::account_name(other.connection(), "coingecko", Secret("CG-0123456789")).value());
}

TEST_F(SpendTest, AgesAreThoseOfTheAccountWithinTheWindowOldestFirst) {
  spend("a"), spend("b"), spend("a"), spend("a");
  const auto ages = [&](Duration window) { return ledger::ages_of_spends(db(), "a", clock.now(), window).value(); };
  EXPECT_THAT(ages(1min), ElementsAre(4s, 2s, 1s));
  EXPECT_THAT(ages(2s), ElementsAre(1s)) << "one of exactly the window's length is outside";
  clock.set(clock.now() - 2s);
  EXPECT_THAT(ages(1min), ElementsAre(2s, 0s, 0s)) << "what seems to be still to come is of now";
}

TEST_F(SpendTest, ASumIsOfTheAccountFromItsMomentOn) {
  spend("a", 5), spend("b", 100);
  const auto from = clock.now();
  spend("a", 3), spend("a", 2);
  const auto sum = ledger::spent_since(db(), "a", from).value();
  EXPECT_EQ(sum.requests, 2) << "the moment itself belongs to it";
  EXPECT_EQ(sum.credits, 5);
  EXPECT_EQ(ledger::spent_since(db(), "nobody", from)->credits, 0);
}

TEST_F(SpendTest, ACorrectionIsOfThatSpendAlone) {
  spend("a", 1);
  const auto second = spend("a", 1);
  spend("a", 1);
  auto tx = writer().begin({.run = writer().begin_run({.source = "coingecko"}).value(), .kind = "failure"}).value();
  ASSERT_TRUE(tx.correct(second, 40));
  ASSERT_TRUE(tx.commit());
  EXPECT_EQ(sql("SELECT group_concat(credits) FROM (SELECT credits FROM spend ORDER BY id)"), "1,40,1");
}

TEST_F(SpendTest, ACorrectionThatIsNotCommittedDidNotHappen) {
  const auto id = spend("a", 1);
  {
    auto tx = writer().begin({.run = writer().begin_run({.source = "coingecko"}).value(), .kind = "failure"}).value();
    ASSERT_TRUE(tx.correct(id, 40));
  }
  EXPECT_EQ(sql("SELECT credits FROM spend"), "1");
}

TEST_F(SpendTest, ARunThatHasSpentIsThereAlsoWhenItIsKilledThen) {
  const auto run = writer().begin_run({.source = "coingecko", .plan = "top 5 usd"}).value();
  ASSERT_TRUE(writer().spend({.account = "a", .run = run, .kind = "markets"}));
  EXPECT_EQ(sql("SELECT id = '" + run + "', plan FROM run"), "1|top 5 usd");
  close();
  EXPECT_EQ(sql("SELECT count(*) FROM batch"), "0") << "as a kill leaves it";
  (void)writer();
  EXPECT_EQ(sql("SELECT outcome, requests FROM run_summary"), "failed|1");
  EXPECT_EQ(sql("SELECT count(*) FROM spend"), "1") << "its cost is not lost";
  close();
  EXPECT_EQ(problems_of(path()), "");
}

TEST_F(SpendTest, ARunThatCameToNothingLeavesNoTrace) {
  (void)writer().begin_run({.source = "coingecko"}).value();
  block("a", "", 1min);
  close();
  EXPECT_EQ(sql("SELECT count(*) FROM run"), "0");
}

// A request would be sent whose cost nobody will ever find.
TEST_F(SpendTest, ASpendInALedgerThatWasDeletedFailsAndNothingIsWrittenAfterIt) {
  spend("a");
  std::filesystem::remove(path());
  const auto lost = writer().spend({.account = "a", .run = "r", .kind = "markets"});
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().kind, Kind::unwritable);
  EXPECT_FALSE(writer().check_alive());
}

TEST_F(SpendTest, ABlockIsOfItsEndpointOrOfAllAndOfItsAccount) {
  block("a", "markets", 1min);
  EXPECT_EQ(why_blocked("a", "markets"), "because of markets");
  EXPECT_EQ(why_blocked("a", "simple"), "");
  EXPECT_EQ(why_blocked("b", "markets"), "");
  block("a", "", 30s);
  EXPECT_EQ(why_blocked("a", "simple"), "because of ");
  EXPECT_EQ(why_blocked("a", "markets"), "because of markets") << "the one that holds the longest";
  EXPECT_EQ(why_blocked("b", "simple"), "");
}

TEST_F(SpendTest, BlocksOfTwoEndpointsStandBesideEachOther) {
  block("a", "markets", 1min), block("a", "simple", 2min);
  EXPECT_EQ(why_blocked("a", "markets"), "because of markets");
  EXPECT_EQ(why_blocked("a", "simple"), "because of simple");
  EXPECT_EQ(ledger::blocks(db(), clock.now())->size(), 2U);
  clock.sleep(1min);
  const auto left = ledger::blocks(db(), clock.now()).value();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].endpoint, "simple");
}

TEST_F(SpendTest, ABlockEndsAtItsMomentAndNotBefore) {
  block("a", "", 1min);
  clock.sleep(1min - 1us);
  EXPECT_EQ(why_blocked("a", "x"), "because of ");
  clock.sleep(1us);
  EXPECT_EQ(why_blocked("a", "x"), "");
}

TEST_F(SpendTest, AClockSetBackMovesSpendsAndBlocksOfTheAccountToNowAndNoOthers) {
  spend("a"), spend("b");
  block("a", "", 10min), block("b", "", 10min);
  const auto now = clock.now() - 24h;
  clock.set(now);
  ASSERT_TRUE(writer().settle_clock("a"));
  const auto at = std::to_string(to_micros(now));
  EXPECT_EQ(sql("SELECT account FROM spend WHERE moved = " + at), "a");
  EXPECT_EQ(sql("SELECT account FROM block WHERE moved = " + at), "a");
  EXPECT_EQ(sql("SELECT count(*) FROM spend WHERE at > " + at), "2") << "their own times are kept";
}

// Between a request and its refusal some time passes, and a clock may be set back to just there.
TEST_F(SpendTest, ABlockAloneOfTheFutureIsBroughtBackToo) {
  block("a", "", 10min);
  clock.set(clock.now() - 1h);
  ASSERT_TRUE(writer().settle_clock("a"));
  EXPECT_EQ(sql("SELECT moved FROM block"), std::to_string(to_micros(clock.now())));
}

TEST_F(SpendTest, AClockThatIsRightChangesNothing) {
  spend("a"), block("a", "", 10min);
  const auto before = sql("SELECT at FROM spend; SELECT since, until FROM block");
  ASSERT_TRUE(writer().settle_clock("a"));
  EXPECT_EQ(sql("SELECT at FROM spend; SELECT since, until FROM block"), before);
}

// Readers settle nothing, so what they are told must be right without it. They were once told of a block until 2036.
TEST_F(SpendTest, ABlockOfTheFutureIsReadAsOneThatBeginsNow) {
  block("a", "", 10min);
  clock.set(clock.now() - 24h * 3650);
  const auto found = ledger::blocks(db(), clock.now()).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].since, clock.now());
  EXPECT_EQ(found[0].until, clock.now() + 10min);
  EXPECT_EQ(ledger::block_on(db(), "a", "x", clock.now()).value()->until, clock.now() + 10min);
}

TEST_F(SpendTest, ALedgerOfSchema1HasNoBudgetAndOneOfTodayHas) {
  EXPECT_TRUE(ledger::has_budget(db()).value());
  auto old =
      ledger::Ledger::open({.path = folder / "old.db", .clock = &clock, .schema = ledger::migrations().first(1)});
  ASSERT_TRUE(old) << why(old);
  EXPECT_FALSE(ledger::has_budget(old->connection()).value());
}

}  // namespace
}  // namespace coinlake::test
