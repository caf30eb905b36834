// doctor: a line for each thing that was looked at, and a mend for each fault.
#include <algorithm>

#include "coinlake/app/commands/commands.hpp"
#include "coinlake/app/commands/doctor.hpp"
#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

std::string to_json(const Findings& findings) {
  std::string out = "[";
  for (const auto& found : findings) {
    out += &found == &findings.front() ? "\n" : ",\n";
    JsonWriter json(out);
    json.begin_object().key("check").value(found.check).key("ok").value(found.ok);
    json.key("text").value(found.text.english()).key("hint").value(found.hint.english()).end_object();
  }
  return out + "\n]\n";
}

// "ok   disk: …", and below a fault what to do.
std::string to_text(const Console& console, const Finding& found) {
  constexpr std::size_t kIndent = 5, kLeast = 20;
  const auto room = std::max(console.width(), kLeast) - kIndent;
  const auto mark = found.ok ? console.styled("ok", Style::good) + "   " : console.styled("bad", Style::bad) + "  ";
  std::string out;
  auto add = [&](const std::string& text, std::string_view first) {
    for (const auto& line : wrap(console.shown(text), room)) {
      out += (out.empty() ? std::string(first) : std::string(kIndent, ' ')) + line + "\n";
    }
  };
  add(console.text(tr("{}: {}", found.check, found.text)), mark);
  if (!found.hint.empty()) add(console.text("→ " + found.hint), "");
  return out;
}

}  // namespace

Result<int> doctor(Context& context, const DoctorOptions& options) {
  const auto findings = examine(context);
  auto& console = *context.console;
  if (options.json) console.print_data(to_json(findings));
  else {
    for (const auto& found : findings) console.print(to_text(console, found));
  }
  return std::ranges::all_of(findings, &Finding::ok) ? 0 : 1;
}

}  // namespace coinlake::app
