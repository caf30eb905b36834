// CoinGecko's answers. Letters (see answers.hpp): m markets, M the second page of them, s simple/price in one currency,
// S in two, l the list of coins, e a refusal with a status, k what Pro says of a key.
#include "coinlake/source/coingecko/coingecko.hpp"

#include "coinlake/source/coingecko/markets_decoder.hpp"
#include "tests/fuzz/answers.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/cases.hpp"

namespace coinlake::fuzz {
namespace {

port::Page page_of(char letter) {
  switch (letter) {
    case 'M': return {.kind = "markets", .currency = "brl", .number = 2, .first_position = 251, .take = 2};
    case 's': return {.kind = "simple", .currency = "usd", .take = port::kMostById};
    case 'S': return {.kind = "simple", .currency = "usd,brl", .take = port::kMostById};
    case 'l': return {.kind = "list", .take = 1'000'000};
    default: return {.kind = "markets", .currency = "usd", .take = 250};
  }
}

// White space at the end sends a page to the general reader (docs/decisions/006).
void check_both_readers(const port::Answer& answer) {
  static source::MarketsDecoder decoder;
  auto general = answer;
  const auto with_space = std::string(answer.body) + "\n";
  general.body = with_space;
  const auto one = test::transcript(decoder.decode(answer)), other = test::transcript(decoder.decode(general));
  require(one == other, "both readers read the same", one + "\nAGAINST\n" + other);
}

}  // namespace

void coingecko(std::string_view input) {
  static const auto source = source::make_coingecko({.base_url = "https://api.coingecko.com/api/v3"});
  const auto question = question_in(input);
  if (question.letter == 'e') return check_refusal(*source, question);
  if (question.letter == 'k') return check_key_info(*source, question.body);
  const auto answer = answer_to(question, page_of(question.letter));
  check_decoding(*source, answer);
  if (answer.page.kind == "markets" && !answer.released) check_both_readers(answer);
}

}  // namespace coinlake::fuzz
