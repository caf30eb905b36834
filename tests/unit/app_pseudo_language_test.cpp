// Every text that a person reads goes through the catalogue.
#include <gmock/gmock.h>

#include <fstream>
#include <regex>
#include <set>

#include "coinlake/base/text.hpp"
#include "tests/support/command_line_fixture.hpp"
#include "tests/support/ledger_fixture.hpp"
#include "tests/support/pseudo_language.hpp"

namespace coinlake::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using Line = std::vector<std::string>;

class SpokenLanguage : public CommandLineFixture {
 protected:
  SpokenLanguage() {
    environment_["CMC_API_KEY"] = "cmc-0123456789";
    environment_["COINLAKE_HTTP__RETRIES"] = "0";
    talks_to_people_ = true;
  }
  void serve(const Line& options, const std::vector<Line>& commands) {
    const Simulator simulator(options);
    use(simulator);
    for (const auto& words : commands) expect_translated(words);
  }
  // An answer with rows that cannot be.
  [[nodiscard]] std::string folder_with_bad_rows() const {
    const auto path = folder_ / "bodies";
    std::filesystem::create_directories(path);
    std::ofstream(path + "/markets_usd.json")
        << R"([{"id":"tether","symbol":"usdt","name":"Tether","current_price":1,)"
        << R"("last_updated":"2027-01-15T07:59:00.000Z"},)"
        << R"({"id":"bitcoin","symbol":"btc","name":"Bitcoin","current_price":-7.5,)"
        << R"("last_updated":"2027-01-15T07:59:00.000Z"},)"
        << R"({"id":"bitcoin","high_24h":1,"low_24h":2},{"symbol":"btc"},{"id":"tether"},)"
        << R"({"id":"solana","last_updated":"2031-01-01T00:00:00Z"},{"id":"solana","last_updated":"7"}])";
    return path;
  }

  // Names and other data that are the same in every language.
  static bool is_data(const std::string& word) {
    static const std::set<std::string> kData = {
        // commands and their actions, as they are typed
        "coinlake", "backup", "check", "collect", "config", "digest", "drop", "help", "ledger", "list", "quarantine",
        "query", "release", "run", "show", "status", "verify", "table", "json", "csv",
        // providers, plans, kinds of questions, rules, columns
        "coingecko", "coinmarketcap", "keyless", "basic", "top", "ids", "markets", "negative", "high_below_low",
        "price", "quote", "seq", "series", "view",
        // coins, currencies, units
        "bitcoin", "Bitcoin", "BTC", "ethereum", "Ethereum", "ETH", "tether", "Tether", "USDT", "solana", "Solana",
        "SOL", "binancecoin", "BNB", "usd", "brl", "US", "UTC", "min", "s", "h", "d", "KiB", "MiB", "GiB", "TiB",
        // what these tests mistype
        "colect", "coingeko", "jsno", "bitcion", "SELEKT"};
    return kData.contains(word);
  }
  // Options, keys, columns, paths, hashes.
  static bool is_name_in_program(const std::string& word) {
    return word.starts_with("--") || word.find_first_of("0123456789._/") != std::string::npos;
  }

