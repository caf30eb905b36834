#include "coinlake/source/coingecko/list_decoder.hpp"

#include <array>

#include "coinlake/source/coingecko/page_builder.hpp"
#include "coinlake/source/coingecko/row_reader.hpp"

namespace coinlake::source {
namespace {

constexpr std::array kListKeys = {Key{"id", KeyType::id}, Key{"symbol", KeyType::text, symbol},
                                  Key{"name", KeyType::text, name}};

}  // namespace

struct ListDecoder::State {
  PageBuilder page;
  RowReader reader{kListKeys};
};

ListDecoder::ListDecoder() : state_(std::make_unique<State>()) {}
ListDecoder::~ListDecoder() = default;

Result<domain::Batch> ListDecoder::decode(const port::Answer& answer) {
  state_->page.begin(answer);
  CHECK_OK(state_->reader.read(answer.body, state_->page));
  auto batch = state_->page.take();
  batch.directory = true;
  return batch;
}

}  // namespace coinlake::source
