// plan: what the schedules will ask for, beside what the providers allow.
#include <algorithm>

#include "coinlake/app/commands/budget_reading.hpp"
#include "coinlake/app/commands/commands.hpp"
#include "coinlake/app/commands/counting_ledger.hpp"
#include "coinlake/app/commands/quota_plan.hpp"
#include "coinlake/app/config/schedules.hpp"
#include "coinlake/app/terminal/table.hpp"
#include "coinlake/app/terminal/words.hpp"
#include "coinlake/app/wiring.hpp"
#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

Result<std::optional<port::KeyInfo>> asked(Context& context, port::Source& source) {
  return counted(context, [&](collect::LedgerAccess& ledger) { return ask_about_key(context, source, ledger); });
}

// Of providers whose key may ask. While coinlake run is at work, the ledger that counts the question is its own.
ToldLimits told_limits(Context& context) {
  ToldLimits out;
  for (const auto name : source_names()) {
    const auto source = make_source(std::string(name), context.config);
    if (source && (*source)->key_request()) out.emplace(name, asked(context, **source));
  }
  return out;
}

void write_use(JsonWriter& json, const collect::Use& use) {
  json.key("requests").value(use.requests).key("credits").value(use.credits).key("rows").value(use.rows);
}

void write_provider(JsonWriter& json, const ProviderQuota& p) {
  json.begin_object().key("plan").value(p.allowance.plan);
  write_use(json, p.use);
  json.key("limits").begin_object().key("requests_per_minute").value(p.requests_per_minute());
  json.key("credits_per_day").value(p.credits_per_day()).key("credits_per_month").value(p.credits_per_month());
  json.end_object().key("reserve").value(p.reserve()).key("busiest_minute").value(p.busiest_minute);
  json.key("busiest_day").value(p.busiest_day.credits).key("month").value(p.month.credits);
  json.key("lasts_days").value(p.lasts()).key("told").value(p.told.has_value());
  json.key("provider_error").value(p.not_told ? std::optional(p.not_told->message.english()) : std::nullopt);
  json.end_object();
}

void write_schedule(JsonWriter& json, const ScheduleQuota& quota) {
  const auto& [schedule, run] = quota.planned;
  json.begin_object().key("schedule").value(schedule.name).key("source").value(schedule.source);
  json.key("when").value(schedule.timeline.when()).key("zone").value(schedule.timeline.zone());
  json.key("slots").value(quota.slots);
  write_use(json, quota.use);
  json.end_object();
}

std::string to_json(const QuotaPlan& plan) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("days").value(std::int64_t{plan.days.count()}).key("schedules").begin_array();
  for (const auto& quota : plan.schedules) write_schedule(json, quota);
  json.end_array().key("providers").begin_object();
  for (const auto& [name, provider] : plan.providers) json.key(name), write_provider(json, provider);
  const auto wrong = misfits(plan);
  json.end_object().key("bytes_a_year").value(static_cast<std::int64_t>(plan.bytes_a_year()));
  json.key("fits").value(wrong.empty()).key("misfits").begin_array();
  for (const auto& what : wrong) json.value(what.english());
  json.end_array().end_object();
  return out + "\n";
}

Table schedules_table(const Console& console, const QuotaPlan& plan) {
  std::vector<std::vector<TableCell>> rows;
  for (const auto& quota : plan.schedules) {
    const auto& schedule = quota.planned.schedule;
    rows.push_back({{schedule.name, Style::bold},
                    schedule.source,
                    printable(schedule.timeline.when()),
                    std::to_string(quota.slots),
                    std::to_string(quota.use.requests),
                    std::to_string(quota.use.credits)});
  }
  return render_table(console,
                      {{tr("schedule"), false, 100, 8},
                       {tr("source"), false, 60, 9},
                       {tr("when"), false, 70, 10},
                       {tr("runs"), true, 80},
                       {tr("requests"), true, 90},
                       {tr("credits"), true, 85}},
                      rows);
}

Message of_limit(std::int64_t used, std::optional<std::int64_t> limit) {
  return limit ? tr("{} of {}", used, *limit) : Message(std::to_string(used));
}

Table providers_table(const Console& console, const QuotaPlan& plan) {
  std::vector<std::vector<TableCell>> rows;
  for (const auto& [name, p] : plan.providers) {
    rows.push_back({{name, Style::bold},
                    p.allowance.plan,
                    console.text(of_limit(p.busiest_minute, p.requests_per_minute())),
                    console.text(of_limit(p.busiest_day.credits, p.credits_per_day())),
                    console.text(of_limit(p.month.credits, p.credits_per_month())),
                    p.reserve() ? std::to_string(*p.reserve()) : std::string(kUnknown)});
  }
  return render_table(console,
                      {{tr("provider"), false, 100, 9},
                       {tr("plan"), false, 60},
                       {tr("due in a minute, may go"), true, 80},
                       {tr("credits in a day"), true, 70},
                       {tr("credits in a month"), true, 90},
                       {tr("reserve"), true, 65}},
                      rows);
}

// Whose limits these are, and whether they are kept.
std::vector<Message> remarks(const Console& console, const QuotaPlan& plan) {
  std::vector<Message> out;
  out.push_back(tr("The ledger grows by about {} a year.", bytes_text(console, plan.bytes_a_year())));
  for (const auto& [name, p] : plan.providers) {
    if (p.told) out.push_back(tr("{} was asked for the limits of the key.", name));
    if (p.not_told)
      out.push_back(tr("{} could not be asked, so that its limits are those of the configuration: {}", name,
                       p.not_told->message));
  }
  auto wrong = misfits(plan);
  if (wrong.empty()) out.push_back(tr("It fits."));
  std::ranges::move(wrong, std::back_inserter(out));
  return out;
}

void print_text(Console& console, const QuotaPlan& plan) {
  const auto say = [&](const Message& words) {
    console.print(wrapped(console.shown(console.text(words)) + "\n", std::max<std::size_t>(console.width(), 20)));
  };
  say(trn("{} day from now:", "{} days from now:", plan.days.count()));
  print_table(console, schedules_table(console, plan), verbatim("--json"));
  console.print("\n");
  say(tr("At the busiest:"));
  print_table(console, providers_table(console, plan), verbatim("--json"));
  console.print("\n");
  for (const auto& remark : remarks(console, plan)) say(remark);
}

}  // namespace

Result<int> plan(Context& context, const PlanOptions& options) {
  const auto all = TRY(schedules(context.config));
  const auto told = told_limits(context);
  const auto made = TRY(quota_plan(context.config, all, context.clock->now(), std::chrono::days(options.days), told));
  if (options.json) context.console->print_data(to_json(made));
  else print_text(*context.console, made);
  return 0;
}

}  // namespace coinlake::app
