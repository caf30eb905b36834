#include "coinlake/source/coingecko/simple_pages.hpp"

#include <algorithm>
#include <unordered_set>

#include "coinlake/base/text.hpp"

namespace coinlake::source {
namespace {

constexpr std::size_t kMaxIds = 250, kMaxPath = 5'800;
constexpr std::size_t kMaxId = 256;  // bytes; CoinGecko's longest has 70

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain) out += c;
    else ((out += '%') += kHex[byte >> 4]) += kHex[byte & 15];
  }
  return out;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

Result<std::string_view> checked_id(std::string_view text) {
  const auto id = trim(text);
  const auto shown = printable(id.substr(0, 80));
  const auto wrong = [](Message what) {
    return fail(Kind::usage, std::move(what), tr("ids are CoinGecko's own words: bitcoin, not BTC"));
  };
  if (id.empty()) return fail(Kind::usage, tr("an id is empty"), tr("for example: --ids bitcoin,ethereum"));
  if (id.find(',') != std::string_view::npos) return wrong(tr("the id \"{}\" has a comma in it", shown));
  if (std::ranges::any_of(id, is_control)) return wrong(tr("the id \"{}\" has a control character in it", shown));
  if (find_invalid_utf8(id) != std::string::npos) return wrong(tr("the id \"{}\" is not UTF-8", shown));
  if (id.size() > kMaxId) return wrong(tr("the id \"{}\" is too long", shown));
  return id;
}

bool is_code_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// "usd,brl": each once. Keys of an answer are made of these, so nothing else may be in them.
Result<std::string> joined_currencies(const std::vector<std::string>& currencies) {
  std::string out;
  std::unordered_set<std::string_view> met;
  for (const auto& currency : currencies) {
    if (currency.empty() || !std::ranges::all_of(currency, is_code_letter))
      return fail(Kind::usage, tr("\"{}\" is not a currency code", printable(currency)), tr("for example: usd, brl"));
    if (met.insert(currency).second) (out += out.empty() ? "" : ",") += currency;
  }
  if (out.empty()) return fail(Kind::usage, tr("no currency is asked for"), tr("for example: usd"));
  return out;
}

std::string joined_ids(const std::vector<std::string>& ids) {
  std::string out;
  for (const auto& id : ids) (out += out.empty() ? "" : ",") += percent_encoded(id);
  return out;
}

// Fills one page after the other.
class Paginator {
 public:
  explicit Paginator(const std::string& currencies) {
    page_ = {.kind = "simple", .currency = currencies};
    begin();
  }

  void add(std::string_view id) {
    const auto size = percent_encoded(id).size() + 1;
    if (page_.ids.size() == kMaxIds || path_size_ + size > kMaxPath) finish();
    path_size_ += size;
    page_.ids.emplace_back(id);
  }

  std::vector<port::Page> take() {
    finish();
    pages_.back().last = true;
    return std::move(pages_);
  }

 private:
  void begin() { path_size_ = simple_path(page_).size(); }
  void finish() {
    page_.take = port::kMostById;
    pages_.push_back(page_);
    ++page_.number;
    page_.first_position += std::ssize(page_.ids);
    page_.ids.clear();
    begin();
  }

  port::Page page_;
  std::size_t path_size_ = 0;
  std::vector<port::Page> pages_;
};

}  // namespace

Result<std::vector<port::Page>> simple_pages(const port::Ask& ask) {
  if (ask.top) return fail(Kind::usage, tr("--top and --ids contradict each other"), tr("leave out one of them"));
  Paginator pages(TRY(joined_currencies(ask.currencies)));
  std::unordered_set<std::string_view> met;
  for (const auto& text : ask.ids) {
    const auto id = TRY(checked_id(text));
    if (met.insert(id).second) pages.add(id);
  }
  return pages.take();
}

std::string simple_path(const port::Page& page) {
  return "/simple/price?ids=" + joined_ids(page.ids) + "&vs_currencies=" + page.currency +
         "&include_market_cap=true&include_24hr_vol=true&include_24hr_change=true&include_last_updated_at=true"
         "&precision=full";
}

}  // namespace coinlake::source
