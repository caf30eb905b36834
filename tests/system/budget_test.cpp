// Budgets of the built program across its starts, counted at the simulator's log.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <thread>

#include "coinlake/base/time.hpp"
#include "tests/support/played.hpp"

namespace coinlake::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;

class Budget : public Played {
 protected:
  [[nodiscard]] Exit collect(Environment environment = {}) const {
    environment.emplace("COINLAKE_HTTP__RETRIES", "0");
    return coinlake({"collect", "--top", "5", "--no-cache"}, environment);
  }
  [[nodiscard]] Exit quotes(const Environment& environment = cmc("first")) const {
    return coinlake({"collect", "--source", "coinmarketcap", "--ids", "1", "--no-cache"}, environment);
  }
  [[nodiscard]] Exit listings(const Environment& environment = cmc("first")) const {
    return coinlake({"collect", "--source", "coinmarketcap", "--top", "5", "--no-cache"}, environment);
  }
  static Environment cmc(const std::string& key) {
    return {{"CMC_API_KEY", key + "-key-of-coinmarketcap"}, {"COINLAKE_HTTP__RETRIES", "0"}};
  }
  static Environment demo(const std::string& key) {
    return {{"COINLAKE_COINGECKO__API_KEY", key}, {"COINLAKE_COINGECKO__PLAN", "demo"}};
  }

  // Of the block there is: how long it was at its begin, and when it ends.
  struct Seen {
    Time since{}, until{};
  };
  [[nodiscard]] Seen block_in_budget(const std::string& source, const Environment& environment = {}) const {
    const auto told = coinlake({"budget", "--json", "--source", source}, environment).out;
    const auto time = [&](const std::string& key) { return parse_iso(between(told, "\"" + key + "\":\"", "\"")); };
    if (!time("since") || !time("until")) throw std::runtime_error("no block in " + told);
    return {*time("since"), *time("until")};
  }

  void expect_left_alone(const Exit& done, Time until) const {
    EXPECT_EQ(done.code, 75) << done.err;
    EXPECT_THAT(done.err, AllOf(HasSubstr("no request was made"), HasSubstr(format_utc(until))));
  }
};

TEST_F(Budget, F27_ARetryAfterMakesOneRequestOfThreeStarts) {
  struct Case {
    std::string retry_after;
    Duration block;
  };
  for (const auto& [retry_after, block] : {Case{"86400", 1h}, Case{"Fri, 01 Jan 2100 00:00:00 GMT", 1h},
                                           Case{"1200", 20min}, Case{"-1", 60s}, Case{"NaN", 60s}}) {
    SCOPED_TRACE(retry_after);
    play({"--status", "429", "--retry-after", retry_after});
    EXPECT_EQ(collect().code, 75);
    const auto seen = block_in_budget("coingecko");
    EXPECT_EQ(seen.until - seen.since, block);
    expect_left_alone(collect(), seen.until);
    expect_left_alone(collect(), seen.until);
    EXPECT_THAT(requests(), SizeIs(1));
  }
}

TEST_F(Budget, F27_EightStartsWithoutRetryAfterMakeOneRequest) {
  play({"--status", "429"});
  for (int start = 1; start <= 8; ++start) EXPECT_EQ(collect({{"COINLAKE_HTTP__RETRIES", "2"}}).code, 75);
  EXPECT_THAT(requests(), SizeIs(1)) << "the first answer closes the way for a minute";
}

TEST_F(Budget, F27_EightStartsMakeAtMostTheMinutesAllowance) {
  play({"--status", "500"});  // closes nothing: the pace alone counts
  for (int start = 1; start <= 5; ++start) EXPECT_EQ(collect().code, 1);
  for (int start = 6; start <= 8; ++start) {
    const auto done = collect();
    EXPECT_EQ(done.code, 75);
    EXPECT_THAT(done.err, AllOf(HasSubstr("this minute's 5 requests"), HasSubstr("the next may go at")));
  }
  EXPECT_THAT(requests(), SizeIs(5));
}

