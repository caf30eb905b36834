// What a ledger's writers acknowledged, noted beside it: in the .lock, behind the writer's PID. SQLite takes a -wal
// with a damaged byte for one that ends before it, so what came after is gone without a word; this note says that it
// was there.
//
//   4711
//   ID COMMITS BATCH LINK CHECK
//
// The ledger's id, how many commits, the newest batch and its link in hex (or "-"), and the beginning of the SHA-256 of
// what stands before.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "coinlake/base/result.hpp"
#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {

struct Acknowledged {
  std::string ledger;        // its id; "" where there is none
  std::int64_t commits = 0;  // durable ones, counted from when the ledger was made or brought to schema 4
  std::int64_t batch = 0;    // the newest; 0: there is none
  std::string link = "-";    // its link
};

// The line, and what a .lock says; nothing where it says no more than a PID. Errors: corrupt (another text).
std::string text_of(const Acknowledged& acknowledged);
Result<std::optional<Acknowledged>> read_acknowledged(std::string_view text, const std::filesystem::path& ledger);

// Errors: unwritable (what is called so is no file).
Result<void> expect_a_file_or_none(const std::string& lock);
std::string text_of_lock(int fd);  // all of it; "" where it cannot be read

// What stands beside the ledger at `path` now. Ask before the ledger is read: the writer counts first, then notes.
// Errors: unwritable (it is there and cannot be read, or is no file), corrupt.
Result<std::optional<Acknowledged>> noted_beside(const std::filesystem::path& path);

// What the ledger itself holds. Errors: corrupt (it has lost its count), and SQLite's.
Result<Acknowledged> held_by(const Connection& db);
std::unexpected<Error> lost_count();

// What is wrong if the ledger (null: there is none) has less than `noted`, another batch in the place of its newest, or
// is another ledger.
Result<std::optional<Message>> loss(const std::filesystem::path& path, const std::optional<Acknowledged>& noted,
                                    const Connection* db);
Message what_to_do_about_a_loss(const std::filesystem::path& path);
// The same as an error (corrupt), with what to do.
Result<void> expect_no_loss(const std::filesystem::path& path, const std::optional<Acknowledged>& noted,
                            const Connection* db);

// Where there is no ledger.
Result<void> expect_nothing_acknowledged(const std::filesystem::path& path);

}  // namespace coinlake::ledger
