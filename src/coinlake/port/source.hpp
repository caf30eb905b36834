// The port every provider implements. A source says what it is, which requests answer a question, and what bytes mean.
// Scheduling, retries, pace, counting and storing belong to the engine around it (collect/).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "coinlake/base/result.hpp"
#include "coinlake/base/secret.hpp"
#include "coinlake/base/time.hpp"
#include "coinlake/domain/quote.hpp"

namespace coinlake::port {

// What somebody wants collected.
struct Ask {
  std::vector<std::string> currencies = {"usd"};
  std::optional<std::int64_t> top = {};  // the largest N coins; nothing: all there are
};

// One page to fetch. `kind`, `currency`, `first_position` and `take` are stored beside the answer, because decoding it
// again, years later, must give the same rows.
struct Page {
  std::string kind;                 // endpoint and granularity: "markets"
  std::string currency;             // as asked, lower case
  std::int64_t number = 1;          // within its currency, from 1
  std::int64_t first_position = 1;  // position of its first row in the sweep
  std::int64_t take = 0;            // rows of it that belong to the question
  bool last = false;                // the question ends with it, however many rows it has
};

struct Request {
  std::string url;
  std::vector<std::pair<std::string, Secret>> secret_headers = {};
};

// An answer as it came: everything decode may look at.
struct Answer {
  Page page;
  std::string_view body;
  Time received_at;
  std::optional<Time> served_at;  // when the provider wrote it: Date − Age
};

// A complete answer that is not a success.
struct Refusal {
  int status;
  std::string_view content_type;
  std::string_view body;
};

// Not thread-safe: decoding reuses buffers. One object per thread.
class Source {
 public:
  virtual ~Source() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual int decoder_version() const = 0;      // raised when the same bytes would give other rows
  [[nodiscard]] virtual int requests_per_minute() const = 0;  // its plan's limit

  // First page of each sweep the question needs; errors: usage.
  [[nodiscard]] virtual Result<std::vector<Page>> plan(const Ask& ask) const = 0;
  // The page after one that answered `rows` rows, or nothing when the sweep is over.
  [[nodiscard]] virtual std::optional<Page> next(const Ask& ask, const Page& page, std::int64_t rows) const = 0;
  [[nodiscard]] virtual Request request(const Page& page) const = 0;
  [[nodiscard]] virtual Request ping() const = 0;

  // Pure: bytes to rows. Errors: undecodable (not an answer to this question), or what an error body inside a 200 says.
  virtual Result<domain::Batch> decode(const Answer& answer) = 0;
  // What a non-200 answer means for the caller, in the provider's words, at most 300 characters of them.
  virtual Error explain(const Refusal& refusal) = 0;
};

}  // namespace coinlake::port
