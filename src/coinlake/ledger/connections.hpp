// The three ways in which a database file is opened. Only open_writer can change a ledger, and only Ledger calls it.
#pragma once

#include <array>
#include <filesystem>

#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {

// What a ledger's files are called: its own name, and one of these behind it.
inline constexpr std::array kFileSuffixes = {"", "-wal", "-shm", "-journal", ".lock"};

// `path` made absolute, with symbolic links resolved: two names of one file are one ledger and share one lock.
std::filesystem::path resolved(const std::filesystem::path& path);

// Read-only: cannot write, checkpoint or migrate. Also works in a folder that may not be written. Whatever it is asked
// ends when the process is asked to stop (temporary).
Result<Connection> open_reader(const std::filesystem::path& path);

// Read-only, of a file that nobody writes to and that has no -wal: makes no file beside it. Whatever it is asked once
// somebody did write to it, or replaced it, is refused (locked).
Result<Connection> open_still(const std::filesystem::path& path);

// The ledger's one writing connection. Until begin_writing() it only reads, and leaves every file as it is when it
// closes.
Result<Connection> open_writer(const std::filesystem::path& path, const char* vfs);
// WAL, synchronous=FULL, no checkpoint on the commit path.
Result<void> begin_writing(const Connection& db);

// A file that is not a ledger: a backup being made, the tables that replay --check compares with. Not durable.
Result<Connection> open_scratch(const std::filesystem::path& path);

}  // namespace coinlake::ledger
