// A JSON writer: commas, escapes and numbers are its business; nesting is the caller's. Output is UTF-8 on one line.
//
//   JsonWriter json(out);
//   json.begin_object().key("new").value(250).key("coins").begin_array().value("bitcoin").end_array().end_object();
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coinlake {

// `text` with JSON's escapes and quotes. What steers a terminal is escaped; an invalid byte becomes U+FFFD.
std::string json_quote(std::string_view text);

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(double number);
  JsonWriter& value(bool flag);
  JsonWriter& null();
  template <class T>
  JsonWriter& value(const std::optional<T>& maybe) {
    return maybe ? value(*maybe) : null();
  }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  JsonWriter& raw(std::string_view text);
  void separate();

  std::string& out_;
  bool first_ = true;
};

}  // namespace coinlake
