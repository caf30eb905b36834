// A VFS of SQLite's for files that nobody is believed to write to (immutable=1: no lock, no -wal): each read looks
// whether that is so still, and is SQLITE_BUSY once the file was written to or replaced after it was opened; opening
// one that has a -wal is, too. So what a connection has read is one state of the file, or an error. Reads only.
// Thread-safe as SQLite's own.
#pragma once

namespace coinlake::ledger {

const char* still_vfs();  // its name; nullptr, SQLite's own, where it could not be registered for want of memory

}  // namespace coinlake::ledger
