// Where a command writes: data to stdout, words about it to stderr. Knows whether people are reading.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "coinlake/app/language.hpp"
#include "coinlake/base/result.hpp"

namespace coinlake::app {

enum class Style { plain, bold, dim, good, bad };

class Console {
 public:
  struct Options {
    int out = 1, err = 2;
    bool colour = false, out_is_terminal = false, err_is_terminal = false;
    std::size_t width = 80, err_width = 80;
    Language language = {};
  };
  explicit Console(Options options) : options_(std::move(options)) {}
  static Console of_process();  // NO_COLOR, TERM, COLUMNS and the terminal itself decide

  void speak(Language language) { options_.language = std::move(language); }
  [[nodiscard]] const Language& language() const { return options_.language; }
  [[nodiscard]] std::string text(const Message& message) const { return options_.language.text(message); }

  void print(std::string_view text);     // stdout
  void say(const Message& line);         // stderr, a whole line
  void progress(std::string_view line);  // stderr, replaced by the next one; nothing unless it is a terminal
  void complain(const Error& error);     // "coinlake: what happened" and what to do
  [[nodiscard]] std::string styled(std::string_view text, Style style) const;
  [[nodiscard]] bool out_is_terminal() const { return options_.out_is_terminal; }
  [[nodiscard]] bool err_is_terminal() const { return options_.err_is_terminal; }
  [[nodiscard]] int err() const { return options_.err; }
  [[nodiscard]] std::size_t width() const { return options_.width; }
  [[nodiscard]] std::size_t err_width() const { return options_.err_width; }

  // False when stdout could not take everything for another reason than a reader who left (`| head`).
  [[nodiscard]] bool all_written() const { return !failed_; }

 private:
  void clear_progress();
  Options options_;
  bool failed_ = false, gone_ = false, in_progress_ = false;
};

}  // namespace coinlake::app