TEST_F(Budget, F43_ARefusedKeyIsAskedOnceAndAnotherOneAtOnce) {
  play({"--key", "CG-right-key-of-coingecko", "--plan", "demo"});
  const auto wrong = demo("CG-wrong-key-of-coingecko"), right = demo("CG-right-key-of-coingecko");
  EXPECT_EQ(collect(wrong).code, 1);
  const auto seen = block_in_budget("coingecko", wrong);
  EXPECT_EQ(seen.until - seen.since, 15min);
  for (int start = 2; start <= 5; ++start) expect_left_alone(collect(wrong), seen.until);
  EXPECT_THAT(requests(), SizeIs(1));
  EXPECT_EQ(collect(right).code, 0) << "another key is tried at once";
  expect_left_alone(collect(wrong), seen.until);
  EXPECT_THAT(requests(), SizeIs(2));
}

TEST_F(Budget, F43_AKeysEndAndAPlansLimitAreToldApart) {
  std::vector<std::string> said;
  for (const auto* status : {"401", "402", "403"}) {
    SCOPED_TRACE(status);
    play({"--status", status});
    const auto first = collect(demo("CG-key-of-coingecko"));
    EXPECT_EQ(first.code, 1);
    EXPECT_THAT(first.err, HasSubstr(status));
    EXPECT_EQ(collect(demo("CG-key-of-coingecko")).code, 75);
    EXPECT_THAT(requests(), SizeIs(1));
    said.push_back(first.err);
  }
  EXPECT_NE(said[0], said[2]);
}

// What coinlake does with an error of CoinMarketCap's, whichever HTTP status carries it.
class CoinMarketCapError : public Budget, public testing::WithParamInterface<std::string> {
 protected:
  void play_error(int code, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"--cmc-error", std::to_string(code) + GetParam()});
    play(more);
  }
  void expect_a_closed_key(int code) {
    SCOPED_TRACE(code);
    play_error(code);
    const auto first = quotes();
    EXPECT_EQ(first.code, 1);
    EXPECT_THAT(first.err, HasSubstr(std::to_string(code)));
    const auto seen = block_in_budget("coinmarketcap", cmc("first"));
    EXPECT_EQ(seen.until - seen.since, 15min);
    expect_left_alone(quotes(), seen.until);
    expect_left_alone(listings(), seen.until);
    EXPECT_THAT(requests(), SizeIs(1));
    EXPECT_EQ(quotes(cmc("second")).code, 1);
    EXPECT_THAT(requests(), SizeIs(2)) << "another key is tried";
  }
  void expect_a_closed_endpoint(int code) {
    SCOPED_TRACE(code);
    play_error(code, {"--on", "1"});
    EXPECT_EQ(quotes().code, 1);
    const auto seen = block_in_budget("coinmarketcap", cmc("first"));
    EXPECT_EQ(seen.until - seen.since, 15min);
    expect_left_alone(quotes(), seen.until);
    EXPECT_EQ(listings().code, 0) << "quotes alone are closed";
    expect_left_alone(quotes(), seen.until);
    EXPECT_THAT(requests(), SizeIs(2));
  }
};
INSTANTIATE_TEST_SUITE_P(Status, CoinMarketCapError, testing::Values("", ":200"),
                         [](const auto& of) { return of.param.empty() ? "ItsOwn" : "Within200"; });

TEST_P(CoinMarketCapError, OfAKeyClosesTheKey) {
  for (const int code : {1001, 1002, 1003, 1004, 1007, 1010, 1011}) expect_a_closed_key(code);
}

TEST_P(CoinMarketCapError, OfAPlanClosesTheEndpointOnly) {
  for (const int code : {1005, 1006}) expect_a_closed_endpoint(code);
}

TEST_P(CoinMarketCapError, Of1008WaitsForTheMinute) {
  play_error(1008);
  EXPECT_EQ(quotes().code, 75);
  const auto until = block_in_budget("coinmarketcap", cmc("first")).until;
  EXPECT_LT(until - std::chrono::floor<std::chrono::minutes>(until), 5s) << "a minute's begin, and the answer's way";
  EXPECT_LE(until, system_clock().now() + 60s);
  const auto second = quotes();
  if (system_clock().now() < until) {  // else the minute has passed meanwhile
    expect_left_alone(second, until);
    EXPECT_THAT(requests(), SizeIs(1));
  }
}

