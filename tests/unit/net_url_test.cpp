#include "coinlake/net/url.hpp"

#include <gmock/gmock.h>

namespace coinlake::net {
namespace {

TEST(Url, IsTakenApart) {
  const auto url = parse_url("https://API.CoinGecko.com/api/v3/ping?x=1#y");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->host, "api.coingecko.com");
  EXPECT_EQ(url->port, "443");
  EXPECT_EQ(url->shown(), "https://api.coingecko.com/api/v3/ping");
  EXPECT_FALSE(url->is_loopback());
}

// Found by fuzzing: a path with a C1 control was said as it stood.
TEST(Url, IsShownWithoutWhatSteersATerminal) {
  EXPECT_EQ(parse_url("https://example.org/a\xc2\x8e")->shown(), "https://example.org/a\xef\xbf\xbd");
  EXPECT_EQ(parse_url("http://example.org/a\xc2\x8e").error().message.english(),
            "http://example.org/a\xef\xbf\xbd is not https");
}

TEST(Url, PlainHttpIsForThisMachine) {
  for (const auto* text :
       {"http://127.0.0.1:8080/", "http://127.1.2.3/", "http://localhost/", "http://LOCALHOST/", "http://[::1]:1/"}) {
    const auto url = parse_url(text);
    ASSERT_TRUE(url) << text << ": " << url.error().message.english();
    EXPECT_TRUE(url->is_loopback()) << text;
  }
}

TEST(Url, F36_ARedirectIsFollowedToTheSameHostOverHttpsOnly) {
  const std::string from = "https://api.example.org/a/b?x=1";
  EXPECT_EQ(resolve_redirect(from, "/c").value(), "https://api.example.org/c");
  EXPECT_EQ(resolve_redirect(from, "c?y=2").value(), "https://api.example.org/a/c?y=2");
  EXPECT_EQ(resolve_redirect(from, "https://API.example.org:443/c").value(), "https://API.example.org:443/c");
}

TEST(Url, F36_ARedirectElsewhereIsRefused) {
  const std::string from = "https://api.example.org/a";
  for (const auto* to : {"http://api.example.org/a", "https://api.example.org:8443/a", "https://example.org/a",
                         "//evil.example/a", "https://api.example.org.evil.example/", "https://me:pw@api.example.org/",
                         "ftp://api.example.org/", "file:///etc/passwd", "http://127.0.0.1/",
                         "http://169.254.169.254/latest", "https://", "\\\\evil.example\\a", "javascript:alert(1)"}) {
    const auto next = resolve_redirect(from, to);
    if (next) EXPECT_TRUE(next->starts_with("https://api.example.org/")) << to << " became " << *next;
    else EXPECT_EQ(next.error().kind, Kind::refused) << to;
  }
  EXPECT_FALSE(resolve_redirect("http://127.0.0.1:1/a", "http://127.0.0.1:1/b"))
      << "from plain http, not even to itself";
}

}  // namespace
}  // namespace coinlake::net
