// Cron expressions as text.
#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "coinlake/base/text.hpp"
#include "coinlake/collect/cron.hpp"

namespace coinlake::collect {
namespace {

constexpr std::array<std::string_view, 12> kCronMonths = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                          "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> kCronDays = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};
constexpr int kSundayAgain = 7;

struct CronField {
  std::string_view title;
  int low, high;
  std::span<const std::string_view> names;  // of low, low + 1, …
  std::string_view examples;
  int most = high;  // what may be written: 7 is Sunday, too
};

constexpr std::array kCronFields = {
    CronField{mark("minute"), 0, 59, {}, R"("0", "0,30", "*/5", "10-50/20")"},
    CronField{mark("hour"), 0, 23, {}, R"("9", "9,13,18", "*/2", "8-18")"},
    CronField{mark("day of the month"), 1, 31, {}, R"("*", "1", "1,15")"},
    CronField{mark("month"), 1, 12, kCronMonths, R"("*", "JAN,JUL", "3-6")"},
    CronField{mark("day of the week"), 0, 6, kCronDays, R"("*", "MON-FRI", "0,6")", kSundayAgain}};

constexpr std::array kCronNames = {std::pair{"@hourly", "0 * * * *"},   std::pair{"@daily", "0 0 * * *"},
                                   std::pair{"@midnight", "0 0 * * *"}, std::pair{"@weekly", "0 0 * * 0"},
                                   std::pair{"@monthly", "0 0 1 * *"},  std::pair{"@yearly", "0 0 1 1 *"},
                                   std::pair{"@annually", "0 0 1 1 *"}};

struct CronRange {
  int first, last;
};

// What is wrong in a field; parse_cron_fields says in which.
std::unexpected<Error> cron_fault(Message what) { return fail(Kind::config, std::move(what)); }

std::optional<int> small_number(std::string_view text) {
  if (text.empty() || text.size() > 4 || text.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  int value = 0;
  for (const char digit : text) value = value * 10 + (digit - '0');
  return value;
}

std::optional<int> named_value(const CronField& field, std::string_view text) {
  const auto found = std::ranges::find(field.names, to_lower(text), [](auto name) { return to_lower(name); });
  return found == field.names.end() ? std::nullopt
                                    : std::optional(field.low + static_cast<int>(found - field.names.begin()));
}

Result<int> cron_value(const CronField& field, std::string_view text) {
  if (text.empty()) return cron_fault(tr("a value is missing"));
  const auto number = small_number(text);
  if (number && *number >= field.low && *number <= field.most) return *number;
  if (const auto named = named_value(field, text)) return *named;
  if (field.names.empty()) return cron_fault(tr("\"{}\" is not a number from {} to {}", text, field.low, field.most));
  return cron_fault(tr("\"{}\" is neither a number from {} to {} nor a name from {} to {}", text, field.low, field.most,
                       field.names.front(), field.names.back()));
}

// "FRI-MON" as two ranges that go up: "FRI-SAT,SUN-MON".
std::string as_two_ranges(const CronField& field, std::string_view first, std::string_view last) {
  const auto word = [&](std::string_view like, int value) {
    return small_number(like) ? std::to_string(value)
                              : std::string(field.names[static_cast<std::size_t>(value - field.low)]);
  };
  return std::string(first) + "-" + word(first, field.high) + "," + word(last, field.low) + "-" + std::string(last);
}

Result<CronRange> range_between(const CronField& field, std::string_view first, std::string_view last) {
  const auto from = TRY(cron_value(field, first));
  auto to = TRY(cron_value(field, last));
  if (field.most == kSundayAgain && to == 0 && from > 0 && !small_number(last)) to = kSundayAgain;
  if (from <= to) return CronRange{from, to};
  return cron_fault(
      tr("a range goes up: instead of \"{}-{}\" write \"{}\"", first, last, as_two_ranges(field, first, last)));
}

Result<int> cron_step(const CronField& field, std::string_view text) {
  const int most = field.high - field.low;
  const auto step = small_number(text);
  if (step && *step >= 1 && *step <= most) return *step;
  return cron_fault(tr("\"{}\" is not a step from 1 to {}", text, most));
}

Result<CronRange> cron_range(const CronField& field, std::string_view text, bool has_step) {
  if (text == "*") return CronRange{field.low, field.high};
  const auto dash = text.find('-');
  if (dash != std::string_view::npos) return range_between(field, text.substr(0, dash), text.substr(dash + 1));
  const auto value = TRY(cron_value(field, text));
  if (!has_step) return CronRange{value, value};
  return cron_fault(tr("a step belongs to a range: instead of \"{}/…\" write \"{}-{}/…\"", text, text, field.high));
}

// "*", "9", "10-50/20"
Result<std::uint64_t> cron_item(const CronField& field, std::string_view text) {
  const auto slash = text.find('/');
  const bool has_step = slash != std::string_view::npos;
  const auto range = TRY(cron_range(field, text.substr(0, slash), has_step));
  const int step = has_step ? TRY(cron_step(field, text.substr(slash + 1))) : 1;
  std::uint64_t bits = 0;
  for (int value = range.first; value <= range.last; value += step)
    bits |= std::uint64_t{1} << (value > field.high ? field.low : value);
  return bits;
}

Result<std::uint64_t> cron_list(const CronField& field, std::string_view text) {
  std::uint64_t bits = 0;
  for (const auto item : split(text, ',')) bits |= TRY(cron_item(field, item));
  return bits;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!(text = trim(text)).empty()) {
    words.push_back(text.substr(0, text.find_first_of(" \t\n\v\f\r")));
    text.remove_prefix(words.back().size());
  }
  return words;
}

Result<std::string_view> without_name(std::string_view expression) {
  if (!expression.starts_with('@')) return expression;
  const auto found = std::ranges::find(kCronNames, to_lower(expression), [](const auto& name) { return name.first; });
  if (found != kCronNames.end()) return found->second;
  return fail(Kind::config, tr("schedule \"{}\": there is no such name", expression),
              tr("there are {}", "@hourly, @daily, @weekly, @monthly, @yearly"));
}

}  // namespace

Result<CronFields> parse_cron_fields(std::string_view expression) {
  const auto words = words_of(TRY(without_name(trim(expression))));
  if (words.size() != kCronFields.size())
    return fail(
        Kind::config,
        tr("schedule \"{}\" is not five fields: minute, hour, day of the month, month, day of the week", expression),
        tr("for example {}", R"("0 9,13,18 * * *", "*/5 * * * MON-FRI", "every 5m")"));
  std::array<std::uint64_t, kCronFields.size()> bits{};
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& field = kCronFields[i];
    const auto read = cron_list(field, words[i]);
    if (!read)
      return fail(Kind::config, tr("schedule \"{}\", {}: {}", expression, tr_marked(field.title), read.error().message),
                  tr("for example {}", field.examples));
    bits[i] = *read;
  }
  const auto star = [&](std::size_t i) { return words[i].starts_with('*'); };
  return CronFields{.minutes = bits[0],
                    .hours = bits[1],
                    .days = bits[2],
                    .months = bits[3],
                    .weekdays = bits[4],
                    .fixed = !star(0) && !star(1),
                    .either_day = !star(2) && !star(4)};
}

}  // namespace coinlake::collect
