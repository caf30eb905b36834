#include "coinlake/app/cli/man_page.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "coinlake/app/cli/help.hpp"
#include "coinlake/app/cli/help_layout.hpp"
#include "coinlake/app/cli/help_text.hpp"
#include "coinlake/app/commands/commands.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

using Blocks = std::vector<HelpBlock>;

constexpr std::string_view kDate = "2026-11-25";  // of the texts: man wants one, and a build that repeats has none

constexpr std::string_view kFiles = mark(R"(files: what is read and written

Files:
  ./coinlake.toml      the configuration; --config names another one
  ./.env               variables of the environment, beside it
  data/coinlake.db     the ledger, an SQLite database; --db-path names another
  data/coinlake.db.lock
                       who writes the ledger; empty otherwise
)");

// Every sign that roff would take for something else; what is not ASCII by its number, which needs no preprocessor.
std::string roff_text(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto c = decode_at(text, i);
    const auto bytes = text.substr(i, std::max<std::size_t>(c.size, 1));
    i += bytes.size();
    std::array<char, 16> number{};
    (void)std::snprintf(number.data(), number.size(), "\\[u%04X]", static_cast<unsigned>(c.value));
    if (bytes == "\\") out += "\\e";
    else if (bytes == "-") out += "\\-";
    else if (bytes == "'") out += "\\(aq";
    else if (bytes == "`") out += "\\(ga";
    else if (bytes == "~") out += "\\(ti";
    else if (bytes == "^") out += "\\(ha";
    else out += bytes.size() == 1 ? std::string(bytes) : std::string(number.data());
  }
  return out.starts_with('.') ? "\\&" + out : out;
}

// Short lines: each is a line of roff, so none may begin with a dot.
std::string roff_lines(std::string_view text) {
  std::string out;
  for (const auto& line : wrap(text, 70)) out += roff_text(line) + "\n";
  return out;
}

std::string roff_quoted(std::string_view text) {
  auto out = roff_text(text);
  for (auto at = out.find('"'); at != std::string::npos; at = out.find('"', at + 4)) out.replace(at, 1, "\\(dq");
  return '"' + out + '"';
}

void put_block(std::string& out, const HelpBlock& block) {
  using enum HelpBlock::Kind;
  if (block.kind == heading) out += ".PP\n.B " + roff_quoted(block.text) + "\n";
  if (block.kind == paragraph) out += ".PP\n" + roff_lines(block.text);
  if (block.kind == row) out += ".TP\n.B " + roff_quoted(block.head) + "\n" + roff_lines(block.text);
}

void put_section(std::string& out, const std::string& title, const Blocks& blocks, std::size_t from = 0) {
  std::string body;
  for (auto i = from; i < blocks.size(); ++i) put_block(body, blocks[i]);
  constexpr std::string_view kParagraph = ".PP\n";  // mandoc: none after a title
  out += ".SH " + roff_quoted(title) + "\n" + body.substr(body.starts_with(kParagraph) ? kParagraph.size() : 0);
}

// The part of a text below its n-th heading, up to the next one.
Blocks part_of(const Blocks& blocks, std::size_t n) {
  Blocks out;
  std::size_t seen = 0;
  for (const auto& block : blocks) {
    if (block.kind == HelpBlock::Kind::heading) ++seen;
    else if (seen == n + 1) out.push_back(block);
  }
  return out;
}

void put_command(std::string& out, std::string_view name, const Language& language) {
  const auto blocks = help_blocks(help_text(name, language));
  out += ".SS " + roff_quoted("coinlake " + std::string(name)) + "\n" + roff_lines(help_summary(name, language));
  for (std::size_t i = 1; i < blocks.size(); ++i) put_block(out, blocks[i]);
}

void put_commands(std::string& out, const Language& language) {
  for (const auto& texts : {command_texts(), running_texts()}) {
    for (const auto& [name, text] : texts)
      if (!name.empty()) put_command(out, name, language);
  }
  for (const auto* name : {"quarantine", "ledger"}) put_command(out, name, language);
  for (const auto& [name, text] : action_texts()) {
    if (name.find(' ') != std::string_view::npos) put_command(out, name, language);
  }
}

}  // namespace

std::string man_page(const Language& language) {
  const auto say = [&](const Message& message) { return language.text(message); };
  const auto program = help_blocks(help_text("", language));
  const auto topic = [&](std::string_view name) { return help_blocks(help_text(name, language)); };
  std::string out =
      ".TH COINLAKE 1 " + std::string(kDate) + " " + roff_quoted("coinlake " + std::string(program_version())) + "\n";
  out += ".SH " + roff_quoted(say(tr("NAME"))) + "\ncoinlake \\- " + roff_text(help_summary("", language)) + "\n";
  out += ".SH " + roff_quoted(say(tr("SYNOPSIS"))) + "\n.B coinlake\n" +
         roff_lines(say(tr("[OPTION]… COMMAND [ACTION] [ARGUMENT]…"))) + ".br\n.B coinlake help\n" +
         roff_lines(say(tr("[COMMAND [ACTION] | TOPIC]")));
  constexpr std::size_t kExamples = 0, kCommands = 1, kOptions = 3, kBare = 4;
  put_section(out, say(tr("COMMANDS")), part_of(program, kCommands));
  put_section(out, say(tr("OPTIONS")), part_of(program, kOptions));
  out += ".PP\n" + roff_lines(say(tr("Without a command, as the Python collector that this replaces:")));
  for (const auto& block : part_of(program, kBare)) put_block(out, block);
  out += ".SH " + roff_quoted(say(tr("COMMANDS IN DETAIL"))) + "\n";
  put_commands(out, language);
  put_section(out, say(tr("CONFIGURATION")), topic("config"), 1);
  put_section(out, say(tr("FORMATS")), topic("formats"), 1);
  put_section(out, say(tr("TIME")), topic("time"), 1);
  put_section(out, say(tr("SECURITY")), topic("security"), 1);
  put_section(out, say(tr("EXIT STATUS")), topic("exit-codes"), 1);
  put_section(out, say(tr("ENVIRONMENT")), topic("env"), 1);
  put_section(out, say(tr("FILES")), part_of(help_blocks(say(tr_marked(kFiles))), 0));
  put_section(out, say(tr("EXAMPLES")), part_of(program, kExamples));
  return out;
}

}  // namespace coinlake::app
