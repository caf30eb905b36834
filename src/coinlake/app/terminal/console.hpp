// Where a command writes: data to stdout, words about it to stderr. Knows whether people are reading.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "coinlake/app/terminal/language.hpp"
#include "coinlake/base/result.hpp"

namespace coinlake::app {

enum class Style { plain, bold, dim, good, bad };

struct ScreenSize {
  std::size_t columns = 80, rows = 24;
};
ScreenSize size_of_terminal(int fd);

class Console {
 public:
  struct Options {
    int out = 1, err = 2;
    bool colour = false, out_is_terminal = false, err_is_terminal = false;
    bool cursor = true;  // the terminal can move it: lines can be replaced
    bool ascii = false;  // the terminal's locale has no UTF-8: to_ascii() of all that it shows; a pipe gets UTF-8
    std::size_t width = 80, err_width = 80;
    Language language = {};
  };
  explicit Console(Options options) : options_(std::move(options)) {}
  // NO_COLOR, TERM, COLUMNS, the locale's variables and the terminal itself decide. Where no variable names a locale
  // (containers, cron) UTF-8 is taken for granted; C and POSIX are ASCII.
  static Console of_process();
  [[nodiscard]] Console of_width(std::size_t columns) const;  // the same, for a screen that has another size by now

  [[nodiscard]] const Options& options() const { return options_; }
  void speak(Language language) { options_.language = std::move(language); }
  [[nodiscard]] const Language& language() const { return options_.language; }
  [[nodiscard]] std::string text(const Message& message) const { return options_.language.text(message); }

  // As stdout will show it. What is measured or broken into lines is this: in ASCII a "…" is three columns wide.
  [[nodiscard]] std::string shown(std::string_view text) const;

  // stdout, byte for byte in every locale, on a terminal too: what programs read.
  void print_data(std::string_view text);
  void print(std::string_view text);        // stdout, laid out already: tables
  void tell(const Message& words);          // stdout: lines too wide for a terminal go on below
  void say(const Message& words);           // stderr, whole lines, in the same way
  void print_error(std::string_view text);  // stderr, laid out already
  void progress(const Message& words);      // stderr, one line that the next replaces; nothing unless it is a terminal
  void clear_progress();
  void complain(const Error& error);  // "coinlake: what happened" and what to do
  [[nodiscard]] std::string styled(std::string_view text, Style style) const;
  [[nodiscard]] bool out_is_terminal() const { return options_.out_is_terminal; }
  [[nodiscard]] bool err_is_terminal() const { return options_.err_is_terminal; }
  [[nodiscard]] bool can_redraw() const { return options_.out_is_terminal && options_.cursor; }
  [[nodiscard]] bool ascii() const { return options_.ascii && options_.out_is_terminal; }
  [[nodiscard]] int err() const { return options_.err; }
  [[nodiscard]] std::size_t width() const { return options_.width; }
  [[nodiscard]] std::size_t err_width() const { return options_.err_width; }

  // False when stdout could not take everything for another reason than a reader who left (`| head`).
  [[nodiscard]] bool all_written() const { return !failed_; }
  [[nodiscard]] bool reader_left() const { return gone_; }

 private:
  Options options_;
  bool failed_ = false, gone_ = false, in_progress_ = false;
};

}  // namespace coinlake::app
