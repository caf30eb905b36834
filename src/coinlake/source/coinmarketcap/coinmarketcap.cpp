#include "coinlake/source/coinmarketcap/coinmarketcap.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "coinlake/base/text.hpp"
#include "coinlake/source/coinmarketcap/coin_id.hpp"
#include "coinlake/source/coinmarketcap/key_info.hpp"
#include "coinlake/source/coinmarketcap/quotes_decoder.hpp"
#include "coinlake/source/coinmarketcap/status.hpp"

namespace coinlake::source {
namespace {

// A listing costs a credit for each 200 rows begun, so pages of a multiple of that cost no more than one page of all
// would. 1,000 of the 5,000 allowed: an answer of 1 MB, so that a cut connection costs little and a commit stays short,
// and still all coins within the fewest requests a minute that any plan has.
constexpr std::int64_t kListingsPerPage = 1000, kListingsPerCredit = 200;
constexpr std::int64_t kQuotesPerPage = 100, kQuotesPerCredit = 100;  // one credit a request

struct Terms {
  std::string_view plan;
  int requests_per_minute;
  std::int64_t credits_per_month;  // 0: none are counted
  std::size_t currencies;          // that one request may ask for
};

// By CoinMarketCapPlan. The lowest figures published where they differ: they move, so they are only defaults. Of
// keyless nobody knows the number, of enterprise it is agreed on one by one: Professional's.
constexpr std::array kTerms = {Terms{"keyless", 10, 0, 1},
                               Terms{"basic", 30, 15'000, 1},
                               Terms{"builder", 60, 150'000, 8},
                               Terms{"startup", 120, 450'000, 40},
                               Terms{"growth", 300, 2'000'000, 40},
                               Terms{"professional", 600, 5'000'000, 80},
                               Terms{"enterprise", 600, 5'000'000, 80}};

const Terms& terms_of(CoinMarketCapPlan plan) { return kTerms.at(static_cast<std::size_t>(plan)); }

port::Allowance coinmarketcap_allowance(const CoinMarketCapOptions& options) {
  const auto& terms = terms_of(options.plan);
  port::Allowance out{.plan = std::string(terms.plan), .requests_per_minute = terms.requests_per_minute};
  if (options.plan != CoinMarketCapPlan::keyless) out.key = options.api_key;
  if (terms.credits_per_month > 0) out.credits_per_month = terms.credits_per_month;
  if (options.requests_per_minute > 0) out.requests_per_minute = options.requests_per_minute;
  if (options.credits_per_month > 0) out.credits_per_month = options.credits_per_month;
  return out;
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& part : parts) (out += out.empty() ? "" : ",") += part;
  return out;
}

// Each once, in the order they were first named.
std::vector<std::string> distinct(const std::vector<std::string>& all) {
  std::vector<std::string> out;
  for (const auto& one : all) {
    if (std::ranges::find(out, one) == out.end()) out.push_back(one);
  }
  return out;
}

// A credit for each `per_credit` coins begun, and one for each currency beyond the first.
std::int64_t credits_for(std::int64_t coins, std::int64_t per_credit, std::string_view currencies) {
  return (coins + per_credit - 1) / per_credit + std::ranges::count(currencies, ',');
}

Result<void> expect_ids(const std::vector<std::string>& ids) {
  for (const auto& id : ids) {
    if (!is_coinmarketcap_id(id))
      return fail(Kind::usage, tr("\"{}\" is no CoinMarketCap id", printable(id.substr(0, 64))),
                  tr("ids are whole numbers, for example 1 for Bitcoin and 1027 for Ethereum"));
  }
  return {};
}

class CoinMarketCap final : public port::Source {
 public:
  explicit CoinMarketCap(CoinMarketCapOptions options)
      : options_(std::move(options)), allowance_(coinmarketcap_allowance(options_)) {}

  [[nodiscard]] std::string_view name() const override { return "coinmarketcap"; }
  [[nodiscard]] int decoder_version() const override { return 1; }
  [[nodiscard]] const port::Allowance& allowance() const override { return allowance_; }
  [[nodiscard]] Duration fresh_for(std::string_view /*kind*/) const override { return std::chrono::seconds(60); }

  // A sweep for as many currencies as the plan lets one request ask for.
  [[nodiscard]] Result<std::vector<port::Page>> plan(const port::Ask& ask) const override {
    if (ask.directory) return fail(Kind::usage, tr("CoinMarketCap's list of coins is not collected"));
    if (ask.top && *ask.top < 1) return fail(Kind::usage, tr("the number of coins must be at least 1"));
    if (ask.top && !ask.ids.empty())
      return fail(Kind::usage, tr("--top and --ids contradict each other"), tr("leave out one of them"));
    CHECK_OK(expect_ids(ask.ids));
    const auto currencies = distinct(ask.currencies);
    const auto at_once = terms_of(options_.plan).currencies;
    std::vector<port::Page> first;
    for (std::size_t i = 0; i < currencies.size(); i += at_once) {
      const auto from = currencies.begin() + static_cast<std::ptrdiff_t>(i);
      const auto count = static_cast<std::ptrdiff_t>(std::min(at_once, currencies.size() - i));
      first.push_back(page(ask, joined({from, from + count}), 1));
    }
    return first;
  }

  // Ids: until all are asked for, also when a page of them is unknown to CoinMarketCap. Otherwise without a number
  // until the first empty page; with one, until it is reached or the market ends.
  [[nodiscard]] std::optional<port::Page> next(const port::Ask& ask, const port::Page& now,
                                               std::int64_t rows) const override {
    if (now.last || (rows == 0 && ask.ids.empty())) return std::nullopt;
    return page(ask, now.currency, now.number + 1);
  }

  // One unknown id must not cost the others: skip_invalid.
  [[nodiscard]] port::Request request(const port::Page& page) const override {
    const auto convert = "&convert=" + upper(page.currency);
    if (page.kind == "quotes")
      return to("/v3/cryptocurrency/quotes/latest?id=" + joined(page.ids) + convert + "&skip_invalid=true");
    return to("/v3/cryptocurrency/listings/latest?start=" + std::to_string(page.first_position) +
              "&limit=" + std::to_string(page.take) + convert);
  }

  Result<domain::Batch> decode(const port::Answer& answer) override { return decoder_.decode(answer); }
  port::Refused explain(const port::Refusal& refusal) override { return explain_coinmarketcap(refusal); }
  std::optional<port::Refused> refusal_within(const port::Page& /*page*/, std::string_view body) override {
    return refusal_within_quotes(body);
  }

  [[nodiscard]] std::optional<port::Request> key_request() const override {
    if (allowance_.key.empty()) return std::nullopt;
    return to("/v1/key/info");
  }
  Result<port::KeyInfo> decode_key(std::string_view body) override { return decode_key_info(body); }

 private:
  static port::Page page(const port::Ask& ask, const std::string& currencies, std::int64_t number) {
    return ask.ids.empty() ? listings(ask, currencies, number) : quotes(distinct(ask.ids), currencies, number);
  }

  static port::Page listings(const port::Ask& ask, const std::string& currencies, std::int64_t number) {
    const auto before = (number - 1) * kListingsPerPage;
    const auto take = ask.top ? std::min(kListingsPerPage, *ask.top - before) : kListingsPerPage;
    return {.kind = "listings",
            .currency = currencies,
            .number = number,
            .first_position = before + 1,
            .take = take,
            .last = ask.top && before + kListingsPerPage >= *ask.top,
            .credits = credits_for(take, kListingsPerCredit, currencies)};
  }

  static port::Page quotes(const std::vector<std::string>& ids, const std::string& currencies, std::int64_t number) {
    const auto before = (number - 1) * kQuotesPerPage, all = static_cast<std::int64_t>(ids.size());
    const auto asked = std::min(kQuotesPerPage, all - before);
    return {.kind = "quotes",
            .currency = currencies,
            .number = number,
            .first_position = before + 1,
            .take = port::kMostById,
            .last = before + kQuotesPerPage >= all,
            .ids = {ids.begin() + before, ids.begin() + before + asked},
            .credits = credits_for(asked, kQuotesPerCredit, currencies)};
  }

  [[nodiscard]] port::Request to(const std::string& path) const {
    if (options_.plan == CoinMarketCapPlan::keyless) return {.url = options_.base_url + "/public-api" + path};
    port::Request request{.url = options_.base_url + path};
    if (!options_.api_key.empty()) request.secret_headers.emplace_back("X-CMC_PRO_API_KEY", options_.api_key);
    return request;
  }

  CoinMarketCapOptions options_;
  port::Allowance allowance_;
  QuotesDecoder decoder_;
};

}  // namespace

std::unique_ptr<port::Source> make_coinmarketcap(CoinMarketCapOptions options) {
  return std::make_unique<CoinMarketCap>(std::move(options));
}

}  // namespace coinlake::source
