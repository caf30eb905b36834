#include "coinlake/source/coingecko/coingecko.hpp"

#include <algorithm>

#include "coinlake/base/text.hpp"
#include "coinlake/source/coingecko/key_info.hpp"
#include "coinlake/source/coingecko/list_decoder.hpp"
#include "coinlake/source/coingecko/markets_decoder.hpp"
#include "coinlake/source/coingecko/refusals.hpp"
#include "coinlake/source/coingecko/simple_decoder.hpp"
#include "coinlake/source/coingecko/simple_pages.hpp"

namespace coinlake::source {
namespace {

constexpr std::int64_t kPerPage = 250;          // the largest that CoinGecko takes
constexpr std::int64_t kMostCoins = 1'000'000;  // of a list: fifty times as many as there are; beyond it is no list

// The lowest figures that CoinGecko ever published for each plan: they move, so they are only defaults.
port::Allowance allowance_of(const CoinGeckoOptions& options) {
  port::Allowance out;
  switch (options.plan) {
    case CoinGeckoPlan::keyless: out = {.plan = "keyless", .requests_per_minute = 5}; break;
    case CoinGeckoPlan::demo: out = {"demo", 30, 10'000, options.api_key}; break;
    case CoinGeckoPlan::pro: out = {"pro", 250, 100'000, options.api_key}; break;
  }
  if (options.requests_per_minute > 0) out.requests_per_minute = options.requests_per_minute;
  if (options.credits_per_month > 0) out.credits_per_month = options.credits_per_month;
  return out;
}

class CoinGecko final : public port::Source {
 public:
  explicit CoinGecko(CoinGeckoOptions options) : options_(std::move(options)), allowance_(allowance_of(options_)) {}

  [[nodiscard]] std::string_view name() const override { return "coingecko"; }
  [[nodiscard]] int decoder_version() const override { return 1; }
  [[nodiscard]] const port::Allowance& allowance() const override { return allowance_; }
  [[nodiscard]] Duration fresh_for(std::string_view kind) const override {
    return kind == "list" ? std::chrono::minutes(30) : std::chrono::seconds(60);
  }

  [[nodiscard]] Result<std::vector<port::Page>> plan(const port::Ask& ask) const override {
    if (ask.top && *ask.top < 1) return fail(Kind::usage, tr("the number of coins must be at least 1"));
    if (ask.directory) return plan_list(ask);
    if (!ask.ids.empty()) return std::vector{TRY(simple_pages(ask)).front()};
    std::vector<port::Page> first;
    for (const auto& currency : ask.currencies) first.push_back(page(ask, currency, 1));
    return first;
  }

  // Without a number, until the first empty page; with one, until it is reached or the market ends. A page of unknown
  // ids is empty, too, and ends nothing.
  [[nodiscard]] std::optional<port::Page> next(const port::Ask& ask, const port::Page& now,
                                               std::int64_t rows) const override {
    if (now.last) return std::nullopt;
    if (now.kind == "simple") return next_simple(ask, now);
    return rows == 0 ? std::nullopt : std::optional(page(ask, now.currency, now.number + 1));
  }

  [[nodiscard]] port::Request request(const port::Page& page) const override {
    if (page.kind == "simple") return to(simple_path(page));
    if (page.kind == "list") return to("/coins/list?include_platform=false");
    const auto per_page = page.number == 1 && page.last ? page.take : kPerPage;
    return to("/coins/markets?vs_currency=" + page.currency +
              "&order=market_cap_desc&per_page=" + std::to_string(per_page) + "&page=" + std::to_string(page.number) +
              "&sparkline=false&price_change_percentage=1h,24h,7d,14d,30d,200d,1y");
  }

  Result<domain::Batch> decode(const port::Answer& answer) override {
    if (answer.page.kind == "simple") return simple_.decode(answer);
    if (answer.page.kind == "list") return list_.decode(answer);
    return markets_.decode(answer);
  }
  port::Refused explain(const port::Refusal& refusal) override { return explain_refusal(refusal); }
  std::optional<port::Refused> refusal_within(const port::Page& page, std::string_view body) override {
    return page.kind == "simple" ? refusal_within_coins(body, split(page.currency, ',')) : refusal_within_list(body);
  }

  // Only Pro has it.
  [[nodiscard]] std::optional<port::Request> key_request() const override {
    return options_.plan == CoinGeckoPlan::pro ? std::optional(to("/key")) : std::nullopt;
  }
  Result<port::KeyInfo> decode_key(std::string_view body) override { return read_key_info(body); }

 private:
  static Result<std::vector<port::Page>> plan_list(const port::Ask& ask) {
    if (ask.top || !ask.ids.empty())
      return fail(Kind::usage, tr("the list of all coins has all of them: neither --top nor --ids can choose"));
    return std::vector{port::Page{.kind = "list", .take = kMostCoins, .last = true}};
  }

  // The pages are those of the question, so they are made again rather than remembered.
  static std::optional<port::Page> next_simple(const port::Ask& ask, const port::Page& now) {
    auto pages = simple_pages(ask);
    const auto next = static_cast<std::size_t>(now.number);
    if (!pages || next >= pages->size()) return std::nullopt;
    return std::move((*pages)[next]);
  }

  [[nodiscard]] port::Page page(const port::Ask& ask, const std::string& currency, std::int64_t number) const {
    const auto before = (number - 1) * kPerPage;
    const auto take = ask.top ? std::min(kPerPage, *ask.top - before) : kPerPage;
    return {.kind = "markets",
            .currency = currency,
            .number = number,
            .first_position = before + 1,
            .take = take,
            .last = ask.top && before + kPerPage >= *ask.top};
  }

  [[nodiscard]] port::Request to(const std::string& path) const {
    port::Request request{.url = options_.base_url + path};
    if (options_.plan == CoinGeckoPlan::keyless || options_.api_key.empty()) return request;
    const auto* header = options_.plan == CoinGeckoPlan::pro ? "x-cg-pro-api-key" : "x-cg-demo-api-key";
    request.secret_headers.emplace_back(header, options_.api_key);
    return request;
  }

  CoinGeckoOptions options_;
  port::Allowance allowance_;
  MarketsDecoder markets_;
  SimpleDecoder simple_;
  ListDecoder list_;
};

}  // namespace

std::unique_ptr<port::Source> make_coingecko(CoinGeckoOptions options) {
  return std::make_unique<CoinGecko>(std::move(options));
}

}  // namespace coinlake::source
