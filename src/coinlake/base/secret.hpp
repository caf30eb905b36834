// A value that must not be shown. It cannot be streamed, formatted or compared; only `reveal()` gives it out, and the
// few callers of reveal() are the places to review.
#pragma once

#include <string>
#include <utility>

namespace coinlake {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}

  [[nodiscard]] const std::string& reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

}  // namespace coinlake
