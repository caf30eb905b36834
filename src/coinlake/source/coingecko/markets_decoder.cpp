#include "coinlake/source/coingecko/markets_decoder.hpp"

#include "coinlake/source/coingecko/page_builder.hpp"
#include "coinlake/source/coingecko/regular_page.hpp"
#include "coinlake/source/coingecko/row_reader.hpp"

namespace coinlake::source {

// Reads a page in two ways: a regular one straight from its bytes, any other by simdjson.
struct MarketsDecoder::State {
  PageBuilder page;
  KeyFinder keys;
  RowReader reader{kMarketKeys};

  Result<domain::Batch> decode(const port::Answer& answer);
};

Result<domain::Batch> MarketsDecoder::State::decode(const port::Answer& answer) {
  page.begin(answer);
  if (answer.released || !read_regular_page(answer.body, keys, page)) {
    page.begin(answer);
    CHECK_OK(reader.read(answer.body, page));
  }
  return page.take();
}

MarketsDecoder::MarketsDecoder() : state_(std::make_unique<State>()) {}
MarketsDecoder::~MarketsDecoder() = default;
Result<domain::Batch> MarketsDecoder::decode(const port::Answer& answer) { return state_->decode(answer); }

}  // namespace coinlake::source