  // Words that went past the catalogue, of what a command says.
  [[nodiscard]] std::string untranslated(std::string text) const {
    const auto folder = folder_.path().string();
    for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder)) text.erase(at, folder.size());
    text = std::regex_replace(text, std::regex("\r|\x1b\\[[0-9;]*[A-Za-z]"), "\n");
    text = outside_guillemets(text);
    // Fields of the log, bytes of a row, what others said: a provider, a user, SQLite.
    const std::regex others("[a-z_]+=[^ \n]+|\n\\{\"[^\n]*|near \"[^\"]*\": syntax error|not authorized|\"[^\"\n]*\"");
    text = std::regex_replace(text, others, "");
    std::string out;
    const std::regex word("[A-Za-z0-9_./-]*[A-Za-z][A-Za-z0-9_./-]*");
    for (std::sregex_iterator at(text.begin(), text.end(), word), end; at != end; ++at) {
      auto name = at->str();
      while (name.ends_with('.') || name.ends_with('-') || name.ends_with('/')) name.pop_back();
      if (!is_data(name) && !is_name_in_program(name)) out += (out.empty() ? "" : ", ") + name;
    }
    return out;
  }

  void expect_translated(const Line& words) {
    language_ = pseudo_language();
    width_ = 10'000;
    const auto said = run(words);
    const auto all = said.out + said.err;
    EXPECT_EQ(untranslated(all), "") << "coinlake " << testing::PrintToString(words) << "\n" << all;
    const bool data_alone = words.front() == "query" && said.code == 0;
    EXPECT_TRUE(data_alone || all.find("«") != std::string::npos)
        << testing::PrintToString(words) << " says nothing that could be translated";
    language_ = {};
  }
  [[nodiscard]] std::string run_of(const std::string& plan) const {
    return plain_sql(ledger(), "SELECT id FROM run WHERE plan = '" + plan + "'");
  }
};

TEST_F(SpokenLanguage, NoMessageIsWithoutATranslation) {
  const auto catalogue = Catalogue::parse(app::catalogue_text());
  ASSERT_TRUE(catalogue) << catalogue.error().message.english();
  const auto po = "\n" + std::string(app::catalogue_text());
  std::size_t messages = 0;
  for (auto at = po.find("\nmsgid "); at != std::string::npos; at = po.find("\nmsgid ", at + 1)) ++messages;
  EXPECT_EQ(catalogue->entries().size(), messages - 1) << "all but the head: none is empty, fuzzy or there twice";
  EXPECT_GT(messages, 600U);
}

TEST_F(SpokenLanguage, WhatACollectionSaysIsTranslated) {
  serve({"--coins", "5", "--change-price", "--on", "2"}, {{"collect", "--top", "5"},
                                                          {"collect", "--top", "5"},
                                                          {"collect", "--top", "5", "--no-cache", "--verbose"},
                                                          {"collect", "--ids", "bitcoin"},
                                                          {"collect", "--ids", "bitcoin,ethereum"},
                                                          {"show"},
                                                          {"show", "--history"},
                                                          {"show", "--as-of", "2030-01-01"},
                                                          {"runs"},
                                                          {"budget"},
                                                          {"replay", "--check"},
                                                          {"replay"},
                                                          {"ledger", "verify"},
                                                          {"ledger", "backup", folder_ / "copy.db"},
                                                          {"query", "SELECT 1 AS \"1\""},
                                                          {"query", "SELECT 1 AS \"1\" WHERE 0"}});
}

TEST_F(SpokenLanguage, WhatAFailedCollectionSaysIsTranslated) {
  serve({"--html"}, {{"collect"}, {"runs"}});
  serve({"--status", "404", "--on", "2"}, {{"collect", "--top", "300"}, {"runs"}});
  serve({"--status", "500"}, {{"collect", "--no-cache"}});
  serve({"--status", "429", "--retry-after", "86400"},
        {{"collect", "--no-cache"}, {"collect", "--no-cache"}, {"budget"}, {"budget", "--refresh"}, {"runs"}});
}

TEST_F(SpokenLanguage, WhatIsKnownOfARunIsTranslated) {
  serve({"--coins", "5"}, {{"collect", "--top", "5"}});
  expect_translated({"runs", run_of("top 5 usd")});
  serve({"--status", "404", "--on", "2"}, {{"collect", "--top", "300", "--no-cache"}});
  const auto partial = run_of("top 300 usd");
  expect_translated({"runs", partial});
  EXPECT_THAT(
      run({"runs", partial, "--lang", "pt-BR"}).out,
      AllOf(HasSubstr("  resultado          parcial\n"), HasSubstr("250 novas, 0 igual, 0 revisada\n"),
            HasSubstr("  por que falhou     1 página foi gravada, depois a página 2 em usd: a CoinGecko respondeu")));
  serve({}, {{"budget", "--refresh", "--source", "coinmarketcap"}});
  const auto about_the_key = run_of("about the key");
  expect_translated({"runs", about_the_key});
  EXPECT_THAT(run({"runs", about_the_key, "--lang", "pt-BR"}).out, HasSubstr("sobre a chave"));
}

