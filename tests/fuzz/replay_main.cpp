// coinlake-fuzz-replay TARGET FILE-OR-FOLDER…: the target over each file, in order. The last name printed is the file
// that a failure is of.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "coinlake/base/file.hpp"
#include "tests/fuzz/targets.hpp"

namespace {

namespace fs = std::filesystem;
using coinlake::fuzz::kTargets;

std::vector<std::string> files_in(const std::string& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path().string());
  }
  std::ranges::sort(files);
  return files;
}

// Whether it could be read.
bool replay(const coinlake::fuzz::Target& target, const std::string& path) {
  std::printf("%s\n", path.c_str());
  std::fflush(stdout);
  const auto bytes = coinlake::read_file(path);
  if (!bytes) return std::fprintf(stderr, "%s\n", bytes.error().message.english().c_str()), false;
  // A copy of exactly its size: a read behind the end is seen under AddressSanitizer.
  const std::vector<char> exact(bytes->begin(), bytes->end());
  target.run({exact.data(), exact.size()});
  return true;
}

int replay_all(const coinlake::fuzz::Target& target, const std::vector<std::string>& paths) {
  std::size_t files = 0;
  for (const auto& path : paths) {
    for (const auto& file : files_in(path)) {
      if (!replay(target, file)) return 1;
      ++files;
    }
  }
  std::printf("%zu inputs\n", files);
  return files > 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  const std::vector<std::string> args(words + 1, words + count);
  const auto* const target =
      args.size() < 2 ? kTargets.end() : std::ranges::find(kTargets, args[0], &coinlake::fuzz::Target::name);
  if (target != kTargets.end()) return replay_all(*target, {args.begin() + 1, args.end()});
  std::fputs("usage: coinlake-fuzz-replay TARGET FILE-OR-FOLDER…; targets:", stderr);
  for (const auto& one : kTargets) std::fprintf(stderr, " %s", std::string(one.name).c_str());
  std::fputs("\n", stderr);
  return 2;
}
