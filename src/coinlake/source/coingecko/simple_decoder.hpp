// Decodes /simple/price: an object of coins, each with its values in all the currencies asked for. A coin is a row for
// each currency, also when it says nothing in it; what cannot be true costs its coin in that currency.
#pragma once

#include <memory>

#include "coinlake/port/source.hpp"

namespace coinlake::source {

class SimpleDecoder {
 public:
  SimpleDecoder();
  ~SimpleDecoder();
  Result<domain::Batch> decode(const port::Answer& answer);

 private:
  struct State;  // simdjson stays out of headers that others include
  std::unique_ptr<State> state_;
};

}  // namespace coinlake::source
