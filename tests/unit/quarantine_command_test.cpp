// `coinlake quarantine` in-process, on answers of CoinGecko: words in, exit code and texts out.
#include <gmock/gmock.h>
#include <simdjson.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "coinlake/app/cli/cli.hpp"
#include "coinlake/base/text.hpp"
#include "tests/support/coingecko_answer.hpp"
#include "tests/support/ledger_fixture.hpp"

namespace coinlake::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;

class QuarantineCommand : public testing::Test {
 protected:
  struct Said {
    int code;
    std::string out, err;
  };

  Said run(std::vector<std::string> words, std::size_t width = 80) {
    words.insert(words.end(), {"--db-path", path()});
    const auto out = folder_ / "out", err = folder_ / "err";
    FILE* to = std::fopen(out.c_str(), "w");
    FILE* errors = std::fopen(err.c_str(), "w");
    app::Console console({.out = ::fileno(to), .err = ::fileno(errors), .width = width});
    clock_.sleep(1s);
    const int code = app::run_program(words, {}, console, clock_);
    std::fclose(to), std::fclose(errors);
    return {code, text_of(out), text_of(err)};
  }
  Said quarantine(std::vector<std::string> words, std::size_t width = 80) {
    words.insert(words.begin(), "quarantine");
    return run(std::move(words), width);
  }

  void ingest(const std::string& body) {
    clock_.sleep(1s);
    store_coingecko_answer(path(), clock_, body);
  }

  static std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  [[nodiscard]] std::string path() const { return (folder_ / "ledger.db").string(); }
  std::string sql(const std::string& text) { return plain_sql(path(), text); }

  LedgerFolder folder_;
  ManualClock clock_;
};

constexpr auto kGood = R"({"id":"tether","symbol":"usdt","name":"Tether","current_price":1})";
constexpr auto kBad = R"({"id":"bitcoin","symbol":"btc","name":"Bitcoin","current_price":-7.5,)"
                      R"("last_updated":"2021-05-15T15:59:43.000Z"})";

std::string array_of(std::initializer_list<std::string> rows) {
  std::string out = "[";
  for (const auto& row : rows) (out += out.size() > 1 ? "," : "") += row;
  return out + "]";
}

TEST_F(QuarantineCommand, ListShowsWhatWaitsAndWhatToDoNext) {
  ingest(array_of({kGood, kBad}));
  const auto said = quarantine({});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, AllOf(HasSubstr("1/0/1"), HasSubstr("negative"), HasSubstr("current_price is -7.5"),
                              HasSubstr("Next: coinlake quarantine show 1/0/1"), Not(HasSubstr("symbol"))));
  EXPECT_EQ(quarantine({"list"}).out, said.out);
}

TEST_F(QuarantineCommand, ShowHasEveryByteOfTheRow) {
  const auto long_row = R"({"id":"x","current_price":-1,"name":")" + std::string(5000, 'n') + "\"}";
  ingest(array_of({kGood, long_row}));
  const auto said = quarantine({"show", "1/0/1"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, AllOf(HasSubstr(long_row), HasSubstr("coinlake quarantine release 1/0/1 --why TEXT"),
                              HasSubstr("coinlake quarantine drop 1/0/1 --why TEXT")));
  EXPECT_EQ(quarantine({"show", "1/0/1", "--raw"}).out, long_row);
}

TEST_F(QuarantineCommand, RawGivesBytesThatAreNotUtf8AsTheyCame) {
  const std::string row =
      "{\"id\":\"x\",\"name\":\"a\xff\xc2\x9b"
      "31m\"}";
  ingest(array_of({kGood, row}));
  EXPECT_EQ(quarantine({"show", "1/0/1", "--raw"}).out, row);
  EXPECT_THAT(quarantine({"show", "1/0/1"}).out, AllOf(Not(HasSubstr("\xc2\x9b")), Not(HasSubstr("\xff"))));
  EXPECT_THAT(quarantine({"show", "1/0/1", "--json"}).out, AllOf(Not(HasSubstr("\xc2\x9b")), Not(HasSubstr("\xff"))));
}

