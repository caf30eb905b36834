#include "coinlake/source/coingecko/regular_page.hpp"

#include <simdjson.h>

#include <array>
#include <bit>
#include <cstring>

#include "coinlake/base/number.hpp"

namespace coinlake::source {
namespace {

// Exact as doubles, all of them.
constexpr std::ptrdiff_t kMaxPower = 22;
constexpr std::array<double, kMaxPower + 1> kPowersOfTen = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                            1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                            1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr std::array<std::uint64_t, 9> kIntegerPowersOfTen = {1,       10,        100,        1'000,      10'000,
                                                              100'000, 1'000'000, 10'000'000, 100'000'000};
constexpr std::uint64_t kExactIntegers = std::uint64_t{1} << 53;

// Eight bytes in one register, their first in its lowest eight bits.
static_assert(std::endian::native == std::endian::little);
std::uint64_t eight_bytes(const char* p) {
  std::uint64_t word = 0;
  std::memcpy(&word, p, sizeof word);
  return word;
}
constexpr std::uint64_t in_each_byte(std::uint64_t byte) { return byte * 0x0101010101010101; }

// The high bit of each byte that is 0, and of none before the first such.
std::uint64_t zero_bytes(std::uint64_t word) { return (word - in_each_byte(1)) & ~word & in_each_byte(0x80); }
// The same for bytes below 0x20.
std::uint64_t control_bytes(std::uint64_t word) { return (word - in_each_byte(0x20)) & ~word & in_each_byte(0x80); }

// How many of the eight, from the first on, are digits.
int leading_digits(std::uint64_t word) {
  const auto values = word ^ in_each_byte('0');  // 0 to 9 for a digit
  const auto others = ((values + in_each_byte(0x76)) | values) & in_each_byte(0x80);
  return std::countr_zero(others) / 8;
}

// Pairs of digits, then pairs of pairs, then all of them.
std::uint64_t value_of_digits(std::uint64_t word) {
  word -= in_each_byte('0');
  word = word * 10 + (word >> 8);
  constexpr std::uint64_t kMask = 0x000000ff000000ff;
  return ((word & kMask) * (100 + (1'000'000ULL << 32)) + ((word >> 16) & kMask) * (1 + (10'000ULL << 32))) >> 32;
}

// Takes tokens from the front of a text that ends in ']'. No token but that bracket itself reaches it, so until it is
// taken there is always a byte to look at. A token that is not regular is not taken: nothing, or false.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  [[nodiscard]] bool at_end() const { return at_ == end_; }
  [[nodiscard]] std::string_view rest() const { return {at_, end_}; }
  [[nodiscard]] bool at(char c) const { return *at_ == c; }
  void skip(std::size_t bytes) { at_ += bytes; }

  bool take(char c) { return *at_ == c ? (++at_, true) : false; }
  bool take(std::string_view word) { return rest().starts_with(word) ? (skip(word.size()), true) : false; }

  // A JSON number that a comma or a brace ends, correctly rounded. A std::optional<double> would be written to memory
  // in two pieces and read in one, which a processor waits for.
  bool number(double& value) {
    const bool negative = *at_ == '-';
    const char* const first = at_ + (negative ? 1 : 0);
    std::uint64_t digits = 0;
    const char* const point = take_digits(first, digits);
    const char* end = *point == '.' ? take_digits(point + 1, digits) : point;
    const auto whole = point - first, decimals = end == point ? 0 : end - point - 1;
    if (whole == 0 || (*first == '0' && whole > 1) || end == point + 1) return false;
    const auto power = (*end | 0x20) == 'e' ? take_exponent(end) - decimals : -decimals;
    if (*end != ',' && *end != '}') return false;
    const bool exact = whole + decimals <= 19 && digits <= kExactIntegers && power >= -kMaxPower && power <= kMaxPower;
    if (!exact) return other_number(end, value);
    at_ = end;
    value = signed_value(scaled(static_cast<double>(digits), power), negative);
    return true;
  }

  // A text without escapes and control characters.
  std::optional<std::string_view> text() {
    if (*at_ != '"') return std::nullopt;
    const char* const first = at_ + 1;
    const char* p = first;
    while (end_ - p >= 8 && ends_of_plain_text(eight_bytes(p)) == 0) p += 8;
    while (p < end_ && is_plain(*p)) ++p;
    if (p == end_ || *p != '"') return std::nullopt;
    at_ = p + 1;
    return std::string_view(first, p);
  }

 private:
  const char* take_digits(const char* p, std::uint64_t& digits) const {
    while (end_ - p >= 8) {
      const auto word = eight_bytes(p);
      const int count = leading_digits(word);
      if (count == 0) return p;
      // What does not belong to the number is shifted out; zeros stand in front of what does.
      const int others = 8 * (8 - count);
      digits = digits * kIntegerPowersOfTen[static_cast<std::size_t>(count)] +
               value_of_digits(others == 0 ? word : (word << others) | (in_each_byte('0') >> (64 - others)));
      p += count;
      if (count < 8) return p;
    }
    for (; *p >= '0' && *p <= '9'; ++p) digits = digits * 10 + static_cast<std::uint64_t>(*p - '0');
    return p;
  }

  // Behind "e", with its sign; `p` moves on. What has no digits or more than three ends nowhere, so the number is none.
  static std::ptrdiff_t take_exponent(const char*& p) {
    const char* q = p + 1;
    const bool negative = *q == '-';
    if (negative || *q == '+') ++q;
    std::ptrdiff_t value = 0;
    const char* const first = q;
    for (; *q >= '0' && *q <= '9' && q - first < 4; ++q) value = value * 10 + (*q - '0');
    if (q > first && q - first < 4) p = q;
    return negative ? -value : value;
  }

  // Both are exact, so one operation rounds correctly (W. D. Clinger, 1990).
  static double scaled(double digits, std::ptrdiff_t power) {
    if (power > 0) return digits * kPowersOfTen[static_cast<std::size_t>(power)];
    return digits / kPowersOfTen[static_cast<std::size_t>(-power)];
  }

  // Signs of changes are as good as random: a branch would be guessed wrongly half of the time.
  static double signed_value(double value, bool negative) {
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(value) | std::uint64_t{negative} << 63);
  }

  // More digits, or a larger power of ten, than a double holds exactly.
  bool other_number(const char* end, double& value) {
    const auto number = parse_number({at_, end});
    if (number) at_ = end, value = *number;
    return number.has_value();
  }

  static std::uint64_t ends_of_plain_text(std::uint64_t word) {
    return zero_bytes(word ^ in_each_byte('"')) | zero_bytes(word ^ in_each_byte('\\')) | control_bytes(word);
  }
  static bool is_plain(char c) { return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20; }

  const char* at_;
  const char* end_;
};

// {"times":1.5,"currency":"usd","percentage":150.2}: texts, numbers and nulls.
std::optional<std::string_view> take_roi(Scanner& scanner) {
  const auto from = scanner.rest();
  if (!scanner.take('{')) return std::nullopt;
  do {
    if (!scanner.text() || !scanner.take(':')) return std::nullopt;
    double number = 0;
    if (!scanner.take("null") && !scanner.number(number) && !scanner.text()) return std::nullopt;
  } while (scanner.take(','));
  if (!scanner.take('}')) return std::nullopt;
  return from.substr(0, from.size() - scanner.rest().size());
}

bool take_time(const Key& key, Scanner& scanner, PageBuilder& page) {
  const auto text = scanner.text();
  if (!text) return false;
  page.set_time(key, parse_iso(*text), *text);
  return true;
}

bool take_value(const Key& key, Scanner& scanner, PageBuilder& page) {
  if (scanner.at('n')) return scanner.take("null") && (page.set_null(key), true);
  double number = 0;
  switch (key.type) {
    case KeyType::number:
    case KeyType::amount: return scanner.number(number) && (page.set_number(key, number), true);
    case KeyType::rank: return scanner.number(number) && page.set_rank(number);
    case KeyType::id:
    case KeyType::text: {
      const auto text = scanner.text();
      if (text) page.set_text(key, *text);
      return text.has_value();
    }
    case KeyType::roi: {
      const auto object = take_roi(scanner);
      if (object) page.set_roi(*object);
      return object.has_value();
    }
    case KeyType::date:
    case KeyType::last_updated: return take_time(key, scanner, page);
  }
  return false;
}

bool take_row(Scanner& scanner, KeyFinder& keys, PageBuilder& page) {
  if (!scanner.take('{')) return false;
  std::size_t place = 0;
  do {
    if (!scanner.take('"')) return false;
    const Key* key = keys.find(scanner.rest(), place++);
    if (key == nullptr) return false;
    page.meet(*key);
    scanner.skip(key->name.size() + 1);
    if (!scanner.take(':') || !take_value(*key, scanner, page)) return false;
  } while (scanner.take(','));
  return scanner.take('}');
}

}  // namespace

bool read_regular_page(std::string_view body, KeyFinder& keys, PageBuilder& page) {
  if (!body.starts_with("[{") || !body.ends_with("}]") || !simdjson::validate_utf8(body.data(), body.size()))
    return false;
  Scanner scanner(body);
  (void)scanner.take('[');
  do {
    if (!page.begin_row() || !take_row(scanner, keys, page) || !page.end_row()) return false;
  } while (scanner.take(','));
  return scanner.take(']') && scanner.at_end();
}

}  // namespace coinlake::source
