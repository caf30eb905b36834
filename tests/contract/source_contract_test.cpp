// What every source promises (port/source.hpp), asked of each of them. What is special to one is in its own tests.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "coinlake/base/text.hpp"
#include "coinlake/source/coingecko/coingecko.hpp"
#include "coinlake/source/coinmarketcap/coinmarketcap.hpp"
#include "tests/support/cases.hpp"

namespace coinlake::source_contract {
namespace {

using port::Ask;
using port::Page;

const std::string kKey = "CG-never-shown";

// A source as made for users, and where its recorded answers are.
struct Candidate {
  std::string name;
  std::string base_url;
  std::function<std::unique_ptr<port::Source>()> make;           // without a key, where that is possible
  std::function<std::unique_ptr<port::Source>()> make_with_key;  // with kKey
  std::vector<std::string> key_headers;
  std::string ids_parameter;  // of a URL: the coins it asks for, with commas between them
  std::size_t ids_on_a_page;  // at most
};

std::unique_ptr<port::Source> coingecko(source::CoinGeckoPlan plan, const std::string& key) {
  return source::make_coingecko({.base_url = "https://api.coingecko.com/api/v3", .plan = plan, .api_key = Secret(key)});
}

std::unique_ptr<port::Source> coinmarketcap(source::CoinMarketCapPlan plan, const std::string& key) {
  return source::make_coinmarketcap(
      {.base_url = "https://pro-api.coinmarketcap.com", .plan = plan, .api_key = Secret(key)});
}

std::vector<Candidate> all_sources() {
  using source::CoinGeckoPlan, source::CoinMarketCapPlan;
  return {{.name = "coingecko",
           .base_url = "https://api.coingecko.com/api/v3",
           .make = [] { return coingecko(CoinGeckoPlan::keyless, ""); },
           .make_with_key = [] { return coingecko(CoinGeckoPlan::demo, kKey); },
           .key_headers = {"x-cg-demo-api-key", "x-cg-pro-api-key"},
           .ids_parameter = "ids",
           .ids_on_a_page = 250},
          {.name = "coinmarketcap",
           .base_url = "https://pro-api.coinmarketcap.com",
           .make = [] { return coinmarketcap(CoinMarketCapPlan::keyless, ""); },
           .make_with_key = [] { return coinmarketcap(CoinMarketCapPlan::basic, kKey); },
           .key_headers = {"X-CMC_PRO_API_KEY"},
           .ids_parameter = "id",
           .ids_on_a_page = 100}};
}

class SourceContract : public testing::TestWithParam<Candidate> {
 protected:
  const Candidate& candidate() { return GetParam(); }
  std::unique_ptr<port::Source> source_ = GetParam().make();

  // The pages of the first sweep of `ask`, if the provider lists `market` coins.
  std::vector<Page> sweep(const Ask& ask, std::int64_t market) {
    return sweep_from(source_->plan(ask).value().front(), ask, market);
  }

  std::vector<Page> sweep_from(const Page& first, const Ask& ask, std::int64_t market) {
    std::vector<Page> pages;
    for (auto page = std::optional(first); page && pages.size() < 1000;) {
      pages.push_back(*page);
      const auto rows = std::clamp<std::int64_t>(market - page->first_position + 1, 0, page->take);
      page = source_->next(ask, *page, rows);
    }
    return pages;
  }
};

// Ids that both a slug and a number could be.
std::vector<std::string> numbers_as_ids(int count) {
  std::vector<std::string> ids;
  for (int i = 1; i <= count; ++i) ids.push_back(std::to_string(i));
  return ids;
}

std::vector<std::string> ids_in(const std::string& url, const std::string& parameter) {
  const auto start = std::min(url.find("?" + parameter + "="), url.find("&" + parameter + "=")) + parameter.size() + 2;
  auto text = url.substr(start, url.find('&', start) - start);
  for (auto at = text.find("%2C"); at != std::string::npos; at = text.find("%2C")) text.replace(at, 3, ",");
  const auto parts = split(text, ',');
  return {parts.begin(), parts.end()};
}

std::int64_t rows_of(const std::vector<Page>& pages) {
  std::int64_t sum = 0;
  for (const auto& page : pages) sum += page.take;
  return sum;
}

TEST_P(SourceContract, ItsNameIsOneLowerCaseWordForTheLedger) {
  EXPECT_EQ(source_->name(), candidate().name);
  EXPECT_TRUE(std::ranges::all_of(source_->name(), [](char c) { return c >= 'a' && c <= 'z'; }));
  EXPECT_GE(source_->decoder_version(), 1);
  EXPECT_GE(source_->allowance().requests_per_minute, 1);
}

TEST_P(SourceContract, PlansOneSweepForEachCurrencyInTheOrderAsked) {
  const auto first = source_->plan({.currencies = {"usd", "brl", "eth"}, .top = 600}).value();
  ASSERT_EQ(first.size(), 3U);
  EXPECT_EQ(first[0].currency + first[1].currency + first[2].currency, "usdbrleth");
  for (const auto& page : first) EXPECT_TRUE(page.number == 1 && page.first_position == 1 && !page.kind.empty());
}

TEST_P(SourceContract, ASweepStaysInItsCurrency) {
  const Ask ask{.currencies = {"usd", "brl"}, .top = 6000};
  const auto brl = source_->plan(ask).value()[1];
  const auto second = source_->next(ask, brl, brl.take);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->currency, "brl");
  EXPECT_EQ(second->kind, brl.kind);
}

TEST_P(SourceContract, FewerThanOneCoinIsAMistakeOfTheUser) {
  for (const std::int64_t top : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{-250}}) {
    const auto plan = source_->plan({.top = top});
    ASSERT_FALSE(plan) << top;
    EXPECT_EQ(plan.error().kind, Kind::usage);
  }
}

