#include "coinlake/app/console.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <utility>

#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

// 0 when written, otherwise errno.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto done = ::write(fd, text.data(), text.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(done));
  }
  return 0;
}

// Of a terminal, or as COLUMNS says. A pipe or a file takes lines of any length.
std::size_t width_of(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  std::size_t columns = 0;
  const std::string_view text = std::getenv("COLUMNS") != nullptr ? std::getenv("COLUMNS") : "";
  std::from_chars(text.data(), text.data() + text.size(), columns);
  if (columns >= 20) return columns;
  return ::isatty(fd) == 1 ? 80 : 1'000'000;
}

bool wants_colour(bool terminal) {
  const char* no = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return terminal && (no == nullptr || *no == '\0') && term != nullptr && std::string_view(term) != "dumb";
}

}  // namespace

Console Console::of_process() {
  const bool out = ::isatty(1) == 1, err = ::isatty(2) == 1;
  return Console({.colour = wants_colour(out),
                  .out_is_terminal = out,
                  .err_is_terminal = err,
                  .width = width_of(1),
                  .err_width = width_of(2)});
}

void Console::print(std::string_view text) {
  clear_progress();
  if (gone_ || failed_) return;
  const int error = write_all(options_.out, text);
  gone_ = error == EPIPE;
  failed_ = error != 0 && !gone_;
}

void Console::say(const Message& line) {
  clear_progress();
  (void)write_all(options_.err, text(line) + "\n");  // nobody is left to tell
}

void Console::progress(std::string_view line) {
  if (!options_.err_is_terminal) return;
  in_progress_ = true;
  (void)write_all(options_.err, "\r\033[K" + std::string(trim(fit(line, options_.err_width - 1))));
}

void Console::clear_progress() {
  if (std::exchange(in_progress_, false)) (void)write_all(options_.err, "\r\033[K");
}

void Console::complain(const Error& error) {
  say("coinlake: " + error.message);
  if (!error.hint.empty()) say("  " + error.hint);
}

std::string Console::styled(std::string_view text, Style style) const {
  if (!options_.colour || style == Style::plain) return std::string(text);
  const std::string_view code = style == Style::bold   ? "1"
                                : style == Style::dim  ? "2"
                                : style == Style::good ? "32"
                                                       : "31";
  return ("\033[" + std::string(code) + "m").append(text) + "\033[0m";
}

}  // namespace coinlake::app
