#include "coinlake/source/coingecko/key_info.hpp"

#include <simdjson.h>

#include "coinlake/base/text.hpp"
#include "coinlake/source/refusal_text.hpp"

namespace coinlake::source {
namespace {

// What is of another type, or negative, says nothing.
std::optional<std::int64_t> amount_of(const simdjson::dom::object& object, std::string_view key) {
  std::int64_t value = 0;
  if (object.at_key(key).get_int64().get(value) || value < 0) return std::nullopt;
  return value;
}

}  // namespace

Result<port::KeyInfo> read_key_info(std::string_view body) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  const auto text = without_bom(body);
  if (parser.parse(text.data(), text.size()).get_object().get(object))
    return fail(Kind::undecodable, tr("what the provider says of the key is not a JSON object"));
  port::KeyInfo info{.requests_per_minute = amount_of(object, "rate_limit_request_per_minute"),
                     .credits_per_month = amount_of(object, "monthly_call_credit"),
                     .credits_used = amount_of(object, "current_total_monthly_calls"),
                     .credits_left = amount_of(object, "current_remaining_monthly_calls")};
  std::string_view plan;
  if (!object.at_key("plan").get_string().get(plan)) info.plan = printable(plan);
  if (!info.plan && !info.requests_per_minute && !info.credits_per_month && !info.credits_used && !info.credits_left)
    return fail(Kind::undecodable, tr("the provider says nothing of the key: neither its plan nor its credits"));
  return info;
}

}  // namespace coinlake::source
