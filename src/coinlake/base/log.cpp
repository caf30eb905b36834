#include "coinlake/base/log.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <mutex>
#include <span>
#include <utility>

#include "coinlake/base/json.hpp"
#include "coinlake/base/log_file.hpp"
#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake {
namespace {

constexpr std::size_t kLineLimit = 8192;  // bytes, with the newline
constexpr std::size_t kTextLimit = 2048;  // of one key, message or value as it is written, without quotes and mark
constexpr std::size_t kEndRoom = 48;      // for `left_out`, brackets and the newline
constexpr std::array<std::string_view, 4> kLevels = {"error", "warn", "info", "debug"};
constexpr std::array<std::string_view, 3> kFormats = {"text", "logfmt", "json"};

template <class Enum>
std::optional<Enum> parse_name(std::span<const std::string_view> names, std::string_view text) {
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

// The beginning of `text` that takes at most kTextLimit bytes also when all that may be escaped is.
std::string cut(std::string_view text) {
  for (std::size_t i = 0, room = kTextLimit; i < text.size();) {
    const auto [c, size] = decode_at(text, i);
    const bool plain = size > 0 && !steers_terminal(c) && c != '"' && c != '\\';
    const std::size_t cost = plain ? size : 6;
    if (cost > room) return std::string(text.substr(0, i)) + "…";
    room -= cost;
    i += std::max<std::size_t>(size, 1);
  }
  return std::string(text);
}

// Quoted where a reader would otherwise split it, or read something else.
void append_logfmt_text(std::string& out, std::string_view text) {
  const auto quoted = json_quote(text);
  const bool plain =
      !text.empty() && quoted.size() == text.size() + 2 && text.find_first_of(" =") == std::string_view::npos;
  out += plain ? text : quoted;
}

void append_json_text(std::string& out, std::string_view text) { out += json_quote(text); }

// Numbers and flags look the same in both formats.
void append_value(std::string& out, const LogField::Value& value, void (*append_text)(std::string&, std::string_view)) {
  if (const auto* text = std::get_if<std::string>(&value)) return append_text(out, cut(*text));
  if (const auto* number = std::get_if<double>(&value); number != nullptr && !std::isfinite(*number))
    return void(out += "null");
  std::visit([&](const auto& v) { JsonWriter(out).value(v); }, value);
}

// A key cannot be quoted.
std::string logfmt_key(std::string_view name) {
  std::string out = name.empty() ? "_" : printable(cut(name));
  std::ranges::replace_if(out, [](char c) { return c == ' ' || c == '=' || c == '"'; }, '_');
  return out;
}

void put_logfmt(std::string& out, std::string_view key, const LogField::Value& value) {
  ((out += ' ') += logfmt_key(key)) += '=';
  append_value(out, value, append_logfmt_text);
}

void put_json(std::string& out, std::string_view key, const LogField::Value& value) {
  ((out += ',') += json_quote(cut(key))) += ':';
  append_value(out, value, append_json_text);
}

// A line that takes fields as long as they fit.
class Line {
 public:
  using Put = void (*)(std::string&, std::string_view key, const LogField::Value&);
  Line(std::string begin, Put put) : text_(std::move(begin)), put_(put) {}

  void add(std::string_view key, const LogField::Value& value) {
    const auto before = text_.size();
    put_(text_, key, value);
    if (text_.size() <= kLineLimit - kEndRoom) return;
    text_.resize(before);
    ++left_out_;
  }
  void add(const LogFields& fields) {
    for (const auto& field : fields) add(field.key, field.value);
  }
  std::string end(std::string_view closing) && {
    if (left_out_ > 0) put_(text_, "left_out", left_out_);
    return (std::move(text_) += closing) += '\n';
  }

 private:
  std::string text_;
  Put put_;
  std::int64_t left_out_ = 0;
};

struct Record {
  Time time;
  LogLevel level = LogLevel::error;
  const Message& message;
  const LogFields& fixed;
  const LogFields& fields;
  const Message& hint;
};
using Words = std::function<std::string(const Message&)>;

std::string with_fields(Line line, const Record& record, std::string_view closing) {
  line.add(record.fixed);
  line.add("msg", record.message.english());
  line.add(record.fields);
  if (!record.hint.empty()) line.add("hint", record.hint.english());
  return std::move(line).end(closing);
}

std::string as_logfmt(const Record& record) {
  const auto begin = "time=" + format_iso(record.time) + " level=" + std::string(name_of(record.level));
  return with_fields({begin, put_logfmt}, record, "");
}

std::string as_json(const Record& record) {
  std::string begin;
  JsonWriter(begin).begin_object().key("time").value(format_iso(record.time)).key("level").value(name_of(record.level));
  return with_fields({begin, put_json}, record, "}");
}

Message with_prefix(const Record& record) {
  if (record.level == LogLevel::warn) return tr("coinlake: warning: {}", record.message);
  if (record.level == LogLevel::debug) return tr("coinlake: debug: {}", record.message);
  return verbatim("coinlake: ") + record.message;
}

std::string as_text(const Record& record, const Words& words) {
  const auto text = [&](const Message& message) { return printable(cut(words ? words(message) : message.english())); };
  Line line(text(with_prefix(record)), put_logfmt);
  for (const auto& [key, value] : record.fields) {
    if (key != "kind") line.add(key, value);
  }
  return std::move(line).end("") + (record.hint.empty() ? "" : "  " + text(record.hint) + "\n");
}

std::string render(LogFormat format, const Record& record, const Words& words = {}) {
  switch (format) {
    case LogFormat::text: return as_text(record, words);
    case LogFormat::logfmt: return as_logfmt(record);
    case LogFormat::json: return as_json(record);
  }
  return {};
}

// In one write(2) where the kernel takes it whole. If it does not take it, nobody is left to tell.
void write_record(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto done = ::write(fd, text.data(), text.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return;
    text.remove_prefix(static_cast<std::size_t>(done));
  }
}

LogFields with_kind(LogFields fields, const Error& error) {
  fields.emplace_back("kind", name_of(error.kind));
  return fields;
}

}  // namespace

std::string_view name_of(LogLevel level) { return kLevels.at(static_cast<std::size_t>(level)); }
std::optional<LogLevel> parse_log_level(std::string_view text) { return parse_name<LogLevel>(kLevels, text); }
std::optional<LogFormat> parse_log_format(std::string_view text) { return parse_name<LogFormat>(kFormats, text); }

// Everything that writes holds the mutex: lines are whole and in the order of their times.
class Log::Core {
 public:
  explicit Core(LogOptions options) : options_(std::move(options)) {}

