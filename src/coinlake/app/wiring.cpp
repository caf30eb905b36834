#include "coinlake/app/wiring.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "coinlake/base/text.hpp"
#include "coinlake/source/coingecko/coingecko.hpp"
#include "coinlake/source/coinmarketcap/coinmarketcap.hpp"

namespace coinlake::app {
namespace {

constexpr std::string_view kPublicHost = "https://api.coingecko.com/api/v3",
                           kProHost = "https://pro-api.coingecko.com/api/v3",
                           kCoinMarketCapHost = "https://pro-api.coinmarketcap.com";

// The plan's place among the words that the key of the configuration may have: both are in the same order.
template <class Plan>
Plan plan_of(const Config& config, std::string_view key) {
  const auto words = split(find_key(key)->choices, '|');
  return static_cast<Plan>(std::ranges::find(words, config.text(key)) - words.begin());
}

// A name of the configuration's section, as all sources have it.
struct Section {
  const Config& config;
  std::string name;

  [[nodiscard]] std::string base_url(std::string_view otherwise) const {
    auto url = config.text(name + ".base_url");
    while (url.ends_with('/')) url.pop_back();
    return url.empty() ? std::string(otherwise) : url;
  }
  [[nodiscard]] Secret api_key() const { return config.secret(name + ".api_key"); }
  [[nodiscard]] int requests_per_minute() const {
    return static_cast<int>(config.integer(name + ".requests_per_minute"));
  }
  [[nodiscard]] std::int64_t credits_per_month() const { return config.integer(name + ".credits_per_month"); }
};

Result<std::unique_ptr<port::Source>> coingecko(const Config& config) {
  const Section section{config, "coingecko"};
  const auto plan = plan_of<source::CoinGeckoPlan>(config, "coingecko.plan");
  return source::make_coingecko(
      {.base_url = section.base_url(plan == source::CoinGeckoPlan::pro ? kProHost : kPublicHost),
       .plan = plan,
       .api_key = section.api_key(),
       .requests_per_minute = section.requests_per_minute(),
       .credits_per_month = section.credits_per_month()});
}

Result<std::unique_ptr<port::Source>> coinmarketcap(const Config& config) {
  const Section section{config, "coinmarketcap"};
  const auto plan = plan_of<source::CoinMarketCapPlan>(config, "coinmarketcap.plan");
  if (plan != source::CoinMarketCapPlan::keyless && section.api_key().empty())
    return fail(Kind::config, tr("there is no key for CoinMarketCap"),
                tr("set CMC_API_KEY (in the environment or in .env), or coinmarketcap.plan = \"keyless\""));
  return source::make_coinmarketcap({.base_url = section.base_url(kCoinMarketCapHost),
                                     .plan = plan,
                                     .api_key = section.api_key(),
                                     .requests_per_minute = section.requests_per_minute(),
                                     .credits_per_month = section.credits_per_month()});
}

struct KnownSource {
  std::string_view name;
  Result<std::unique_ptr<port::Source>> (*make)(const Config& config);
  std::unique_ptr<port::Source> (*make_decoder)();
};

constexpr std::array<KnownSource, 2> kSources = {
    {{"coingecko", coingecko, [] { return source::make_coingecko({.base_url = std::string(kPublicHost)}); }},
     {"coinmarketcap", coinmarketcap,
      [] { return source::make_coinmarketcap({.base_url = std::string(kCoinMarketCapHost)}); }}}};

constexpr std::array kNames = {kSources[0].name, kSources[1].name};

}  // namespace

std::span<const std::string_view> source_names() { return kNames; }

std::map<std::string_view, int> decoder_versions() {
  std::map<std::string_view, int> out;
  for (const auto& source : kSources) out.emplace(source.name, source.make_decoder()->decoder_version());
  return out;
}

Result<std::unique_ptr<port::Source>> make_source(const std::string& name, const Config& config) {
  const auto known = std::ranges::find(kSources, name, &KnownSource::name);
  if (known != kSources.end()) return known->make(config);
  const auto close = nearest(name, kNames);
  return fail(Kind::usage, tr("there is no source called \"{}\"", printable(name)),
              close.empty() ? tr("there are coingecko and coinmarketcap") : tr("did you mean {}?", close));
}

std::vector<Message> oddities(const Config& config) {
  auto out = config.warnings();
  for (const auto name : kNames) {
    const std::string source(name);
    if (config.text(source + ".plan") != "keyless" || config.secret(source + ".api_key").empty()) continue;
    out.push_back(tr("there is a {}.api_key, but {}.plan is keyless: the key is not sent (set the plan to the key's)",
                     source, source));
  }
  return out;
}

ledger::Decode make_decoder() {
  // Shared, since std::function must be copyable; used by one thread.
  auto decoders = std::make_shared<std::map<std::string_view, std::unique_ptr<port::Source>>>();
  for (const auto& source : kSources) decoders->emplace(source.name, source.make_decoder());
  return [decoders](std::string_view source, int version, const port::Answer& answer) -> Result<domain::Batch> {
    const auto known = decoders->find(source);
    if (known == decoders->end() || version != known->second->decoder_version()) {
      return fail(Kind::config, tr("this coinlake has no decoder {} for {}", version, printable(source)),
                  tr("update coinlake; nothing was changed"));
    }
    return known->second->decode(answer);
  };
}

}  // namespace coinlake::app
