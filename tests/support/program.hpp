// The built programs, run as a user runs them.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace coinlake::test {

using Environment = std::map<std::string, std::string>;

struct Exit {
  int code = -1;  // 128 + signal when it was killed
  std::string out, err;
  long peak_kib = 0;  // of memory
};

// A running program with its stdout and stderr; killed and waited for when it goes out of scope.
class Program {
 public:
  Program(const std::string& path, const std::vector<std::string>& arguments, const Environment& environment = {},
          const std::filesystem::path& folder = ".");
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  std::string read_out_line();  // "" at the end
  std::string read_err_line();
  void signal(int number) const;
  Exit wait();  // reads what is left of both; once
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int in_ = -1, out_ = -1, err_ = -1;
};

Exit run(const std::string& path, const std::vector<std::string>& arguments, const Environment& environment = {},
         const std::filesystem::path& folder = ".");

// A folder of its own, gone with it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// coinlake-sim on a free port.
class Simulator {
 public:
  explicit Simulator(const std::vector<std::string>& options);
  [[nodiscard]] const std::string& url() const { return url_; }  // ends in /api/v3

 private:
  Program program_;
  std::string url_;
};

}  // namespace coinlake::test
