// Decodes /coins/markets. Rows that cannot be true are rejected one by one; bytes that are not an array of rows are an
// error.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "coinlake/port/source.hpp"

namespace coinlake::source {

class MarketsDecoder {
 public:
  MarketsDecoder();
  ~MarketsDecoder();
  Result<domain::Batch> decode(const port::Answer& answer);

 private:
  struct State;  // simdjson stays out of headers
  std::unique_ptr<State> state_;
};

}  // namespace coinlake::source
