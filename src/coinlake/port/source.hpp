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

// What somebody wants collected: the largest coins, or those with these ids, or the list of all coins.
struct Ask {
  std::vector<std::string> currencies = {"usd"};
  std::optional<std::int64_t> top = {};  // the largest N coins; nothing: all there are
  std::vector<std::string> ids = {};     // these coins instead, by the provider's id
  bool directory = false;                // which coins there are and what they are called, instead of values
};

// One page to fetch. `kind`, `currency`, `first_position` and `take` are stored beside the answer, because decoding it
// again, years later, must give the same rows.
struct Page {
  std::string kind;                   // endpoint and granularity: "markets"
  std::string currency;               // as asked, lower case; "brl,usd" where one answer has both; "" of a directory
  std::int64_t number = 1;            // within its sweep, from 1
  std::int64_t first_position = 1;    // position of its first coin in the sweep
  std::int64_t take = 0;              // coins of it that belong to the question
  bool last = false;                  // the question ends with it, however many rows it has
  std::vector<std::string> ids = {};  // what it asks for by name; not stored: the URL has them
  std::int64_t credits = 1;           // what the provider will count for it; not stored
};

// The `take` of a page that asks for coins by id: each row says which coin it is of, so that none of them is cut off
// for coming after one that nobody asked for.
inline constexpr std::int64_t kMostById = 1000;

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
  // Somebody has decided that this row, 0-based as in domain::Rejected::index, is a fact after all: decode gives it
  // alone, and rejects it only where nothing could be stored (no id, no object). A column that has no value of its type
  // stays absent. Either way Batch::row_bytes has the row as it came, whole.
  std::optional<std::int64_t> released = {};
};

// A complete answer that is not a success.
struct Refusal {
  int status;
  std::string_view content_type;
  std::string_view body;
};

// Whom a refusal concerns: asking again must wait for all of that.
enum class Penalty {
  none,      // this request alone, or nobody
  pace,      // the key is asked to slow down: until Retry-After, or Refused::wait
  endpoint,  // the key may not use this kind of page
  key,       // the key may not be used at all
};

struct Refused {
  Error error;
  Penalty penalty = Penalty::none;
  std::optional<Duration> wait = {};  // of Penalty::pace, where the provider's words say how long
};

// What the key in use may spend.
struct Allowance {
  std::string plan;                                    // "demo"
  int requests_per_minute = 1;                         // at least 1
  std::optional<std::int64_t> credits_per_month = {};  // nothing: no limit is known
  Secret key = {};                                     // empty: none, the limits are the address's
};

// What the provider itself says of the key in use. Unknown is nothing.
struct KeyInfo {
  std::optional<std::string> plan = {};
  std::optional<std::int64_t> requests_per_minute = {}, credits_per_day = {}, credits_per_month = {};
  std::optional<std::int64_t> credits_used = {}, credits_left = {};  // this month
  std::optional<Time> resets_at = {};                                // when the month's credits begin anew
};

// Not thread-safe: decoding reuses buffers. One object per thread.
class Source {
 public:
  virtual ~Source() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual int decoder_version() const = 0;  // raised when the same bytes would give other rows
  [[nodiscard]] virtual const Allowance& allowance() const = 0;
  // How long an answer to this kind of page is as good as a new one: the provider renews it no sooner.
  [[nodiscard]] virtual Duration fresh_for(std::string_view kind) const = 0;

  // First page of each sweep the question needs; errors: usage.
  [[nodiscard]] virtual Result<std::vector<Page>> plan(const Ask& ask) const = 0;
  // The page after one that answered `rows` rows, or nothing when the sweep is over.
  [[nodiscard]] virtual std::optional<Page> next(const Ask& ask, const Page& page, std::int64_t rows) const = 0;
  [[nodiscard]] virtual Request request(const Page& page) const = 0;

  // Pure: bytes to rows. Errors: undecodable (not an answer to this question), or what an error body inside a 200 says.
  virtual Result<domain::Batch> decode(const Answer& answer) = 0;
  // What a non-200 answer means for the caller, in the provider's words, at most 300 characters of them.
  virtual Refused explain(const Refusal& refusal) = 0;
  // A refusal that came with 200; nothing when the body may hold data.
  virtual std::optional<Refused> refusal_within(const Page& page, std::string_view body) = 0;

  // Where the provider tells about the key in use; nothing when it does not.
  [[nodiscard]] virtual std::optional<Request> key_request() const = 0;
  virtual Result<KeyInfo> decode_key(std::string_view body) = 0;  // errors: undecodable
};

}  // namespace coinlake::port
