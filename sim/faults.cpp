#include "sim/faults.hpp"

#include <algorithm>

#include "coinlake/base/number.hpp"
#include "coinlake/net/gzip.hpp"
#include "sim/times.hpp"

namespace coinlake::sim {
namespace {

constexpr std::string_view kChecking =
    "<!DOCTYPE html>\n<html lang=\"en-US\"><head><title>Just a moment...</title></head>\n<body>Checking your browser "
    "before accessing this site.</body></html>\n";
constexpr std::size_t kEndlessRate = std::size_t{32} << 20;  // unless slow_body says another one

// With the first call named by --on, or else from the second one: the first is what it is measured against.
void change_price(const Fault& fault, std::int64_t request, std::string& row, std::string_view price) {
  const auto calls = fault.on.empty() ? request - 1 : request;
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
  for (const auto* of_the_old_one : {"ETag", "Cache-Control", "Content-Encoding"})
    std::erase_if(reply.headers, [&](const net::Header& header) { return header.name == of_the_old_one; });
  reply.status = status;
  reply.body = std::move(body);
  set_header(reply, "Content-Type", content_type_of(reply.body));
}

void send_bomb(net::HttpReply& reply, std::size_t mebibytes) {
  set_body(reply, 200, net::gzip_blanks(mebibytes));
  set_header(reply, "Content-Type", "application/json; charset=utf-8");
  set_header(reply, "Content-Encoding", "gzip");
}

void send_elsewhere(net::HttpReply& reply, const std::string& where, const net::HttpCall& call) {
  set_body(reply, reply.status / 100 == 3 ? reply.status : 302, "");
  set_header(reply, "Location", where != "itself" ? where : call.path + (call.query.empty() ? "" : "?" + call.query));
}

void spoil_body(const Fault& fault, net::HttpReply& reply, const Spoiling& how) {
  if (fault.status)
    set_body(reply, *fault.status, fault.status_body ? *fault.status_body : how.error_body(*fault.status));
  if (fault.html) set_body(reply, 200, std::string(kChecking));
  if (fault.deep) set_body(reply, 200, std::string(*fault.deep, '[') + std::string(*fault.deep, ']'));
  if (fault.bomb) send_bomb(reply, *fault.bomb);
  if (fault.redirect) send_elsewhere(reply, *fault.redirect, how.call);
}

void spoil_headers(const Fault& fault, net::HttpReply& reply, Time now) {
  if (fault.retry_after) set_header(reply, "Retry-After", *fault.retry_after);
  if (fault.age) set_header(reply, "Age", std::to_string(*fault.age));
  if (fault.date) set_header(reply, "Date", http_date(now + std::chrono::seconds{*fault.date}));
  for (std::size_t i = 1; i <= fault.headers.value_or(0); ++i) reply.headers.push_back({"X-" + std::to_string(i), "1"});
  if (fault.header_bytes) reply.headers.push_back({"X-Long", std::string(*fault.header_bytes, 'a')});
}

// At least its last byte is missing.
void cut_body(net::HttpReply& reply, std::size_t after, net::HttpEnd end) {
  if (reply.body.empty()) return;
  reply.cut_after = std::min(after, reply.body.size() - 1);
  reply.end = end;
}

void spoil_transport(const Fault& fault, net::HttpReply& reply) {
  if (fault.endless && !reply.body.empty()) reply.endless = true, reply.body_rate = kEndlessRate;
  if (fault.bad_chunk) reply.chunk_size = fault.bad_chunk;
  if (fault.cut) cut_body(reply, *fault.cut, net::HttpEnd::close);
  if (fault.reset_after) cut_body(reply, *fault.reset_after, net::HttpEnd::reset);
  if (fault.stall) cut_body(reply, reply.cut_after.value_or(0), net::HttpEnd::stall);
  if (fault.slow_head) reply.head_rate = *fault.slow_head;
  if (fault.slow_body) reply.body_rate = *fault.slow_body;
  reply.delay += fault.delay;
  reply.reset = reply.reset || fault.reset;
}

}  // namespace

std::vector<std::string_view> Fault::names() const {
  std::vector<std::string_view> out;
  const auto add = [&](bool is, std::string_view name) {
    if (is) out.push_back(name);
  };
  add(status.has_value(), "status"), add(cmc_error.has_value(), "cmc_error");
  add(retry_after.has_value(), "retry_after"), add(cut.has_value(), "cut"), add(delay.count() > 0, "delay");
  add(html, "html"), add(reset, "reset"), add(change_price, "change_price"), add(bad_row.has_value(), "bad_row");
  add(rename.has_value(), "rename"), add(age.has_value(), "age"), add(date.has_value(), "date");
  add(slow_head.has_value(), "slow_head"), add(slow_body.has_value(), "slow_body"), add(stall, "stall");
  add(reset_after.has_value(), "reset_after"), add(endless, "endless"), add(bad_chunk.has_value(), "bad_chunk");
  add(headers.has_value(), "headers"), add(header_bytes.has_value(), "header_bytes"), add(bomb.has_value(), "bomb");
  add(deep.has_value(), "deep"), add(redirect.has_value(), "redirect"), add(freeze, "freeze");
  add(shuffle, "shuffle");
  return out;
}

bool Fault::hits(const Moment& moment) const {
  return (provider.empty() || provider == moment.provider) && moment.since_start >= from &&
         (!until || moment.since_start < *until) && (on.empty() || std::ranges::find(on, moment.request) != on.end()) &&
         moment.chance < probability;
}

std::string content_type_of(std::string_view body) {
  if (body.starts_with('{') || body.starts_with('[')) return "application/json; charset=utf-8";
  return body.starts_with('<') ? "text/html; charset=UTF-8" : "text/plain; charset=UTF-8";
}

void spoil_prices(Hits hits, std::int64_t request, bool first, Rows& rows, const PriceOf& price_of) {
  for (const auto* fault : hits) {
    if (fault->change_price && first && !rows.empty())
      change_price(*fault, request, rows.front(), price_of(rows.front()));
    if (!fault->bad_row || *fault->bad_row > static_cast<std::int64_t>(rows.size())) continue;
    auto& row = rows[static_cast<std::size_t>(*fault->bad_row) - 1];
    make_negative(row, price_of(row));
  }
}

void rename_keys(Hits hits, Rows& rows) {
  for (const auto* fault : hits) {
    if (!fault->rename) continue;
    for (auto& row : rows) rename_key(row, fault->rename->first, fault->rename->second);
  }
}

void shuffle_page(Hits hits, std::span<std::size_t> places) {
  if (places.empty() || places.front() == 0) return;
  if (std::ranges::any_of(hits, &Fault::shuffle)) --places.front();
}

void spoil_reply(Hits hits, net::HttpReply& reply, const Spoiling& how) {
  for (const auto* fault : hits) {
    spoil_body(*fault, reply, how);
    spoil_headers(*fault, reply, how.now);
    spoil_transport(*fault, reply);
  }
}

}  // namespace coinlake::sim
