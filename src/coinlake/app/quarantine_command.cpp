#include <algorithm>

#include "coinlake/app/commands.hpp"
#include "coinlake/app/table.hpp"
#include "coinlake/app/wiring.hpp"
#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/ledger/decisions.hpp"
#include "coinlake/ledger/identity.hpp"

namespace coinlake::app {
namespace {

using ledger::Action;
using ledger::QuarantinedDetail;
using ledger::QuarantinedRow;
using ledger::QuarantineKey;
using ledger::RowState;

constexpr std::int64_t kTerminalList = 20;
constexpr std::string_view kCommand = "coinlake quarantine ";

std::optional<Error> misused_quarantine(const QuarantineOptions& o) {
  const auto wrong = [&](const std::string& what, const std::string& hint = "see coinlake quarantine --help") {
    return Error{Kind::usage, "quarantine " + o.action + " " + what, hint};
  };
  const bool list = o.action == "list", show = o.action == "show", decides = !list && !show;
  if (list && !o.ids.empty())
    return wrong("takes no id", std::string(kCommand) + "show " + printable(o.ids.front()) + " shows that row");
  if (!list && (o.all || o.limit)) return wrong(o.all ? "has no --all" : "has no --limit");
  if (show && o.rule) return wrong("has no --rule", std::string(kCommand) + "list --rule lists the rows of one");
  if (!decides && o.why) return wrong("has no --why");
  if (decides && o.json) return wrong("has no --json", "its exit code says it all");
  if (!show && o.raw) return wrong("has no --raw", "it belongs to quarantine show");
  if (show && o.raw && o.json) return wrong("has either --raw or --json");
  if (show && o.ids.empty()) return wrong("needs the id of a row", std::string(kCommand) + "list shows them");
  if (decides && o.ids.empty() != o.rule.has_value())
    return wrong("needs the ids of rows, or --rule", std::string(kCommand) + "list shows both");
  if (decides && (!o.why || trim(*o.why).empty()))
    return wrong("needs a reason", "add --why \"what you know about it\"; it is kept with the decision");
  return std::nullopt;
}

Result<std::vector<QuarantineKey>> keys_of(const std::vector<std::string>& ids) {
  std::vector<QuarantineKey> out;
  for (const auto& id : ids) {
    const auto key = TRY(ledger::parse_quarantine_key(id));
    if (std::ranges::find(out, key) == out.end()) out.push_back(key);
  }
  return out;
}

void write_row(JsonWriter& json, const QuarantinedRow& row) {
  json.key("id").value(to_text(row.key)).key("rule").value(row.rule).key("evidence").value(row.evidence);
  json.key("state").value(name_of(row.state)).key("source").value(row.source).key("kind").value(row.kind);
  json.key("currency").value(row.currency).key("known_at").value(format_iso(row.known_at)).key("decided_at");
  if (row.decided_at) json.value(format_iso(*row.decided_at));
  else json.null();
  json.key("why").value(row.why);
}

// An array with an object a line; `write` fills it.
template <class Row, class Write>
std::string json_lines(const std::vector<Row>& rows, Write write) {
  std::string out = "[";
  for (const auto& row : rows) {
    out += &row == &rows.front() ? "\n" : ",\n";
    JsonWriter json(out);
    json.begin_object();
    write(json, row);
    json.end_object();
  }
  return out + "\n]\n";
}

// What was found, without the row that follows it in the evidence.
std::string finding(const QuarantinedRow& row) {
  return printable(row.evidence.substr(0, row.evidence.find("; row: ")));
}

TableCell state_cell(const QuarantinedRow& row) {
  return {std::string(name_of(row.state)), row.state == RowState::open ? Style::bold : Style::dim};
}

Table list_table(const Console& console, const std::vector<QuarantinedRow>& lines, bool with_state) {
  std::vector<TableColumn> columns = {{"id", false, 100},
                                      {"rule", false, 95, 10},
                                      {"state", false, 90},
                                      {"found", false, 80, with_state ? std::size_t{12} : std::size_t{20}, true},
                                      {"known at (UTC)", false, 60},
                                      {"source", false, 50},
                                      {"currency", false, 40, 8}};
  std::vector<std::vector<TableCell>> rows;
  for (const auto& line : lines) {
    rows.push_back({{to_text(line.key), Style::bold},
                    printable(line.rule),
                    state_cell(line),
                    finding(line),
                    {format_utc(line.known_at).substr(0, 19), Style::dim},
                    printable(line.source),
                    printable(line.currency)});
  }
  if (!with_state) {
    columns.erase(columns.begin() + 2);
    for (auto& row : rows) row.erase(row.begin() + 2);
  }
  return render_table(console, columns, rows);
}

std::string what_next(const std::vector<QuarantinedRow>& rows) {
  const auto open = std::ranges::find(rows, RowState::open, &QuarantinedRow::state);
  if (open == rows.end()) return "";
  const auto id = to_text(open->key);
  return "\nNext: " + std::string(kCommand) + "show " + id + "\n";
}

Result<int> list_rows(Context& context, const QuarantineOptions& options, const std::string& path) {
  auto& console = *context.console;
  auto limit = options.limit;
  if (!limit && !options.json && console.out_is_terminal()) limit = kTerminalList;
  const auto rows = TRY(ledger::quarantined(path, {.rule = options.rule, .decided = options.all, .limit = limit}));
  if (options.json) return console.print(json_lines(rows, write_row)), 0;
  if (rows.empty())
    return console.tell(options.all ? "no row was ever quarantined\n" : "no quarantined row waits for a decision\n"), 0;
  print_table(console, list_table(console, rows, options.all), "--json");
  console.tell(what_next(rows));
  return 0;
}

std::string decided(const QuarantinedRow& row) {
  if (!row.decided_at) return "";
  return "  " + std::string(name_of(row.state)) + "  " + format_utc(*row.decided_at).substr(0, 19) +
         " UTC: " + printable(row.why.value_or("")) + "\n";
}

std::string decisions_left(const QuarantinedRow& row) {
  const auto line = [&](std::string_view action) {
    return "  " + std::string(kCommand) + std::string(action) + " " + to_text(row.key) + " --why TEXT\n";
  };
  return "\nNext:\n" + (row.state == RowState::released ? "" : line("release")) +
         (row.state == RowState::dropped ? "" : line("drop"));
}

std::string detail_text(const QuarantinedDetail& detail) {
  const auto& row = detail.row;
  std::string out = to_text(row.key) + " " + printable(row.rule) + ", " + std::string(name_of(row.state)) + "\n";
  out += "  found  " + finding(row) + "\n";
  out += "  in     " + printable(row.source + " " + row.kind + " " + row.currency) + "\n";
  out += "  known  " + format_utc(row.known_at).substr(0, 19) + " UTC\n" + decided(row);
  out += detail.bytes.empty() ? "\nEvidence (the row's own bytes cannot be told apart; --raw has the whole answer):\n" +
                                    printable(row.evidence)
                              : "\nThe row as it came:\n" + printable(detail.bytes);
  return out + "\n" + decisions_left(row);
}

void print_raw(Console& console, const QuarantinedDetail& detail) {
  const auto& bytes = detail.bytes.empty() ? detail.answer.body : detail.bytes;
  if (detail.bytes.empty())
    console.say("coinlake: the bytes of row " + to_text(detail.row.key) +
                " cannot be told apart: this is the whole answer that it is in");
  console.print(console.out_is_terminal() ? printable(bytes) + "\n" : bytes);
}

Result<int> show_rows(Context& context, const QuarantineOptions& options, const std::string& path) {
  const auto decode = make_decoder();
  std::vector<QuarantinedDetail> details;
  for (const auto& key : TRY(keys_of(options.ids)))
    details.push_back(TRY(ledger::quarantined_detail(path, key, decode)));
  auto& console = *context.console;
  if (options.json) {
    console.print(json_lines(details, [](JsonWriter& json, const QuarantinedDetail& detail) {
      write_row(json, detail.row);
      json.key("row");
      if (detail.bytes.empty()) json.null();
      else json.value(detail.bytes);
    }));
    return 0;
  }
  for (const auto& detail : details) {
    if (options.raw) print_raw(console, detail);
    else console.tell((&detail == &details.front() ? "" : "\n") + detail_text(detail));
  }
  return 0;
}

std::string became(const ledger::Counts& counts) {
  if (counts.fresh > 0) return "a new fact, known from now on";
  if (counts.revised > 0) return "a revision, known from now on";
  if (counts.equal > 0) return "its values were known already";
  return "seen from now on; it has no price and no time";
}

Result<void> decide_one(Context& context, ledger::Ledger& ledger, const QuarantineKey& key, Action action,
                        const std::string& why, const ledger::Decode& decode) {
  std::string said = "dropped " + to_text(key);
  if (action == Action::release)
    said = "released " + to_text(key) + ": " + became(TRY(ledger::release(ledger, key, why, decode)));
  else CHECK_OK(ledger::drop(ledger, key, why));
  context.console->tell(said + "\n");
  return {};
}

// The ids, or all open rows of the rule. Whatever is wrong with one of them is said before anything is stored.
Result<std::vector<QuarantineKey>> chosen(const ledger::Ledger& ledger, const QuarantineOptions& options,
                                          Action action) {
  auto keys = TRY(keys_of(options.ids));
  for (const auto& key : keys) CHECK_OK(expect_undecided(ledger, key, action));
  if (!options.rule) return keys;
  for (const auto& row : TRY(ledger::quarantined(ledger.path(), {.rule = options.rule}))) keys.push_back(row.key);
  if (keys.empty())
    return fail(Kind::unknown, "no open row of the rule \"" + printable(*options.rule) + "\" is quarantined",
                std::string(kCommand) + "list shows those there are");
  std::ranges::sort(keys);
  return keys;
}

// Those that hold nothing to store are named, and cost the others nothing.
Result<int> decide_rows(Context& context, const QuarantineOptions& options, const std::string& path) {
  const auto action = options.action == "release" ? Action::release : Action::drop;
  (void)TRY(ledger::open_ledger(path));  // a ledger that is not there is not made
  auto ledger = TRY(ledger::Ledger::open({.path = path, .clock = context.clock}));
  const auto keys = TRY(chosen(ledger, options, action));
  const auto decode = make_decoder();
  int code = 0;
  std::optional<QuarantineKey> last;
  for (const auto& key : keys) {
    if (stop_requested()) return fail(Kind::temporary, "interrupted", "what was decided until then is stored");
    auto done = decide_one(context, ledger, key, action, *options.why, decode);
    if (done) last = key;
    else if (done.error().kind != Kind::undecodable || keys.size() == 1)
      return std::unexpected(std::move(done).error());
    else context.console->complain(done.error()), code = exit_code(done.error().kind);
  }
  if (last)
    context.console->say(std::string("  undo: ") + std::string(kCommand) +
                         (action == Action::release ? "drop " : "release ") + to_text(*last) + " --why TEXT");
  return code;
}

}  // namespace

Result<int> quarantine(Context& context, const QuarantineOptions& options) {
  if (auto error = misused_quarantine(options)) return std::unexpected(std::move(*error));
  const auto path = context.config.text("ledger.path");
  if (options.action == "list") return list_rows(context, options, path);
  if (options.action == "show") return show_rows(context, options, path);
  return decide_rows(context, options, path);
}

}  // namespace coinlake::app
