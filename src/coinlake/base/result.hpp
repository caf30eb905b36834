// Result<T>: what every function returns whose outcome depends on the world (files, network, other people's bytes).
//
// An Error says what happened, to what, and what to do: `message` is one sentence without a final stop, `hint` is the
// operator's next step (may be empty). Its kind is for code: each kind changes what a caller does. Exceptions are for
// bugs.
#pragma once

#include <expected>
#include <string_view>
#include <utility>

#include "coinlake/base/message.hpp"

namespace coinlake {

enum class Kind {
  usage,         // the command line is wrong                                      exit 2
  config,        // configuration, or a file that is not ours to touch             exit 78
  temporary,     // no connection, no answer in time: the same call may work later exit 75
  rate_limited,  // the provider said "slower"                                     exit 75
  blocked,       // the provider wants to be left alone until a time: nothing was asked  exit 75
  locked,        // another process writes this ledger                             exit 75
  clock_skew,    // this machine's clock and the provider's are far apart: nothing is stored  exit 75
  unauthorized,  // key, plan or client refused: repeating does not help           exit 1
  refused,       // the provider refuses this request: repeating does not help     exit 1
  upstream,      // the provider answered, with a fault of its own (5xx)           exit 1
  undecodable,   // an answer that is cut short or not what it should be           exit 1
  unwritable,    // full disk, read-only, no permission, a file that was moved away: nothing more is written until
                 // somebody or something changed that, and then it may be tried again  exit 1
  storage,       // the disk or SQLite failed: never retried                       exit 1
  corrupt,       // stored data contradicts itself                                 exit 3
  unknown,       // nothing is known about what was asked                          exit 3
  limit,         // a cap was reached: a result is refused rather than cut         exit 1
};

// The kind as a word, which scripts may rely on: "rate_limited".
constexpr std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::usage: return "usage";
    case Kind::config: return "config";
    case Kind::temporary: return "temporary";
    case Kind::rate_limited: return "rate_limited";
    case Kind::blocked: return "blocked";
    case Kind::locked: return "locked";
    case Kind::clock_skew: return "clock_skew";
    case Kind::unauthorized: return "unauthorized";
    case Kind::refused: return "refused";
    case Kind::upstream: return "upstream";
    case Kind::undecodable: return "undecodable";
    case Kind::unwritable: return "unwritable";
    case Kind::storage: return "storage";
    case Kind::corrupt: return "corrupt";
    case Kind::unknown: return "unknown";
    case Kind::limit: return "limit";
  }
  return "";
}

// Either way nothing more is written, and what was not acknowledged is not there.
constexpr bool is_storage(Kind kind) { return kind == Kind::unwritable || kind == Kind::storage; }

struct Error {
  Kind kind;
  Message message;
  Message hint = {};

  // The same error seen from one level up: "reading page 7: connection refused".
  [[nodiscard]] Error within(const Message& context) && {
    message = tr("{}: {}", context, message);
    return std::move(*this);
  }
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Kind kind, Message message, Message hint = {}) {
  return std::unexpected(Error{kind, std::move(message), std::move(hint)});
}

// For TRY. Not constexpr, and that matters: GCC 12 folds a statement expression that could be a constant, and then a
// call of a captureless lambda that gives a unique_ptr gives nullptr.
template <class R>
auto unwrap(R&& result) {
  return *std::forward<R>(result);
}

}  // namespace coinlake

// Unwraps a Result or returns its error from the enclosing function. A whole statement or initialiser; never in a
// coroutine.
#define TRY(...)                                                \
  __extension__({                                               \
    auto&& try_ = (__VA_ARGS__);                                \
    if (!try_) return std::unexpected(std::move(try_).error()); \
    ::coinlake::unwrap(std::move(try_));                        \
  })
// The same for Result<void>.
#define CHECK_OK(...)                                                                        \
  do {                                                                                       \
    if (auto&& try_ = (__VA_ARGS__); !try_) return std::unexpected(std::move(try_).error()); \
  } while (false)
