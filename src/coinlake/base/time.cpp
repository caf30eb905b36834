#include "coinlake/base/time.hpp"

#include <poll.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <cmath>

namespace coinlake {
namespace {

using std::chrono::ceil;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

// Any zone at either end stays inside the four-digit years, so whatever is read can be printed and read again.
constexpr Time kFirst = sys_days{std::chrono::year{1000} / 1 / 1};
constexpr Time kEnd = sys_days{std::chrono::year{10000} / 1 / 1};

// Reads what it is asked for from the front of a text; once something does not fit, `ok` is false for good.
struct Scanner {
  std::string_view text;
  bool ok = true;

  bool skip(char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
  }
  void expect(char c) { ok = ok && skip(c); }
  int digits(std::size_t count) {
    int value = 0;
    if (text.size() < count) return ok = false, 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (text[i] < '0' || text[i] > '9') return ok = false, 0;
      value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return value;
  }
};

// Up to nine digits after the point, as microseconds.
int fraction(Scanner& in) {
  int micros = 0, scale = 100'000, count = 0;
  for (; !in.text.empty() && in.text.front() >= '0' && in.text.front() <= '9';
       in.text.remove_prefix(1), ++count, scale /= 10) {
    micros += (in.text.front() - '0') * scale;
  }
  in.ok = in.ok && count >= 1 && count <= 9;
  return micros;
}

Duration offset(Scanner& in) {
  if (in.text.empty() || in.skip('Z') || in.skip('z')) return {};
  const bool west = in.skip('-');
  if (!west) in.expect('+');
  const int hour = in.digits(2);
  (void)in.skip(':');
  const int minute = in.digits(2);
  in.ok = in.ok && minute <= 59 && hour * 60 + minute <= 14 * 60;
  return (west ? -1 : 1) * (hours{hour} + minutes{minute});
}

Duration time_of_day(Scanner& in) {
  const int hour = in.digits(2);
  in.expect(':');
  const int minute = in.digits(2);
  const bool to_second = in.skip(':');
  const int second = to_second ? in.digits(2) : 0;
  in.ok = in.ok && hour <= 23 && minute <= 59 && second <= 59;
  const int micros = to_second && in.skip('.') ? fraction(in) : 0;  // "15:59.5" is half a minute: nobody means it
  return hours{hour} + minutes{minute} + seconds{second} + microseconds{micros};
}

std::string two(unsigned value) { return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)}; }

// "2021-05-15", separator, "15:59:43"
std::string date_and_time(Time t, char separator) {
  const auto day = floor<days>(t);
  const year_month_day date{day};
  const std::chrono::hh_mm_ss clock{floor<seconds>(t - day)};
  return std::to_string(static_cast<int>(date.year())) + "-" + two(static_cast<unsigned>(date.month())) + "-" +
         two(static_cast<unsigned>(date.day())) + separator + two(static_cast<unsigned>(clock.hours().count())) + ":" +
         two(static_cast<unsigned>(clock.minutes().count())) + ":" +
         two(static_cast<unsigned>(clock.seconds().count()));
}

std::atomic<bool> stop_flag{false};  // set by signal handlers
static_assert(std::atomic<bool>::is_always_lock_free);

class SystemClock final : public Clock {
 public:
  Time now() override { return floor<Duration>(std::chrono::system_clock::now()); }
  Duration monotonic() override { return floor<Duration>(std::chrono::steady_clock::now().time_since_epoch()); }
  Duration elapsed() override {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return seconds{now.tv_sec} + floor<Duration>(std::chrono::nanoseconds{now.tv_nsec});
  }
  void sleep(Duration time) override {
    for (const auto end = monotonic() + time; !stop_requested() && monotonic() < end;) {
      const auto left = std::min<Duration>(end - monotonic(), milliseconds{100});  // a signal may go to another thread
      ::poll(nullptr, 0, static_cast<int>(ceil<milliseconds>(left).count()));
    }
  }
};

}  // namespace

std::optional<Time> parse_iso(std::string_view text) {
  Scanner in{text};
  const int y = in.digits(4);
  in.expect('-');
  const int m = in.digits(2);
  in.expect('-');
  const int d = in.digits(2);
  const auto date = std::chrono::year{y} / m / d;
  if (!in.ok || !date.ok()) return std::nullopt;
  Time out{sys_days{date}};
  if (!in.text.empty()) {
    if (!in.skip('T') && !in.skip(' ')) return std::nullopt;
    out += time_of_day(in);
    out -= offset(in);
  }
  return in.ok && in.text.empty() && out >= kFirst && out < kEnd ? std::optional(out) : std::nullopt;
}

std::optional<Time> time_from_number(double stamp) {
  for (const double unit :
       {1e6, 1e3, 1.0, 1e-3}) {  // microseconds in a second, a millisecond, a microsecond, a nanosecond
    const double micros = stamp * unit;
    if (micros >= 1e15 && micros < 1e16) return from_micros(static_cast<std::int64_t>(std::llround(micros)));
  }
  return std::nullopt;
}

std::string format_iso(Time t) {
  const auto micros = (t - floor<seconds>(t)).count();
  auto digits = std::to_string(1'000'000 + micros);
  digits[0] = '.';
  return date_and_time(t, 'T') + digits + "Z";
}

std::string format_utc(Time t) { return format_to_second(t) + " UTC"; }

std::string format_to_second(Time t) { return date_and_time(t, ' '); }

std::string format_age(Duration age) {
  if (age < Duration::zero()) return "in " + format_age(-age);
  if (age < minutes{1}) return std::to_string(floor<seconds>(age).count()) + " s";
  if (age < hours{1}) return std::to_string(floor<minutes>(age).count()) + " min";
  if (age < days{2}) return std::to_string(floor<hours>(age).count()) + " h";
  return std::to_string(floor<days>(age).count()) + " d";
}

void request_stop() noexcept { stop_flag.store(true); }
bool stop_requested() noexcept { return stop_flag.load(); }

Clock& system_clock() {
  static SystemClock clock;
  return clock;
}

}  // namespace coinlake
