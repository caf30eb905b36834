#include "coinlake/source/refusal_text.hpp"

#include "coinlake/base/text.hpp"

namespace coinlake::source {
namespace {

constexpr std::size_t kMaxQuoted = 300;

}  // namespace

std::string_view without_bom(std::string_view body) { return body.starts_with("\xEF\xBB\xBF") ? body.substr(3) : body; }

bool is_html(std::string_view body) { return trim(body).starts_with('<'); }

std::string quoted(std::string_view text) {
  auto clean = printable(trim(text));
  if (clean.size() <= kMaxQuoted) return clean;
  auto cut = clean.substr(0, kMaxQuoted);
  if (const auto bad = find_invalid_utf8(cut); bad != std::string::npos) cut.resize(bad);
  return cut + "…";
}

Message describe_body(std::string_view body, std::string_view words) {
  if (!words.empty()) return "\"" + std::string(words) + "\"";
  if (trim(body).empty()) return tr("an empty body");
  if (is_html(body)) return tr("an HTML page");
  return "\"" + quoted(body.substr(0, 4 * kMaxQuoted)) + "\"";
}

}  // namespace coinlake::source
