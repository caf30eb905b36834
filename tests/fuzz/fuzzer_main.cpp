// One target under libFuzzer, which brings main(). COINLAKE_FUZZ_TARGET is its function.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);  // libFuzzer declares it nowhere

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  coinlake::fuzz::COINLAKE_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
