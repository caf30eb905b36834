// A file that lines are appended to. Before a line would make it larger than it may be, it is renamed and begins anew:
// "run.log" becomes "run.1.log", that one "run.2.log", and the oldest goes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string_view>

#include "coinlake/base/result.hpp"

namespace coinlake {

// For one thread, and one process at a time.
class LogFile {
 public:
  // Creates it with mode 0600, in a folder that is there; ends a last line that somebody left without its end. One that
  // cannot be written, or is no regular file, is Kind::config.
  static Result<LogFile> open(const std::filesystem::path& path, std::size_t most, std::size_t older);

  LogFile(LogFile&&) noexcept;
  LogFile& operator=(LogFile&&) noexcept;
  ~LogFile();

  // A line with its '\n', handed to the kernel when this returns. After an error (Kind::storage) it must be opened
  // anew. A file that cannot be renamed is an error and keeps its lines.
  Result<void> append(std::string_view line);

 private:
  struct Sink;
  explicit LogFile(std::unique_ptr<Sink> sink);
  std::unique_ptr<Sink> sink_;
};

}  // namespace coinlake