TEST_F(QuarantineCommand, AReleasedRowIsShownWithItsOwnMomentAndADropTakesItBack) {
  ingest(array_of({kGood, kBad}));
  const auto released = quarantine({"release", "1/0/1", "--why", "they confirmed it"});
  EXPECT_EQ(released.code, 0) << released.err;
  EXPECT_EQ(released.out, "released 1/0/1: a new fact, known from now on\n");
  EXPECT_EQ(released.err, "  undo: coinlake quarantine drop 1/0/1 --why TEXT\n");
  EXPECT_THAT(run({"show", "bitcoin", "--json"}).out,
              AllOf(HasSubstr(R"("price":-7.5)"), HasSubstr(R"("event_time":"2021-05-15T15:59:43.000000Z")"),
                    HasSubstr(R"("released":true)")));
  EXPECT_THAT(run({"show", "bitcoin", "--history"}).out, HasSubstr("released"));
  EXPECT_THAT(run({"show", "tether", "--json"}).out, HasSubstr(R"("released":false)"));
  EXPECT_EQ(sql("SELECT current_price FROM cryptocurrency_data WHERE coin_id = 'bitcoin'"), "-7.5");
  EXPECT_EQ(run({"replay", "--check"}).code, 0);
  EXPECT_THAT(run({"replay"}).out, HasSubstr("nothing changed"));
  EXPECT_EQ(run({"ledger", "verify"}).code, 0);

  const auto dropped = quarantine({"drop", "1/0/1", "--why", "it was a joke"});
  EXPECT_EQ(dropped.out, "dropped 1/0/1\n");
  EXPECT_EQ(run({"show", "bitcoin"}).code, 3);
  EXPECT_EQ(run({"replay", "--check"}).code, 0);
  EXPECT_THAT(run({"runs"}, 200).out, AllOf(HasSubstr("release 1/0/1"), HasSubstr("drop 1/0/1")));
}

TEST_F(QuarantineCommand, JsonRowsHaveRuleStateAndTheDecision) {
  ingest(array_of({kGood, kBad, R"({"id":"x","current_price":"1"})"}));
  quarantine({"drop", "1/0/2", "--why", "nonsense"});
  const auto all = quarantine({"list", "--all", "--json"});
  simdjson::dom::parser parser;
  simdjson::dom::element rows;
  ASSERT_EQ(parser.parse(all.out).get(rows), simdjson::SUCCESS) << all.out;
  ASSERT_EQ(rows.get_array().size(), 2U);
  const auto row = rows.at(1);
  EXPECT_EQ(std::string_view(row["id"]), "1/0/2");
  EXPECT_EQ(std::string_view(row["rule"]), "wrong_type");
  EXPECT_EQ(std::string_view(row["state"]), "dropped");
  EXPECT_EQ(std::string_view(row["why"]), "nonsense");
  EXPECT_TRUE(row["decided_at"].is_string() && row["known_at"].is_string() && row["evidence"].is_string());
  EXPECT_EQ(std::string_view(row["source"]), "coingecko");
  EXPECT_EQ(std::string_view(row["kind"]), "markets");
  EXPECT_EQ(std::string_view(row["currency"]), "usd");
  EXPECT_TRUE(rows.at(0)["why"].is_null() && rows.at(0)["decided_at"].is_null());
  EXPECT_THAT(quarantine({"list", "--json"}).out, Not(HasSubstr("1/0/2")));
  EXPECT_EQ(quarantine({"--rule", "none", "--json"}).out, "[\n]\n");
  EXPECT_THAT(quarantine({"show", "1/0/1", "--json"}).out, HasSubstr(R"("row":"{\"id\":\"bitcoin\")"));
}

TEST_F(QuarantineCommand, ARuleChoosesAllItsOpenRows) {
  ingest(array_of({kGood, kBad, R"({"id":"x","current_price":-1})", R"({"id":"y","current_price":"1"})"}));
  quarantine({"drop", "1/0/1", "--why", "bad"});
  const auto said = quarantine({"release", "--rule", "negative", "--why", "a refund"});
  EXPECT_EQ(said.out, "released 1/0/2: a new fact, known from now on\n");
  EXPECT_EQ(quarantine({"release", "--rule", "negative", "--why", "a refund"}).code, 3);
}

TEST_F(QuarantineCommand, ARowThatHoldsNothingCostsTheOthersNothing) {
  ingest(array_of({kGood, "7", kBad}));
  const auto said = quarantine({"release", "1/0/1", "1/0/2", "--why", "x"});
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.err, HasSubstr("row 1/0/1 cannot become a fact: there is nothing in it to store: not_an_object"));
  EXPECT_THAT(said.out, StartsWith("released 1/0/2"));
  EXPECT_EQ(quarantine({"release", "1/0/1", "--why", "x"}).code, 1);
}

