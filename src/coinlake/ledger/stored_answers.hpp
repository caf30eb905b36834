// The stored answers of a ledger, and what was decided of their rows, in order, unpacked and decoded on a thread of
// their own with a connection of its own: half of a rebuild's work, done beside the other half (docs/decisions/007).
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

#include "coinlake/ledger/facts.hpp"
#include "coinlake/ledger/replay.hpp"
#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {

struct StoredAnswer {
  AnswerContext context;
  std::int64_t n = 0;    // which response of its batch
  bool dropped = false;  // no answer: a row's release is taken back
  Counts recorded;       // what ingest counted
  domain::Batch batch;
};

// next() is for one thread; `decode` is called on another, one call at a time, and must live as long.
class StoredAnswers {
 public:
  // Answers up to batch `last`. Errors: those of opening a reader, temporary (no thread for it).
  static Result<std::unique_ptr<StoredAnswers>> open(const std::filesystem::path& ledger, std::int64_t last,
                                                     const Decode& decode);
  StoredAnswers(const StoredAnswers&) = delete;
  StoredAnswers& operator=(const StoredAnswers&) = delete;
  ~StoredAnswers();  // what was not taken is dropped

  // The next one, or nothing after the last. Errors: corrupt (a body that is lost, damaged or does not decode, by
  // batch), config (no decoder for it), storage. After an error there is no next one.
  Result<std::optional<StoredAnswer>> next();

 private:
  // As it lies in the ledger: packed.
  struct Packed {
    StoredAnswer answer;
    port::Page page;
    std::optional<std::int64_t> row;  // that the batch is a decision on
    int decoder = 0;
    std::size_t size = 0;
    std::optional<std::string> frame;
  };

  StoredAnswers(Connection db, Statement rows, std::int64_t last, const Decode& decode);
  void run(const std::stop_token& stop);
  Result<std::vector<Packed>> read_some();
  Result<StoredAnswer> unpack(Packed packed);
  Result<void> put_all(const std::stop_token& stop);
  bool put(StoredAnswer answer, const std::stop_token& stop);  // false: asked to stop

  Connection db_;
  Statement rows_;
  std::int64_t after_ = 0, last_;
  const Decode* decode_;

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<StoredAnswer> ready_;
  std::optional<Result<void>> end_;  // no more will come, and why
  std::jthread thread_;              // last: it uses all of the above
};

}  // namespace coinlake::ledger
