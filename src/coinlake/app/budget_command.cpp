#include <algorithm>

#include "coinlake/app/commands.hpp"
#include "coinlake/app/process.hpp"
#include "coinlake/app/table.hpp"
#include "coinlake/app/wiring.hpp"
#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/collect/key_check.hpp"
#include "coinlake/ledger/budget.hpp"
#include "coinlake/ledger/identity.hpp"
#include "coinlake/net/rate_limiter.hpp"

namespace coinlake::app {
namespace {

// What one provider's key may spend, has spent, and must wait for.
struct Budget {
  std::string source, account;
  port::Allowance allowance;
  std::int64_t minute_used = 0;
  Duration minute_wait{};  // until the next request may go
  ledger::Spent month;
  Time month_ends{};
  std::vector<ledger::Block> blocks;
  std::optional<port::KeyInfo> told;  // by the provider, just now
  std::optional<Error> not_told;      // why it did not, although it was asked

  [[nodiscard]] std::int64_t minute_left() const {
    return std::max<std::int64_t>(0, allowance.requests_per_minute - minute_used);
  }
  [[nodiscard]] std::optional<std::int64_t> month_left() const {
    if (!allowance.credits_per_month) return std::nullopt;
    return std::max<std::int64_t>(0, *allowance.credits_per_month - month.credits);
  }
};

// Of a ledger that is there and has had something spent in it; nothing was spent in any other.
Result<void> read_spends(const ledger::Connection& db, Time now, Budget& out) {
  out.account = TRY(ledger::account_name(db, out.source, out.allowance.key));
  const auto ages = TRY(ledger::ages_of_spends(db, out.account, now, net::RateLimiter::kWindow));
  out.minute_used = std::ssize(ages);
  const auto zero = Duration{};
  out.minute_wait = net::RateLimiter(out.allowance.requests_per_minute, zero, ages).wait(zero);
  out.month = TRY(ledger::spent_since(db, out.account, ledger::month_start(now)));
  for (auto& block : TRY(ledger::blocks(db, now))) {
    if (block.account == out.account) out.blocks.push_back(std::move(block));
  }
  return {};
}

Result<std::optional<port::KeyInfo>> ask(Context& context, port::Source& source) {
  auto ledger = TRY(ledger::Ledger::open({.path = context.config.text("ledger.path"), .clock = context.clock}));
  const auto http = TRY(net::make_curl_client(user_agent(), *context.clock));
  collect::Watcher silent;
  return collect::ask_about_key(source, *http, ledger, *context.clock, silent, collect_settings(context.config));
}

Result<Budget> budget_of(Context& context, port::Source& source, bool refresh) {
  Budget out{.source = std::string(source.name()),
             .account = {},
             .allowance = source.allowance(),
             .month = {},
             .month_ends = ledger::next_month(context.clock->now()),
             .blocks = {},
             .told = {},
             .not_told = {}};
  if (refresh) {
    auto told = ask(context, source);
    if (told) out.told = std::move(*told);
    else out.not_told = std::move(told).error();
  }
  const auto db = ledger::open_ledger(context.config.text("ledger.path"));
  if (!db && db.error().kind == Kind::unknown) return out;
  CHECK_OK(db);
  if (TRY(ledger::has_budget(*db))) CHECK_OK(read_spends(*db, context.clock->now(), out));
  return out;
}

void write_told(JsonWriter& json, const port::KeyInfo& told) {
  json.begin_object().key("plan").value(told.plan).key("requests_per_minute").value(told.requests_per_minute);
  json.key("credits_per_month").value(told.credits_per_month).key("credits_used").value(told.credits_used);
  json.key("credits_left").value(told.credits_left).key("resets_at");
  json.value(told.resets_at ? std::optional(format_iso(*told.resets_at)) : std::nullopt).end_object();
}

void write_blocks(JsonWriter& json, const std::vector<ledger::Block>& blocks) {
  json.key("blocks").begin_array();
  for (const auto& block : blocks) {
    const auto endpoint = block.endpoint.empty() ? std::nullopt : std::optional(block.endpoint);
    json.begin_object().key("endpoint").value(endpoint).key("since").value(format_iso(block.since));
    json.key("until").value(format_iso(block.until)).key("kind").value(block.kind);
    json.key("why").value(block.why).end_object();
  }
  json.end_array();
}

std::string to_json(const std::vector<Budget>& budgets) {
  std::string out = "[";
  for (const auto& b : budgets) {
    out += &b == &budgets.front() ? "\n" : ",\n";
    JsonWriter json(out);
    json.begin_object().key("source").value(b.source).key("plan").value(b.allowance.plan);
    json.key("requests_per_minute").value(b.allowance.requests_per_minute);
    json.key("requests_this_minute").value(b.minute_used).key("requests_left").value(b.minute_left());
    json.key("requests_this_month").value(b.month.requests);
    json.key("credits_per_month").value(b.allowance.credits_per_month);
    json.key("credits_this_month").value(b.month.credits).key("credits_left").value(b.month_left());
    json.key("month_ends_at").value(format_iso(b.month_ends));
    write_blocks(json, b.blocks);
    json.key("provider");
    if (b.told) write_told(json, *b.told);
    else json.null();
    json.key("provider_error")
        .value(b.not_told ? std::optional(b.not_told->message.english()) : std::nullopt)
        .end_object();
  }
  return out + "\n]\n";
}

Message of(std::int64_t left, std::optional<std::int64_t> most) {
  return most ? tr("{} of {}", left, *most) : tr("no limit known");
}

// Nothing when a request may go at once.
std::optional<Message> hindrance(const Budget& b) {
  const auto whole = std::ranges::find(b.blocks, "", &ledger::Block::endpoint);
  if (whole != b.blocks.end()) return tr("blocked");
  if (b.month_left() == 0) return tr("month spent");
  if (!b.blocks.empty()) return tr("{} blocked", b.blocks.front().endpoint);
  if (b.minute_wait > Duration::zero()) return tr("wait {}", format_age(b.minute_wait));
  return std::nullopt;
}

Table to_table(const Console& console, const std::vector<Budget>& budgets) {
  std::vector<std::vector<TableCell>> rows;
  for (const auto& b : budgets) {
    const auto hindered = hindrance(b);
    rows.push_back({{b.source, Style::bold},
                    b.allowance.plan,
                    console.text(of(b.minute_left(), b.allowance.requests_per_minute)),
                    console.text(of(b.month_left().value_or(0), b.allowance.credits_per_month)),
                    std::to_string(b.month.requests),
                    {console.text(hindered.value_or(tr("free"))), hindered ? Style::bad : Style::good}});
  }
  return render_table(console,
                      {{tr("source"), false, 100, 9},
                       {tr("plan"), false, 60},
                       {tr("left this minute"), true, 80},
                       {tr("credits left"), true, 70},
                       {tr("requests this month"), true, 40},
                       {tr("state"), false, 90}},
                      rows);
}

// What the provider says; unknown is not said.
Message told_line(const Budget& b) {
  if (b.not_told) return tr("{} could not be asked: {}", b.source, b.not_told->message);
  if (!b.told) return tr("{} does not tell about this key", b.source);
  const auto& told = *b.told;
  std::vector<Message> out;
  if (told.plan) out.push_back(tr("plan {}", printable(*told.plan)));
  if (told.requests_per_minute)
    out.push_back(trn("{} request a minute", "{} requests a minute", *told.requests_per_minute));
  if (told.credits_per_month) out.push_back(trn("{} credit a month", "{} credits a month", *told.credits_per_month));
  if (told.credits_left) out.push_back(trn("{} left", "{} left", *told.credits_left));
  if (told.resets_at) out.push_back(tr("anew at {}", format_utc(*told.resets_at)));
  return out.empty() ? tr("{} says nothing of its limits", b.source) : tr("{} says: {}", b.source, joined(out, ", "));
}

Message block_line(const Budget& b, const ledger::Block& block) {
  const auto until = format_utc(block.until);
  const auto why = Message::stored(printable(block.why));
  return block.endpoint.empty() ? tr("{} is left alone until {}: {}", b.source, until, why)
                                : tr("{}'s {} is left alone until {}: {}", b.source, block.endpoint, until, why);
}

std::string notes(const Console& console, const std::vector<Budget>& budgets, bool refresh) {
  std::vector<Message> paragraphs;
  for (const auto& b : budgets) {
    if (refresh) paragraphs.push_back(told_line(b));
    for (const auto& block : b.blocks) paragraphs.push_back(block_line(b, block));
  }
  std::string out;
  for (const auto& paragraph : paragraphs) {
    for (const auto& line : wrap(console.shown(console.text(paragraph)), std::max<std::size_t>(console.width(), 20)))
      out += line + "\n";
  }
  return out.empty() ? "" : "\n" + out;
}

}  // namespace

Result<int> budget(Context& context, const BudgetOptions& options) {
  auto& console = *context.console;
  std::vector<Budget> budgets;
  for (const auto& name : source_names()) {
    if (!options.source.empty() && options.source != name) continue;
    const auto source = make_source(std::string(name), context.config);
    if (source) budgets.push_back(TRY(budget_of(context, **source, options.refresh)));
    else if (!options.source.empty()) return std::unexpected(source.error());
    else if (!options.json)
      console.say(verbatim("coinlake: ") + tr("{} ({})", source.error().message, source.error().hint));
  }
  if (budgets.empty()) (void)TRY(make_source(options.source, context.config));  // which says what there is
  if (options.json) console.print_data(to_json(budgets));
  else
    print_table(console, to_table(console, budgets), verbatim("--json")),
        console.print(notes(console, budgets, options.refresh));
  const auto failed = std::ranges::find_if(budgets, [](const Budget& b) { return b.not_told.has_value(); });
  return failed == budgets.end() ? 0 : exit_code(failed->not_told->kind);
}

}  // namespace coinlake::app
