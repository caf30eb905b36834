#include "sim/faults.hpp"

#include <algorithm>

#include "coinlake/base/number.hpp"

namespace coinlake::sim {
namespace {

constexpr std::string_view kChecking =
    "<!DOCTYPE html>\n<html lang=\"en-US\"><head><title>Just a moment...</title></head>\n<body>Checking your browser "
    "before accessing this site.</body></html>\n";

// With the first call named by --on, or else from the second one: the first is what it is measured against.
void change_price(const Faults& faults, std::int64_t request, std::string& row, std::string_view price) {
  const auto calls = faults.on.empty() ? request - 1 : request;
  if (price.empty() || calls == 0) return;
  row = with_replaced(row, price,
                      format_number(parse_number(price).value_or(1) * (1 + 0.001 * static_cast<double>(calls))));
}

void make_negative(std::string& row, std::string_view price) {
  if (price.empty()) return;
  const bool positive = parse_number(price).value_or(0) > 0;
  row = with_replaced(row, price, positive ? "-" + std::string(price) : "-1.5");
}

void rename_key(std::string& row, const std::string& from, const std::string& to) {
  if (const auto member = find_member(row, from)) row = with_replaced(row, member->key, "\"" + to + "\"");
}

void set_header(net::HttpReply& reply, const std::string& name, const std::string& value) {
  std::erase_if(reply.headers, [&](const net::Header& header) { return header.name == name; });
  reply.headers.push_back({name, value});
}

void set_body(net::HttpReply& reply, int status, std::string body) {
  std::erase_if(reply.headers,
                [&](const net::Header& header) { return header.name == "ETag" || header.name == "Cache-Control"; });
  reply.status = status;
  reply.body = std::move(body);
  set_header(reply, "Content-Type", content_type_of(reply.body));
}

}  // namespace

bool Faults::any() const {
  return status || cmc_error || cut || delay.count() > 0 || html || reset || change_price || bad_row || rename || age;
}
bool Faults::hit(std::int64_t request) const {
  return any() && (on.empty() || std::ranges::find(on, request) != on.end());
}

std::string content_type_of(std::string_view body) {
  if (body.starts_with('{') || body.starts_with('[')) return "application/json; charset=utf-8";
  return body.starts_with('<') ? "text/html; charset=UTF-8" : "text/plain; charset=UTF-8";
}

void spoil_prices(const Faults& faults, std::int64_t request, bool first, Rows& rows, const PriceOf& price_of) {
  if (faults.change_price && first && !rows.empty())
    change_price(faults, request, rows.front(), price_of(rows.front()));
  if (!faults.bad_row || *faults.bad_row > static_cast<std::int64_t>(rows.size())) return;
  auto& row = rows[static_cast<std::size_t>(*faults.bad_row) - 1];
  make_negative(row, price_of(row));
}

void rename_keys(const Faults& faults, Rows& rows) {
  if (!faults.rename) return;
  for (auto& row : rows) rename_key(row, faults.rename->first, faults.rename->second);
}

void spoil_reply(const Faults& faults, net::HttpReply& reply, const std::function<std::string(int)>& error_body) {
  if (faults.status)
    set_body(reply, *faults.status, faults.status_body ? *faults.status_body : error_body(*faults.status));
  if (faults.html) set_body(reply, 200, std::string(kChecking));
  if (faults.retry_after) set_header(reply, "Retry-After", *faults.retry_after);
  if (faults.age) set_header(reply, "Age", std::to_string(*faults.age));
  if (faults.cut && !reply.body.empty()) reply.cut_after = std::min(*faults.cut, reply.body.size() - 1);
  reply.delay = faults.delay;
  reply.reset = faults.reset;
}

}  // namespace coinlake::sim
