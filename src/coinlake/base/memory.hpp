// Memory that was refused. The program ends where `new` finds none, at once and by its new-handler (app/process.hpp):
// what it would do next is not tested by anybody, and the ledger is built to survive its end at any point.
#pragma once

#include <new>

namespace coinlake {

// For a C library that was given none, and of whose error nothing better can be made. Throws where no handler ends the
// program.
[[noreturn]] inline void end_without_memory() {
  if (const auto handler = std::get_new_handler()) handler();
  throw std::bad_alloc();
}

}  // namespace coinlake
