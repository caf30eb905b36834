#include "sim/router.hpp"

#include <algorithm>
#include <ostream>

#include "coinlake/base/hash.hpp"
#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/net/gzip.hpp"
#include "sim/times.hpp"
#include "sim/walk.hpp"

namespace coinlake::sim {
namespace {

constexpr std::size_t kWorthCompressing = 1000;
constexpr std::uint64_t kChance = 0x6661756c74;  // names the streams of what is left to chance

void compress(const net::HttpCall& call, net::HttpReply& reply) {
  if (reply.cut_after || reply.body.size() < kWorthCompressing) return;  // a cut is counted in bytes of the body
  if (reply.endless || std::ranges::find(reply.headers, "Content-Encoding", &net::Header::name) != reply.headers.end())
    return;
  if (call.header("accept-encoding").value_or("").find("gzip") == std::string_view::npos) return;
  reply.body = net::gzip(reply.body);
  reply.headers.push_back({"Content-Encoding", "gzip"});
}

// RFC 9110's weak comparison: a list, or * for whatever there is.
bool names(std::string_view if_none_match, std::string_view etag) {
  const auto opaque = [](std::string_view tag) { return tag.starts_with("W/") ? tag.substr(2) : tag; };
  return std::ranges::any_of(split(if_none_match, ','), [&](std::string_view part) {
    return trim(part) == "*" || opaque(trim(part)) == opaque(etag);
  });
}

// A client that has this body already is told so.
void revalidate(const net::HttpCall& call, net::HttpReply& reply) {
  const auto known = call.header("if-none-match");
  const auto own = std::ranges::find(reply.headers, "ETag", &net::Header::name);
  if (!known || own == reply.headers.end() || !names(*known, own->value)) return;
  reply.status = 304;
  reply.body.clear();
  reply.cut_after.reset(), reply.chunk_size.reset();
  reply.endless = false;
}

// Without the values of key parameters: people put keys there.
std::string loggable(const std::string& query) {
  std::string out;
  for (const auto part : split(query, '&')) {
    if (!out.empty()) out += '&';
    out += to_lower(part).find("key") == std::string::npos ? std::string(part)
                                                           : std::string(part.substr(0, part.find('='))) + "=...";
  }
  return out;
}

}  // namespace

Router::Router(std::vector<std::unique_ptr<Face>> faces, RouterOptions options, Clock& clock)
    : options_(std::move(options)), clock_(&clock), started_(clock.monotonic()) {
  for (auto& face : faces) providers_.push_back({.face = std::move(face), .meter = Meter(clock)});
}

Router::Provider& Router::provider_of(std::string_view path) {
  const auto hit = std::ranges::find_if(providers_, [&](const Provider& provider) { return provider.face->has(path); });
  return hit == providers_.end() ? providers_.back() : *hit;
}

std::vector<const Fault*> Router::hits(const Provider& provider) const {
  Moment moment{.provider = provider.face->provider(), .request = provider.data_requests};
  moment.since_start = std::chrono::duration_cast<Duration>((clock_->monotonic() - started_) * options_.speed_up);
  const auto which = static_cast<std::uint64_t>(&provider - providers_.data());
  std::vector<const Fault*> out;
  for (std::size_t i = 0; i < options_.faults.size(); ++i) {
    moment.chance = fraction(stream_of(options_.seed, kChance + i), which, static_cast<std::uint64_t>(moment.request));
    if (options_.faults[i].hits(moment)) out.push_back(&options_.faults[i]);
  }
  return out;
}

net::HttpReply Router::answer(const net::HttpCall& call) {
  ++requests_;
  auto& provider = provider_of(call.path);
  std::vector<const Fault*> hit;
  if (provider.face->is_data(call.path)) {
    ++provider.data_requests;
    hit = hits(provider);
    if (std::ranges::none_of(hit, &Fault::freeze)) provider.frozen.clear();
  }
  auto answer = ask(provider, call, hit);
  auto reply = complete(answer);
  if (!answer.data) hit.clear();
  const auto error_body = [&](int status) { return provider.face->error_body(call.path, status); };
  spoil_reply(hit, reply, {.call = call, .now = clock_->now(), .error_body = error_body});
  revalidate(call, reply);
  compress(call, reply);
  if (options_.log != nullptr) write_log(provider, call, answer, reply, hit);
  return reply;
}

Allowance Router::allowance(const Provider& provider, const net::HttpCall& call) const {
  auto out = options_.plans ? provider.face->plan(call) : Allowance{};
  if (options_.limit) out.minute = options_.limit;
  return out;
}

// An answer that a fault replaces costs nothing; one that is lost on its way does.
Answer Router::ask(Provider& provider, const net::HttpCall& call, Hits hits) {
  const auto key = provider.face->key_of(call);
  const auto allowed = allowance(provider, call);
  if (const auto excess = provider.meter.request(key, allowed)) return provider.face->too_many(call, *excess);
  const Request request{
      .call = call, .number = provider.data_requests, .faults = hits, .usage = provider.meter.usage(key, allowed)};
  auto answer = std::ranges::any_of(hits, &Fault::freeze) ? frozen_answer(provider, request, key)
                                                          : provider.face->answer(request);
  if (answer.data && std::ranges::any_of(hits, &Fault::replaces_body)) answer.credits = 0;
  provider.meter.spend(key, answer.credits);
  return answer;
}

// The first answer to the same question.
Answer Router::frozen_answer(Provider& provider, const Request& request, const std::string& key) {
  const auto question = key + " " + request.call.path + "?" + request.call.query;
  if (const auto hit = provider.frozen.find(question); hit != provider.frozen.end()) return hit->second;
  auto answer = provider.face->answer(request);
  if (answer.data) provider.frozen.emplace(question, answer);
  return answer;
}

net::HttpReply Router::complete(Answer& answer) const {
  net::HttpReply reply{.status = answer.status, .body = std::move(answer.body)};
  reply.headers = {{"Date", http_date(clock_->now())},
                   {"Content-Type", content_type_of(reply.body)},
                   {"Server", "coinlake-sim"},
                   {"X-Coinlake-Simulated", "1"}};
  reply.headers.insert(reply.headers.end(), answer.headers.begin(), answer.headers.end());
  if (answer.etag) reply.headers.push_back({"ETag", "W/\"" + to_hex(sha256(reply.body)).substr(0, 32) + "\""});
  return reply;
}

void Router::write_log(const Provider& provider, const net::HttpCall& call, const Answer& answer,
                       const net::HttpReply& reply, Hits hits) {
  std::string line;
  JsonWriter json(line);
  json.begin_object().key("n").value(requests_).key("time").value(iso_milliseconds(clock_->now()));
  json.key("method").value(call.method).key("path").value(call.path);
  json.key("query").value(loggable(call.query)).key("page").value(answer.page).key("status").value(reply.status);
  json.key("bytes").value(static_cast<std::int64_t>(reply.cut_after.value_or(reply.body.size())));
  json.key("faults").begin_array();
  for (const auto* fault : hits) {
    for (const auto name : fault->names()) json.value(name);
  }
  json.end_array()
      .key("key")
      .value(!provider.face->key_of(call).empty())
      .key("provider")
      .value(provider.face->provider());
  json.key("credits").value(answer.credits);
  json.key("if_none_match").value(call.header("if-none-match").has_value()).end_object();
  (*options_.log << line << '\n').flush();
}

}  // namespace coinlake::sim
