#include "coinlake/source/coinmarketcap/status.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/source/json_text.hpp"
#include "coinlake/source/refusal_text.hpp"

namespace coinlake::source {
namespace {

using namespace std::chrono_literals;
using port::Penalty;

constexpr std::size_t kMaxEdgePage = std::size_t{64} << 10;

struct Meaning {
  std::int64_t code;
  Kind kind;
  Penalty penalty;
  std::string_view hint;  // marked, or ""
};

// What a caller must do. 1010 and 1011 come with 429 as 1008 and 1009 do, but asking again in a while does not help.
constexpr std::array kMeanings = {
    Meaning{1001, Kind::unauthorized, Penalty::key,
            mark("check coinmarketcap.api_key (CMC_API_KEY); a sandbox key is for the sandbox only")},
    Meaning{1002, Kind::unauthorized, Penalty::key,
            mark("set coinmarketcap.api_key (CMC_API_KEY), or coinmarketcap.plan = \"keyless\"")},
    Meaning{1003, Kind::unauthorized, Penalty::key,
            mark("the key's plan is not active yet: see your CoinMarketCap account")},
    Meaning{1004, Kind::unauthorized, Penalty::key,
            mark("the key's plan has expired: renew it in your CoinMarketCap account")},
    Meaning{1005, Kind::unauthorized, Penalty::endpoint,
            mark("this needs a key: set coinmarketcap.api_key (CMC_API_KEY) and coinmarketcap.plan")},
    Meaning{1006, Kind::refused, Penalty::endpoint, mark("this needs a higher plan: check coinmarketcap.plan")},
    Meaning{1007, Kind::unauthorized, Penalty::key,
            mark("CoinMarketCap has disabled this key: set another coinmarketcap.api_key (CMC_API_KEY)")},
    Meaning{1008, Kind::rate_limited, Penalty::pace,
            mark("wait a minute, or set coinmarketcap.requests_per_minute lower")},
    Meaning{1009, Kind::rate_limited, Penalty::pace, mark("the day's credits are spent: wait for the next UTC day")},
    Meaning{1010, Kind::refused, Penalty::key,
            mark("the month's credits are spent: wait for their renewal, or get a higher plan (coinmarketcap.plan)")},
    Meaning{1011, Kind::refused, Penalty::key,
            mark("too much came from this address: ask less often, or set coinmarketcap.api_key (CMC_API_KEY)")},
};

Meaning meaning_of_status(std::int64_t status) {
  if (status == 429) return {status, Kind::rate_limited, Penalty::pace, mark("wait a minute, and ask less often")};
  if (status >= 401 && status <= 403)
    return {status, Kind::unauthorized, Penalty::key,
            mark("check coinmarketcap.plan and coinmarketcap.api_key (CMC_API_KEY)")};
  if (status == 408) return {status, Kind::temporary, Penalty::none, mark("try again later")};
  if (status >= 500 && status <= 599)
    return {
        status, Kind::upstream, Penalty::none,
        mark("CoinMarketCap has a fault of its own: try again later; if it stays so, check coinmarketcap.base_url")};
  return {status, Kind::refused, Penalty::none, status == 400 ? mark("check the ids and currencies asked for") : ""};
}

// CoinMarketCap's own code decides where there is one: four codes share the status 429.
Meaning meaning_of(std::int64_t status, std::int64_t code) {
  const auto hit = std::ranges::find(kMeanings, code, &Meaning::code);
  if (hit != kMeanings.end()) return *hit;
  return meaning_of_status(status == 200 || code == 429 ? code : status);
}

// The minute's allowance is new with each UTC minute, the day's with each day: an hour is how long nothing is asked.
std::optional<Duration> wait_of(const EnvelopeStatus& status) {
  if (status.code == 1009) return 1h;
  if (status.code != 1008 || !status.written) return std::nullopt;
  return std::chrono::floor<std::chrono::minutes>(*status.written) + 1min - *status.written;
}

bool is_edge_limit(std::string_view body) {
  if (!is_html(body)) return false;
  const auto page = to_lower(body.substr(0, kMaxEdgePage));
  return page.find("error 1015") != std::string::npos || page.find("being rate limited") != std::string::npos;
}

// A code as a number or as its digits; another text is a code, too, that we do not know.
void set_code(EnvelopeStatus& status, std::string_view token) {
  token = trim(token);
  if (token.size() > 1 && token.starts_with('"')) token = token.substr(1, token.find('"', 1) - 1);
  if (token.empty() || token.starts_with("null") || token.starts_with("false")) return;
  const auto number = parse_number(trim(token)).value_or(0);
  const bool whole = number > 0 && number < 1e9 && std::floor(number) == number;
  if (whole && status.code == 0) status.code = static_cast<std::int64_t>(number);  // said twice: what refuses counts
  status.refused = status.refused || whole || token.find_first_not_of("0.") != std::string_view::npos;
}

void set_words(EnvelopeStatus& status, json::value& value) {
  std::string_view text;
  if (!read_text(value, text) && !text.empty()) status.words = quoted(text);
}

void set_written(EnvelopeStatus& status, json::value& value) {
  std::string_view text;
  if (!read_text(value, text)) status.written = parse_iso(text);
}

void set_credits(EnvelopeStatus& status, json::value& value) {
  std::int64_t credits = 0;
  if (!value.get_int64().get(credits) && credits >= 0) status.credits = credits;
}

// Also {"statusCode":401,"error":"Unauthorized","message":"…"}, which its gateway says.
void read_status_fields(json::object object, EnvelopeStatus& status, int depth) {
  for (auto field : object) {
    std::string_view key;
    json::value value;
    if (field.unescaped_key().get(key) || field.value().get(value)) return;
    json::object inner;
    if (key == "status" && depth == 0 && !value.get_object().get(inner)) read_status_fields(inner, status, 1);
    else if (key == "error_code" || key == "statusCode") set_code(status, value.raw_json_token());
    else if (key == "error_message" || key == "message" || (key == "error" && status.words.empty()))
      set_words(status, value);
    else if (key == "timestamp") set_written(status, value);
    else if (key == "credit_count") set_credits(status, value);
  }
}

port::Refused refused_as(Meaning meaning, Message message, std::optional<Duration> wait = {}) {
  return {.error = {meaning.kind, std::move(message), meaning.hint.empty() ? Message() : tr_marked(meaning.hint)},
          .penalty = meaning.penalty,
          .wait = wait};
}

}  // namespace

EnvelopeStatus read_status(std::string_view body) {
  EnvelopeStatus status;
  JsonText text;
  if (!trim(body).starts_with('{')) return status;
  auto document = text.open(body);
  json::object object;
  if (document && !document->get_object().get(object)) read_status_fields(object, status, 0);
  return status;
}

port::Refused explain_coinmarketcap(const port::Refusal& refusal) {
  const auto body = trim(without_bom(refusal.body));
  const auto status = read_status(body);
  const auto said = describe_body(body, status.words);
  auto message = status.code != 0 && status.code != refusal.status
                     ? tr("CoinMarketCap answered {} ({}) with {}", refusal.status, status.code, said)
                     : tr("CoinMarketCap answered {} with {}", refusal.status, said);
  if (is_edge_limit(body)) return refused_as(meaning_of_status(429), std::move(message));
  return refused_as(meaning_of(refusal.status, status.code), std::move(message), wait_of(status));
}

std::optional<port::Refused> refusal_of(const EnvelopeStatus& status, std::string_view body) {
  if (is_edge_limit(body))
    return refused_as(meaning_of_status(429), tr("the answer is a page of CoinMarketCap's edge: too many requests"));
  if (!status.refused) return std::nullopt;
  const auto said = describe_body(body, status.words);
  auto message = status.code == 0 ? tr("the answer is an error: {}", said)
                                  : tr("the answer is an error ({}): {}", status.code, said);
  return refused_as(meaning_of(200, status.code), std::move(message), wait_of(status));
}

std::optional<port::Refused> refusal_within_quotes(std::string_view body) {
  body = trim(without_bom(body));
  return refusal_of(read_status(body), body);
}

}  // namespace coinlake::source
