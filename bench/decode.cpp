#include <simdjson.h>

#include "bench/cases.hpp"
#include "coinlake/source/coingecko/coingecko.hpp"

namespace coinlake::bench {

struct DecodeCase::Parsers {
  std::unique_ptr<port::Source> source = source::make_coingecko({.base_url = "http://127.0.0.1/api/v3"});
  simdjson::dom::parser dom;
};

struct DecodeCase::Sample {
  std::string body;
  simdjson::padded_string padded;
  port::Answer answer;
};

DecodeCase::DecodeCase(Pages& pages) : parsers_(std::make_unique<Parsers>()) {
  for (int i = 0; i < 8; ++i) {
    auto body = pages.next();
    auto padded = simdjson::padded_string(body);
    samples_.push_back({std::move(body), std::move(padded), pages.answer({})});
  }
  for (auto& sample : samples_) sample.answer.body = sample.body;
}
DecodeCase::~DecodeCase() = default;

std::string& DecodeCase::turn() {
  at_ = (at_ + 1) % samples_.size();
  return samples_[at_].body;
}

Result<double> DecodeCase::decode() {
  auto batch = Result<domain::Batch>(domain::Batch{});
  const auto took = timed([&] { batch = parsers_->source->decode(samples_[at_].answer); });
  if (!batch) return std::unexpected(std::move(batch).error());
  if (batch->rows.size() != kCoins) return fail(Kind::corrupt, tr("not every row of the page was decoded"));
  return took;
}

Result<double> DecodeCase::parse_dom() {
  simdjson::dom::array rows;
  simdjson::error_code error = simdjson::UNINITIALIZED;
  const auto took = timed([&] { error = parsers_->dom.parse(samples_[at_].padded).get(rows); });
  if (error || rows.size() != kCoins) return fail(Kind::corrupt, tr("not every row of the page is in the DOM"));
  return took;
}

}  // namespace coinlake::bench
