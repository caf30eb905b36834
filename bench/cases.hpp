// What coinlake-bench times. A case is timed one sample after the other, so that whoever asks can put another program's
// samples in between and noise hits both.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "bench/pages.hpp"
#include "coinlake/base/result.hpp"

namespace coinlake::bench {

// Runs `work` and gives how long it took, in seconds.
template <class Work>
double timed(Work work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// The same bytes to rows, and to simdjson's DOM, which checks and converts every value but understands none. The DOM
// parser is given padded bytes and keeps its memory, so its time is that of parsing alone.
class DecodeCase {
 public:
  explicit DecodeCase(Pages& pages);
  ~DecodeCase();
  Result<double> decode();
  Result<double> parse_dom();
  std::string& turn();  // to the next of a few pages; gives it

 private:
  struct Parsers;
  struct Sample;
  std::vector<Sample> samples_;
  std::size_t at_ = 0;
  std::unique_ptr<Parsers> parsers_;
};

// A page to a durable commit, raw body included, all rows new. One run in one ledger, as a long sweep would.
class StoreCase {
 public:
  static Result<std::unique_ptr<StoreCase>> open(Pages& pages, const std::filesystem::path& ledger);
  virtual ~StoreCase() = default;
  virtual Result<double> store(const std::string& page) = 0;
};

// A ledger rebuilt, against a loop that does nothing but insert the same rows (see bare_loop.hpp).
class ReplayCase {
 public:
  static Result<std::unique_ptr<ReplayCase>> open(const std::filesystem::path& ledger);
  virtual ~ReplayCase() = default;
  virtual Result<double> replay() = 0;
  virtual Result<double> bare_loop() = 0;
  [[nodiscard]] virtual std::int64_t rows() const = 0;  // of answers
};

}  // namespace coinlake::bench
