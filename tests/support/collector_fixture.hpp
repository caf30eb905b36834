// Collections against a scripted client, with a ledger of their own and a clock that never sleeps.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>

#include "coinlake/collect/collector.hpp"
#include "coinlake/source/coingecko/coingecko.hpp"
#include "tests/support/fault_vfs.hpp"
#include "tests/support/ledger_fixture.hpp"
#include "tests/support/manual_clock.hpp"

namespace coinlake::test {

using collect::Collection;

class ScriptedClient final : public net::HttpClient {
 public:
  explicit ScriptedClient(ManualClock& clock) : clock_(clock) {}
  net::HttpExchange get(const net::HttpRequest& request) override {
    urls.push_back(request.url);
    const auto condition = std::ranges::find(request.headers, "If-None-Match", &net::Header::name);
    conditions.push_back(condition == request.headers.end() ? "" : condition->value);
    sent_at.push_back(clock_.monotonic());
    before_each();
    clock_.sleep(std::min<Duration>(takes, request.deadline));
    auto next = answers.empty() ? answer(200, "[]") : answers.front();
    if (!answers.empty()) answers.pop_front();
    if (next.response) next.response->received_at = clock_.now();
    return next;
  }
  static net::HttpExchange answer(int status, std::string body, std::vector<net::Header> headers = {}) {
    return {.response = net::HttpResponse{.status = status, .headers = std::move(headers), .body = std::move(body)}};
  }
  static net::HttpExchange failure(Kind kind) { return {.error = Error{kind, tr("GET x: no connection")}}; }

  std::deque<net::HttpExchange> answers;      // in turn; then empty lists
  std::function<void()> before_each = [] {};  // while a request is under way
  Duration takes{};                           // each request, if its deadline allows that
  std::vector<std::string> urls, conditions;  // condition: of If-None-Match, or ""
  std::vector<Duration> sent_at;

 private:
  ManualClock& clock_;
};

class WaitCounter final : public collect::Watcher {
 public:
  void waiting(Duration wait, const Message&) override { waits.push_back(wait); }
  std::vector<Duration> waits;
};

inline std::vector<std::string> english(const std::vector<Message>& messages) {
  std::vector<std::string> out;
  for (const auto& message : messages) out.push_back(message.english());
  return out;
}

// Rows of CoinGecko's markets: coins "c<from>" and so on.
inline std::string rows(int from, int count, double price = 2) {
  std::string out = "[";
  for (int i = from; i < from + count; ++i) {
    out += (i == from ? "" : ",") + std::string(R"({"id":"c)") + std::to_string(i) +
           R"(","symbol":"s","name":"n","current_price":)" + std::to_string(price) + R"(,"market_cap_rank":)" +
           std::to_string(i) + R"(,"last_updated":"2026-11-24T08:59:00.000Z"})";
  }
  return out + "]";
}

class CollectorFixture : public testing::Test {
 protected:
  inline static const collect::Settings kSettings{.retry = {.retries = 2, .jitter = [] { return 0.0; }}};

  CollectorFixture() { reopen(); }

  Collection collect(const port::Ask& ask, const source::CoinGeckoOptions& options = unhurried(),
                     bool use_cache = false) {
    return collect_from(*source::make_coingecko(options), ask, use_cache);
  }
  Collection collect_from(port::Source& source, const port::Ask& ask, bool use_cache = false) {
    auto settings = kSettings;
    settings.cache_ttl = ttl_, settings.use_cache = use_cache;
    collect::OwnLedger access(*ledger_);
    collect::Collector collector(source, http_, access, clock_, watcher_, std::move(settings));
    auto done = collector.run(ask);
    EXPECT_TRUE(done) << done.error().message.english();
    return *done;
  }

  // As a user's keyless source, but for the pace.
  static source::CoinGeckoOptions unhurried() { return keyless(6000); }
  static source::CoinGeckoOptions keyless(int per_minute = 0) {
    return {.base_url = "http://127.0.0.1/api/v3", .requests_per_minute = per_minute};
  }
  static source::CoinGeckoOptions demo(const std::string& key) {
    return {.base_url = "http://127.0.0.1/api/v3", .plan = source::CoinGeckoPlan::demo, .api_key = Secret(key)};
  }

  // The ledger as the next process finds it.
  void reopen() {
    close();
    auto opened = ledger::Ledger::open({.path = path(), .clock = &clock_, .vfs = disk_.name()});
    ledger_ = std::make_unique<ledger::Ledger>(*std::move(opened));
  }
  void close() { ledger_.reset(); }
  [[nodiscard]] std::filesystem::path path() const { return folder_ / "l.db"; }
  std::int64_t number(const std::string& sql) { return *ledger_->connection().integer(sql); }

  LedgerFolder folder_;
  FaultVfs disk_;  // does not wait for the real one
  ManualClock clock_{*parse_iso("2026-11-24T09:00:00Z")};
  ScriptedClient http_{clock_};
  WaitCounter watcher_;
  std::optional<Duration> ttl_;
  std::unique_ptr<ledger::Ledger> ledger_;
};

}  // namespace coinlake::test
