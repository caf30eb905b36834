// Ledgers that earlier versions wrote: tests/compat has one of every schema version, frozen.
#include <gtest/gtest.h>

#include "coinlake/app/wiring.hpp"
#include "coinlake/base/file.hpp"
#include "coinlake/ledger/identity.hpp"
#include "coinlake/ledger/slots.hpp"
#include "coinlake/ledger/tables.hpp"
#include "coinlake/ledger/verify.hpp"
#include "tests/support/ledger_fixture.hpp"

namespace coinlake::test {
namespace {

struct Frozen {
  int version;
  std::string digest, link;  // as the program said that wrote it
  std::size_t slots = 0;
};

class CompatTest : public testing::TestWithParam<Frozen> {
 protected:
  void SetUp() override {
    const auto file =
        std::string(COINLAKE_SOURCE_DIR) + "/tests/compat/v" + std::to_string(GetParam().version) + ".sql";
    ASSERT_EQ(plain_sql(path(), read_file(file).value()), "");
  }
  [[nodiscard]] std::filesystem::path path() const { return folder_ / "coinlake.db"; }
  static std::string schema_of(const std::filesystem::path& path) {
    return plain_sql(path,
                     "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL "
                     "AND name NOT LIKE 'sqlite_stat%' ORDER BY type, name; SELECT * FROM sqlite_stat1 ORDER BY 1, 2");
  }

  LedgerFolder folder_;
  ManualClock clock_;
};

TEST_P(CompatTest, IsReadProvedAndRebuiltAsItWas) {
  EXPECT_EQ(digest_of(path()), GetParam().digest);
  const auto verified = ledger::verify(path());
  ASSERT_TRUE(verified) << why(verified);
  EXPECT_TRUE(verified->problems.empty()) << verified->problems.front();
  EXPECT_EQ(verified->link, GetParam().link);
  const auto compared = ledger::check_replay(path(), app::make_decoder(), [](auto, auto) {});
  ASSERT_TRUE(compared) << why(compared);
  EXPECT_EQ(compared->different, 0);
}

TEST_P(CompatTest, IsWrittenToAndTheChainGoesOn) {
  {
    auto ledger = ledger::Ledger::open({.path = path(), .clock = &clock_});
    ASSERT_TRUE(ledger) << why(ledger);
    ASSERT_TRUE(ingest(*ledger, Coin("bitcoin").at(clock_.now()).price(1), clock_));
  }
  EXPECT_EQ(problems_of(path()), "");
}

TEST_P(CompatTest, ItsSlotsAreReadAndStayAsTheyAre) {
  const auto slots = [&] { return ledger::slots(ledger::open_ledger(path()).value(), {})->size(); };
  EXPECT_EQ(slots(), GetParam().slots);
  const auto rows = GetParam().slots == 0 ? "" : plain_sql(path(), "SELECT * FROM slot ORDER BY plan, at");
  ASSERT_TRUE(ledger::Ledger::open({.path = path(), .clock = &clock_}));
  EXPECT_EQ(slots(), GetParam().slots);
  EXPECT_EQ(plain_sql(path(), "SELECT * FROM slot ORDER BY plan, at"), rows);
}

// What a version made is made for good: changes of the schema are steps of their own.
TEST_P(CompatTest, TheStepsUpToItMakeTheSchemaThatItHas) {
  const auto fresh = folder_ / "fresh.db";
  const auto steps = ledger::migrations().first(static_cast<std::size_t>(GetParam().version));
  ASSERT_TRUE(ledger::Ledger::open({.path = fresh, .clock = &clock_, .schema = steps}));
  EXPECT_EQ(schema_of(fresh), schema_of(path()));
}

INSTANTIATE_TEST_SUITE_P(
    Schema, CompatTest,
    testing::Values(Frozen{.version = 1,
                           .digest = "c528b49164b47166d040a338e45f8c41d13768011b0fd5ecf837844f885c2e10",
                           .link = "78bf148b6b5cc1377f513f5c4a49c92aa6c2fd37851db057085ac82fcbd46730"},
                    Frozen{.version = 2,
                           .digest = "0999d2a3128da8cbde55d5ca50c65134d9b60a1c4602dbc71deaf5862b9aa97c",
                           .link = "866422075a2cdb01c70840ae90450c290c26f1c5fbff06714543c99da974b01b"},
                    Frozen{.version = 3,
                           .digest = "d03cd6a1ec48842d92b4b93977321e9943fca21e8fc7a58030e7a1ecaa472499",
                           .link = "7d7cefca574c6397dde2483a26daab03ad956677f1dfc9b820ff133162f1bfde",
                           .slots = 6},
                    Frozen{.version = 4,
                           .digest = "aad1eb8b085301d2d558355097ee7086616ebaf8ff249a625afe1f52edb313ed",
                           .link = "9704fdcde8adbcca8678410e3dcdbeea81cde4416b8c6ebab0b824f8348e0972",
                           .slots = 6}),
    [](const auto& with) { return "V" + std::to_string(with.param.version); });

TEST(Compat, EverySchemaVersionHasALedger) {
  for (std::size_t version = 1; version <= ledger::migrations().size(); ++version)
    EXPECT_TRUE(std::filesystem::exists(std::string(COINLAKE_SOURCE_DIR) + "/tests/compat/v" + std::to_string(version) +
                                        ".sql"));
}

}  // namespace
}  // namespace coinlake::test
