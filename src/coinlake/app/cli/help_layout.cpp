#include "coinlake/app/cli/help_layout.hpp"

#include <algorithm>

#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

constexpr std::size_t kAsWritten = 78, kHeadIndent = 2, kTextIndent = 6;

// Columns within a text are for those who see it as written.
std::string one_spaced(std::string_view text) {
  std::string out;
  for (const auto word : split(text, ' ')) {
    if (!word.empty()) (out += out.empty() ? "" : " ") += word;
  }
  return out;
}

HelpBlock row_of(std::string_view line) {
  line = trim(line);
  const auto gap = line.find("  ");
  if (gap == std::string_view::npos) return {HelpBlock::Kind::row, std::string(line), ""};
  return {HelpBlock::Kind::row, std::string(line.substr(0, gap)), one_spaced(line.substr(gap))};
}

// Of a line that stands by itself, or begins something.
HelpBlock block_of(std::string_view line, bool first_of_its_kind) {
  if (line.empty()) return {};
  if (line.starts_with(' ')) return row_of(line);
  const bool heading = first_of_its_kind && line.ends_with(':');
  return {heading ? HelpBlock::Kind::heading : HelpBlock::Kind::paragraph, "", std::string(line)};
}

bool goes_on(const std::vector<HelpBlock>& blocks, std::string_view line) {
  if (blocks.empty() || line.empty()) return false;
  const auto indent = line.find_first_not_of(' ');
  const auto kind = blocks.back().kind;
  const bool flows = kind == HelpBlock::Kind::paragraph || kind == HelpBlock::Kind::heading;
  return indent == 0 ? flows : kind == HelpBlock::Kind::row && indent >= kTextIndent;
}

void put_indented(std::string& out, std::string_view text, std::size_t indent, std::size_t deeper,
                  std::size_t columns) {
  if (columns < indent + deeper + 10) indent = deeper = 0;
  auto before = indent;
  for (const auto& line : wrap(text, columns - indent - deeper)) {
    out += std::string(before, ' ') + line + "\n";
    before = indent + deeper;
  }
}

}  // namespace

std::vector<HelpBlock> help_blocks(std::string_view text) {
  std::vector<HelpBlock> blocks;
  if (text.ends_with('\n')) text.remove_suffix(1);
  for (const auto line : split(text, '\n')) {
    if (goes_on(blocks, line)) {
      if (blocks.back().kind == HelpBlock::Kind::heading) blocks.back().kind = HelpBlock::Kind::paragraph;
      auto& before = blocks.back().text;
      before += (before.empty() ? "" : " ") + std::string(trim(line));
      continue;
    }
    const bool alone = blocks.empty() || blocks.back().kind != HelpBlock::Kind::paragraph;
    blocks.push_back(block_of(line, alone));
  }
  return blocks;
}

std::string reflowed(std::string_view text, std::size_t columns) {
  if (columns >= kAsWritten) return std::string(text);
  std::string out;
  for (const auto& block : help_blocks(text)) {
    switch (block.kind) {
      case HelpBlock::Kind::blank: out += '\n'; break;
      case HelpBlock::Kind::heading:
      case HelpBlock::Kind::paragraph: put_indented(out, block.text, 0, 0, columns); break;
      case HelpBlock::Kind::row:
        put_indented(out, block.head, kHeadIndent, 2, columns);
        put_indented(out, block.text, kTextIndent, 0, columns);
    }
  }
  return out;
}

}  // namespace coinlake::app