TEST_F(QuarantineCommand, WhatIsWrongWithOneIdIsSaidBeforeAnythingIsStored) {
  ingest(array_of({kGood, kBad}));
  const auto unknown = quarantine({"drop", "1/0/1", "9/0/0", "--why", "x"});
  EXPECT_EQ(unknown.code, 3);
  EXPECT_THAT(unknown.err, HasSubstr("there is no quarantined row 9/0/0"));
  quarantine({"drop", "1/0/1", "--why", "x"});
  const auto again = quarantine({"drop", "1/0/1", "--why", "x"});
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.err, HasSubstr("row 1/0/1 is dropped already"));
  EXPECT_EQ(sql("SELECT count(*) FROM decision"), "1");
}

TEST_F(QuarantineCommand, MisuseExits2AndSaysWhatToDo) {
  ingest(array_of({kGood, kBad}));
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"release", "1/0/1"},
                                             {"release", "1/0/1", "--why", " "},
                                             {"release", "--why", "x"},
                                             {"release", "1/0/1", "--rule", "negative", "--why", "x"},
                                             {"drop", "1/0", "--why", "x"},
                                             {"list", "1/0/1"},
                                             {"show"},
                                             {"show", "1/0/1", "--all"},
                                             {"show", "1/0/1", "--raw", "--json"},
                                             {"list", "--why", "x"},
                                             {"list", "--raw"},
                                             {"relaese", "1/0/1"}}) {
    const auto said = quarantine(words);
    EXPECT_EQ(said.code, 2) << testing::PrintToString(words);
    EXPECT_THAT(said.err, HasSubstr("\n  ")) << "a hint: " << testing::PrintToString(words);
  }
  EXPECT_EQ(sql("SELECT count(*) FROM decision"), "0");
}

TEST_F(QuarantineCommand, WithoutALedgerThereIsNothingAndNoneIsMade) {
  EXPECT_EQ(quarantine({}).code, 3);
  EXPECT_EQ(quarantine({"release", "1/0/1", "--why", "x"}).code, 3);
  EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(QuarantineCommand, ATableFitsFortyColumnsAndHostileBytesDoNothing) {
  ingest(array_of({kGood,
                   "{\"id\":\"\xc2\x9b"
                   "31m\",\"current_price\":\"\\u001b]0;owned\xe2\x80\xae\"}",
                   kBad}));
  for (const auto& words : std::vector<std::vector<std::string>>{{"list"}, {"list", "--all"}}) {
    const auto said = quarantine(words, 40);
    std::istringstream lines(said.out.substr(0, said.out.find("\nNext")));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), 40U) << line;
    EXPECT_THAT(said.out, AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\xe2\x80\xae"))));
  }
  EXPECT_THAT(quarantine({"show", "1/0/1"}).out, AllOf(Not(HasSubstr("\xc2\x9b")), Not(HasSubstr("\xe2\x80\xae"))));
}

}  // namespace
}  // namespace coinlake::test
