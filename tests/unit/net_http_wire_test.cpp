// What the server puts on the wire, as bytes and pauses, without a connection.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "coinlake/net/http_wire.hpp"

namespace coinlake::net {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

struct Sent {
  std::string bytes;
  std::chrono::microseconds time{0};
  std::size_t pieces = 0;
};

Sent sent_by(HttpWire& wire, std::size_t most = 1'000'000) {
  Sent out;
  while (out.bytes.size() < most) {
    const auto piece = wire.next();
    if (!piece) break;
    for (const auto bytes : piece->bytes) out.bytes += bytes;
    out.time += piece->pause;
    ++out.pieces;
  }
  return out;
}
std::string bytes_of(HttpReply reply) {
  HttpWire wire(std::move(reply), true, false);
  return sent_by(wire).bytes;
}

TEST(HttpWireTest, AnOrdinaryAnswerIsOnePieceAndKeepsItsConnection) {
  HttpWire wire({.headers = {{"X-A", "b"}}, .body = "[1]"}, true, false);
  const auto sent = sent_by(wire);
  EXPECT_EQ(sent.bytes, "HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\n[1]");
  EXPECT_EQ(sent.pieces, 1U);
  EXPECT_EQ(sent.time, 0us);
  EXPECT_EQ(wire.end(), HttpEnd::keep);
  EXPECT_EQ(HttpWire({}, false, false).end(), HttpEnd::close);
}

RC_GTEST_PROP(HttpWireProperty, APaceChangesTheTimeAndNoByte, ()) {
  const auto body = *rc::gen::arbitrary<std::string>();
  const auto head_rate = *rc::gen::inRange<std::size_t>(1, 2'000), body_rate = *rc::gen::inRange<std::size_t>(1, 2'000);
  HttpWire quick({.body = body}, true, false);
  HttpWire slow({.body = body, .head_rate = head_rate, .body_rate = body_rate}, true, false);
  const auto whole = sent_by(quick), dripped = sent_by(slow);
  RC_ASSERT(dripped.bytes == whole.bytes);
  const double head = static_cast<double>(whole.bytes.size() - body.size()) / static_cast<double>(head_rate),
               rest = static_cast<double>(body.size()) / static_cast<double>(body_rate);
  RC_ASSERT(std::abs(std::chrono::duration<double>(dripped.time).count() - head - rest) < 0.01);
}

TEST(HttpWireTest, F31_AByteASecondIsAByteASecond) {
  HttpWire wire({.body = "ab", .head_rate = 1}, true, false);
  const auto first = wire.next();
  EXPECT_EQ(first->bytes[0], "H");
  EXPECT_EQ(first->bytes[1], "");
  EXPECT_EQ(first->pause, 1s);
}

TEST(HttpWireTest, F32_ACutBodyIsAnnouncedWholeAndEndsAsItIsTold) {
  for (const auto end : {HttpEnd::close, HttpEnd::reset, HttpEnd::stall}) {
    HttpWire wire({.body = "0123456789", .cut_after = 4, .end = end}, true, false);
    EXPECT_THAT(sent_by(wire).bytes, AllOf(HasSubstr("Content-Length: 10\r\n"), EndsWith("\r\n\r\n0123")));
    EXPECT_EQ(wire.end(), end);
  }
  HttpWire whole({.body = "01", .cut_after = 2, .end = HttpEnd::reset}, true, false);
  EXPECT_EQ(whole.end(), HttpEnd::keep) << "what is not cut ends well";
}

TEST(HttpWireTest, F32_AResetSendsNothing) {
  HttpWire wire({.body = "01", .reset = true}, true, false);
  EXPECT_EQ(sent_by(wire).bytes, "");
  EXPECT_EQ(wire.end(), HttpEnd::reset);
}

TEST(HttpWireTest, F32_EndlessChunksHaveNoLastOne) {
  HttpWire wire({.body = "[1,2]", .endless = true}, true, false);
  const auto sent = sent_by(wire, 2'000).bytes;
  EXPECT_THAT(sent,
              AllOf(HasSubstr("Transfer-Encoding: chunked\r\n"), HasSubstr("\r\n\r\n5\r\n[1,2]\r\n5\r\n[1,2]\r\n5\r\n"),
                    testing::Not(HasSubstr("Content-Length"))));
  EXPECT_TRUE(wire.next().has_value());
  HttpWire cut({.body = "[1,2]", .cut_after = 6, .endless = true}, true, false);
  EXPECT_THAT(sent_by(cut).bytes, EndsWith("\r\n\r\n5\r\n[1,")) << "with a cut they end, without their terminator";
  EXPECT_EQ(cut.end(), HttpEnd::close);
}

TEST(HttpWireTest, F37_AChunkSaysWhateverSizeItIsTold) {
  for (const std::string size : {"-2", "FFFFFFFFFFFFFFFF", ""})
    EXPECT_THAT(bytes_of({.body = "ab", .chunk_size = size}), EndsWith("\r\n\r\n" + size + "\r\nab\r\n0\r\n\r\n"));
}

TEST(HttpWireTest, ToAHeadRequestThereIsNoBodyHoweverItIsBroken) {
  for (HttpReply reply : {HttpReply{.body = "ab"}, HttpReply{.body = "ab", .endless = true},
                          HttpReply{.body = "ab", .chunk_size = "9"}}) {
    HttpWire wire(std::move(reply), true, true);
    EXPECT_THAT(sent_by(wire).bytes, AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), EndsWith("\r\n\r\n")));
  }
}

}  // namespace
}  // namespace coinlake::net
