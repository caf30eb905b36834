// Catalogue::recognised
#include <algorithm>
#include <charconv>
#include <functional>
#include <utility>

#include "coinlake/base/catalogue.hpp"
#include "coinlake/base/message.hpp"

namespace coinlake {
namespace {

// One way in which an English text was made, in the other language. `letters`: how many of the text's are a pattern's;
// of 0 it stays as it is.
struct Reading {
  std::string text;
  std::size_t letters = 0;
};
using Filling = std::vector<std::string_view>;  // of each hole, by its number

std::size_t letters_of(const std::vector<PatternPiece>& pieces) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  std::ptrdiff_t out = 0;
  for (const auto& piece : pieces) out += std::ranges::count_if(piece.literal, is_letter);
  return static_cast<std::size_t>(out);
}

// Every way to cut `text` at the pattern's literals from the one of number `at` on.
void each_cut(std::string_view text, const std::vector<PatternPiece>& pieces, std::size_t at, Filling& filling,
              const std::function<void(const Filling&)>& take) {
  if (!text.starts_with(pieces[at].literal)) return;
  text.remove_prefix(pieces[at].literal.size());
  if (!pieces[at].hole) {
    if (text.empty()) take(filling);
    return;
  }
  const auto& next = pieces[at + 1];
  for (std::size_t end = 1; end <= text.size(); ++end) {
    if (!next.hole && next.literal.empty()) end = text.size();
    else end = text.find(next.literal, end);
    if (end == std::string_view::npos) return;
    filling.at(*pieces[at].hole) = text.substr(0, end);
    each_cut(text.substr(end), pieces, at + 1, filling, take);
  }
}

class Recogniser {
 public:
  explicit Recogniser(const Catalogue& catalogue) : catalogue_(catalogue) {
    for (const auto& [id, entry] : catalogue.entries()) {
      add(id, entry.many.empty() ? Form::only : Form::one, id);
      if (!entry.many.empty()) add(entry.many, Form::many, id);
    }
  }

  // `text` outlives this.
  const Reading& read(std::string_view text) {
    if (const auto known = read_.find(text); known != read_.end()) return known->second;
    Reading best;
    bool doubtful = false;
    for (const auto& candidate : candidates_) {
      if (++work_ > kMostWork) break;
      Filling filling(candidate.pieces.size() - 1);
      each_cut(text, candidate.pieces, 0, filling, [&](const Filling& cut) {
        auto reading = with(candidate, cut);
        if (reading.letters == 0 || reading.letters < best.letters) return;
        doubtful = reading.letters == best.letters && (doubtful || reading.text != best.text);
        best = std::move(reading);
      });
    }
    return read_.emplace(text, doubtful ? Reading() : std::move(best)).first->second;
  }
  [[nodiscard]] bool gave_up() const { return work_ > kMostWork; }

 private:
  enum class Form { only, one, many };
  struct Candidate {
    std::string_view id;
    Form form;
    std::vector<PatternPiece> pieces;
    std::size_t letters;
  };
  static constexpr std::int64_t kMostWork = 300'000;  // tens of milliseconds; a sentence of ours takes a thousandth
  static constexpr std::size_t kFewLetters = 6;       // "{} in {}" is found in anybody's words

  void add(std::string_view pattern, Form form, std::string_view id) {
    auto pieces = pieces_of(pattern);
    const auto letters = letters_of(pieces);
    // "{} {}" could be cut anywhere, and "{}" everywhere.
    const auto is_blank = [](const auto& piece) { return piece.literal.find_first_not_of(' ') == std::string::npos; };
    const bool cuts_anywhere = std::any_of(pieces.begin(), pieces.end() - 1, [&](const auto& piece) {
      return &piece != &pieces.front() && is_blank(piece);
    });
    if (letters == 0 && (cuts_anywhere || std::ranges::all_of(pieces, is_blank))) return;
    candidates_.push_back({.id = id, .form = form, .pieces = std::move(pieces), .letters = letters});
  }

  // The form that the first hole's number asks for; nothing when the English one is another.
  [[nodiscard]] std::optional<std::string_view> words(const Candidate& candidate, const Filling& cut) const {
    if (candidate.form == Form::only) return catalogue_.find(candidate.id, 0);
    std::int64_t count = 0;
    const auto* begin = cut[0].data();
    const auto* end = begin + cut[0].size();
    if (const auto [stop, error] = std::from_chars(begin, end, count); error != std::errc{} || stop != end)
      return std::nullopt;
    if ((count == 1) != (candidate.form == Form::one)) return std::nullopt;
    return catalogue_.find(candidate.id, count);
  }

  Reading with(const Candidate& candidate, const Filling& cut) {
    const auto pattern = ++work_ > kMostWork ? std::nullopt : words(candidate, cut);
    if (!pattern) return {};
    Reading out{.text = {}, .letters = candidate.letters};
    std::vector<Message> holes;
    for (const auto part : cut) {
      const auto& reading = read(part);
      if (candidate.letters < kFewLetters && reading.letters == 0 && part.find(' ') != std::string_view::npos)
        return {};
      out.letters += reading.letters;
      holes.emplace_back(reading.letters == 0 ? std::string(part) : reading.text);
    }
    out.text = Message::of(*pattern, {}, 0, std::move(holes)).english();
    return out;
  }

  const Catalogue& catalogue_;
  std::vector<Candidate> candidates_;
  std::map<std::string_view, Reading> read_;
  std::int64_t work_ = 0;
};

}  // namespace

std::string Catalogue::recognised(std::string_view english) const {
  constexpr std::size_t kLongest = 4'000;  // that we would make
  if (english.size() > kLongest) return std::string(english);
  Recogniser recogniser(*this);
  const auto& reading = recogniser.read(english);
  return reading.letters == 0 || recogniser.gave_up() ? std::string(english) : reading.text;
}

}  // namespace coinlake
