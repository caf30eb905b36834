// Threads, which the system may refuse: their constructors throw then, and nobody above would catch that.
#pragma once

#include <system_error>
#include <thread>
#include <utility>

#include "coinlake/base/result.hpp"

namespace coinlake {

inline Error no_thread(const std::system_error& why) {
  return {Kind::temporary, tr("the system refuses another thread: {}", why.code().message()),
          tr("end other programs, or raise the limit on processes and threads (ulimit -u)")};
}

// Errors: temporary (no thread is to be had now).
template <class Thread = std::thread, class Work>
Result<Thread> start_thread(Work&& work) {
  try {
    return Thread(std::forward<Work>(work));
  } catch (const std::system_error& why) {
    return std::unexpected(no_thread(why));
  }
}

}  // namespace coinlake