TEST_P(SourceContract, ASweepTakesExactlyTheRowsAskedForWithoutGapOrOverlap) {
  for (const std::int64_t top : {1, 2, 249, 250, 251, 499, 500, 501, 600, 12'345}) {
    const auto pages = sweep({.top = top}, 1'000'000);
    EXPECT_EQ(rows_of(pages), top);
    std::int64_t position = 1, number = 1;
    for (const auto& page : pages) {
      EXPECT_EQ(page.first_position, position) << "top " << top;
      EXPECT_EQ(page.number, number++) << "top " << top;
      EXPECT_GE(page.take, 1) << "top " << top;
      EXPECT_EQ(page.last, &page == &pages.back()) << "top " << top;
      position += page.take;
    }
  }
}

TEST_P(SourceContract, WithoutANumberItStopsAtTheFirstEmptyPage) {
  for (const std::int64_t market : {0, 1, 250, 251, 17'892}) {
    const auto pages = sweep({}, market);
    EXPECT_GT(pages.back().first_position, market) << "the last page must be empty, market " << market;
    if (pages.size() > 1) {
      EXPECT_LE(pages[pages.size() - 2].first_position, market);
    }
    EXPECT_TRUE(std::ranges::none_of(pages, &Page::last));
  }
}

TEST_P(SourceContract, AMarketThatEndsBeforeTheNumberAskedEndsTheSweep) {
  EXPECT_LT(sweep({.top = 100'000}, 700).size(), 10U);
}

TEST_P(SourceContract, EverySweepOverIdsAsksForEachOfThemOnceOnPagesOfItsLimit) {
  for (const int count : {1, 2, 99, 100, 101, 249, 250, 251, 700}) {
    const Ask ask{.currencies = {"usd", "brl"}, .ids = numbers_as_ids(count)};
    const auto sweeps = source_->plan(ask).value();
    for (const auto& first : sweeps) {
      std::vector<std::string> asked;
      const auto pages = sweep_from(first, ask, count);
      for (const auto& page : pages) {
        const auto ids = ids_in(source_->request(page).url, candidate().ids_parameter);
        EXPECT_EQ(ids, page.ids);
        EXPECT_LE(ids.size(), candidate().ids_on_a_page);
        EXPECT_GE(static_cast<std::size_t>(page.take), ids.size());
        EXPECT_EQ(page.first_position, std::ssize(asked) + 1);
        EXPECT_EQ(page.last, &page == &pages.back());
        asked.insert(asked.end(), ids.begin(), ids.end());
      }
      EXPECT_EQ(asked, ask.ids) << count;
    }
  }
}

TEST_P(SourceContract, IdsAreAskedForInEveryCurrencyOfTheQuestion) {
  std::vector<std::string> asked;
  const auto first = source_->plan({.currencies = {"usd", "brl", "eth"}, .ids = {"1", "2"}}).value();
  for (const auto& page : first) {
    for (const auto currency : split(page.currency, ',')) {
      asked.emplace_back(currency);
      EXPECT_NE(to_lower(source_->request(page).url).find(currency), std::string::npos);
    }
  }
  EXPECT_EQ(asked, (std::vector<std::string>{"usd", "brl", "eth"}));
}

TEST_P(SourceContract, APageOfIdsThatNobodyKnowsEndsNothing) {
  const Ask ask{.ids = numbers_as_ids(600)};
  EXPECT_EQ(sweep(ask, 0).size(), sweep(ask, 600).size());
}

TEST_P(SourceContract, TheLargestCoinsAndCoinsByIdAreTwoQuestions) {
  const auto plan = source_->plan({.top = 5, .ids = {"1"}});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, Kind::usage);
}

TEST_P(SourceContract, AnIdThatCannotBeOneIsAMistakeOfTheUser) {
  for (const std::string id : {"", " ", "1,2", "1\n2", "\x7f", "\xff", "1\x1b[2J"}) {
    const auto plan = source_->plan({.ids = {"1", id}});
    ASSERT_FALSE(plan) << printable(id);
    EXPECT_EQ(plan.error().kind, Kind::usage);
    EXPECT_EQ(printable(plan.error().message.english()), plan.error().message.english());
  }
}

TEST_P(SourceContract, EachPageIsAnotherRequestToTheBaseUrl) {
  std::vector<std::string> urls;
  for (const auto& page : sweep({.top = 1000}, 1000)) urls.push_back(source_->request(page).url);
  for (const auto& url : urls) EXPECT_TRUE(url.starts_with(candidate().base_url + "/")) << url;
  std::ranges::sort(urls);
  EXPECT_EQ(std::ranges::adjacent_find(urls), urls.end());
}

TEST_P(SourceContract, UrlsHoldNothingThatMustBeEscaped) {
  const auto url = source_->request(source_->plan({}).value().front()).url;
  EXPECT_TRUE(std::ranges::all_of(url, [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '<'; })) << url;
}

TEST_P(SourceContract, TheKeyIsInOneHeaderAndNeverInTheUrl) {
  const auto keyed = candidate().make_with_key();
  std::vector<port::Request> requests = {keyed->request(keyed->plan({}).value().front())};
  if (const auto about_key = keyed->key_request()) requests.push_back(*about_key);
  for (const auto& request : requests) {
    EXPECT_EQ(request.url.find(kKey), std::string::npos);
    ASSERT_EQ(request.secret_headers.size(), 1U);
    EXPECT_EQ(request.secret_headers[0].second.reveal(), kKey);
    EXPECT_EQ(std::ranges::count(candidate().key_headers, request.secret_headers[0].first), 1);
  }
}

TEST_P(SourceContract, WithoutAKeyNoHeaderIsSent) {
  EXPECT_TRUE(source_->request(source_->plan({}).value().front()).secret_headers.empty());
}

TEST_P(SourceContract, TheSameBytesGiveTheSameRowsWhateverWasDecodedBefore) {
  std::vector<test::Case> cases;
  for (const auto& name : test::case_names(candidate().name)) cases.push_back(test::load_case(candidate().name, name));
  std::vector<std::string> fresh;
  for (const auto& c : cases) fresh.push_back(test::transcript(candidate().make()->decode(c.answer())));
  for (std::size_t i = 0; i < cases.size(); ++i)
    EXPECT_EQ(test::transcript(source_->decode(cases[i].answer())), fresh[i]);
  for (std::size_t i = cases.size(); i-- > 0;)
    EXPECT_EQ(test::transcript(source_->decode(cases[i].answer())), fresh[i]);
}

TEST_P(SourceContract, RowsOutliveTheBytesAndTheSource) {
  auto c = test::load_case(candidate().name, test::case_names(candidate().name).front());
  const auto before = test::transcript(source_->decode(c.answer()));
  const auto batch = source_->decode(c.answer());
  std::ranges::fill(c.body, 'x');
  source_.reset();
  EXPECT_EQ(test::transcript(batch), before);
}

TEST_P(SourceContract, ARefusalIsShortAndSafeToPrint) {
  std::vector<std::string> bodies = {"",
                                     std::string(1 << 20, 'x'),
                                     std::string(1 << 20, '\x1b'),
                                     "{\"error\":\"" + std::string(100'000, 'e') + "\"}",
                                     "<html>" + std::string(1 << 20, ' '),
                                     std::string(5000, '\xff'),
                                     std::string(400, '\0')};
  for (const auto& name : test::case_names(candidate().name))
    bodies.push_back(test::load_case(candidate().name, name).body);
  for (const int status : {201, 204, 301, 400, 401, 403, 404, 408, 418, 422, 429, 500, 503, 599}) {
    for (const auto& body : bodies) {
      const auto error = source_->explain({status, "text/plain", body}).error;
      EXPECT_LE(error.message.english().size() + error.hint.english().size(), 450U) << error.message.english();
      EXPECT_EQ(printable(error.message.english()), error.message.english());
      EXPECT_NE(error.message.english().find(std::to_string(status)), std::string::npos) << error.message.english();
    }
  }
}

TEST_P(SourceContract, OnlyTimeHelpsWhenTheProviderSaysSlowerOrHasAFault) {
  for (const auto* body : {"", "no", "{}", "<html>"}) {
    EXPECT_EQ(source_->explain({429, "text/plain", body}).error.kind, Kind::rate_limited);
    EXPECT_EQ(source_->explain({401, "text/plain", body}).error.kind, Kind::unauthorized);
    EXPECT_EQ(source_->explain({404, "text/plain", body}).error.kind, Kind::refused);
    for (const int status : {500, 502, 503, 504, 520})
      EXPECT_EQ(source_->explain({status, "text/plain", body}).error.kind, Kind::upstream);
  }
}

INSTANTIATE_TEST_SUITE_P(Every, SourceContract, testing::ValuesIn(all_sources()),
                         [](const auto& with) { return with.param.name; });

}  // namespace
}  // namespace coinlake::source_contract
