// SHA-256 by OpenSSL's EVP (hardware instructions where the machine has them).
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace coinlake {

using Digest = std::array<unsigned char, 32>;

class Sha256 {
 public:
  Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  ~Sha256();
  void update(std::string_view bytes);
  Digest finish();  // once

 private:
  evp_md_ctx_st* context_;
};

Digest sha256(std::string_view bytes);
std::string to_hex(const Digest& digest);
std::string_view as_bytes(const Digest& digest);  // a view of it
std::string random_hex(std::size_t bytes);        // from the system's generator

}  // namespace coinlake
