// The server on its own: what it makes of requests, kept connections and limits.
#include <gmock/gmock.h>

#include "coinlake/net/gzip.hpp"
#include "coinlake/net/http_server.hpp"
#include "tests/support/raw_client.hpp"

namespace coinlake::net {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

std::string talk(const HttpServer& server, const std::string& bytes) { return test::talk(server.port(), bytes).bytes; }

HttpReply echo(const HttpCall& call) {
  return {.body = call.method + " " + call.path + " [" + call.query + "] " +
                  std::string(call.header("x-one").value_or("-")) + " " + call.body};
}

TEST(HttpServerTest, SplitsTheTargetAndFindsHeadersInAnyCase) {
  const auto server = HttpServer::start({}, echo);
  EXPECT_THAT(
      talk(*server,
           "POST /a/b?c=d?e HTTP/1.1\r\nHost: x\r\nX-ONE: 1\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody"),
      AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("Connection: close\r\n"),
            EndsWith("\r\n\r\nPOST /a/b [c=d?e] 1 body")));
}

TEST(HttpServerTest, KeepsAConnectionForTheNextRequest) {
  const auto server = HttpServer::start({}, echo);
  const auto both =
      talk(*server, "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(both,
              AllOf(HasSubstr("Connection: keep-alive\r\n\r\nGET /1"), HasSubstr("Connection: close\r\n\r\nGET /2")));
}

TEST(HttpServerTest, AnswersHeadWithoutABody) {
  const auto server = HttpServer::start({}, echo);
  EXPECT_THAT(talk(*server, "HEAD /1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              AllOf(HasSubstr("Content-Length: 13\r\n"), EndsWith("\r\n\r\n")));
}

TEST(HttpServerTest, RefusesWhatIsTooLargeOrNoHttp) {
  const auto server = HttpServer::start({.max_head = 2000, .max_body = 10}, echo);
  EXPECT_THAT(talk(*server, "GET / HTTP/1.1\r\nX: " + std::string(3000, 'a') + "\r\n\r\n"),
              StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(talk(*server, "POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n12345678901"), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(talk(*server, "nonsense\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
}

TEST(HttpServerTest, ABugInTheHandlerIsA500) {
  const auto server = HttpServer::start({}, [](const HttpCall&) -> HttpReply { throw std::runtime_error("a bug"); });
  EXPECT_THAT(talk(*server, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 500 "), HasSubstr("a bug")));
}

TEST(HttpServerTest, ACutBodyIsAnnouncedWhole) {
  const auto server =
      HttpServer::start({}, [](const HttpCall&) { return HttpReply{.body = "0123456789", .cut_after = 4}; });
  EXPECT_THAT(talk(*server, "GET / HTTP/1.1\r\n\r\n"),
              AllOf(HasSubstr("Content-Length: 10\r\n"), EndsWith("\r\n\r\n0123")));
}

TEST(HttpServerTest, APortInUseIsAnError) {
  const auto first = HttpServer::start({}, echo);
  const auto second = HttpServer::start({.port = first->port()}, echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, Kind::config);
  EXPECT_THAT(second.error().message.english(), HasSubstr(std::to_string(first->port())));
}

TEST(HttpServerTest, StopsTwiceAndWithAConnectionThatWaits) {
  auto server = HttpServer::start({}, echo);
  server->stop();
  server->stop();
  EXPECT_EQ(talk(*server, "GET / HTTP/1.1\r\n\r\n"), "");
}

TEST(Gzip, ComesBackPieceByPieceAndNeverBeyondTheCap) {
  const std::string text(100'000, 'z');
  const auto packed = gzip(text);
  std::string out;
  GzipReader reader;
  for (const char c : packed) ASSERT_EQ(reader.feed({&c, 1}, out, 1 << 20), GzipReader::Outcome::ok);
  EXPECT_EQ(out, text);
  EXPECT_TRUE(reader.whole());
  GzipReader capped;
  std::string part;
  EXPECT_EQ(capped.feed(packed, part, 99'999), GzipReader::Outcome::full);
  EXPECT_EQ(part.size(), 99'999U);
}

TEST(Gzip, ABombIsOneStreamOfBlanksThatAnybodyUnpacks) {
  const auto bomb = gzip_blanks(3);
  EXPECT_LT(bomb.size(), 10'000U);
  std::string out;
  GzipReader reader;
  EXPECT_EQ(reader.feed(bomb, out, std::size_t{8} << 20), GzipReader::Outcome::ok);
  EXPECT_TRUE(reader.whole()) << "its length and its checksum are right";
  EXPECT_EQ(out, std::string(std::size_t{3} << 20, ' '));
  EXPECT_LT(gzip_blanks(10'240).size(), std::size_t{20} << 20);
}

}  // namespace
}  // namespace coinlake::net
