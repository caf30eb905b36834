// CoinMarketCap's envelope, and its ways of saying no: a code inside any HTTP status, also 200; pages of its edge;
// plain text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "coinlake/port/source.hpp"

namespace coinlake::source {

struct EnvelopeStatus {
  bool refused = false;   // its error_code is neither 0 nor null nor absent, as a number or a text
  std::int64_t code = 0;  // 0: none, or none that is a number
  std::string words;      // fit for a message
  std::optional<Time> written = {};
  std::optional<std::int64_t> credits = {};
};

// Of any bytes; what is not there stays empty.
EnvelopeStatus read_status(std::string_view body);

port::Refused explain_coinmarketcap(const port::Refusal& refusal);

// Of an answer that came with 200: nothing when it may hold data.
std::optional<port::Refused> refusal_of(const EnvelopeStatus& status, std::string_view body);
std::optional<port::Refused> refusal_within_quotes(std::string_view body);

}  // namespace coinlake::source
