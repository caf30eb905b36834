// A thread that does what it is given, one thing after another. The daemon is made of a few of these.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "coinlake/base/result.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::app {

// How long a thread may be busy with one thing before it counts as stuck. Thread-safe.
class Pulse {
 public:
  void begin(Duration now, Duration allowed) { due_ = (now + allowed).count(); }
  void rest() { due_ = kNever; }
  [[nodiscard]] bool is_stuck(Duration now) const { return now.count() > due_; }

 private:
  static constexpr std::int64_t kNever = Duration::max().count();
  std::atomic<std::int64_t> due_ = kNever;
};

// Thread-safe.
class Worker {
 public:
  using Work = std::move_only_function<void()>;

  Worker(Clock& clock, std::size_t room);  // `room`: so much may wait; whoever brings more waits, too
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() { stop(); }

  // Before anything is posted. Errors: temporary (the system has no thread for it).
  Result<void> start();
  [[nodiscard]] bool is_started() const { return thread_.joinable(); }

  // `allowed`: how long it may take. False: the worker has been stopped, and the work is not done.
  bool post(Work work, Duration allowed);
  bool try_post(Work work, Duration allowed);  // does not wait: false also when there is no room
  void stop();                                 // after what waits is done; once only
  [[nodiscard]] bool is_stuck() const { return pulse_.is_stuck(clock_->monotonic()); }

 private:
  void loop();

  Clock* clock_;
  std::size_t room_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<Work, Duration>> waiting_;
  bool stopping_ = false;
  Pulse pulse_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace coinlake::app
