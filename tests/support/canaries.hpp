// A secret of its own in every slot, and the search for them in all that was written.
#pragma once

#include <sys/stat.h>

#include <map>
#include <set>

#include "coinlake/base/text.hpp"
#include "coinlake/ledger/bodies.hpp"
#include "coinlake/ledger/sqlite.hpp"
#include "tests/support/played.hpp"

namespace coinlake::test {

using Words = std::vector<std::string>;

class Canaries : public Played {
 protected:
  // Letters that are in no hash and in no word, others for each slot.
  static std::string canary(const std::string& slot) {
    constexpr std::string_view kLetters = "GHJKLMNPQRSTVWXZ";
    std::uint64_t state = 0xcbf29ce484222325ULL;
    for (const char c : slot) state = (state ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    std::string out = "CG-";
    for (int i = 0; i < 20; ++i) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      out += kLetters[state >> 60];
    }
    return out;
  }

  // Remembers the slot, so that the search knows of it.
  std::string secret(const std::string& slot) {
    auto value = canary(slot);
    slots_.emplace(slot, value);
    return value;
  }

  // The slots of which a piece is in the text, in whatever case: eight letters in a row are too many.
  [[nodiscard]] std::string leaks(const std::string& text) const {
    const auto lower = to_lower(text);
    std::string out;
    for (const auto& [slot, value] : slots_) {
      for (const std::size_t at : {3U, 9U, 15U}) {
        if (lower.find(to_lower(value.substr(at, 8))) == std::string::npos) continue;
        out += (out.empty() ? "" : ", ") + slot;
        break;
      }
    }
    return out;
  }
  void expect_no_leak(const std::string& text, const std::string& where) const {
    EXPECT_EQ(leaks(text), "") << "in " << where << (text.size() < 4000 ? ":\n" + text : "");
  }

  // A start of coinlake of which everything is searched.
  Exit silent(const Words& words, const Environment& environment = {}) {
    std::string where = "coinlake";
    for (const auto& word : words) where += " " + (leaks(word).empty() ? word : "…");
    auto done = coinlake(words, environment);
    expect_no_leak(done.out, where + ", stdout");
    expect_no_leak(done.err, where + ", stderr");
    return done;
  }

  // What the user writes is not searched.
  std::string write(const std::string& name, const std::string& text, mode_t mode = 0600) {
    auto path = folder_ / name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
    written_.insert(path);
    return path;
  }
  static std::string content(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // Every file but those that the user wrote, and every body that a ledger keeps. How many there were.
  int expect_no_leak_in_files() const {
    int files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
      if (!entry.is_regular_file() || written_.contains(entry.path().string())) continue;
      expect_no_leak(content(entry.path()), entry.path().filename());
      if (entry.path().extension() == ".db") expect_no_leak_in_bodies(entry.path());
      ++files;
    }
    return files;
  }
  void expect_no_leak_in_bodies(const std::string& path) const {
    const auto db = ledger::Connection::open(path, SQLITE_OPEN_READWRITE);
    ASSERT_TRUE(db);
    auto bodies =
        db->prepare("SELECT z.zstd, r.size FROM raw r JOIN raw_body z ON z.seq = r.body_seq AND z.n = r.body_n");
    ASSERT_TRUE(bodies) << bodies.error().message.english();
    while (*bodies->step()) {
      const auto body = ledger::decompress(bodies->bytes(0), static_cast<std::size_t>(bodies->integer(1)));
      ASSERT_TRUE(body) << body.error().message.english();
      expect_no_leak(*body, "a body in " + path);
    }
  }

  std::map<std::string, std::string> slots_;
  std::set<std::string> written_;
};

}  // namespace coinlake::test
