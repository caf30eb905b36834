#include "coinlake/app/daemon/forwarded.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <functional>

#include "coinlake/app/cli/cli.hpp"
#include "coinlake/app/cli/command_line.hpp"

namespace coinlake::app {
namespace {

// A console whose descriptors are files in memory.
class Captured {
 public:
  explicit Captured(Console::Options options)
      : out_(::memfd_create("out", MFD_CLOEXEC)), err_(::memfd_create("err", MFD_CLOEXEC)) {
    options.out = out_, options.err = err_;
    console_ = Console(std::move(options));
  }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;
  ~Captured() {
    ::close(out_);
    ::close(err_);
  }

  Console& console() { return console_; }
  [[nodiscard]] std::string out() const { return content(out_); }
  [[nodiscard]] std::string err() const { return content(err_); }

 private:
  static std::string content(int fd) {
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = ::pread(fd, buffer.data(), buffer.size(), static_cast<off_t>(text.size()))) > 0;)
      text.append(buffer.data(), static_cast<std::size_t>(got));
    return text;
  }

  int out_, err_;
  Console console_{Console::Options{}};
};

ControlAnswer captured(const ControlRequest& request, const std::function<int(Console&)>& work) {
  Captured capture(request.console);
  const int code = work(capture.console());
  return {.code = code, .out = capture.out(), .err = capture.err()};
}

}  // namespace

bool is_reload(const std::vector<std::string>& words) { return parse_command_line(words).command == "reload"; }

bool needs_writer(const std::vector<std::string>& words) {
  const auto line = parse_command_line(words);
  if (line.fault || line.words.help || line.words.version) return false;
  const auto& action = line.words.quarantine_action;
  return line.command == "collect" || line.command == "reload" || is_reference_call(line) ||
         (line.command == "budget" && line.words.budget.refresh) ||
         (line.command == "quarantine" && (action == "release" || action == "drop"));
}

std::string provider_of(const std::vector<std::string>& words) {
  const auto line = parse_command_line(words);
  if (line.command == "collect") return asked_of(line.words).source;
  if (line.command == "budget") return line.words.budget.source.empty() ? "coingecko" : line.words.budget.source;
  return is_reference_call(line) ? "coingecko" : "";
}

ControlAnswer do_forwarded(const ControlRequest& request, Context context) {
  return captured(request, [&](Console& console) {
    context.console = &console;
    if (!needs_writer(request.words))
      return finish(fail(Kind::usage, tr("coinlake run does no such command")), console);
    return run_in(context, request.words);
  });
}

ControlAnswer answered(const ControlRequest& request, const Result<void>& done) {
  return captured(request, [&](Console& console) {
    if (!done) return finish(std::unexpected(done.error()), console);
    console.tell(tr("the configuration was read anew") + "\n");
    return 0;
  });
}

}  // namespace coinlake::app
