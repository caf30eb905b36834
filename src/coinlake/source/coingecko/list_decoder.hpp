// Decodes /coins/list: which coins there are and what they are called. As in markets_decoder.hpp, rows are rejected one
// by one.
#pragma once

#include <memory>

#include "coinlake/port/source.hpp"

namespace coinlake::source {

class ListDecoder {
 public:
  ListDecoder();
  ~ListDecoder();
  Result<domain::Batch> decode(const port::Answer& answer);

 private:
  struct State;  // simdjson stays out of headers that others include
  std::unique_ptr<State> state_;
};

}  // namespace coinlake::source