TEST_P(CoinMarketCapError, Of1008KeepsToRetryAfter) {
  play_error(1008, {"--retry-after", "1800"});
  EXPECT_EQ(quotes().code, 75);
  const auto seen = block_in_budget("coinmarketcap", cmc("first"));
  EXPECT_EQ(seen.until - seen.since, 30min);
  expect_left_alone(quotes(), seen.until);
  EXPECT_THAT(requests(), SizeIs(1));
}

TEST_P(CoinMarketCapError, Of1009LeavesTheDayAloneForAnHour) {
  play_error(1009);
  EXPECT_EQ(quotes().code, 75);
  const auto seen = block_in_budget("coinmarketcap", cmc("first"));
  EXPECT_EQ(seen.until - seen.since, 1h);
  expect_left_alone(listings(), seen.until);
  EXPECT_THAT(requests(), SizeIs(1));
}

TEST_F(Budget, TwoKeysHaveTwoAccounts) {
  play({"--coins", "5"});
  auto first = cmc("first"), second = cmc("second");
  for (auto* one : {&first, &second}) one->emplace("COINLAKE_COINMARKETCAP__REQUESTS_PER_MINUTE", "1");
  EXPECT_EQ(quotes(first).code, 0);
  EXPECT_EQ(quotes(first).code, 75);
  EXPECT_EQ(quotes(second).code, 0);
  EXPECT_EQ(quotes(second).code, 75);
  EXPECT_THAT(requests(), SizeIs(2));
  EXPECT_EQ(sql("SELECT count(DISTINCT account), count(*) FROM spend"), "2,2");
}

TEST_F(Budget, TheCommandSaysWhatIsLeft) {
  play({"--coins", "300"});
  ASSERT_EQ(coinlake({"collect", "--top", "250", "--no-cache"}).code, 0);
  ASSERT_EQ(coinlake({"collect", "--source", "coinmarketcap", "--top", "300"}, cmc("first")).code, 0);
  ASSERT_EQ(quotes().code, 0);
  const auto told = coinlake({"budget", "--json"}, cmc("first")).out;
  EXPECT_THAT(told, HasSubstr(R"("source":"coingecko","plan":"keyless","requests_per_minute":5,)"
                              R"("requests_this_minute":1,"requests_left":4,"requests_this_month":1)"));
  EXPECT_THAT(told, HasSubstr(R"("source":"coinmarketcap","plan":"basic","requests_per_minute":30,)"
                              R"("requests_this_minute":2,"requests_left":28,"requests_this_month":2,)"
                              R"("credits_per_month":15000,"credits_this_month":3,"credits_left":14997)"));
  EXPECT_THAT(coinlake({"budget"}, cmc("first")).out, AllOf(HasSubstr("4 of 5"), HasSubstr("14997 of 15000")));
  EXPECT_THAT(coinlake({"budget", "--json"}, cmc("second")).out, HasSubstr(R"("credits_left":15000)"));
}

TEST_F(Budget, TheProviderIsAskedOnRequest) {
  play({"--coins", "300"});
  ASSERT_EQ(coinlake({"collect", "--source", "coinmarketcap", "--top", "300"}, cmc("first")).code, 0);
  const auto told = coinlake({"budget", "--refresh", "--json", "--source", "coinmarketcap"}, cmc("first"));
  EXPECT_EQ(told.code, 0) << told.err;
  EXPECT_THAT(told.out, AllOf(HasSubstr(R"("requests_this_minute":2)"), HasSubstr(R"("credits_used":2)"),
                              HasSubstr(R"("credits_left":14998)")));
  EXPECT_THAT(requests().back(), HasSubstr("/v1/key/info"));
}

