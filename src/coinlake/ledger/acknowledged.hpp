// What a ledger's writers acknowledged, noted beside it: in the .lock, behind the writer's PID. SQLite takes a -wal
// with a damaged byte for one that ends before it, so what came after is gone without a word; this note says that it
// was there.
//
//   4711
//   5f1d0c6be1cf55ac8f7c5a7f0d4a8e31 812
#pragma once

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
};

// The line, and what it says; nothing where it says nothing that was written whole.
std::string text_of(const Acknowledged& acknowledged);
std::optional<Acknowledged> read_acknowledged(std::string_view text);

std::string text_of_lock(int fd);  // all of it; "" where it cannot be read
std::unexpected<Error> lost_count();

// What stands beside the ledger at `path` now. Ask before the ledger is read: the writer counts first, then notes.
// Errors: unwritable (it is there and cannot be read, or is no file).
Result<std::optional<Acknowledged>> noted_beside(const std::filesystem::path& path);

// What the ledger itself holds. Errors: corrupt (it has lost its count), and SQLite's.
Result<Acknowledged> held_by(const Connection& db);

// What is wrong if `held` is less than `noted`, or another ledger.
std::optional<Message> loss(const std::filesystem::path& path, const std::optional<Acknowledged>& noted,
                            const Acknowledged& held);
Message what_to_do_about_a_loss(const std::filesystem::path& path);
// The same as an error (corrupt), with what to do.
Result<void> expect_no_loss(const std::filesystem::path& path, const std::optional<Acknowledged>& noted,
                            const Acknowledged& held);

// Where there is no ledger.
Result<void> expect_nothing_acknowledged(const std::filesystem::path& path);

}  // namespace coinlake::ledger
