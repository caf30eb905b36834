#include "coinlake/source/coinmarketcap/key_info.hpp"

#include <simdjson.h>

#include "coinlake/base/text.hpp"
#include "coinlake/source/coinmarketcap/status.hpp"
#include "coinlake/source/refusal_text.hpp"

namespace coinlake::source {
namespace {

using KeyValue = simdjson::simdjson_result<simdjson::dom::element>;

std::optional<std::int64_t> count_of(KeyValue value) {
  std::int64_t count = 0;
  if (value.get_int64().get(count) || count < 0) return std::nullopt;
  return count;
}

// Where a plan has none it is 0 or absent.
std::optional<std::int64_t> limit_of(KeyValue value) {
  const auto count = count_of(value);
  return count == 0 ? std::nullopt : count;
}

std::optional<Time> moment_of(KeyValue value) {
  std::string_view text;
  return value.get_string().get(text) ? std::nullopt : parse_iso(text);
}

}  // namespace

Result<port::KeyInfo> decode_key_info(std::string_view body) {
  body = trim(without_bom(body));
  if (auto refused = refusal_within_quotes(body))
    return fail(Kind::undecodable, std::move(refused->error.message), std::move(refused->error.hint));
  simdjson::dom::parser parser;
  simdjson::dom::object data;
  if (parser.parse(body.data(), body.size())["data"].get_object().get(data) ||
      (data["plan"].error() && data["usage"].error()))
    return fail(Kind::undecodable, tr("the answer says nothing of the key: {}", describe_body(body.substr(0, 80), "")));
  const auto plan = data["plan"], month = data["usage"]["current_month"];
  return port::KeyInfo{.requests_per_minute = limit_of(plan["rate_limit_minute"]),
                       .credits_per_day = limit_of(plan["credit_limit_daily"]),
                       .credits_per_month = limit_of(plan["credit_limit_monthly"]),
                       .credits_used = count_of(month["credits_used"]),
                       .credits_left = count_of(month["credits_left"]),
                       .resets_at = moment_of(plan["credit_limit_monthly_reset_timestamp"])};
}

}  // namespace coinlake::source