TEST_F(SpokenLanguage, WhatIsKnownOfSchedulesIsTranslated) {
  serve({"--coins", "5"}, {{"collect", "--top", "5"}, {"status"}, {"slots"}});
  const auto id = run_of("top 5 usd");
  plain_sql(
      ledger(),
      "INSERT INTO plan_version VALUES (NULL, 'top', 0, 0, 'every 5m', 'UTC', 'coingecko', '', 1, 1, '');"
      "INSERT INTO run_plan SELECT NULL, id, 'top', started_at FROM run;"
      "INSERT INTO slot SELECT 'top', r.started_at, 'late', max(b.seq), NULL FROM run r JOIN batch b ON b.run = r.id;"
      "INSERT INTO slot VALUES ('top', 1, 'missed', NULL, NULL), ('top', 2, 'skipped', NULL, NULL)");
  for (const auto* state : {"open", "half-open", "closed"}) {
    plain_sql(ledger(), "INSERT OR REPLACE INTO condition VALUES ('coingecko', '" + std::string(state) +
                            "', 1, 2, 3, ''), ('collection', 'paused', 1, 1, 0, '')"
                            ", ('clock', 'doubted', 1, 1, 0, ''), ('configuration', 'refused', 1, 1, 0, '')");
    expect_translated({"status"});
  }
  expect_translated({"slots"});
  expect_translated({"runs"});
  expect_translated({"runs", "show", id});
  expect_translated({"status", "--watch"});
}

TEST_F(SpokenLanguage, WhatTheQuarantineSaysIsTranslated) {
  expect_translated({"quarantine"});
  serve({"--bodies", folder_with_bad_rows()}, {{"collect", "--top", "7"}});
  for (const auto& words : std::vector<Line>{{},
                                             {"show", "1/0/1"},
                                             {"release", "1/0/1"},
                                             {"release", "1/0/1", "--why", "7"},
                                             {"drop", "1/0/1", "--why", "7"},
                                             {"drop", "1/0/1", "--why", "7"},
                                             {"list", "--all"},
                                             {"list"},
                                             {"drop", "9/0/1", "--why", "7"},
                                             {"release", "--rule", "negative", "--why", "7"}}) {
    auto all = words;
    all.insert(all.begin(), "quarantine");
    expect_translated(all);
  }
  expect_translated({"show", "--history"});
}

TEST_F(SpokenLanguage, WhatIsWrongWithALedgerIsTranslated) {
  serve({"--coins", "5"}, {{"collect", "--top", "5"}});
  plain_sql(ledger(), "UPDATE quote SET price = 1; DROP VIEW bitcoin_precos");
  for (const auto& words : std::vector<Line>{{"replay", "--check"},
                                             {"ledger", "verify"},
                                             {"replay"},
                                             {"show", "bitcion"},
                                             {"show", "--as-of", "2001-01-01"},
                                             {"query", "SELEKT"},
                                             {"query", "DELETE FROM quote"},
                                             {"query", "SELECT 1 AS \"1\", 2 AS \"1\"", "-o", "json"},
                                             {"ledger", "backup", ledger()},
                                             {"show", "--db-path", folder_ / "none.db"}})
    expect_translated(words);
}

