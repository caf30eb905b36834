// The simulator's faults as bytes on a socket, as the command line names them.
#include <gmock/gmock.h>

#include "coinlake/net/gzip.hpp"
#include "coinlake/net/http_client.hpp"
#include "sim/tls.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/simulation.hpp"

namespace coinlake::sim {
namespace {

using test::Ending;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class SimWire : public test::Simulation {
 protected:
  static constexpr const char* kTarget = "/api/v3/coins/markets?vs_currency=usd";

  // What a client of the simulator with these options hears.
  test::Heard heard(std::vector<std::string> words, test::Patience patience = {}, const std::string& more = "") {
    words.insert(words.end(), {"--coins", "50"});
    auto options = parse_options(words);
    if (!options) throw std::runtime_error(options.error().message.english());
    auto router = simulator(*options);
    const auto server = net::HttpServer::start({}, [&](const net::HttpCall& call) { return router.answer(call); });
    return test::talk(server->port(),
                      "GET " + std::string(kTarget) + " HTTP/1.1\r\nHost: x\r\nUser-Agent: t\r\n" + more +
                          "Connection: close\r\n\r\n",
                      patience);
  }
  static std::string body_in(const test::Heard& answer) {
    const auto at = answer.bytes.find("\r\n\r\n");
    return at == std::string::npos ? "" : answer.bytes.substr(at + 4);
  }
};

TEST_F(SimWire, F31_AHeadThatDripsComesByteByByte) {
  const auto answer = heard({"--slow-head", "10"}, {.enough = 3});
  EXPECT_THAT(answer.bytes, StartsWith("HTT"));
  EXPECT_LT(answer.bytes.size(), 20U);
}

TEST_F(SimWire, F31_ABodyThatDripsHasItsHeadAtOnce) {
  const auto answer = heard({"--slow-body", "40"}, {.enough = 260});
  EXPECT_THAT(answer.bytes, AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("\r\n\r\n")));
  EXPECT_LT(body_in(answer).size(), 100U);
}

TEST_F(SimWire, F31_AStallIsSilenceAfterTheHeadOrAfterACut) {
  const auto silent = heard({"--stall"}, {.milliseconds = 300});
  EXPECT_EQ(silent.ending, Ending::silent);
  EXPECT_THAT(silent.bytes, AllOf(HasSubstr("Content-Length: "), EndsWith("\r\n\r\n")));
  const auto later = heard({"--stall", "--cut", "100"}, {.milliseconds = 300});
  EXPECT_EQ(later.ending, Ending::silent);
  EXPECT_EQ(body_in(later).size(), 100U);
}

TEST_F(SimWire, F32_AResetComesAfterSoManyBytesOfTheBody) {
  const auto answer = heard({"--reset-after", "500"});
  EXPECT_EQ(answer.ending, Ending::reset);
  EXPECT_EQ(body_in(answer).size(), 500U);
  EXPECT_EQ(heard({"--reset"}).ending, Ending::reset);
  EXPECT_EQ(heard({"--cut", "500"}).ending, Ending::closed);
}

TEST_F(SimWire, F32_EndlessChunksGoOn) {
  const auto answer = heard({"--endless"}, {.enough = 1'000'000}, "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(answer.ending, Ending::enough);
  EXPECT_THAT(answer.bytes, AllOf(HasSubstr("Transfer-Encoding: chunked"), Not(HasSubstr("\r\n0\r\n"))));
  const auto ended = heard({"--endless", "--cut", "3000"});
  EXPECT_EQ(ended.ending, Ending::closed);
  EXPECT_EQ(body_in(ended).size(), 3'000U);
}

TEST_F(SimWire, F37_ChunkSizesAndHeadersAreWhatTheyShouldNotBe) {
  EXPECT_THAT(body_in(heard({"--bad-chunk", "-2"})), StartsWith("-2\r\n[{\"id\""));
  EXPECT_THAT(heard({"--headers", "300"}).bytes, AllOf(HasSubstr("\r\nX-1: 1\r\n"), HasSubstr("\r\nX-300: 1\r\n")));
  EXPECT_THAT(heard({"--header-bytes", "5000"}).bytes, HasSubstr("\r\nX-Long: " + std::string(5'000, 'a') + "\r\n"));
}

TEST_F(SimWire, F35_ABombIsGzipWhetherItIsAskedForOrNot) {
  const auto answer = heard({"--bomb", "2"});
  EXPECT_THAT(answer.bytes,
              AllOf(HasSubstr("Content-Encoding: gzip\r\n"), HasSubstr("Content-Type: application/json")));
  std::string out;
  net::GzipReader reader;
  reader.feed(body_in(answer), out, std::size_t{4} << 20);
  EXPECT_EQ(out.size(), std::size_t{2} << 20);
}

TEST_F(SimWire, F35_DeepJsonIsAsDeepAsItIsTold) {
  EXPECT_EQ(body_in(heard({"--deep", "1000"})), std::string(1'000, '[') + std::string(1'000, ']'));
}

TEST_F(SimWire, F36_ARedirectGoesWhereItIsToldOrToItself) {
  EXPECT_THAT(heard({"--redirect", "http://elsewhere.invalid/x"}).bytes,
              AllOf(StartsWith("HTTP/1.1 302 "), HasSubstr("\r\nLocation: http://elsewhere.invalid/x\r\n")));
  EXPECT_THAT(heard({"--redirect", "itself", "--status", "307"}).bytes,
              AllOf(StartsWith("HTTP/1.1 307 "), HasSubstr("\r\nLocation: " + std::string(kTarget) + "\r\n")));
}

TEST_F(SimWire, TheDateIsOffByAsMuchAsItIsTold) {
  EXPECT_THAT(heard({}).bytes, HasSubstr("\r\nDate: Fri, 15 Jan 2027 08:00:00 GMT\r\n"));
  EXPECT_THAT(heard({"--date", "3600"}).bytes, HasSubstr("\r\nDate: Fri, 15 Jan 2027 09:00:00 GMT\r\n"));
  EXPECT_THAT(heard({"--date=-60"}).bytes, HasSubstr("\r\nDate: Fri, 15 Jan 2027 07:59:00 GMT\r\n"));
}

TEST_F(SimWire, F28_EveryKindOfTlsHasACertificateThatTheServerTakes) {
  for (const auto* kind : {"self-signed", "expired", "not-yet-valid", "wrong-host", "old-protocol"}) {
    const auto tls = make_tls(kind);
    ASSERT_TRUE(tls) << kind;
    EXPECT_THAT(tls->certificate, StartsWith("-----BEGIN CERTIFICATE-----"));
    const auto server = net::HttpServer::start({.tls = *tls}, [](const net::HttpCall&) { return net::HttpReply{}; });
    ASSERT_TRUE(server) << server.error().message;
    EXPECT_THAT(server->url(), StartsWith("https://127.0.0.1:"));
    const auto client = net::make_curl_client("coinlake-test/1.0", clock_);
    const auto exchange = (*client)->get({.url = server->url()});
    ASSERT_TRUE(exchange.error.has_value()) << kind;
    EXPECT_EQ(exchange.error->kind, Kind::refused) << kind << ": " << exchange.error->message;
  }
}

TEST_F(SimWire, WhatIsNoCertificateIsAnError) {
  const auto server = net::HttpServer::start({.tls = net::HttpTls{.certificate = "none", .key = "none"}},
                                             [](const net::HttpCall&) { return net::HttpReply{}; });
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error().message.english(), HasSubstr("certificate"));
}

}  // namespace
}  // namespace coinlake::sim
