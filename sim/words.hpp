// What is set by a word and a value: "--cut 500" on the command line, cut = 500 in a scenario.
#pragma once

#include <charconv>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/base/result.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::sim {

enum class ValueKind { nothing, number, text, list };  // a list is of whole numbers, with commas between them

// `called` is the word as its user spells it, for what is said of a wrong value.
template <class Number>
Result<Number> to_number(const std::string& called, std::string_view text, Number least, Number most) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && end == text.data() + text.size() && value >= least && value <= most) return value;
  return fail(Kind::usage, called + " needs a whole number from " + std::to_string(least) + " to " +
                               std::to_string(most) + ", not \"" + printable(text) + "\"");
}

Result<double> to_real(const std::string& called, const std::string& text, double least, double most);
Result<Duration> to_duration(const std::string& called, const std::string& text);  // 500ms, 90s, 10m, 6h

class Words {
 public:
  using Set = std::function<Result<void>(const std::string& called, const std::string& value)>;
  struct Word {
    ValueKind takes = ValueKind::nothing;
    Set set = {};
  };

  // They write into `to`, which outlives them. Names are as on the command line, without its dashes: "bad-row".
  Words& flag(const std::string& name, bool& to);
  Words& text(const std::string& name, std::string& to);
  template <class Number, class To>
  Words& number(const std::string& name, To& to, Number least, Number most) {
    return value(name, ValueKind::number, [=, &to](const std::string& called, const std::string& v) -> Result<void> {
      return to = TRY(to_number<Number>(called, v, least, most)), Result<void>{};
    });
  }
  Words& value(const std::string& name, ValueKind takes, Set set);
  Words& add(const Words& more);

  [[nodiscard]] const Word* find(const std::string& name) const;  // null: there is none
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  std::map<std::string, Word> words_;
};

}  // namespace coinlake::sim
