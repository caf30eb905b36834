#include "coinlake/app/terminal/words.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "coinlake/app/daemon/disk.hpp"
#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

struct CurrencySign {
  std::string_view currency, sign;
};
constexpr auto kCurrencySigns = std::to_array<CurrencySign>({{"brl", "R$"},
                                                             {"usd", "US$"},
                                                             {"eur", "€"},
                                                             {"gbp", "£"},
                                                             {"jpy", "JP¥"},
                                                             {"cny", "CN¥"},
                                                             {"cad", "CA$"},
                                                             {"aud", "AU$"},
                                                             {"mxn", "MX$"},
                                                             {"inr", "₹"},
                                                             {"krw", "₩"}});

bool is_english(const Console& console) { return console.language().tag == "en"; }

// "" where currencies go by their codes. An "€" that a terminal shows as "?" would say nothing.
std::string_view sign_of(const Console& console, std::string_view currency) {
  if (is_english(console)) return "";
  const auto hit = std::ranges::find(kCurrencySigns, currency, &CurrencySign::currency);
  if (hit == kCurrencySigns.end()) return "";
  return console.ascii() && to_ascii(hit->sign) != hit->sign ? "" : hit->sign;
}

// "1,234.50" as the language writes it.
std::string in_digits_of(const Language& language, std::string english) {
  for (auto& c : english) c = c == ',' ? language.group : c == '.' ? language.decimal : c;
  return english;
}

}  // namespace

std::string price_text(const Console& console, std::optional<double> value, std::string_view currency) {
  const auto number = value ? in_digits_of(console.language(), format_price(*value)) : std::string(kUnknown);
  const auto sign = sign_of(console, currency);
  return sign.empty() ? number + " " + std::string(currency) : std::string(sign) + " " + number;
}

std::string percent_text(const Console& console, std::optional<double> value) {
  return value ? in_digits_of(console.language(), format_percent(*value)) : std::string(kUnknown);
}

std::string compact_text(const Console& console, std::optional<double> value) {
  if (!value) return std::string(kUnknown);
  auto text = in_digits_of(console.language(), format_compact(*value));
  const auto digits = text.substr(0, text.find(' '));
  if (text.ends_with(" T")) return console.text(tr("{} T", digits));
  if (text.ends_with(" B")) return console.text(tr("{} B", digits));
  if (text.ends_with(" M")) return console.text(tr("{} M", digits));
  if (text.ends_with(" K")) return console.text(tr("{} K", digits));
  return text;
}

std::string seconds_text(const Console& console, Duration time) {
  const auto tenths = std::chrono::duration_cast<std::chrono::milliseconds>(time).count() / 100;
  return std::to_string(tenths / 10) + console.language().decimal + std::to_string(tenths % 10) + " s";
}

std::string bytes_text(const Console& console, std::uint64_t bytes) {
  return in_digits_of(console.language(), format_bytes(bytes));
}

Message ago(Duration age) {
  return age < Duration::zero() ? tr("in {}", format_age(-age)) : tr("{} ago", format_age(age));
}

std::string age_text(const Console& console, Duration age) {
  return is_english(console) ? format_age(age) : console.text(ago(age));
}

Message outcome_text(std::string_view outcome) {
  if (outcome == "ok") return tr("ok");
  if (outcome == "partial") return tr("partial");
  if (outcome == "failed") return tr("failed");
  return outcome == "open" ? tr("open") : Message(printable(outcome));
}

Style outcome_style(std::string_view outcome) {
  return outcome == "ok" ? Style::good : outcome == "failed" ? Style::bad : Style::bold;
}

Message slot_text(ledger::SlotState state) {
  switch (state) {
    case ledger::SlotState::done: return tr("done");
    case ledger::SlotState::late: return tr("late");
    case ledger::SlotState::missed: return tr("missed");
    case ledger::SlotState::skipped: return tr("skipped");
  }
  return {};
}

Style slot_style(ledger::SlotState state) {
  switch (state) {
    case ledger::SlotState::done: return Style::good;
    case ledger::SlotState::late: return Style::bold;
    case ledger::SlotState::missed: return Style::bad;
    case ledger::SlotState::skipped: return Style::dim;
  }
  return Style::plain;
}

Message counts_text(const ledger::Counts& counts) {
  std::vector<Message> out = {trn("{} new", "{} new", counts.fresh), trn("{} equal", "{} equal", counts.equal),
                              trn("{} revised", "{} revised", counts.revised)};
  if (counts.bad > 0) out.push_back(trn("{} quarantined", "{} quarantined", counts.bad));
  if (counts.unpriced > 0) out.push_back(trn("{} without a price", "{} without a price", counts.unpriced));
  return joined(out, ", ");
}

}  // namespace coinlake::app
