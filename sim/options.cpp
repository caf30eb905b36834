#include "sim/options.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "sim/fault_words.hpp"
#include "sim/scenario.hpp"
#include "sim/tls.hpp"

namespace coinlake::sim {
namespace {

Result<void> set_from(MadeUp& made_up, const std::string& called, const std::string& v) {
  made_up.from = parse_iso(v);
  if (made_up.from) return {};
  return fail(Kind::usage, called + " needs a time such as 2026-10-02T14:30:00Z, not \"" + printable(v) + "\"");
}

Result<void> set_plan(CoinGeckoRules& rules, const std::string& called, const std::string& v) {
  rules.pro = v == "pro";
  if (v == "pro" || v == "demo") return {};
  return fail(Kind::usage, called + " is demo or pro, not \"" + printable(v) + "\"");
}

Result<void> set_cmc_plan(CoinMarketCapRules& rules, const std::string& called, const std::string& v) {
  const auto* plan = find_cmc_plan(v);
  if (plan == nullptr)
    return fail(Kind::usage,
                called + " is basic, builder, startup, growth or professional, not \"" + printable(v) + "\"");
  rules.plan = plan;
  return {};
}

// The words of the command line, each with its dashes; they write into `o`.
class CommandLine {
 public:
  explicit CommandLine(Options& o) : words_(market_words(o)) {
    words_.add(tls_words(o)).add(fault_words(o.fault));
    words_.number<std::uint64_t>("seed", o.made_up.seed, 0, UINT64_MAX);
    words_.number<std::uint16_t>("port", o.port, 0, 65535).text("log", o.log).text("certificate", o.certificate);
    words_.flag("until-stdin-closes", o.until_stdin_closes).flag("help", o.help).flag("version", o.version);
    words_.flag("list", o.list);
    words_.value("speed-up", ValueKind::number, [&o](const std::string& called, const std::string& v) -> Result<void> {
      return o.speed_up = TRY(to_real(called, v, 0.01, 100'000)), Result<void>{};
    });
  }

  [[nodiscard]] Result<const Words::Word*> find(const std::string& name) const {
    const auto* hit = name == "-h"             ? words_.find("help")
                      : name.starts_with("--") ? words_.find(name.substr(2))
                                               : nullptr;
    if (hit != nullptr) return hit;
    std::vector<std::string> known = words_.names();
    for (auto& word : known) word.insert(0, "--");
    const std::vector<std::string_view> names(known.begin(), known.end());
    const auto close = nearest(name, names);
    return fail(Kind::usage, (name.starts_with("-") ? "there is no option " : "there are no words to give, such as ") +
                                 printable(name) + (close.empty() ? "" : ": did you mean " + std::string(close) + "?"));
  }

 private:
  Words words_;
};

// "--name=value" is "--name" and "value".
std::pair<std::string, std::optional<std::string>> name_and_value(const std::string& argument) {
  const auto equals = argument.find('=');
  if (!argument.starts_with("--") || equals == std::string::npos) return {argument, std::nullopt};
  return {argument.substr(0, equals), argument.substr(equals + 1)};
}

// What makes no sense together, said before anybody wonders why nothing happens.
Result<void> check_together(const Options& o, const std::set<std::string>& given) {
  for (const auto* made_up : {"--coins", "--seed", "--moving"}) {
    if (!o.bodies.empty() && given.contains(made_up))
      return fail(Kind::usage, std::string(made_up) + " is for the made-up market, not for --bodies");
  }
  for (const auto* living : {"--speed", "--from", "--no-limits"}) {
    if (!given.contains("market") && given.contains(living))
      return fail(Kind::usage, std::string(living) + " is for coinlake-sim market");
  }
  for (const auto* other : {"--bodies", "--moving"}) {
    if (given.contains("market") && given.contains(other))
      return fail(Kind::usage, std::string(other) + " is not for coinlake-sim market");
  }
  if (!o.fault.on.empty() && !o.fault.any())
    return fail(Kind::usage, tr("--on names requests, but there is no fault for them"));
  if (given.contains("--plan") && o.rules.key.empty()) return fail(Kind::usage, tr("--plan needs --key"));
  if (given.contains("--certificate") && o.tls.empty()) return fail(Kind::usage, tr("--certificate needs --tls"));
  if (given.contains("--speed-up") && o.scenario.empty())
    return fail(Kind::usage, tr("--speed-up is for coinlake-sim scenario"));
  return check_fault(o.fault, [](const char* word) { return "--" + std::string(word); });
}

// The words before the options: what is played. Gives how many they were.
Result<std::size_t> take_words(const std::vector<std::string>& arguments, Options& o, std::set<std::string>& given) {
  const auto word = arguments.empty() ? "" : arguments.front();
  if (word == "market") return o.made_up.speed = 1, given.insert("market"), 1;
  if (word != "scenario") return 0;
  o.list = arguments.size() == 1 || arguments[1].starts_with("-");
  if (o.list) return 1;
  CHECK_OK(load_scenario(arguments[1], o));
  if (o.made_up.speed) given.insert("market");
  return 2;
}

}  // namespace

Words market_words(Options& o) {
  Words words;
  words.flag("no-limits", o.no_limits).flag("moving", o.made_up.moving);
  words.text("bodies", o.bodies).text("key", o.rules.key).text("cmc-key", o.cmc_rules.key);
  words.number<std::int64_t>("coins", o.made_up.coins, 0, 100'000);
  words.number<std::int64_t>("limit", o.limit, 1, 1'000'000);
  words.value("speed", ValueKind::number, [&o](const std::string& called, const std::string& v) -> Result<void> {
    return o.made_up.speed = TRY(to_real(called, v, 0.01, 100'000)), Result<void>{};
  });
  words.value("from", ValueKind::text,
              [&o](const std::string& called, const std::string& v) { return set_from(o.made_up, called, v); });
  words.value("plan", ValueKind::text,
              [&o](const std::string& called, const std::string& v) { return set_plan(o.rules, called, v); });
  words.value("cmc-plan", ValueKind::text,
              [&o](const std::string& called, const std::string& v) { return set_cmc_plan(o.cmc_rules, called, v); });
  return words;
}

Words tls_words(Options& o) {
  Words words;
  return words.value("tls", ValueKind::text, [&o](const std::string& called, const std::string& v) -> Result<void> {
    if (!is_tls_kind(v)) return fail(Kind::usage, called + " is " + tls_kinds() + ", not \"" + printable(v) + "\"");
    return o.tls = v, Result<void>{};
  });
}

Result<Options> parse_options(const std::vector<std::string>& arguments) {
  Options options;
  const CommandLine words(options);
  std::set<std::string> given;
  for (auto i = TRY(take_words(arguments, options, given)); i < arguments.size(); ++i) {
    auto [name, value] = name_and_value(arguments[i]);
    const auto* word = TRY(words.find(name));
    const bool takes_value = word->takes != ValueKind::nothing;
    if (!takes_value && value) return fail(Kind::usage, name + " takes no value");
    if (takes_value && !value) {
      if (i + 1 == arguments.size()) return fail(Kind::usage, name + " needs a value");
      value = arguments[++i];
    }
    CHECK_OK(word->set(name, value.value_or("")));
    given.insert(name);
  }
  CHECK_OK(check_together(options, given));
  return options;
}

}  // namespace coinlake::sim
