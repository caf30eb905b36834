// How a command reaches the daemon that owns its ledger: a unix socket beside the ledger that only its owner may use.
// The command sends its own words, the daemon does them under its configuration and answers with what the command would
// have printed.
//
//   request   fields with a zero byte behind each: width, err_width, flags ("coeu": colour, out and err are terminals,
//             u: ASCII), language, then the words of the command line; then the end of the stream
//   answer    "CODE SIZE\n", SIZE bytes for stdout, the rest for stderr
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "coinlake/app/console.hpp"
#include "coinlake/base/result.hpp"

namespace coinlake::app {

struct ControlRequest {
  std::vector<std::string> words;
  Console::Options console;  // of who asks; its descriptors are not set
};

struct ControlAnswer {
  int code = 0;
  std::string out, err;
};

// The daemon's side.
class ControlSocket {
 public:
  // Errors: config (no socket can be made there). Whoever calls it holds the ledger's lock.
  static Result<ControlSocket> open(const std::filesystem::path& ledger);
  ControlSocket(ControlSocket&& other) noexcept;
  ControlSocket& operator=(ControlSocket&&) = delete;
  ~ControlSocket();  // removes it

  [[nodiscard]] int fd() const { return fd_; }  // readable when somebody calls
  [[nodiscard]] int accept() const;             // a connection, or -1

 private:
  ControlSocket(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}
  int fd_;
  std::filesystem::path path_;
};

// Reads one request of a connection, within two seconds. Errors: usage (not a request).
Result<ControlRequest> read_request(int connection);
void send_answer(int connection, const ControlAnswer& answer);  // and closes it

// The command's side: nothing when no daemon is there. Errors: temporary (it went away before it answered).
Result<std::optional<ControlAnswer>> ask_daemon(const std::filesystem::path& ledger, const Console& console,
                                                const std::vector<std::string>& words);

}  // namespace coinlake::app
