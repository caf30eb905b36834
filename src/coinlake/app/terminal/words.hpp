// Values in the reader's words. Portuguese writes "R$ 482.936,64" and "há 34 s" where English has "482,936.64 brl" and
// "34 s ago"; how precise a value is, base/number decides for both. An unknown value is a dash, never 0.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "coinlake/app/terminal/console.hpp"
#include "coinlake/base/time.hpp"
#include "coinlake/ledger/facts.hpp"
#include "coinlake/ledger/slots.hpp"

namespace coinlake::app {

constexpr std::string_view kUnknown = "—";

// "50,852.86 usd"; in Portuguese with the currency's sign there ("US$ 50.852,86", by Unicode CLDR) or, without one that
// the terminal can show, its code ("0,00012345 btc").
std::string price_text(const Console& console, std::optional<double> value, std::string_view currency);
std::string percent_text(const Console& console, std::optional<double> value);  // "+4.90%", "+4,90%"
std::string compact_text(const Console& console, std::optional<double> value);  // "961.72 B", "961,72 bi"
std::string seconds_text(const Console& console, Duration time);                // "1.5 s", "1,5 s"
std::string bytes_text(const Console& console, std::uint64_t bytes);            // "1.4 MiB", "1,4 MiB"

Message ago(Duration age);                                   // "34 s ago", "há 34 s"; "in 5 min" when negative
std::string age_text(const Console& console, Duration age);  // in a column of ages: "34 s", "há 34 s"

Message outcome_text(std::string_view outcome);  // of a run, as the ledger has it: "partial", "parcial"
Style outcome_style(std::string_view outcome);
Message slot_text(ledger::SlotState state);
Style slot_style(ledger::SlotState state);
// What became of a run's rows: "1 new, 249 equal, 0 revised", and how many were quarantined or had no price, if any.
Message counts_text(const ledger::Counts& counts);

}  // namespace coinlake::app