  Result<void> open_file() {
    if (options_.file) file_ = TRY(LogFile::open(*options_.file, options_.file_size, options_.older_files));
    return {};
  }

  [[nodiscard]] bool wants(LogLevel level) const { return level <= options_.level || to_file(level); }

  void write(LogLevel level, const Message& message, const LogFields& fixed, const LogFields& fields,
             const Message& hint) {
    const std::scoped_lock hold(mutex_);
    const Record record{options_.clock.now(), level, message, fixed, fields, hint};
    if (level <= options_.level) show(record);
    if (to_file(level)) keep(record);
  }

 private:
  [[nodiscard]] bool to_file(LogLevel level) const {
    return options_.file && level <= std::max(options_.level, LogLevel::info);
  }
  void show(const Record& record) const {
    const auto text = render(options_.format, record, options_.words);
    if (options_.write) options_.write(text);
    else write_record(options_.fd, text);
  }
  [[nodiscard]] std::string line_of(const Record& record) const {
    return render(options_.format == LogFormat::json ? LogFormat::json : LogFormat::logfmt, record);
  }

  void keep(const Record& record) {
    const auto now = options_.clock.monotonic();
    if (missed_ > 0 && now < retry_at_) return void(++missed_);
    const auto done = append(record);
    if (done) return void(missed_ = 0);
    file_.reset();
    retry_at_ = now + std::chrono::minutes{1};
    if (missed_++ == 0) complain(record, done.error());
  }

  Result<void> append(const Record& record) {
    if (!file_) CHECK_OK(open_file());
    if (missed_ > 0) {
      const LogFields fields = {{"missed", missed_}};
      CHECK_OK(file_->append(line_of({record.time,
                                      LogLevel::warn,
                                      verbatim("lines are missing here: the log file had failed"),
                                      record.fixed,
                                      fields,
                                      {}})));
    }
    return file_->append(line_of(record));
  }

  void complain(const Record& record, const Error& error) const {
    const auto fields = with_kind({}, error);
    show({record.time, LogLevel::error, error.message, record.fixed, fields, error.hint});
  }

  const LogOptions options_;
  std::mutex mutex_;
  std::optional<LogFile> file_;
  std::int64_t missed_ = 0;  // lines since the file failed; 0 while it works
  Duration retry_at_{};
};

Result<Log> Log::open(LogOptions options) {
  Log log;
  log.core_ = std::make_shared<Core>(std::move(options));
  CHECK_OK(log.core_->open_file());
  return log;
}

Log Log::with(LogField field) const {
  Log log = *this;
  log.fixed_.push_back(std::move(field));
  return log;
}

bool Log::wants(LogLevel level) const { return core_ && core_->wants(level); }

void Log::write(LogLevel level, const Message& message, const LogFields& fields, const Message& hint) const {
  if (wants(level)) core_->write(level, message, fixed_, fields, hint);
}

void Log::error(const Message& message, const LogFields& fields) const { write(LogLevel::error, message, fields); }
void Log::warn(const Message& message, const LogFields& fields) const { write(LogLevel::warn, message, fields); }
void Log::info(const Message& message, const LogFields& fields) const { write(LogLevel::info, message, fields); }
void Log::debug(const Message& message, const LogFields& fields) const { write(LogLevel::debug, message, fields); }

void Log::error(const Error& error, LogFields fields) const {
  write(LogLevel::error, error.message, with_kind(std::move(fields), error), error.hint);
}
void Log::warn(const Error& error, LogFields fields) const {
  write(LogLevel::warn, error.message, with_kind(std::move(fields), error), error.hint);
}

}  // namespace coinlake
