// Texts with the lifetime of their owner: a bump allocator of 64 KiB chunks. Views stay valid when the arena is moved;
// the arena moved from is empty and may be used again. Not thread-safe.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace coinlake {

class TextArena {
 public:
  TextArena() = default;
  // Not the default: it would leave the old arena bumping through chunks that it no longer owns.
  TextArena(TextArena&& other) noexcept
      : chunks_(std::exchange(other.chunks_, {})),
        next_(std::exchange(other.next_, nullptr)),
        left_(std::exchange(other.left_, 0)) {}
  TextArena& operator=(TextArena&& other) noexcept {
    TextArena taken(std::move(other));
    chunks_.swap(taken.chunks_);
    std::swap(next_, taken.next_);
    std::swap(left_, taken.left_);
    return *this;
  }
  TextArena(const TextArena&) = delete;
  TextArena& operator=(const TextArena&) = delete;
  ~TextArena() = default;

  // A copy of `text`. data() is never null: SQLite would bind an empty text as NULL.
  std::string_view keep(std::string_view text) {
    if (text.empty()) return "";
    if (text.size() > left_) grow(text.size());
    char* at = next_;
    std::memcpy(at, text.data(), text.size());
    next_ += text.size();
    left_ -= text.size();
    return {at, text.size()};
  }

 private:
  void grow(std::size_t needed) {
    const auto size = std::max(needed, kChunk);
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    next_ = chunks_.back().get();
    left_ = size;
  }

  static constexpr std::size_t kChunk = std::size_t{64} << 10;
  std::vector<std::unique_ptr<char[]>> chunks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace coinlake
