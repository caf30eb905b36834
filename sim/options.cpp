#include "sim/options.hpp"

#include <charconv>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::sim {
namespace {

template <class Number>
Result<Number> to_number(const std::string& option, std::string_view text, Number least, Number most) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && end == text.data() + text.size() && value >= least && value <= most) return value;
  return fail(Kind::usage, option + " needs a whole number from " + std::to_string(least) + " to " +
                               std::to_string(most) + ", not \"" + printable(text) + "\"");
}

using Set = std::function<Result<void>(const std::string& value)>;

struct Option {
  bool takes_value = false;
  Set set = {};
};

// The table of options; each writes into `o`.
class Table {
 public:
  explicit Table(Options& o) {
    flag("--no-limits", o.no_limits);
    flag("--moving", o.made_up.moving), flag("--html", o.faults.html), flag("--reset", o.faults.reset);
    flag("--change-price", o.faults.change_price), flag("--until-stdin-closes", o.until_stdin_closes),
        flag("--help", o.help), flag("-h", o.help);
    flag("--version", o.version);
    text("--bodies", o.bodies), text("--log", o.log), text("--key", o.rules.key);
    text("--cmc-key", o.cmc_rules.key);
    number<std::uint16_t>("--port", o.port, 0, 65535);
    number<std::int64_t>("--coins", o.made_up.coins, 0, 100'000);
    number<std::uint64_t>("--seed", o.made_up.seed, 0, UINT64_MAX);
    number<std::size_t>("--cut", o.faults.cut, 0, SIZE_MAX / 2);
    number<std::int64_t>("--bad-row", o.faults.bad_row, 1, 5'000);
    number<std::int64_t>("--limit", o.limit, 1, 1'000'000);
    number<std::int64_t>("--age", o.faults.age, 0, 31'536'000);
    value("--retry-after", [&o](const std::string& v) { return o.faults.retry_after = v, Result<void>{}; });
    value("--delay", [&o](const std::string& v) { return set_delay(o, v); });
    value("--speed", [&o](const std::string& v) { return set_speed(o, v); });
    value("--from", [&o](const std::string& v) { return set_from(o, v); });
    value("--plan", [&o](const std::string& v) { return set_plan(o, v); });
    value("--cmc-plan", [&o](const std::string& v) { return set_cmc_plan(o, v); });
    value("--status", [&o](const std::string& v) { return set_status(o, v); });
    value("--cmc-error", [&o](const std::string& v) { return set_cmc_error(o, v); });
    value("--rename", [&o](const std::string& v) { return set_rename(o, v); });
    value("--on", [&o](const std::string& v) { return set_on(o, v); });
  }

  [[nodiscard]] Result<const Option*> find(const std::string& name) const {
    if (const auto hit = options_.find(name); hit != options_.end()) return &hit->second;
    std::vector<std::string_view> names;
    for (const auto& [known, option] : options_) names.push_back(known);
    const auto close = nearest(name, names);
    return fail(Kind::usage, (name.starts_with("-") ? "there is no option " : "there are no words to give, such as ") +
                                 printable(name) + (close.empty() ? "" : ": did you mean " + std::string(close) + "?"));
  }

 private:
  void value(const std::string& name, Set set) { options_[name] = {true, std::move(set)}; }
  void flag(const std::string& name, bool& to) {
    options_[name] = {false, [&to](const std::string&) { return to = true, Result<void>{}; }};
  }
  void text(const std::string& name, std::string& to) {
    value(name, [&to](const std::string& v) { return to = v, Result<void>{}; });
  }
  template <class Number, class To>
  void number(const std::string& name, To& to, Number least, Number most) {
    value(name, [=, &to](const std::string& v) -> Result<void> {
      return to = TRY(to_number<Number>(name, v, least, most)), Result<void>{};
    });
  }

  static Result<void> set_delay(Options& o, const std::string& v) {
    o.faults.delay = std::chrono::milliseconds{TRY(to_number<std::int64_t>("--delay", v, 0, 3'600'000))};
    return {};
  }
  static Result<void> set_speed(Options& o, const std::string& v) {
    const auto speed = parse_number(v);
    if (!speed || *speed < 0.01 || *speed > 100'000)
      return fail(Kind::usage, "--speed needs a number from 0.01 to 100000, not \"" + printable(v) + "\"");
    o.made_up.speed = speed;
    return {};
  }
  static Result<void> set_from(Options& o, const std::string& v) {
    o.made_up.from = parse_iso(v);
    if (!o.made_up.from)
      return fail(Kind::usage, "--from needs a time such as 2026-10-02T14:30:00Z, not \"" + printable(v) + "\"");
    return {};
  }
  static Result<void> set_plan(Options& o, const std::string& v) {
    o.rules.pro = v == "pro";
    if (v != "pro" && v != "demo") return fail(Kind::usage, "--plan is demo or pro, not \"" + printable(v) + "\"");
    return {};
  }
  static Result<void> set_cmc_plan(Options& o, const std::string& v) {
    const auto* plan = find_cmc_plan(v);
    if (plan == nullptr)
      return fail(Kind::usage,
                  "--cmc-plan is basic, builder, startup, growth or professional, not \"" + printable(v) + "\"");
    o.cmc_rules.plan = plan;
    return {};
  }
  static Result<void> set_status(Options& o, const std::string& v) {
    const auto colon = std::min(v.find(':'), v.size());
    o.faults.status = TRY(to_number<int>("--status", v.substr(0, colon), 200, 599));
    if (colon < v.size()) o.faults.status_body = v.substr(colon + 1);
    return {};
  }
  static Result<void> set_cmc_error(Options& o, const std::string& v) {
    const auto colon = std::min(v.find(':'), v.size());
    const auto* known = find_cmc_error(TRY(to_number<int>("--cmc-error", v.substr(0, colon), 400, 1011)));
    if (known == nullptr)
      return fail(Kind::usage, "--cmc-error knows 1001 to 1011, 400 and 500, not \"" + printable(v) + "\"");
    o.faults.cmc_error = {known->code, known->status};
    if (colon < v.size())
      o.faults.cmc_error->status = TRY(to_number<int>("--cmc-error CODE:HTTP", v.substr(colon + 1), 200, 599));
    return {};
  }
  static Result<void> set_rename(Options& o, const std::string& v) {
    const auto equals = v.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == v.size())
      return fail(Kind::usage, tr("--rename needs OLD=NEW"));
    o.faults.rename = {v.substr(0, equals), v.substr(equals + 1)};
    return {};
  }
  static Result<void> set_on(Options& o, const std::string& v) {
    for (const auto part : split(v, ','))
      o.faults.on.push_back(TRY(to_number<std::int64_t>("--on", part, 1, INT64_MAX)));
    return {};
  }

  std::map<std::string, Option> options_;
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
  if (!o.faults.on.empty() && !o.faults.any())
    return fail(Kind::usage, tr("--on names requests, but there is no fault for them"));
  if (o.faults.retry_after && !o.faults.status && !o.faults.cmc_error)
    return fail(Kind::usage, tr("--retry-after needs --status or --cmc-error"));
  if (given.contains("--plan") && o.rules.key.empty()) return fail(Kind::usage, tr("--plan needs --key"));
  return {};
}

}  // namespace

Result<Options> parse_options(const std::vector<std::string>& arguments) {
  Options options;
  const Table table(options);
  std::set<std::string> given;
  const bool market = !arguments.empty() && arguments.front() == "market";
  if (market) options.made_up.speed = 1, given.insert("market");
  for (std::size_t i = market ? 1 : 0; i < arguments.size(); ++i) {
    auto [name, value] = name_and_value(arguments[i]);
    const auto* option = TRY(table.find(name));
    if (!option->takes_value && value) return fail(Kind::usage, name + " takes no value");
    if (option->takes_value && !value) {
      if (i + 1 == arguments.size()) return fail(Kind::usage, name + " needs a value");
      value = arguments[++i];
    }
    CHECK_OK(option->set(value.value_or("")));
    given.insert(name);
  }
  CHECK_OK(check_together(options, given));
  return options;
}

}  // namespace coinlake::sim
