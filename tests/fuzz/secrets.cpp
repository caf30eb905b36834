// Secrets in answers and in URLs. The input is a secret, a line of choices how it is spelled, and the text around it,
// which a line end cuts in two.
#include <algorithm>
#include <string>

#include "coinlake/app/config/config_keys.hpp"
#include "coinlake/app/config/dotenv.hpp"
#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/collect/redact.hpp"
#include "coinlake/net/url.hpp"
#include "tests/fuzz/targets.hpp"

namespace coinlake::fuzz {
namespace {

std::string escaped_by_number(char c, bool upper) {
  const char* const digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return std::string("\\u00") + digits[byte >> 4] + digits[byte & 15];
}

// As JSON may spell it: each character in one of the ways that there are, as `choices` say.
std::string spelled(std::string_view secret, std::string_view choices) {
  std::string out;
  for (std::size_t i = 0; i < secret.size(); ++i) {
    const char c = secret[i];
    const bool must_be_escaped = c == '"' || c == '\\';
    switch (choices.empty() ? 0 : choices[i % choices.size()] % 4) {
      case 1: out += escaped_by_number(c, false); break;
      case 2: out += escaped_by_number(c, true); break;
      case 3: (out += c == '/' || must_be_escaped ? "\\" : "") += c; break;
      default: (out += must_be_escaped ? "\\" : "") += c; break;
    }
  }
  return out;
}

// What a reader of JSON makes of a text; what is no escape stays.
std::string unescaped_json(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool last = i + 1 == text.size();
    if (text[i] != '\\' || last) out += text[i];
    else if (text[i + 1] == 'u' && i + 5 < text.size() &&
             text.substr(i + 2, 4).find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos) {
      const auto code = std::stoul(std::string(text.substr(i + 2, 4)), nullptr, 16);
      out += code < 0x80 ? static_cast<char>(code) : '?';
      i += 5;
    } else {
      out += text[++i];
    }
  }
  return out;
}

bool holds(std::string_view text, std::string_view secret) {
  return to_lower(text).find(to_lower(secret)) != std::string::npos;
}

void check_blanked(const std::string& text, std::string_view secret) {
  auto done = text;
  collect::blank(done, secret);
  require(done.size() == text.size(), "lengths stay", done);
  require(!holds(done, secret), "the secret is gone", done);
  require(!holds(unescaped_json(done), secret), "also for who reads JSON", done);
}

void check_redaction(std::string_view secret, std::string_view choices, std::string_view before,
                     std::string_view after) {
  const auto with = [&](std::string_view middle) { return std::string(before).append(middle).append(after); };
  check_blanked(with(secret), secret);
  // What stands before may begin an escape; what is whole is a JSON text.
  const auto text = json_quote(before) + spelled(secret, choices) + json_quote(after);
  check_blanked(text, secret);
  auto other = std::string(before);
  collect::blank(other, secret);
  const bool may_be_there = holds(before, secret) || before.find('\\') != std::string_view::npos;
  require(may_be_there || other == before, "nothing else is blanked", before);
}

// What people are told of a URL.
std::string told_of(const std::string& text) {
  const auto url = net::parse_url(text);
  auto told = url ? url->shown() : (url.error().message + url.error().hint).english();
  require(printable(told) == told, "a URL is shown without what steers a terminal", told);
  return told;
}

// Of secrets that a URL can hold as they are, that have a digit as keys do and sentences do not, and that stand nowhere
// else in it.
void check_urls(const std::string& secret, const std::string& before, const std::string& after) {
  if (secret.find_first_of("/?#@:[]\\\"<>^`{|}%") != std::string::npos) return;
  if (secret.find_first_of("0123456789") == std::string::npos) return;
  if (holds("https://api.example.org/ (127.0.0.1, localhost) such as /v1: " + before + " " + after, secret)) return;
  const auto scheme = app::is_plain_name(before) ? before : "ftp";
  for (const auto& text :
       {"https://" + secret + "@" + after, "https://me:" + secret + "@" + after,
        "https://api.example.org/" + before + "?key=" + secret + after,
        "https://api.example.org/" + before + "#" + secret + after, scheme + "://x:" + secret + "@" + after}) {
    require(!holds(told_of(text), secret), "no URL shows the secret", text);
    for (const auto& key : {"coingecko.base_url", "coinmarketcap.base_url"})
      require(!holds(app::complaint(*app::find_key(key), text).value_or(Message()).english(), secret),
              "no complaint shows the secret", text);
  }
}

void check_redirect(const std::string& to) {
  const std::string from = "https://api.example.org/a/b?x=1";
  const auto next = net::resolve_redirect(from, to);
  if (!next)
    return require(next.error().kind == Kind::refused, "a redirect is refused", next.error().message.english());
  const auto url = net::parse_url(*next);
  require(url && url->host == "api.example.org" && url->scheme == "https" && url->port == "443",
          "a redirect stays where it is", *next);
}

}  // namespace

void secrets(std::string_view input) {
  const auto secret = take_until(input, '\n'), choices = take_until(input, '\n'), before = take_until(input, '\n');
  check_redirect(std::string(secret));
  check_redirect(std::string(before));
  (void)told_of(std::string(before));
  // A key is eight printable characters or more; stars are what it is blanked with.
  const auto is_part_of_key = [](char c) { return c > ' ' && c <= '~' && c != '*'; };
  if (secret.size() < 8 || !std::ranges::all_of(secret, is_part_of_key)) return;
  check_redaction(secret, choices, before, input);
  check_urls(std::string(secret), std::string(before), std::string(input));
}

}  // namespace coinlake::fuzz