TEST_F(SpokenLanguage, WhatIsWrongWithACommandLineIsTranslated) {
  for (const auto& words : std::vector<Line>{{"colect"},
                                             {"show", "--limt", "3"},
                                             {"show", "--limit", "0"},
                                             {"show", "--limit"},
                                             {"show", "--watch", "0.01"},
                                             {"show", "--watch"},
                                             {"show", "--watch", "--json"},
                                             {"show", "--as-of", "7"},
                                             {"collect", "show"},
                                             {"collect", "--top", "5", "--all"},
                                             {"collect", "--json=x"},
                                             {"collect", "--source", "coingecko", "--source", "coingecko"},
                                             {"collect", "--source", "coingeko"},
                                             {"collect", "--currency", "7$"},
                                             {"collect", "--ids", ","},
                                             {"collect", "--api-key", "7"},
                                             {"query"},
                                             {"query", "SELECT 1", "--timeout", "0"},
                                             {"query", "SELECT 1", "-o", "jsno"},
                                             {"help", "7"},
                                             {"ledger"},
                                             {"ledger", "backup"},
                                             {"ledger", "digest", "7"},
                                             {"ledger", "digest", "--link", "7"},
                                             {"ledger", "backup", "7", "--json"},
                                             {"config"},
                                             {"config", "check", "--json"},
                                             {"quarantine", "show"},
                                             {"quarantine", "list", "1/0/1"},
                                             {"quarantine", "show", "1/0/1", "--raw", "--json"},
                                             {"--all", "collect"},
                                             {"--limit", "5", "collect"},
                                             {"--days", "5", "show"},
                                             {"show", "--db-path", ""}})
    expect_translated(words);
}

TEST_F(SpokenLanguage, OneCoinInPortugueseIsItsPriceInReaisAndItsAge) {
  const Simulator simulator({"--coins", "5"});
  use(simulator);
  talks_to_people_ = false;
  const auto said = run({"collect", "--preset", "bitcoin", "--lang", "pt-BR"});
  EXPECT_THAT(
      said.out,
      MatchesRegex("coinmarketcap: 1 nova, 0 igual, 0 revisada \\(1 requisição, [0-9],[0-9] s\\)\n"
                   "Bitcoin BTC  R\\$ [0-9.]+,[0-9]{2} · há [0-9]+ (s|min|h|d) · [+-]?[0-9]+,[0-9]{2}% em 24 h\n"));
  EXPECT_THAT(run({"show", "--lang", "pt-BR"}).out, AllOf(HasSubstr("preço"), HasSubstr(" tri"), HasSubstr("R$ ")));
}

TEST_F(SpokenLanguage, WhatProgramsReadIsTheSameInEveryLanguage) {
  const Simulator simulator({"--coins", "5"});
  use(simulator);
  talks_to_people_ = false;
  const auto in = [&](const std::string& language, Line words) {
    words.insert(words.end(), {"--lang", language});
    const auto said = run(words);
    return said.out + said.err;
  };
  ASSERT_EQ(run({"collect", "--top", "5"}).code, 0);
  for (const auto& words : std::vector<Line>{{"show", "--json"},
                                             {"show", "--history", "--json"},
                                             {"runs", "--json"},
                                             {"slots", "--json"},
                                             {"budget", "--json"},
                                             {"quarantine", "--json"},
                                             {"ledger", "verify", "--json"},
                                             {"ledger", "digest"},
                                             {"query", "SELECT * FROM cryptocurrency_data", "-o", "csv"},
                                             {"query", "SELECT * FROM cryptocurrency_data", "-o", "json"}})
    EXPECT_EQ(in("pt-BR", words), in("en", words)) << testing::PrintToString(words);
}

TEST_F(SpokenLanguage, LogsForProgramsAreEnglishAndThoseForPeopleAreNot) {
  environment_["COINLAKE_LOG__FILE"] = folder_ / "run.log";
  const Line words = {"collect", "--source", "coingecko", "--lang", "pt-BR"};
  talks_to_people_ = false;
  EXPECT_THAT(run(words).err, HasSubstr(" level=error "));
  talks_to_people_ = true;
  const auto said =
      run({"collect", "--top", "5", "--lang", "pt-BR"}, {{"COINLAKE_COINGECKO__API_KEY", "CG-0123456789"}});
  EXPECT_THAT(said.err, HasSubstr("coinlake: aviso: há coingecko.api_key, mas coingecko.plan é keyless"));
  EXPECT_THAT(text_of(folder_ / "run.log"), HasSubstr("there is a coingecko.api_key, but coingecko.plan is keyless"));
}

}  // namespace
}  // namespace coinlake::test
