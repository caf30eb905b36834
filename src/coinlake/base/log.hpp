// The log: records of a level, a message and fields, written as they come to a descriptor and, where wanted, a file.
//
//   const Log log = TRY(Log::open({.clock = clock, .format = LogFormat::logfmt}));
//   log.with({"run", run_id}).info("collected", {{"new", 250}, {"source", "coingecko"}});
//   // time=2026-03-01T12:00:00.000000Z level=info run=ab12 msg=collected new=250 source=coingecko
//
// logfmt and JSON: one record is one line of valid UTF-8, at most 8 KiB with its newline, whatever bytes it was given.
// Quotes, controls and what steers a terminal are escaped as JSON has it, also in logfmt; an invalid byte becomes
// U+FFFD. A text that would take more than 2 KiB is cut and ends in "…"; fields that do not fit into the line are left
// out and counted in `left_out`. Text, for people at a terminal: "coinlake: warning: …" and the fields, without time
// and those of with(), in the reader's language; `kind` is left out, `hint` stands on a line of its own. The other
// formats are for programs, and so English.
//
// A Secret is no text and no field: it does not compile.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "coinlake/base/result.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake {

enum class LogLevel { error, warn, info, debug };  // each takes in those before it
enum class LogFormat { text, logfmt, json };

std::string_view name_of(LogLevel level);                     // "error", "warn", "info", "debug"
std::optional<LogLevel> parse_log_level(std::string_view);    // the same words
std::optional<LogFormat> parse_log_format(std::string_view);  // "text", "logfmt", "json"

// Keys are the program's own words, lower case with underscores; `time`, `level` and `msg` are taken. A number that is
// not finite is written as null.
struct LogField {
  using Value = std::variant<std::string, std::int64_t, double, bool>;

  LogField(std::string_view name, std::string_view text) : key(name), value(std::string(text)) {}
  LogField(std::string_view name, std::same_as<bool> auto flag) : key(name), value(flag) {}
  LogField(std::string_view name, std::floating_point auto number) : key(name), value(static_cast<double>(number)) {}
  // Not std::size_t: whether one fits into 63 bits is the caller's to say.
  template <std::integral T>
    requires(!std::same_as<T, bool> && (std::signed_integral<T> || sizeof(T) < sizeof(std::int64_t)))
  LogField(std::string_view name, T number) : key(name), value(static_cast<std::int64_t>(number)) {}

  std::string key;
  Value value;
};
using LogFields = std::vector<LogField>;

struct LogOptions {
  Clock& clock;  // outlives the log
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::text;
  int fd = 2;
  std::function<void(std::string_view)> write = {};       // takes whole lines instead of `fd`; one at a time
  std::function<std::string(const Message&)> words = {};  // of text, the reader's; nothing: English
  // Takes everything from `info` up (from `debug` with that level), as JSON if that is the format, otherwise as logfmt.
  // A file of `file_size` bytes becomes name.1.ext and begins anew; `older_files` such are kept.
  std::optional<std::filesystem::path> file = {};
  std::size_t file_size = std::size_t{5} << 20;
  std::size_t older_files = 5;
};

// Thread-safe; copies write to the same place. One made by Log() writes nothing.
class Log {
 public:
  Log() = default;

  // Kind::config for a file that cannot be opened or written. A file that fails later stops nothing: that is said once
  // on the descriptor, the file is tried again after a minute, and once it works it says how many lines it missed.
  static Result<Log> open(LogOptions options);

  [[nodiscard]] Log with(LogField field) const;    // a log whose records all have this field, before their message
  [[nodiscard]] bool wants(LogLevel level) const;  // to spare making fields that nobody reads

  void error(const Message& message, const LogFields& fields = {}) const;
  void warn(const Message& message, const LogFields& fields = {}) const;
  void info(const Message& message, const LogFields& fields = {}) const;
  void debug(const Message& message, const LogFields& fields = {}) const;

  // Its message, `fields`, then `kind` and, unless it is empty, `hint`.
  void error(const Error& error, LogFields fields = {}) const;
  void warn(const Error& error, LogFields fields = {}) const;

 private:
  class Core;
  void write(LogLevel level, const Message& message, const LogFields& fields, const Message& hint = {}) const;

  std::shared_ptr<Core> core_;
  LogFields fixed_;
};

}  // namespace coinlake
