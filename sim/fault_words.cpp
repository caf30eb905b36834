#include "sim/fault_words.hpp"

#include <algorithm>

#include "sim/coinmarketcap_errors.hpp"

namespace coinlake::sim {
namespace {

using Text = const std::string&;
using Set = Words::Set;

constexpr std::size_t kMostBytes = std::size_t{1} << 30;

Set set_delay(Fault& f) {
  return [&f](Text called, Text v) -> Result<void> {
    f.delay = std::chrono::milliseconds{TRY(to_number<std::int64_t>(called, v, 0, 3'600'000))};
    return {};
  };
}

Set set_status(Fault& f) {
  return [&f](Text called, Text v) -> Result<void> {
    const auto colon = std::min(v.find(':'), v.size());
    f.status = TRY(to_number<int>(called, v.substr(0, colon), 200, 599));
    if (colon < v.size()) f.status_body = v.substr(colon + 1);
    return {};
  };
}

Set set_cmc_error(Fault& f) {
  return [&f](Text called, Text v) -> Result<void> {
    const auto colon = std::min(v.find(':'), v.size());
    const auto* known = find_cmc_error(TRY(to_number<int>(called, v.substr(0, colon), 400, 1011)));
    if (known == nullptr)
      return fail(Kind::usage, called + " knows 1001 to 1011, 400 and 500, not \"" + printable(v) + "\"");
    f.cmc_error = {known->code, known->status};
    if (colon < v.size())
      f.cmc_error->status = TRY(to_number<int>(called + " CODE:HTTP", v.substr(colon + 1), 200, 599));
    return {};
  };
}

Set set_rename(Fault& f) {
  return [&f](Text called, Text v) -> Result<void> {
    const auto equals = v.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == v.size())
      return fail(Kind::usage, called + " needs OLD=NEW, not \"" + printable(v) + "\"");
    f.rename = {v.substr(0, equals), v.substr(equals + 1)};
    return {};
  };
}

Set set_on(Fault& f) {
  return [&f](Text called, Text v) -> Result<void> {
    for (const auto part : split(v, ',')) f.on.push_back(TRY(to_number<std::int64_t>(called, part, 1, INT64_MAX)));
    return {};
  };
}

Set set_provider(Fault& f) {
  return [&f](Text called, Text v) -> Result<void> {
    if (v != "coingecko" && v != "coinmarketcap")
      return fail(Kind::usage, called + " is coingecko or coinmarketcap, not \"" + printable(v) + "\"");
    f.provider = v;
    return {};
  };
}

// A text that may be anything but the end of its line.
Set set_line(std::optional<std::string>& to) {
  return [&to](Text called, Text v) -> Result<void> {
    if (v.find_first_of("\r\n") != std::string::npos) return fail(Kind::usage, called + " is one line");
    to = v;
    return {};
  };
}

template <class To>
Set set_duration(To& to) {
  return [&to](Text called, Text v) -> Result<void> { return to = TRY(to_duration(called, v)), Result<void>{}; };
}

}  // namespace

Words fault_words(Fault& f) {
  Words words;
  words.flag("html", f.html).flag("reset", f.reset).flag("change-price", f.change_price).flag("stall", f.stall);
  words.flag("endless", f.endless).flag("freeze", f.freeze).flag("shuffle", f.shuffle);
  words.number<std::size_t>("cut", f.cut, 0, kMostBytes)
      .number<std::size_t>("reset-after", f.reset_after, 0, kMostBytes);
  words.number<std::size_t>("slow-head", f.slow_head, 1, kMostBytes);
  words.number<std::size_t>("slow-body", f.slow_body, 1, kMostBytes);
  words.number<std::size_t>("headers", f.headers, 1, 1'000'000);
  words.number<std::size_t>("header-bytes", f.header_bytes, 1, kMostBytes);
  words.number<std::size_t>("bomb", f.bomb, 1, 100'000).number<std::size_t>("deep", f.deep, 1, kMostBytes / 2);
  words.number<std::int64_t>("bad-row", f.bad_row, 1, 5'000).number<std::int64_t>("age", f.age, 0, 31'536'000);
  words.number<std::int64_t>("date", f.date, -1'000'000'000, 1'000'000'000);
  words.value("delay", ValueKind::number, set_delay(f)).value("on", ValueKind::list, set_on(f));
  words.value("status", ValueKind::text, set_status(f)).value("cmc-error", ValueKind::text, set_cmc_error(f));
  words.value("rename", ValueKind::text, set_rename(f)).value("provider", ValueKind::text, set_provider(f));
  words.value("retry-after", ValueKind::text, set_line(f.retry_after))
      .value("redirect", ValueKind::text, set_line(f.redirect));
  words.value("bad-chunk", ValueKind::text, set_line(f.bad_chunk));
  words.value("probability", ValueKind::number, [&f](Text called, Text v) -> Result<void> {
    return f.probability = TRY(to_real(called, v, 0, 1)), Result<void>{};
  });
  return words;
}

Words fault_times(Fault& f) {
  Words words;
  return words.value("from", ValueKind::text, set_duration(f.from))
      .value("until", ValueKind::text, set_duration(f.until));
}

Result<void> check_fault(const Fault& f, const std::function<std::string(const char*)>& spelt) {
  if (f.until && *f.until <= f.from) return fail(Kind::usage, tr("it ends before it begins"));
  if (f.retry_after && !f.status && !f.cmc_error)
    return fail(Kind::usage, spelt("retry-after") + " needs " + spelt("status") + " or " + spelt("cmc-error"));
  if (f.cmc_error && f.provider == "coingecko")
    return fail(Kind::usage, spelt("cmc-error") + " is an error of CoinMarketCap's");
  return {};
}

}  // namespace coinlake::sim
