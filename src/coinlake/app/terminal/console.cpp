#include "coinlake/app/terminal/console.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <utility>

#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

// Another program that shares the pipe has made it non-blocking.
bool wait_until_writable(int fd) {
  pollfd writer{.fd = fd, .events = POLLOUT, .revents = 0};
  return ::poll(&writer, 1, -1) == 1 || errno == EINTR;
}

// Paths, SQL and what libraries say of them may hold anything: nothing in it steers the terminal.
std::string harmless(std::string_view words) {
  std::string out;
  for (const auto line : split(words, '\n')) out += printable(line) + "\n";
  out.pop_back();
  return out;
}

// 0 when written, otherwise errno.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto done = ::write(fd, text.data(), text.size());
    if (done < 0 && (errno == EINTR || (errno == EAGAIN && wait_until_writable(fd)))) continue;
    if (done < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(done));
  }
  return 0;
}

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Of a terminal, or as COLUMNS says. A pipe or a file takes lines of any length.
std::size_t width_of(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  std::size_t columns = 0;
  const auto text = variable("COLUMNS");
  std::from_chars(text.data(), text.data() + text.size(), columns);
  if (columns >= 20) return columns;
  return ::isatty(fd) == 1 ? 80 : 1'000'000;
}

bool moves_cursor() { return !variable("TERM").empty() && variable("TERM") != "dumb"; }

// The first of these that is set names the locale: "C", "pt_BR.UTF-8", "pt_BR" (which is Latin-1),
// "de_DE.ISO-8859-1@euro". Where none is set nobody has said anything, and today's terminals take UTF-8.
bool is_ascii_locale() {
  std::string_view name;
  for (const auto* candidate : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (name.empty()) name = variable(candidate);
  }
  const auto dot = name.find('.');
  if (dot == std::string_view::npos) return !name.empty();
  return !to_lower(name.substr(dot)).starts_with(".utf");
}

}  // namespace

ScreenSize size_of_terminal(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {size.ws_col, size.ws_row};
}

Console Console::of_process() {
  const bool out = ::isatty(1) == 1, err = ::isatty(2) == 1;
  return Console({.colour = out && moves_cursor() && variable("NO_COLOR").empty(),
                  .out_is_terminal = out,
                  .err_is_terminal = err,
                  .cursor = moves_cursor(),
                  .ascii = is_ascii_locale(),
                  .width = width_of(1),
                  .err_width = width_of(2)});
}

Console Console::of_width(std::size_t columns) const {
  auto options = options_;
  options.width = columns;
  return Console(options);
}

void Console::print(std::string_view text) {
  if (ascii()) print_data(to_ascii(text));
  else print_data(text);
}

void Console::print_data(std::string_view text) {
  clear_progress();
  if (gone_ || failed_) return;
  const int error = write_all(options_.out, text);
  gone_ = error == EPIPE;
  failed_ = error != 0 && !gone_;
}

std::string Console::shown(std::string_view text) const { return ascii() ? to_ascii(text) : std::string(text); }

void Console::tell(const Message& words) {
  const auto said = shown(text(words));
  print(options_.out_is_terminal ? wrapped(said, options_.width) : said);
}

void Console::say(const Message& words) {
  clear_progress();
  auto said = harmless(text(words));
  if (options_.err_is_terminal) said = wrapped(options_.ascii ? to_ascii(said) : said, options_.err_width);
  (void)write_all(options_.err, said += '\n');  // nobody is left to tell
}

void Console::print_error(std::string_view text) { (void)write_all(options_.err, text); }

void Console::progress(const Message& words) {
  if (!options_.err_is_terminal || !options_.cursor) return;
  in_progress_ = true;
  const auto said = text(words);
  const auto shown = fit(options_.ascii ? to_ascii(said) : said, options_.err_width - 1, "~");
  (void)write_all(options_.err, "\r\033[K" + std::string(trim(shown)));
}

void Console::clear_progress() {
  if (std::exchange(in_progress_, false)) (void)write_all(options_.err, "\r\033[K");
}

void Console::complain(const Error& error) {
  say(verbatim("coinlake: ") + error.message);
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
