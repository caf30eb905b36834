// The HTTP client against servers that time out, cut, redirect and lie. F numbers name the faults of the reliability
// list.
#include <gmock/gmock.h>

#include <chrono>
#include <functional>

#include "coinlake/net/gzip.hpp"
#include "coinlake/net/http_client.hpp"
#include "coinlake/net/http_server.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/raw_server.hpp"

namespace coinlake::net {
namespace {

using namespace std::chrono_literals;
using test::End;
using test::RawServer;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kKey = "CG-s3cr3t-key";

class HttpClientTest : public testing::Test {
 protected:
  HttpExchange get(const std::string& url, std::chrono::milliseconds deadline = 5s,
                   std::size_t max_body = std::size_t{64} << 20) {
    return client_->get({.url = url,
                         .secret_headers = {{"x-cg-demo-api-key", Secret(kKey)}},
                         .deadline = deadline,
                         .max_body = max_body});
  }
  // The answer to bytes that come as they are.
  HttpExchange get_raw(const std::string& bytes, End end = End::close, std::chrono::milliseconds deadline = 5s) {
    const RawServer server(bytes, end);
    return get(server.url(), deadline);
  }
  static HttpServer serve(HttpReply reply) {
    auto server = HttpServer::start({}, [reply = std::move(reply)](const HttpCall&) { return reply; });
    if (!server) throw std::runtime_error(server.error().message.english());
    return std::move(*server);
  }
  static void expect_error(const HttpExchange& exchange, Kind kind, const std::string& says) {
    ASSERT_TRUE(exchange.error.has_value());
    EXPECT_EQ(exchange.error->kind, kind) << exchange.error->message.english();
    EXPECT_THAT(exchange.error->message.english(), HasSubstr(says));
  }

