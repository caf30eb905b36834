#include "sim/faults.hpp"

#include <algorithm>

#include "coinlake/base/number.hpp"

namespace coinlake::sim {
namespace {

constexpr std::string_view kHtml = "<!DOCTYPE html>\n<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>\n";

void change_price(std::string& row, std::int64_t request) {
  const auto price = parse_number(number_of(row, "current_price"));
  if (price) row = with_number(row, "current_price", format_number(*price * (1 + 0.001 * static_cast<double>(request))));
}

void rename_key(std::string& row, const std::string& from, const std::string& to) {
  const auto key = "\"" + from + "\"";
  const auto at = row.find(key);
  if (at != std::string::npos) row.replace(at, key.size(), "\"" + to + "\"");
}

void set_header(net::HttpReply& reply, const std::string& name, const std::string& value) {
  std::erase_if(reply.headers, [&](const net::Header& header) { return header.name == name; });
  reply.headers.push_back({name, value});
}

}  // namespace

bool Faults::hit(std::int64_t request) const { return on.empty() || std::ranges::find(on, request) != on.end(); }

std::string error_body(int status) {
  switch (status) {
    case 401: return R"({"status":{"error_code":10002,"error_message":"API Key Missing. Please make sure you're using the right authentication method."}})";
    case 403: return R"({"status":{"error_code":403,"error_message":"Please add a descriptive User-Agent to your request."}})";
    case 404: return R"({"error":"coin not found"})";
    case 422: return R"({"error":"Missing parameter vs_currency"})";
    case 429: return R"({"status":{"error_code":429,"error_message":"You've exceeded the Rate Limit. Please visit https://www.coingecko.com/en/api/pricing to subscribe to our API plans for higher rate limits."}})";
    case 500: return R"({"status":500,"error":"Internal Server Error"})";
    default: return R"({"error":"simulated status )" + std::to_string(status) + R"("})";
  }
}

void spoil_rows(const Faults& faults, std::int64_t request, std::int64_t page, Rows& rows) {
  if (faults.change_price && page == 1 && !rows.empty()) change_price(rows.front(), request);
  if (faults.bad_row && *faults.bad_row <= static_cast<std::int64_t>(rows.size())) {
    auto& row = rows[static_cast<std::size_t>(*faults.bad_row) - 1];
    row = with_number(row, "current_price", "-1.5");
  }
  if (faults.rename) {
    for (auto& row : rows) rename_key(row, faults.rename->first, faults.rename->second);
  }
}

void spoil_reply(const Faults& faults, net::HttpReply& reply) {
  if (faults.status) {
    reply.status = *faults.status;
    reply.body = faults.status_body.empty() ? error_body(*faults.status) : faults.status_body;
  }
  if (faults.html) {
    reply.body = kHtml;
    set_header(reply, "Content-Type", "text/html; charset=UTF-8");
  }
  if (faults.retry_after) set_header(reply, "Retry-After", *faults.retry_after);
  if (faults.age) set_header(reply, "Age", std::to_string(*faults.age));
  reply.cut_after = faults.cut;
  reply.delay = faults.delay;
  reply.reset = faults.reset;
}

}  // namespace coinlake::sim
