#include "coinlake/app/daemon/worker.hpp"

#include "coinlake/app/process.hpp"
#include "coinlake/base/thread.hpp"

namespace coinlake::app {

Worker::Worker(Clock& clock, std::size_t room) : clock_(&clock), room_(room) {}

Result<void> Worker::start() {
  thread_ = TRY(start_thread([this] { loop(); }));
  return {};
}

bool Worker::post(Work work, Duration allowed) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopping_ || waiting_.size() < room_; });
  if (stopping_) return false;
  waiting_.emplace_back(std::move(work), allowed);
  changed_.notify_all();
  return true;
}

bool Worker::try_post(Work work, Duration allowed) {
  const std::scoped_lock lock(mutex_);
  if (stopping_ || waiting_.size() >= room_) return false;
  waiting_.emplace_back(std::move(work), allowed);
  changed_.notify_all();
  return true;
}

void Worker::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Worker::loop() {
  leave_signals_to_main();
  for (std::unique_lock lock(mutex_);;) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    auto [work, allowed] = std::move(waiting_.front());
    waiting_.pop_front();
    changed_.notify_all();
    lock.unlock();
    pulse_.begin(clock_->monotonic(), allowed);
    work();
    work = nullptr;  // what it holds goes before anything else is begun
    pulse_.rest();
    lock.lock();
  }
}

}  // namespace coinlake::app
