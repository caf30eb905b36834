#include "bench/cases.hpp"
#include "coinlake/ledger/ledger.hpp"
#include "coinlake/source/coingecko/coingecko.hpp"
#include "tests/support/manual_clock.hpp"

namespace coinlake::bench {
namespace {

constexpr std::string_view kHeaders =
    "cache-control: max-age=30, public\ncontent-encoding: gzip\ncontent-type: application/json; charset=utf-8\n"
    "date: Mon, 21 Sep 2026 14:13:20 GMT\netag: W/\"60c8b1c37e0d4b9a7f2d\"\nserver: cloudflare\n";

ledger::Raw raw_of(const port::Answer& answer, const std::string& url) {
  return {.kind = answer.page.kind,
          .currency = answer.page.currency,
          .take = answer.page.take,
          .received_at = answer.received_at,
          .served_at = answer.served_at,
          .url = url,
          .status = 200,
          .headers = std::string(kHeaders),
          .body = answer.body};
}

class Store final : public StoreCase {
 public:
  Store(Pages& pages, std::unique_ptr<test::ManualClock> clock, ledger::Ledger ledger, std::string run)
      : pages_(pages), clock_(std::move(clock)), ledger_(std::move(ledger)), run_(std::move(run)) {}

  Result<double> store(const std::string& page) override {
    const auto answer = pages_.answer(page);
    clock_->set(answer.received_at);
    Result<void> done;
    const auto took = timed([&] { done = decode_and_commit(answer); });
    CHECK_OK(done);
    return took;
  }

 private:
  Result<void> decode_and_commit(const port::Answer& answer) {
    const auto batch = TRY(source_->decode(answer));
    auto tx = TRY(ledger_.begin({.run = run_,
                                 .kind = "answer",
                                 .source = std::string(source_->name()),
                                 .decoder = source_->decoder_version(),
                                 .requests = 1,
                                 .credits = 1}));
    CHECK_OK(tx.add_raw(raw_of(answer, source_->request(answer.page).url)));
    (void)TRY(tx.add_batch(batch));
    const auto counts = TRY(tx.commit());
    if (counts.fresh != kCoins) return fail(Kind::corrupt, tr("not every row of the page was new"));
    return {};
  }

  Pages& pages_;
  std::unique_ptr<test::ManualClock> clock_;
  ledger::Ledger ledger_;
  std::string run_;
  std::unique_ptr<port::Source> source_ = source::make_coingecko({.base_url = "https://api.coingecko.com/api/v3"});
};

}  // namespace

Result<std::unique_ptr<StoreCase>> StoreCase::open(Pages& pages, const std::filesystem::path& path) {
  auto clock = std::make_unique<test::ManualClock>(pages.answer({}).received_at);
  auto ledger = TRY(ledger::Ledger::open({.path = path, .clock = clock.get()}));
  auto run = TRY(ledger.begin_run({.source = "coingecko", .plan = "bench"}));
  return std::make_unique<Store>(pages, std::move(clock), std::move(ledger), std::move(run));
}

}  // namespace coinlake::bench
