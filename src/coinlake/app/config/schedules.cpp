#include "coinlake/app/config/schedules.hpp"

#include <algorithm>

#include "coinlake/app/config/asked_lists.hpp"
#include "coinlake/app/wiring.hpp"

namespace coinlake::app {
namespace {

// One schedule. What fails is said once, and everything that can be told of the others is said, too.
class ScheduleReader {
 public:
  ScheduleReader(const Config& config, std::string name, std::vector<Message>& faults)
      : config_(config), name_(std::move(name)), faults_(faults) {}

  std::optional<collect::Schedule> read() {
    auto timeline = read_timeline();
    auto ask = read_ask();
    const auto source = read_source();
    const auto pages = ask && source ? source->plan(*ask) : Result<std::vector<port::Page>>();
    if (!pages) say(is_set("ids") ? "ids" : "top", pages.error());
    if (!timeline || !pages || pages->empty()) return std::nullopt;
    const auto own = source->fresh_for(pages->front().kind);
    return collect::Schedule{.name = name_,
                             .source = text("source"),
                             .ask = std::move(*ask),
                             .timeline = *timeline,
                             .freshness = duration("freshness").value_or(std::max(own, timeline->longest())),
                             .timeout = duration("timeout").value_or(usual_timeout(*timeline))};
  }

 private:
  static Duration usual_timeout(const collect::Timeline& timeline) {
    return std::clamp<Duration>(timeline.shortest(), std::chrono::seconds(1), std::chrono::minutes(15));
  }

  std::optional<collect::Timeline> read_timeline() {
    if (!is_good("when")) return std::nullopt;
    if (!is_set("when")) return say("when", tr("it is missing: when is it to run?")), std::nullopt;
    const auto zone = Zone::load(is_set("zone") ? text("zone") : config_.zone());
    if (!zone) return say("zone", zone.error()), std::nullopt;
    auto timeline = collect::Timeline::parse(text("when"), *zone);
    if (!timeline) return say("when", timeline.error()), std::nullopt;
    return std::move(*timeline);
  }

  std::optional<port::Ask> read_ask() {
    if (!is_good("top") || !is_good("ids") || !is_good("currency")) return std::nullopt;
    const bool top = is_set("top"), ids = is_set("ids");
    if (top && ids) say("ids", tr("top ({}) is set, too: keep one", config_.origin(key("top")).place));
    if (!top && !ids) say("top", tr("it is missing, and ids, too: which coins?"));
    if (top == ids) return std::nullopt;
    port::Ask ask;
    if (auto currencies = parse_currencies(text("currency"))) ask.currencies = std::move(*currencies);
    if (top) ask.top = config_.integer(key("top"));
    else if (auto list = parse_ids("ids", text("ids"))) ask.ids = std::move(*list);
    return ask;
  }

  std::unique_ptr<port::Source> read_source() {
    if (!is_good("source")) return nullptr;
    auto source = make_source(text("source"), config_);
    if (!source) say("source", source.error());
    return source ? std::move(*source) : nullptr;
  }

  [[nodiscard]] std::string key(std::string_view label) const { return key_of_schedule(name_, label); }
  [[nodiscard]] const std::string& text(std::string_view label) const { return config_.text(key(label)); }
  [[nodiscard]] std::optional<Duration> duration(std::string_view label) const { return config_.duration(key(label)); }
  [[nodiscard]] bool is_set(std::string_view label) const { return !text(label).empty(); }
  [[nodiscard]] bool is_good(std::string_view label) const { return config_.origin(key(label)).good; }

  void say(std::string_view label, const Error& error) {
    say(label, error.hint.empty() ? error.message : tr("{}; {}", error.message, error.hint));
  }
  // With the key's place, or else where the schedule is named.
  void say(std::string_view label, const Message& what) {
    const auto& own = config_.origin(key(label));
    const auto& origin = own.layer == Layer::fallback ? config_.schedule_origin(name_) : own;
    const auto fault = tr("{}: {}", key(label), what);
    faults_.push_back(origin.layer == Layer::fallback ? fault : tr("{}: {}", origin.place, fault));
  }

  const Config& config_;
  std::string name_;
  std::vector<Message>& faults_;
};

}  // namespace

ScheduleReading read_schedules(const Config& config) {
  ScheduleReading out;
  for (const auto& name : config.schedules()) {
    if (auto schedule = ScheduleReader(config, name, out.faults).read()) out.schedules.push_back(std::move(*schedule));
  }
  return out;
}

Result<std::vector<collect::Schedule>> schedules(const Config& config) {
  auto reading = read_schedules(config);
  if (!reading.faults.empty()) return std::unexpected(config_error(reading.faults));
  return std::move(reading.schedules);
}

}  // namespace coinlake::app
