// Decodes listings/latest and quotes/latest of every version since 2018: the shape is told from the body alone. Coins
// that cannot be true are rejected one by one; a body that holds no latest quotes is an error.
#pragma once

#include <memory>

#include "coinlake/port/source.hpp"

namespace coinlake::source {

class QuotesDecoder {
 public:
  QuotesDecoder();
  ~QuotesDecoder();
  Result<domain::Batch> decode(const port::Answer& answer);

 private:
  struct State;  // simdjson stays out of headers
  std::unique_ptr<State> state_;
};

}  // namespace coinlake::source
