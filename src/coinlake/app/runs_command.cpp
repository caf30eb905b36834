#include "coinlake/app/commands.hpp"
#include "coinlake/app/table.hpp"
#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/ledger/reader.hpp"

namespace coinlake::app {
namespace {

constexpr std::size_t kToTheMinute = 16;  // of "2021-05-15 15:59:43 UTC"

std::string to_json(const std::vector<ledger::RunLine>& lines) {
  std::string out = "[";
  for (const auto& r : lines) {
    out += &r == &lines.front() ? "\n" : ",\n";
    JsonWriter json(out);
    json.begin_object().key("id").value(r.id).key("kind").value(r.kind).key("source").value(r.source).key("plan").value(
        r.plan);
    json.key("outcome").value(r.outcome).key("started_at").value(format_iso(r.started_at)).key("ended_at");
    if (r.ended_at && r.outcome != "open") json.value(format_iso(*r.ended_at));
    else json.null();
    json.key("pages").value(r.pages).key("rows").value(r.rows).key("new").value(r.fresh).key("equal").value(r.equal);
    json.key("revised").value(r.revised).key("unpriced").value(r.unpriced).key("quarantined").value(r.bad);
    json.key("requests").value(r.requests).key("note").value(r.note).end_object();
  }
  return out + "\n]\n";
}

std::string to_table(const Console& console, const std::vector<ledger::RunLine>& lines) {
  std::vector<std::vector<TableCell>> rows;
  for (const auto& r : lines) {
    const auto style = r.outcome == "ok" ? Style::good : r.outcome == "failed" ? Style::bad : Style::bold;
    rows.push_back({format_utc(r.started_at).substr(0, kToTheMinute),
                    r.id,
                    {r.outcome, style},
                    r.source,
                    printable(r.plan),
                    std::to_string(r.fresh),
                    std::to_string(r.equal),
                    std::to_string(r.revised),
                    std::to_string(r.bad),
                    std::to_string(r.requests),
                    printable(r.note.value_or(""))});
  }
  return render_table(console,
                      {{"started (UTC)", false, 100},
                       {"run", false, 30},
                       {"outcome", false, 95},
                       {"source", false, 25},
                       {"asked", false, 50, 11},
                       {"new", true, 80},
                       {"equal", true, 60},
                       {"revised", true, 55},
                       {"bad", true, 65},
                       {"requests", true, 20},
                       {"note", false, 75, 24}},
                      rows)
      .text;
}

}  // namespace

Result<int> runs(Context& context, const RunsOptions& options) {
  auto reader = TRY(ledger::Reader::open(context.config.text("ledger.path")));
  const auto lines = TRY(reader.runs(options.limit));
  context.console->print(options.json ? to_json(lines) : to_table(*context.console, lines));
  return 0;
}

}  // namespace coinlake::app
