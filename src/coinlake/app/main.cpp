#include <malloc.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "coinlake/app/cli/cli.hpp"
#include "coinlake/app/process.hpp"

namespace {

coinlake::app::Config::Environment environment_of_process() {
  coinlake::app::Config::Environment out;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string::npos) out.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  coinlake::app::end_when_memory_runs_out();
  mallopt(M_MMAP_THRESHOLD, 1 << 20);  // fixed: otherwise glibc keeps the memory of one large answer for good
  coinlake::app::keep_standard_streams();
  coinlake::app::leave_no_core();
  coinlake::app::handle_signals();
  auto console = coinlake::app::Console::of_process();
  return coinlake::app::run_program({argv + 1, argv + argc}, environment_of_process(), console,
                                    coinlake::system_clock());
}
