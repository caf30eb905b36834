// CoinMarketCap's answers. Letters (see answers.hpp): l listings in one currency, L in two, M the second page of them,
// q quotes, e a refusal with a status, k what it says of a key.
#include "coinlake/source/coinmarketcap/coinmarketcap.hpp"

#include "tests/fuzz/answers.hpp"
#include "tests/fuzz/targets.hpp"

namespace coinlake::fuzz {
namespace {

port::Page cmc_page_of(char letter) {
  switch (letter) {
    case 'L': return {.kind = "listings", .currency = "usd,brl", .take = 250};
    case 'M': return {.kind = "listings", .currency = "usd", .number = 2, .first_position = 1001, .take = 2};
    case 'q': return {.kind = "quotes", .currency = "usd", .take = port::kMostById};
    default: return {.kind = "listings", .currency = "usd", .take = 250};
  }
}

}  // namespace

void coinmarketcap(std::string_view input) {
  static const auto source = source::make_coinmarketcap({.base_url = "https://pro-api.coinmarketcap.com"});
  const auto question = question_in(input);
  if (question.letter == 'e') return check_refusal(*source, question);
  if (question.letter == 'k') return check_key_info(*source, question.body);
  check_decoding(*source, answer_to(question, cmc_page_of(question.letter)));
}

}  // namespace coinlake::fuzz
