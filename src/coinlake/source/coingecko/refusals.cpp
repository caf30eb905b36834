#include "coinlake/source/coingecko/refusals.hpp"

#include <simdjson.h>

#include <algorithm>

#include "coinlake/base/text.hpp"
#include "coinlake/source/refusal_text.hpp"

namespace coinlake::source {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kMaxParsed = std::size_t{64} << 10;

struct Words {
  std::int64_t code = 0;  // CoinGecko's own, 0 when it gave none
  std::string text;

  [[nodiscard]] bool is_none() const { return code == 0 && text.empty(); }
};

bool has_any(const dom::object& object, std::span<const std::string_view> keys) {
  return std::ranges::any_of(keys, [&](auto key) { return !object.at_key(key).error(); });
}

// What has a value in one of `currencies` is a coin, whatever its id and its other keys are.
void read_words(const dom::element& element, std::span<const std::string_view> currencies, Words& words, int depth) {
  dom::object object;
  if (depth > 3 || element.get_object().get(object) || (depth > 0 && has_any(object, currencies))) return;
  for (const auto [key, value] : object) {
    std::string_view text;
    std::int64_t code = 0;
    if (key == "error_code" && !value.get_int64().get(code)) words.code = code;
    else if ((key == "error" || key == "error_message") && !value.get_string().get(text)) words.text = quoted(text);
    else if (key == "error" || key == "status") read_words(value, currencies, words, depth + 1);
  }
}

// Shapes 1 to 5 of CoinGecko's error bodies: {"error":"…"}, {"status":{…}}, {"error":{"status":{…}}}, a code beside the
// status object, an integer status. Nothing when the body is none of them.
Words read_json(std::string_view body, std::span<const std::string_view> currencies = {}) {
  Words words;
  dom::parser parser;
  dom::element root;
  if (body.size() <= kMaxParsed && !parser.parse(body.data(), body.size()).get(root))
    read_words(root, currencies, words, 0);
  return words;
}

Kind kind_of_code(std::int64_t code) {
  switch (code) {
    case 10002:
    case 10010:
    case 10011: return Kind::unauthorized;
    default: return Kind::refused;
  }
}

Kind kind_of(std::int64_t status, std::int64_t code) {
  if (status == 429 || code == 429) return Kind::rate_limited;
  if (code >= 10000) return kind_of_code(code);
  if (status >= 401 && status <= 403) return Kind::unauthorized;
  if (status == 408) return Kind::temporary;
  return status >= 500 ? Kind::upstream : Kind::refused;
}

Message hint_of(Kind kind, std::int64_t code, bool html) {
  if (code == 10010) return tr("this is a Pro key: set coingecko.plan = \"pro\"");
  if (code == 10011) return tr("this is a Demo key: set coingecko.plan = \"demo\"");
  if (code == 10002) return tr("check coingecko.plan and coingecko.api_key: the key is missing or of another plan");
  if (code == 10005 || code == 10012) return tr("this needs a higher CoinGecko plan");
  if (kind == Kind::unauthorized && html)
    return tr("CoinGecko's edge blocks this address: try later or from another network");
  if (kind == Kind::unauthorized) return tr("check coingecko.plan and coingecko.api_key");
  if (kind == Kind::rate_limited) return tr("a Demo key may ask more often (coingecko.plan, coingecko.api_key)");
  if (kind == Kind::upstream) return tr("CoinGecko has a fault of its own: try again later");
  return {};
}

port::Penalty penalty_of(Kind kind, std::int64_t code) {
  if (kind == Kind::rate_limited) return port::Penalty::pace;
  if (code == 10005 || code == 10012) return port::Penalty::endpoint;
  return kind == Kind::unauthorized ? port::Penalty::key : port::Penalty::none;
}

std::unexpected<Error> no_coins(std::string_view text, const Words& words) {
  const auto found = describe_body(text, words.text);
  if (words.is_none())
    return fail(Kind::undecodable, tr("the answer is not a list of coins but {}", found),
                tr("nothing of it was stored as data; its bytes were kept"));
  const auto kind = words.code == 0 ? Kind::undecodable : kind_of(words.code, words.code);
  return fail(kind, tr("the answer is not a list of coins but an error: {}", found), hint_of(kind, words.code, false));
}

std::optional<port::Refused> refused(std::string_view text, const Words& words) {
  if (words.code == 0) return std::nullopt;
  return port::Refused{.error = no_coins(text, words).error(),
                       .penalty = penalty_of(kind_of(words.code, words.code), words.code)};
}

}  // namespace

Result<void> expect_json_array(std::string_view body) {
  const auto text = trim(without_bom(body));
  if (text.starts_with('[')) return {};
  return no_coins(text, text.starts_with('{') ? read_json(text) : Words{});
}

Result<void> expect_coins(std::string_view body, std::span<const std::string_view> currencies) {
  const auto text = trim(without_bom(body));
  if (!text.starts_with('{')) return no_coins(text, {});
  const auto words = read_json(text, currencies);
  if (words.is_none()) return {};
  return no_coins(text, words);
}

port::Refused explain_refusal(const port::Refusal& refusal) {
  const auto body = without_bom(refusal.body);
  const auto words = read_json(body);
  const auto kind = kind_of(refusal.status, words.code);
  const auto said = describe_body(body, words.text);
  auto message = words.code != 0 && words.code != refusal.status
                     ? tr("CoinGecko answered {} ({}) with {}", refusal.status, words.code, said)
                     : tr("CoinGecko answered {} with {}", refusal.status, said);
  return {.error = {kind, std::move(message), hint_of(kind, words.code, is_html(body))},
          .penalty = penalty_of(kind, words.code)};
}

std::optional<port::Refused> refusal_within_list(std::string_view body) {
  const auto text = trim(without_bom(body));
  return text.starts_with('{') ? refused(text, read_json(text)) : std::nullopt;
}

std::optional<port::Refused> refusal_within_coins(std::string_view body, std::span<const std::string_view> currencies) {
  const auto text = trim(without_bom(body));
  return refused(text, read_json(text, currencies));
}

}  // namespace coinlake::source
