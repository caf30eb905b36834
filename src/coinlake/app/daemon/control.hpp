// How a command reaches the daemon that owns its ledger: a unix socket beside the ledger that only its owner may use.
// The command sends its own words, the daemon does them under its configuration and answers with what the command would
// have printed.
//
//   request   fields with a zero byte behind each: width, err_width, flags ("coeu": colour, out and err are terminals,
//             u: ASCII), language, then the words of the command line; then the end of the stream
//   answer    "CODE SIZE\n", SIZE bytes for stdout, the rest for stderr
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "coinlake/app/terminal/console.hpp"
#include "coinlake/base/result.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::app {

struct ControlRequest {
  std::vector<std::string> words;
  Console::Options console;  // of who asks; its descriptors are not set
};

struct ControlAnswer {
  int code = 0;
  std::string out, err;
};

// A command that called the daemon; the connection ends with it.
class Caller {
 public:
  Caller(int fd, std::shared_ptr<std::atomic<int>> open);
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;
  ~Caller();

  // Reads its request, within two seconds. Errors: usage (not a request).
  [[nodiscard]] Result<ControlRequest> read() const;
  void answer(const ControlAnswer& answer) const;  // once: the connection ends

 private:
  int fd_;
  std::shared_ptr<std::atomic<int>> open_;  // so many there are
};

// The daemon's side. Callers may have a quarter of the process's descriptors, so that the ledger and the network never
// lack one: who comes then waits until another one is done.
class ControlSocket {
 public:
  // Errors: config (no socket can be made there), unwritable (the disk is full). Whoever calls it holds the ledger's
  // lock.
  static Result<ControlSocket> open(const std::filesystem::path& ledger);
  ControlSocket(ControlSocket&& other) noexcept;
  ControlSocket& operator=(ControlSocket&&) = delete;
  ~ControlSocket();  // removes it

  // Readable when somebody calls; -1 while nobody is let in.
  [[nodiscard]] int fd(Duration now) const;
  // Who calls, or nobody; where the system refused (no descriptor is left) nobody is let in for a second.
  std::shared_ptr<const Caller> accept(Duration now);

 private:
  ControlSocket(int fd, std::filesystem::path path);
  int fd_;
  std::filesystem::path path_;
  std::shared_ptr<std::atomic<int>> open_ = std::make_shared<std::atomic<int>>(0);
  int most_;
  Duration closed_until_{};
};

// The command's side: nothing when no daemon is there. Errors: temporary (it went away before it answered).
Result<std::optional<ControlAnswer>> ask_daemon(const std::filesystem::path& ledger, const Console& console,
                                                const std::vector<std::string>& words);

}  // namespace coinlake::app