TEST_F(Budget, AMonthWithoutCreditsIsNotBegun) {
  play({"--coins", "300"});
  auto poor = cmc("first");
  poor.emplace("COINLAKE_COINMARKETCAP__CREDITS_PER_MONTH", "2");
  ASSERT_EQ(coinlake({"collect", "--source", "coinmarketcap", "--top", "300"}, poor).code, 0);
  const auto done = quotes(poor);
  EXPECT_EQ(done.code, 75);
  EXPECT_THAT(done.err, HasSubstr("2 of the 2 credits"));
  EXPECT_THAT(requests(), SizeIs(1));
}

// An address where nobody answers: its queue is full, so that a connection is begun and never made.
class FullQueue {
 public:
  FullQueue() {
    for (auto& socket : sockets_) socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    if (::bind(sockets_[0], plain, size) != 0 || ::listen(sockets_[0], 0) != 0 ||
        ::getsockname(sockets_[0], plain, &size) != 0)
      throw std::runtime_error("no queue");
    for (std::size_t i = 1; i < sockets_.size(); ++i) (void)::connect(sockets_[i], plain, size);
    port_ = ntohs(address.sin_port);
  }
  FullQueue(const FullQueue&) = delete;
  FullQueue& operator=(const FullQueue&) = delete;
  ~FullQueue() {
    for (const int socket : sockets_) ::close(socket);
  }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/api/v3"; }

 private:
  std::array<int, 4> sockets_{};
  int port_ = 0;
};

class KilledSpend : public Budget {
 protected:
  // Killed as soon as another process sees that it has paid.
  void kill_after_the_spend(const Environment& environment) {
    Program program(COINLAKE_BINARY, {"collect", "--top", "5"}, with(environment), folder_.path());
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (sql("SELECT count(*) FROM spend") != "1") ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    program.signal(SIGKILL);
    EXPECT_EQ(program.wait().code, 128 + SIGKILL);
  }
  void expect_it_counts(const Environment& environment) {
    const auto next = collect(environment);
    EXPECT_EQ(next.code, 75);
    EXPECT_THAT(next.err, HasSubstr("this minute's 1 request"));
    EXPECT_THAT(coinlake({"budget", "--json", "--source", "coingecko"}, environment).out,
                AllOf(HasSubstr(R"("requests_left":0)"), HasSubstr(R"("requests_this_month":1)")));
    EXPECT_EQ(sql("SELECT count(*) FROM spend"), "1");
  }
};

TEST_F(KilledSpend, BeforeItsRequestIsSentCounts) {
  const FullQueue nobody;
  const Environment one{{"COINLAKE_COINGECKO__REQUESTS_PER_MINUTE", "1"},
                        {"COINLAKE_COINGECKO__BASE_URL", nobody.url()}};
  kill_after_the_spend(one);
  expect_it_counts(one);
}

TEST_F(KilledSpend, BeforeItsAnswerCounts) {
  play({"--coins", "5", "--delay", "60000"});
  const Environment one{{"COINLAKE_COINGECKO__REQUESTS_PER_MINUTE", "1"}};
  kill_after_the_spend(one);
  expect_it_counts(one);
  EXPECT_THAT(requests(), SizeIs(testing::Le(1U)));
}

TEST_F(KilledSpend, OfASweepCountsWithThoseBeforeIt) {
  play({"--coins", "600", "--delay", "60000", "--on", "3"});
  const Environment three{{"COINLAKE_COINGECKO__REQUESTS_PER_MINUTE", "3"}};
  {
    Program program(COINLAKE_BINARY, {"collect", "--all", "--verbose"}, with(three), folder_.path());
    ASSERT_THAT(program.read_err_line(), HasSubstr("page 1"));
    ASSERT_THAT(program.read_err_line(), HasSubstr("page 2"));
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (requests().size() < 3) ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    program.signal(SIGKILL);
    EXPECT_EQ(program.wait().code, 128 + SIGKILL);
  }
  const auto next = collect(three);
  EXPECT_EQ(next.code, 75);
  EXPECT_THAT(next.err, HasSubstr("this minute's 3 requests"));
  EXPECT_THAT(requests(), SizeIs(3));
  expect_a_sound_ledger();
}

}  // namespace
}  // namespace coinlake::test
