#include <algorithm>

#include "coinlake/app/commands/commands.hpp"
#include "coinlake/app/commands/writer.hpp"
#include "coinlake/app/terminal/table.hpp"
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

std::string quarantine_words(const std::string& words) { return "coinlake quarantine " + words; }

std::optional<Error> misused_quarantine(const QuarantineOptions& o) {
  const auto what = "quarantine " + printable(o.action);
  const auto wrong = [](Message message, Message hint = tr("see {}", "coinlake quarantine --help")) {
    return Error{Kind::usage, std::move(message), std::move(hint)};
  };
  const auto has_no = [&](std::string_view option) { return tr("{} has no {}", what, option); };
  const bool list = o.action == "list", show = o.action == "show", decides = !list && !show;
  if (list && !o.ids.empty())
    return wrong(tr("{} takes no id", what),
                 tr("{} shows that row", quarantine_words("show " + printable(o.ids.front()))));
  if (!list && (o.all || o.limit)) return wrong(has_no(o.all ? "--all" : "--limit"));
  if (show && o.rule) return wrong(has_no("--rule"), tr("{} lists the rows of one", quarantine_words("list --rule")));
  if (!decides && o.why) return wrong(has_no("--why"));
  if (decides && o.json) return wrong(has_no("--json"), tr("its exit code says it all"));
  if (!show && o.raw) return wrong(has_no("--raw"), tr("it belongs to {}", "quarantine show"));
  if (show && o.raw && o.json) return wrong(tr("{} has either {} or {}", what, "--raw", "--json"));
  if (show && o.ids.empty())
    return wrong(tr("{} needs the id of a row", what), tr("{} shows them", quarantine_words("list")));
  if (decides && o.ids.empty() != o.rule.has_value())
    return wrong(tr("{} needs the ids of rows, or --rule", what), tr("{} shows both", quarantine_words("list")));
  if (decides && (!o.why || trim(*o.why).empty()))
    return wrong(tr("{} needs a reason", what),
                 tr("add --why \"what you know about it\"; it is kept with the decision"));
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
Message finding(const QuarantinedRow& row) {
  return Message::stored(printable(row.evidence.substr(0, row.evidence.find("; row: "))));
}

Message word_of(RowState state) {
  return state == RowState::open ? tr("open") : state == RowState::released ? tr("released") : tr("dropped");
}

TableCell state_cell(const Console& console, const QuarantinedRow& row) {
  return {console.text(word_of(row.state)), row.state == RowState::open ? Style::bold : Style::dim};
}

Table list_table(const Console& console, const std::vector<QuarantinedRow>& lines, bool with_state) {
  std::vector<TableColumn> columns = {{tr("id"), false, 100},
                                      {tr("rule"), false, 95, 10},
                                      {tr("state"), false, 90},
                                      {tr("found"), false, 80, with_state ? std::size_t{12} : std::size_t{20}, true},
                                      {tr("known at (UTC)"), false, 60},
                                      {tr("source"), false, 50},
                                      {tr("currency"), false, 40, 8}};
  std::vector<std::vector<TableCell>> rows;
  for (const auto& line : lines) {
    rows.push_back({{to_text(line.key), Style::bold},
                    printable(line.rule),
                    state_cell(console, line),
                    console.text(finding(line)),
                    {format_to_second(line.known_at), Style::dim},
                    printable(line.source),
                    printable(line.currency)});
  }
  if (!with_state) drop_column(2, columns, rows);
  return render_table(console, columns, rows);
}

Message what_next(const std::vector<QuarantinedRow>& rows) {
  const auto open = std::ranges::find(rows, RowState::open, &QuarantinedRow::state);
  if (open == rows.end()) return {};
  return "\n" + tr("Next: {}", quarantine_words("show " + to_text(open->key))) + "\n";
}

Result<int> list_rows(Context& context, const QuarantineOptions& options, const std::string& path) {
  auto& console = *context.console;
  auto limit = options.limit;
  if (!limit && !options.json && console.out_is_terminal()) limit = kTerminalList;
  const auto rows = TRY(ledger::quarantined(path, {.rule = options.rule, .decided = options.all, .limit = limit}));
  if (options.json) return console.print_data(json_lines(rows, write_row)), 0;
  if (rows.empty())
    return console.tell(
               (options.all ? tr("no row was ever quarantined") : tr("no quarantined row waits for a decision")) +
               "\n"),
           0;
  print_table(console, list_table(console, rows, options.all), verbatim("--json"));
  console.tell(what_next(rows));
  return 0;
}

// "  found  price is -7.5": the names in one column.
std::string named_lines(const Console& console, const std::vector<std::pair<Message, Message>>& lines) {
  std::size_t width = 0;
  for (const auto& [name, value] : lines) width = std::max(width, display_width(console.text(name)));
  std::string out;
  for (const auto& [name, value] : lines)
    out += "  " + fit(console.text(name), width) + "  " + console.text(value) + "\n";
  return out;
}

Message decisions_left(const QuarantinedRow& row) {
  const auto line = [&](std::string_view action) {
    return "  " + tr("{} --why TEXT", quarantine_words(std::string(action) + " " + to_text(row.key))) + "\n";
  };
  return "\n" + tr("Next:") + "\n" + (row.state == RowState::released ? Message() : line("release")) +
         (row.state == RowState::dropped ? Message() : line("drop"));
}

std::string detail_text(const Console& console, const QuarantinedDetail& detail) {
  const auto& row = detail.row;
  std::vector<std::pair<Message, Message>> lines = {
      {tr("found"), finding(row)},
      {tr("in"), printable(row.source + " " + row.kind + " " + row.currency)},
      {tr("known"), format_utc(row.known_at)}};
  if (row.decided_at)
    lines.emplace_back(word_of(row.state), tr("{}: {}", format_utc(*row.decided_at), printable(row.why.value_or(""))));
  const auto head = tr("{} {}, {}", to_text(row.key), printable(row.rule), word_of(row.state));
  const auto what = detail.bytes.empty()
                        ? tr("Evidence (the row's own bytes cannot be told apart; --raw has the whole answer):")
                        : tr("The row as it came:");
  return console.text(head) + "\n" + named_lines(console, lines) + "\n" + console.text(what) + "\n" +
         printable(detail.bytes.empty() ? row.evidence : detail.bytes) + "\n" + console.text(decisions_left(row));
}

void print_raw(Console& console, const QuarantinedDetail& detail) {
  const auto& bytes = detail.bytes.empty() ? detail.answer.body : detail.bytes;
  if (detail.bytes.empty())
    console.say(verbatim("coinlake: ") +
                tr("the bytes of row {} cannot be told apart: this is the whole answer that it is in",
                   to_text(detail.row.key)));
  console.out_is_terminal() ? console.print(printable(bytes) + "\n") : console.print_data(bytes);
}

Result<int> show_rows(Context& context, const QuarantineOptions& options, const std::string& path) {
  const auto decode = make_decoder();
  std::vector<QuarantinedDetail> details;
  for (const auto& key : TRY(keys_of(options.ids)))
    details.push_back(TRY(ledger::quarantined_detail(path, key, decode)));
  auto& console = *context.console;
  if (options.json) {
    console.print_data(json_lines(details, [](JsonWriter& json, const QuarantinedDetail& detail) {
      write_row(json, detail.row);
      json.key("row");
      if (detail.bytes.empty()) json.null();
      else json.value(detail.bytes);
    }));
    return 0;
  }
  for (const auto& detail : details) {
    if (options.raw) print_raw(console, detail);
    else console.tell((&detail == &details.front() ? "" : "\n") + detail_text(console, detail));
  }
  return 0;
}

Message became(const ledger::Counts& counts) {
  if (counts.fresh > 0) return tr("a new fact, known from now on");
  if (counts.revised > 0) return tr("a revision, known from now on");
  if (counts.equal > 0) return tr("its values were known already");
  return tr("seen from now on; it has no price and no time");
}

Result<void> decide_one(Context& context, ledger::Ledger& ledger, const QuarantineKey& key, Action action,
                        const std::string& why, const ledger::Decode& decode) {
  auto said = tr("dropped {}", to_text(key));
  if (action == Action::release)
    said = tr("released {}: {}", to_text(key), became(TRY(ledger::release(ledger, key, why, decode))));
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
    return fail(Kind::unknown, tr("no open row of the rule \"{}\" is quarantined", printable(*options.rule)),
                tr("{} shows those there are", quarantine_words("list")));
  std::ranges::sort(keys);
  return keys;
}

// Those that hold nothing to store are named, and cost the others nothing.
Result<int> decide_rows(Context& context, const QuarantineOptions& options, const std::string& path) {
  const auto action = options.action == "release" ? Action::release : Action::drop;
  (void)TRY(ledger::open_ledger(path));  // a ledger that is not there is not made
  auto writer = TRY(Writer::open(context));
  const auto keys = TRY(writer.ledger().with([&](ledger::Ledger& ledger) { return chosen(ledger, options, action); }));
  const auto decode = make_decoder();
  int code = 0;
  std::optional<QuarantineKey> last;
  for (const auto& key : keys) {
    if (stop_requested()) return fail(Kind::temporary, tr("interrupted"), tr("what was decided until then is stored"));
    auto done = writer.ledger().with(
        [&](ledger::Ledger& ledger) { return decide_one(context, ledger, key, action, *options.why, decode); });
    if (done) last = key;
    else if (done.error().kind != Kind::undecodable || keys.size() == 1)
      return std::unexpected(std::move(done).error());
    else context.console->complain(done.error()), code = exit_code(done.error().kind);
  }
  if (last)
    context.console->say("  " +
                         tr("undo: {} --why TEXT",
                            quarantine_words((action == Action::release ? "drop " : "release ") + to_text(*last))));
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
