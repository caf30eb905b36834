#include "coinlake/app/config/config_keys.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <vector>

#include "coinlake/app/config/asked_lists.hpp"
#include "coinlake/app/config/zone.hpp"
#include "coinlake/base/message.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/collect/timeline.hpp"
#include "coinlake/net/url.hpp"

namespace coinlake::app {
namespace {

constexpr std::string_view kFileOfKey = mark("a file with that key alone, which only you can read"),
                           kFileOfPassword = mark("a file with that password alone, which only you can read");

constexpr auto kKeys = std::to_array<ConfigKey>({
    {"ledger.path", KeyKind::file, "data/coinlake.db", "", mark("the ledger file")},
    {"coingecko.base_url", KeyKind::url, "", "",
     mark("where CoinGecko is; default: its own address for the plan, https://api.coingecko.com/api/v3")},
    {"coingecko.plan", KeyKind::choice, "keyless", "keyless|demo|pro", mark("the plan your key belongs to")},
    {"coingecko.api_key", KeyKind::secret, "", "", mark("the key of a Demo or Pro plan")},
    {"coingecko.api_key_file", KeyKind::file, "", "", kFileOfKey},
    {"coingecko.requests_per_minute", KeyKind::integer, "0", "0..10000",
     mark("your plan's limit; 0: the lowest published")},
    {"coingecko.credits_per_month", KeyKind::integer, "0", "0..1000000000",
     mark("your plan's limit; 0: the lowest published")},
    {"coinmarketcap.base_url", KeyKind::url, "", "",
     mark("where CoinMarketCap is, without a version; default: its own address for the plan")},
    {"coinmarketcap.plan", KeyKind::choice, "basic", "keyless|basic|builder|startup|growth|professional|enterprise",
     mark("the plan your key belongs to")},
    {"coinmarketcap.api_key", KeyKind::secret, "", "", mark("the key of your plan"), "CMC_API_KEY"},
    {"coinmarketcap.api_key_file", KeyKind::file, "", "", kFileOfKey},
    {"coinmarketcap.requests_per_minute", KeyKind::integer, "0", "0..10000",
     mark("your plan's limit; 0: the lowest published")},
    {"coinmarketcap.credits_per_month", KeyKind::integer, "0", "0..1000000000",
     mark("your plan's limit; 0: the lowest published")},
    {"budget.reserve_percent", KeyKind::integer, "10", "0..90",
     mark("of a month's credits, not planned for but left for repeats and repairs (coinlake plan)")},
    {"http.retries", KeyKind::integer, "2", "0..10", mark("repeats of a request that failed for a passing reason")},
    {"http.cache_ttl", KeyKind::duration, "", "0s..24h",
     mark("how long an answer counts as fresh, such as 500ms, 60s, 5m, 1h; default: each endpoint's own time")},
    {"log.level", KeyKind::choice, "warn", "error|warn|info|debug", mark("the least important lines that are written")},
    {"log.format", KeyKind::choice, "auto", "auto|text|logfmt|json", mark("auto: text on a terminal, else logfmt")},
    {"log.file", KeyKind::file, "", "", mark("a file for the log besides stderr")},
    {"time.zone", KeyKind::zone, "", "", mark("an IANA name such as America/Sao_Paulo; default: the machine's")},
    {"disk.min_free_mib", KeyKind::integer, "0", "0..1048576",
     mark("collection pauses below so much free space; 0: a twentieth of the disk, at least 8 MiB, at most 1 GiB")},
    {"postgres.host", KeyKind::text, "", "", mark("the server's name"), "DB_HOST", false},
    {"postgres.port", KeyKind::integer, "5432", "1..65535", mark("its port"), "DB_PORT", false},
    {"postgres.database", KeyKind::text, "", "", mark("the database"), "DB_NAME", false},
    {"postgres.user", KeyKind::text, "", "", mark("who connects"), "DB_USER", false},
    {"postgres.password", KeyKind::secret, "", "", mark("that user's password"), "DB_PASS", false},
    {"postgres.password_file", KeyKind::file, "", "", kFileOfPassword, "", false},
    {"s3.access_key_id", KeyKind::secret, "", "", mark("the id of an access key"), "AWS_ACCESS_KEY_ID", false},
    {"s3.secret_access_key", KeyKind::secret, "", "", mark("its secret"), "AWS_SECRET_ACCESS_KEY", false},
    {"s3.secret_access_key_file", KeyKind::file, "", "", kFileOfKey, "", false},
    {"s3.region", KeyKind::text, "", "", mark("such as us-east-1"), "AWS_DEFAULT_REGION", false},
    {"email.user", KeyKind::text, "", "", mark("who sends alerts"), "EMAIL_USER", false},
    {"email.password", KeyKind::secret, "", "", mark("that user's password"), "EMAIL_PASSWORD", false},
    {"email.password_file", KeyKind::file, "", "", kFileOfPassword, "", false},
});

// "NAME" stands for the schedule's own. Where a number has no default, there is none unless somebody says it.
constexpr auto kScheduleKeys = std::to_array<ConfigKey>({
    {"schedules.NAME.when", KeyKind::when, "", "",
     mark("cron's five fields (0 9,13,18 * * *), or every and a time from 1s to 24h (every 5m)")},
    {"schedules.NAME.zone", KeyKind::zone, "", "", mark("whose clock cron's fields are of; default: time.zone")},
    {"schedules.NAME.source", KeyKind::choice, "coingecko", "coingecko|coinmarketcap", mark("who is asked")},
    {"schedules.NAME.top", KeyKind::integer, "", "1..1000000", mark("the largest so many coins; or else ids")},
    {"schedules.NAME.ids", KeyKind::ids, "", "", mark("these coins, by the source's ids; or else top")},
    {"schedules.NAME.currency", KeyKind::currencies, "usd", "", mark("one currency, or several")},
    {"schedules.NAME.freshness", KeyKind::duration, "", "1s..8784h",
     mark("how old values may be before they are late; default: the longest time between two runs, and never less "
          "than the source's own")},
    {"schedules.NAME.timeout", KeyKind::duration, "", "1s..24h",
     mark("when a run is given up; default: the shortest time between two runs, at most 15m")},
});

using Complaint = std::optional<Message>;

std::pair<std::string_view, std::string_view> bounds(std::string_view range) {
  const auto dots = range.find("..");
  return {range.substr(0, dots), range.substr(dots + 2)};
}

// Long and in one piece: what somebody pastes in the wrong place.
bool looks_like_a_key(std::string_view value) {
  constexpr std::size_t kShortest = 16;
  constexpr std::string_view kSigns = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
  return value.size() >= kShortest && value.find_first_not_of(kSigns) == std::string_view::npos;
}

std::string shown(std::string_view value) { return looks_like_a_key(value) ? "…" : printable(value); }

Complaint integer_complaint(const ConfigKey& key, const std::string& value) {
  if (value.empty() && key.fallback.empty()) return std::nullopt;
  const auto number = to_integer(value);
  const auto [least, most] = bounds(key.choices);
  if (number && *number >= *to_integer(least) && *number <= *to_integer(most)) return std::nullopt;
  return tr("{} must be a whole number in {}, not \"{}\"", key.name, key.choices, shown(value));
}

Complaint duration_complaint(const ConfigKey& key, const std::string& value) {
  if (value.empty()) return std::nullopt;
  const auto length = parse_duration(value);
  const auto [least, most] = bounds(key.choices);
  if (length && *length >= *parse_duration(least) && *length <= *parse_duration(most)) return std::nullopt;
  return tr("{} must be a duration in {} such as 60s, not \"{}\"", key.name, key.choices, shown(value));
}

Complaint choice_complaint(const ConfigKey& key, const std::string& value) {
  const auto words = split(key.choices, '|');
  if (std::ranges::find(words, value) != words.end()) return std::nullopt;
  const auto close = nearest(value, words);
  return close.empty()
             ? tr("{} must be one of {}, not \"{}\"", key.name, key.choices, shown(value))
             : tr("{} must be one of {}, not \"{}\": did you mean {}?", key.name, key.choices, printable(value), close);
}

bool is_version(std::string_view part) {
  return part.size() > 1 && part[0] == 'v' && part.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

// Passwords come in addresses, too: one that may hold any is refused before anything of it is said.
Complaint url_complaint(const ConfigKey& key, const std::string& value) {
  if (value.empty()) return std::nullopt;
  if (value.find('@') != std::string::npos)
    return tr("{} must not hold a name or a password; a key has a place of its own, {}.api_key", key.name,
              key.section());
  if (value.find_first_of("?#") != std::string::npos)
    return tr("{} must end with its path: no query, no fragment", key.name);
  const auto parsed = net::parse_url(value);
  if (!parsed) return tr("{} is no address to ask: {}; {}", key.name, parsed.error().message, parsed.error().hint);
  if (key.section() == "coinmarketcap" && std::ranges::any_of(split(parsed->path, '/'), is_version))
    return tr("{} must not hold a version such as /v1: each request brings its own", key.name);
  return std::nullopt;
}

Complaint zone_complaint(const ConfigKey& key, const std::string& value) {
  if (value.empty() || is_zone(value)) return std::nullopt;
  return tr("{} must be a time zone's IANA name such as America/Sao_Paulo, not \"{}\"", key.name, shown(value));
}

Complaint when_complaint(const ConfigKey& key, const std::string& value) {
  if (value.empty()) return std::nullopt;
  const auto timeline = collect::Timeline::parse(value, Zone::utc());
  if (timeline) return std::nullopt;
  if (looks_like_a_key(value) || printable(value) != value)
    return tr("{} must be cron's five fields, or such as \"every 5m\"", key.name);
  const auto& [kind, message, hint] = timeline.error();
  return tr("{}: {}", key.name, hint.empty() ? message : tr("{}; {}", message, hint));
}

Complaint list_complaint(const ConfigKey& key, const std::string& value) {
  if (value.empty() && key.fallback.empty()) return std::nullopt;
  const auto list = key.kind == KeyKind::ids ? parse_ids(key.label(), value) : parse_currencies(value);
  return list ? std::nullopt : Complaint(tr("{}: {}", key.name, list.error().message));
}

Complaint file_complaint(const ConfigKey& key, const std::string& value) {
  std::error_code ignored;
  if (!key.name.ends_with("_file") || !looks_like_a_key(value) || std::filesystem::exists(value, ignored))
    return std::nullopt;
  return tr("{} must be the name of a file, and there is none of this name: is it the secret itself?", key.name);
}

// "top" of "schedules.top.when".
std::optional<std::string_view> schedule_in(std::string_view name) {
  const auto dot = name.rfind('.');
  if (!name.starts_with(kSchedules) || dot < kSchedules.size()) return std::nullopt;
  return name.substr(kSchedules.size(), dot - kSchedules.size());
}

// Of a schedule's the last part counts, since all before it would hide how far off that is.
std::string meant_key(const std::string& seen, std::size_t last) {
  std::vector<std::string_view> names;
  if (schedule_in(seen)) {
    for (const auto& key : kScheduleKeys) names.push_back(key.label());
    const auto close = nearest(std::string_view(seen).substr(last), names);
    return close.empty() ? "" : seen.substr(0, last).append(close);
  }
  for (const auto& key : kKeys) names.push_back(key.name);
  if (const auto close = nearest(seen, names); !close.empty()) return std::string(close);
  constexpr auto kSection = std::to_array({kSchedules.substr(0, kSchedules.size() - 1)});
  const auto dot = std::min(seen.size(), seen.find('.'));
  const auto close = nearest(std::string_view(seen).substr(0, dot), kSection);
  return close.empty() ? "" : std::string(close) + seen.substr(dot);
}

}  // namespace

std::span<const ConfigKey> config_keys() { return kKeys; }

std::span<const ConfigKey> schedule_keys() { return kScheduleKeys; }

bool is_schedule_name(std::string_view name) {
  constexpr std::size_t kLongest = 40;
  constexpr std::string_view kSigns = "abcdefghijklmnopqrstuvwxyz0123456789-_";
  return !name.empty() && name.size() <= kLongest && name.find_first_not_of(kSigns) == std::string_view::npos;
}

std::string key_of_schedule(std::string_view name, std::string_view label) {
  return std::string(kSchedules).append(name).append(".").append(label);
}

Message bad_schedule_name(std::string_view name) {
  return tr("the name of a schedule has 1 to 40 small letters, digits, - and _, unlike \"{}\"", shown(name));
}

const ConfigKey* find_key(std::string_view name) {
  const auto* const at = std::ranges::find(kKeys, name, &ConfigKey::name);
  if (at != kKeys.end()) return &*at;
  if (!is_schedule_name(schedule_in(name).value_or(""))) return nullptr;
  const auto* const of_schedule = std::ranges::find(kScheduleKeys, ConfigKey().named(name).label(), &ConfigKey::label);
  return of_schedule == kScheduleKeys.end() ? nullptr : &*of_schedule;
}

const ConfigKey* file_key_of(const ConfigKey& key) {
  return key.kind == KeyKind::secret ? find_key(std::string(key.name) + "_file") : nullptr;
}

std::string environment_name(std::string_view key) {
  std::string out = "COINLAKE_";
  for (const char c : key) {
    if (c == '.') out += "__";
    else out += (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

std::optional<Message> complaint(const ConfigKey& key, const std::string& value) {
  if (value.find_first_of(std::string_view("\0\r\n", 3)) != std::string::npos)
    return tr("{} must be one line", key.name);
  if (find_invalid_utf8(value) != std::string::npos) return tr("{} must be UTF-8", key.name);
  using enum KeyKind;
  switch (key.kind) {
    case integer: return integer_complaint(key, value);
    case duration: return duration_complaint(key, value);
    case choice: return choice_complaint(key, value);
    case url: return url_complaint(key, value);
    case zone: return zone_complaint(key, value);
    case when: return when_complaint(key, value);
    case ids:
    case currencies: return list_complaint(key, value);
    case file: return file_complaint(key, value);
    case text:
    case secret: break;
  }
  if (key.name == "ledger.path" && value.empty()) return tr("{} must not be empty", key.name);
  return std::nullopt;
}

// It ends with a name of ours that it begins with, give or take a slip, and with its first sign that no name of a
// variable has.
std::string shown_variable(std::string_view name) {
  constexpr std::string_view kSmall = "abcdefghijklmnopqrstuvwxyz", kOthers = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  constexpr std::size_t kSlip = 2;
  const bool small = !name.empty() && kSmall.find(name.front()) != std::string_view::npos;
  auto end = std::min(name.size(), name.find_first_not_of(std::string(kOthers).append(small ? kSmall : "")));
  std::size_t ours = 0;
  for (const auto& key : kKeys) {
    for (const auto& known : {environment_name(key.name), std::string(key.alias)})
      if (name.starts_with(known)) ours = std::max(ours, known.size());
  }
  if (ours > 0 && name.size() > ours + kSlip) end = std::min(end, ours);
  return std::string(name.substr(0, end)) + (end == name.size() ? "" : "…");
}

Message unknown_key(std::string_view name) {
  const auto end = std::min(name.size(), name.find_first_of(":=; "));  // of what a key may be: a secret may follow
  const auto seen = std::string(name.substr(0, end)) + (end == name.size() ? "" : "…");
  const auto last = seen.rfind('.') + 1;  // 0 where there is none
  if (const auto schedule = schedule_in(seen); schedule && !is_schedule_name(*schedule))
    return bad_schedule_name(*schedule);
  const auto close = meant_key(seen, last);
  return close.empty() ? tr("unknown key {}", printable(seen.substr(0, last)) + shown(seen.substr(last)))
                       : tr("unknown key {}: did you mean {}?", printable(seen), close);
}

std::optional<std::int64_t> to_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::optional<Duration> parse_duration(std::string_view text) {
  const auto unit = text.substr(std::min(text.size(), text.find_first_not_of("0123456789")));
  const auto number = to_integer(text.substr(0, text.size() - unit.size()));
  if (!number || *number > 1'000'000'000) return std::nullopt;
  if (unit == "ms") return std::chrono::milliseconds(*number);
  if (unit == "s") return std::chrono::seconds(*number);
  if (unit == "m") return std::chrono::minutes(*number);
  if (unit == "h") return std::chrono::hours(*number);
  return std::nullopt;
}

}  // namespace coinlake::app