  test::ManualClock clock_;
  std::unique_ptr<HttpClient> client_ = std::move(*make_curl_client("coinlake-test/1.0", clock_));
};

TEST_F(HttpClientTest, ACompleteAnswerComesWithItsHeadersInLowerCaseAndTheTimeOfItsLastByte) {
  const auto server = serve({.headers = {{"X-Mixed-Case", "  Kept As Is "}}, .body = "[1,2]"});
  const auto exchange = get(server.url() + "/a?b=c");
  ASSERT_FALSE(exchange.error.has_value()) << exchange.error->message.english();
  EXPECT_EQ(exchange.response->status, 200);
  EXPECT_EQ(exchange.response->body, "[1,2]");
  EXPECT_EQ(exchange.response->header("x-mixed-case"), "Kept As Is");
  EXPECT_EQ(exchange.response->received_at, clock_.now());
}

TEST_F(HttpClientTest, AnErrorStatusIsACompleteAnswer) {
  const auto server = serve({.status = 503, .body = "busy"});
  const auto exchange = get(server.url());
  EXPECT_FALSE(exchange.error.has_value());
  EXPECT_EQ(exchange.response->status, 503);
  EXPECT_EQ(exchange.response->body, "busy");
}

TEST_F(HttpClientTest, GzipIsAskedForAndUndone) {
  const std::string body(100'000, 'a');
  const auto server = serve({.headers = {{"Content-Encoding", "gzip"}}, .body = gzip(body)});
  const auto exchange = get(server.url());
  ASSERT_FALSE(exchange.error.has_value());
  EXPECT_EQ(exchange.response->body, body);
}

TEST_F(HttpClientTest, TheRequestSaysWhoAsksAndCarriesItsHeaders) {
  RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  client_->get({.url = server.url("/x?page=1"),
                .headers = {{"Accept", "application/json"}},
                .secret_headers = {{"x-cg-demo-api-key", Secret(kKey)}}});
  ASSERT_EQ(server.requests().size(), 1U);
  EXPECT_THAT(server.requests()[0],
              AllOf(HasSubstr("GET /x?page=1 HTTP/1.1\r\n"), HasSubstr("User-Agent: coinlake-test/1.0\r\n"),
                    HasSubstr("Accept: application/json\r\n"), HasSubstr("gzip"),
                    HasSubstr("x-cg-demo-api-key: CG-s3cr3t-key\r\n")));
}

TEST_F(HttpClientTest, ConnectionsAreKeptAndHeadersOfOneRequestAreForgottenInTheNext) {
  std::string seen;
  const auto server = HttpServer::start({}, [&](const HttpCall& call) {
    return seen = std::string(call.header("x-once").value_or("none")), HttpReply{};
  });
  client_->get({.url = server->url(), .headers = {{"X-Once", "1"}}});
  client_->get({.url = server->url()});
  EXPECT_EQ(seen, "none");
}

TEST_F(HttpClientTest, AHeaderWithALineBreakIsRefusedBeforeAnyConnection) {
  RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  const auto exchange = client_->get(
      {.url = server.url(), .secret_headers = {{"x-cg-demo-api-key", Secret("CG-s3cr3t\r\nX-Injected: 1")}}});
  expect_error(exchange, Kind::config, "x-cg-demo-api-key");
  EXPECT_THAT(exchange.error->message.english() + exchange.error->hint.english(), Not(HasSubstr("s3cr3t")));
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(HttpClientTest, F31_ADeadlineEndsHeadersThatDrip) {
  expect_error(get_raw("HTTP/1.1 200 OK\r\nX-Long: ", End::drip, 200ms), Kind::temporary, "deadline");
}

TEST_F(HttpClientTest, F31_ADeadlineEndsABodyThatDrips) {
  const auto exchange = get_raw("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", End::drip, 200ms);
  expect_error(exchange, Kind::temporary, "deadline");
  EXPECT_EQ(exchange.response->status, 200);
}

TEST_F(HttpClientTest, F31_ADeadlineEndsSilenceAfterTheHeaders) {
  expect_error(get_raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", End::stall, 200ms), Kind::temporary,
               "deadline");
}

TEST_F(HttpClientTest, F31_ADeadlineEndsADelayAndTheOtherConnectionsOfThatServerGoOn) {
  const auto server = HttpServer::start(
      {}, [](const HttpCall& call) { return HttpReply{.delay = call.path == "/slow" ? 10'000ms : 0ms}; });
  expect_error(get(server->url() + "/slow", 200ms), Kind::temporary, "deadline");
  EXPECT_FALSE(get(server->url() + "/quick").error.has_value());
}

TEST_F(HttpClientTest, F32_AShortBodyIsAnErrorAndItsBytesAreKept) {
  const auto server = serve({.body = "[{\"id\":\"bitcoin\"}]", .cut_after = 7});
  const auto exchange = get(server.url());
  expect_error(exchange, Kind::undecodable, "cut short");
  EXPECT_EQ(exchange.response->status, 200);
  EXPECT_EQ(exchange.response->body, "[{\"id\":");
}

TEST_F(HttpClientTest, F32_ChunksWithoutAnEndAreAnErrorAndTheirBytesAreKept) {
  const auto exchange = get_raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n[1,2\r\n");
  expect_error(exchange, Kind::undecodable, "cut short");
  EXPECT_EQ(exchange.response->body, "[1,2");
}

TEST_F(HttpClientTest, F32_AResetInTheMiddleOfABodyIsAnAnswerCutShort) {
  const auto exchange = get_raw("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n[1,2", End::reset);
  expect_error(exchange, Kind::undecodable, "cut short");
  EXPECT_EQ(exchange.response->status, 200);
}

TEST_F(HttpClientTest, F32_AResetBeforeAnyAnswerIsTemporary) {
  const auto server = serve({.reset = true});
  const auto exchange = get(server.url());
  expect_error(exchange, Kind::temporary, "no answer");
  EXPECT_FALSE(exchange.response.has_value());
}

TEST_F(HttpClientTest, F32_AnEndBeforeAnyAnswerIsTemporary) { expect_error(get_raw(""), Kind::temporary, "no answer"); }

TEST_F(HttpClientTest, F32_ARefusedConnectionIsTemporary) {
  const auto exchange = get("http://127.0.0.1:" + std::to_string(RawServer::closed_port()) + "/");
  expect_error(exchange, Kind::temporary, "no connection");
  EXPECT_FALSE(exchange.response.has_value());
}

TEST_F(HttpClientTest, F34_WhatIsNoHttpAtAllIsUndecodable) {
  expect_error(get_raw("e\r\nnot http\r\n"), Kind::undecodable, "malformed");
}

TEST_F(HttpClientTest, F34_GzipGarbageIsUndecodable) {
  const auto server =
      serve({.headers = {{"Content-Encoding", "gzip"}}, .body = "this was never compressed, not with gzip"});
  expect_error(get(server.url()), Kind::undecodable, "GET");
}

TEST_F(HttpClientTest, F34_GzipThatEndsTooSoonIsUndecodableAlthoughEveryByteOfItCame) {
  std::string body;
  for (int i = 0; i < 20'000; ++i) body += std::to_string(i * 7919 % 10'007);
  const auto whole = gzip(body);
  for (const auto size : {whole.size() / 2, whole.size() - 1, whole.size() - 8, std::size_t{11}}) {
    const auto server = serve({.headers = {{"Content-Encoding", "gzip"}}, .body = whole.substr(0, size)});
    expect_error(get(server.url()), Kind::undecodable, "GET");
  }
}

TEST_F(HttpClientTest, GzipInChunksWithATrailerAndInSeveralMembersIsUndone) {
  const auto body = gzip("[1,") + gzip("2]");
  std::string bytes =
      "HTTP/1.1 100 Continue\r\nContent-Encoding: br\r\n\r\nHTTP/1.1 200 OK\r\nContent-Encoding: "
      "gzip\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char c : body) bytes += "1\r\n" + std::string(1, c) + "\r\n";
  const auto exchange = get_raw(bytes + "0\r\nContent-Encoding: br\r\n\r\n");
  ASSERT_FALSE(exchange.error.has_value()) << exchange.error->message.english();
  EXPECT_EQ(exchange.response->body, "[1,2]");
  EXPECT_EQ(exchange.response->header("content-encoding"), "gzip");
}

TEST_F(HttpClientTest, F34_ACompressionThatNobodyAskedForIsUndecodable) {
  const auto server = serve({.headers = {{"Content-Encoding", "br"}}, .body = "brotli?"});
  expect_error(get(server.url()), Kind::undecodable, "not asked for");
}

TEST_F(HttpClientTest, F34_BytesBehindGzipAreUndecodable) {
  const auto server = serve({.headers = {{"Content-Encoding", "gzip"}}, .body = gzip("[]") + "and more"});
  expect_error(get(server.url()), Kind::undecodable, "gzip");
}

TEST_F(HttpClientTest, F35_ADecompressionBombMeetsTheCapOnTheBytesThatComeOutOfIt) {
  constexpr std::size_t kCap = 1 << 20;
  const auto server =
      serve({.headers = {{"Content-Encoding", "gzip"}}, .body = gzip(std::string(std::size_t{64} << 20, '\0'))});
  const auto exchange = get(server.url(), 5s, kCap);
  expect_error(exchange, Kind::limit, "1048576 bytes");
  EXPECT_LE(exchange.response->body.size(), kCap);
}

TEST_F(HttpClientTest, F35_APlainBodyMeetsTheSameCapAndOneThatIsExactlyAsLargePasses) {
  const auto server = serve({.body = std::string(5000, 'a')});
  expect_error(get(server.url(), 5s, 4999), Kind::limit, "4999 bytes");
  EXPECT_FALSE(get(server.url(), 5s, 5000).error.has_value());
}

TEST_F(HttpClientTest, F36_ARedirectElsewhereIsRefusedAndTheKeyStaysHere) {
  RawServer other("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]");
  for (const int status : {301, 302, 303, 307, 308}) {
    for (const auto& target : {other.url("/stolen"), std::string("http://169.254.169.254/"),
                               std::string("https://example.invalid/"), std::string("file:///etc/passwd")}) {
      const auto server = serve({.status = status, .headers = {{"Location", target}}});
      expect_error(get(server.url() + "/here?x_cg_demo_api_key=q"), Kind::refused, "redirected");
    }
  }
  EXPECT_TRUE(other.requests().empty());
}

TEST_F(HttpClientTest, F36_ARedirectFromPlainHttpIsRefusedEvenToItself) {
  int calls = 0;
  const auto server = HttpServer::start(
      {}, [&](const HttpCall&) { return ++calls, HttpReply{.status = 302, .headers = {{"Location", "/again"}}}; });
  expect_error(get(server->url() + "/again"), Kind::refused, "redirected");
  EXPECT_EQ(calls, 1);
}

TEST_F(HttpClientTest, A304WithoutALocationIsAnAnswer) {
  const auto server = serve({.status = 304});
  const auto exchange = get(server.url());
  EXPECT_FALSE(exchange.error.has_value());
  EXPECT_EQ(exchange.response->status, 304);
}

TEST_F(HttpClientTest, F37_AHeaderOfAMegabyteIsRefused) {
  expect_error(get_raw("HTTP/1.1 200 OK\r\nX-Long: " + std::string(1 << 20, 'a') + "\r\nContent-Length: 0\r\n\r\n"),
               Kind::limit, "headers");
}

TEST_F(HttpClientTest, F37_TenThousandHeadersAreRefused) {
  std::string bytes = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 10'000; ++i) bytes += "X-" + std::to_string(i) + ": 1\r\n";
  expect_error(get_raw(bytes + "Content-Length: 0\r\n\r\n"), Kind::limit, "headers");
}

TEST_F(HttpClientTest, F37_HeadersBeforeTheAnswerCountToo) {
  std::string bytes;
  for (int i = 0; i < 10'000; ++i)
    bytes += "HTTP/1.1 100 Continue\r\nX-Long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n\r\n";
  expect_error(get_raw(bytes + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), Kind::limit, "headers");
}

TEST_F(HttpClientTest, F37_ChunkSizesThatAreNoneAreAnErrorAndNothingIsAllocatedForThem) {
  for (const auto* size : {"-2", "FFFFFFFFFFFFFFFF", "FFFFFFFFFFFFFFFFF", "zz", ""}) {
    const auto exchange =
        get_raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(size) + "\r\nab\r\n0\r\n\r\n");
    ASSERT_TRUE(exchange.error.has_value()) << size;
    EXPECT_EQ(exchange.error->kind, Kind::undecodable) << size << ": " << exchange.error->message.english();
  }
}

TEST_F(HttpClientTest, F37_AContentLengthThatIsNoneIsAnError) {
  for (const auto* length : {"-5", "99999999999999999999999", "abc"}) {
    const auto exchange = get_raw("HTTP/1.1 200 OK\r\nContent-Length: " + std::string(length) + "\r\n\r\n[]");
    ASSERT_TRUE(exchange.error.has_value()) << length;
    EXPECT_EQ(exchange.error->kind, Kind::undecodable) << length << ": " << exchange.error->message.english();
  }
}

TEST_F(HttpClientTest, F42_PlainHttpToThisMachineNeverGoesThroughAProxy) {
  RawServer proxy("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy");
  ::setenv("http_proxy", proxy.url().c_str(), 1);
  const auto server = serve({.body = "direct"});
  const auto exchange = get(server.url());
  ::unsetenv("http_proxy");
  EXPECT_EQ(exchange.response->body, "direct");
  EXPECT_TRUE(proxy.requests().empty());
}

TEST_F(HttpClientTest, PlainHttpToAnotherMachineIsRefusedBeforeAnyConnection) {
  for (const auto* url :
       {"http://example.invalid/", "http://127.0.0.1.example.invalid/", "http://localhost.example.invalid/",
        "http://10.0.0.1/", "http://[::2]/", "http://0.0.0.0/"}) {
    expect_error(get(url), Kind::refused, "is not https");
  }
}

TEST_F(HttpClientTest, AUrlWithANameOrAPasswordIsRefusedAndNotShown) {
  for (const auto* url :
       {"http://name:p4ss@127.0.0.1:1/", "https://name@example.invalid/", "https://:p4ss@example.invalid/"}) {
    const auto exchange = get(url);
    expect_error(exchange, Kind::refused, "holds a name or a password");
    EXPECT_THAT(exchange.error->message.english(), AllOf(Not(HasSubstr("p4ss")), Not(HasSubstr("name@"))));
  }
}

TEST_F(HttpClientTest, WhatIsNoUrlIsRefusedAndItsQueryIsNotShown) {
  for (const auto* url : {"", "no url?q=s3cr3t", "ftp://127.0.0.1/?q=s3cr3t", "file:///etc/passwd?q=s3cr3t",
                          "http://?q=s3cr3t", "http://a b/?q=s3cr3t"}) {
    const auto exchange = get(url);
    ASSERT_TRUE(exchange.error.has_value()) << url;
    EXPECT_EQ(exchange.error->kind, Kind::refused) << url;
    EXPECT_THAT(exchange.error->message.english() + exchange.error->hint.english(), Not(HasSubstr("s3cr3t")));
  }
}

TEST_F(HttpClientTest, NoErrorShowsTheKeyOrTheQuery) {
  const std::vector<std::pair<std::string, End>> answers = {
      {"", End::close},
      {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[", End::close},
      {"HTTP/1.1 200 OK\r\n", End::stall},
      {"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: https://example.invalid/?q=s3cr3t\r\n\r\n", End::close},
      {"HTTP/1.1 200 OK\r\nX: " + std::string(200'000, 's') + "\r\n\r\n", End::close},
      {"garbage\r\n\r\n", End::close}};
  for (const auto& [bytes, end] : answers) {
    const RawServer server(bytes, end);
    const auto exchange = get(server.url("/markets?x_cg_demo_api_key=s3cr3t"), 200ms);
    ASSERT_TRUE(exchange.error.has_value()) << bytes.substr(0, 60);
    EXPECT_THAT(exchange.error->message.english() + exchange.error->hint.english(),
                AllOf(Not(HasSubstr("s3cr3t")), Not(HasSubstr("?"))));
    EXPECT_THAT(exchange.error->message.english(), HasSubstr("/markets"));
  }
}

}  // namespace
}  // namespace coinlake::net
