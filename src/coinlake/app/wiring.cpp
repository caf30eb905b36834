#include "coinlake/app/wiring.hpp"

#include <array>
#include <map>

#include "coinlake/base/text.hpp"
#include "coinlake/source/coingecko/coingecko.hpp"

namespace coinlake::app {
namespace {

constexpr std::array<std::string_view, 1> kSources = {"coingecko"};
constexpr std::string_view kPublicHost = "https://api.coingecko.com/api/v3",
                           kProHost = "https://pro-api.coingecko.com/api/v3";

source::CoinGeckoPlan plan_of(const std::string& name) {
  if (name == "demo") return source::CoinGeckoPlan::demo;
  return name == "pro" ? source::CoinGeckoPlan::pro : source::CoinGeckoPlan::keyless;
}

std::string without_trailing_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

Result<std::unique_ptr<port::Source>> coingecko(const Config& config) {
  const auto plan = plan_of(config.text("coingecko.plan"));
  auto base = without_trailing_slash(config.text("coingecko.base_url"));
  if (base.empty()) base = plan == source::CoinGeckoPlan::pro ? kProHost : kPublicHost;
  return source::make_coingecko(
      {.base_url = std::move(base),
       .plan = plan,
       .api_key = config.secret("coingecko.api_key"),
       .requests_per_minute = static_cast<int>(config.integer("coingecko.requests_per_minute"))});
}

}  // namespace

std::span<const std::string_view> source_names() { return kSources; }

Result<std::unique_ptr<port::Source>> make_source(const std::string& name, const Config& config) {
  if (name == "coingecko") return coingecko(config);
  const auto close = nearest(name, kSources);
  return fail(Kind::usage, "there is no source called \"" + printable(name) + "\"",
              "did you mean " + std::string(close.empty() ? kSources.front() : close) + "?");
}

std::vector<std::string> oddities(const Config& config) {
  auto out = config.warnings();
  for (const std::string source : {"coingecko", "coinmarketcap"}) {
    if (config.text(source + ".plan") != "keyless" || config.secret(source + ".api_key").empty()) continue;
    out.push_back("there is a " + source + ".api_key, but " + source +
                  ".plan is keyless: the key is not sent (set the plan to the key's)");
  }
  return out;
}

ledger::Decode make_decoder() {
  // Shared, since std::function must be copyable; used by one thread.
  auto decoder = std::shared_ptr<port::Source>(source::make_coingecko({.base_url = std::string(kPublicHost)}));
  return [decoder](std::string_view source, int version, const port::Answer& answer) -> Result<domain::Batch> {
    if (source != decoder->name() || version != decoder->decoder_version()) {
      return fail(Kind::config, "this coinlake has no decoder " + std::to_string(version) + " for " + printable(source),
                  "update coinlake; nothing was changed");
    }
    return decoder->decode(answer);
  };
}

}  // namespace coinlake::app
