#include "coinlake/base/hash.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <cstdlib>

#include "coinlake/base/memory.hpp"

namespace coinlake {

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  // Without its context, which nobody else asks for, OpenSSL would follow a null pointer.
  if (OSSL_LIB_CTX_get0_global_default() == nullptr || context_ == nullptr ||
      EVP_DigestInit_ex(context_, EVP_sha256(), nullptr) != 1)
    end_without_memory();
}

Sha256::~Sha256() { EVP_MD_CTX_free(context_); }

void Sha256::update(std::string_view bytes) { EVP_DigestUpdate(context_, bytes.data(), bytes.size()); }

Digest Sha256::finish() {
  Digest digest{};
  EVP_DigestFinal_ex(context_, digest.data(), nullptr);
  return digest;
}

Digest sha256(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

namespace {

template <class Bytes>
std::string hex(const Bytes& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const auto c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    (out += kDigits[byte >> 4]) += kDigits[byte & 15];
  }
  return out;
}

}  // namespace

std::string to_hex(const Digest& digest) { return hex(digest); }

std::string_view as_bytes(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// The kernel's own generator: setting up OpenSSL's costs a process half a millisecond.
std::string random_hex(std::size_t count) {
  std::string bytes(count, '\0');
  if (::getentropy(bytes.data(), count) != 0) std::abort();
  return hex(bytes);
}

}  // namespace coinlake
