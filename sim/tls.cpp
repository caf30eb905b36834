#include "sim/tls.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <memory>

namespace coinlake::sim {
namespace {

constexpr long kSecondsADay = 86'400;
constexpr const char *kHere = "DNS:localhost,IP:127.0.0.1", *kElsewhere = "DNS:elsewhere.invalid";

struct TlsKind {
  std::string_view name;
  long begins, ends;  // days from now
  const char* hosts = kHere;
  bool old_protocol = false;
};
constexpr auto kKinds = std::to_array<TlsKind>({{"self-signed", -1, 30},
                                                {"expired", -30, -1},
                                                {"not-yet-valid", 1, 30},
                                                {"wrong-host", -1, 30, kElsewhere},
                                                {"old-protocol", -1, 30, kHere, true}});

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using TlsKey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using TlsCertificate = std::unique_ptr<X509, Freed<X509_free>>;
using TlsExtension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using PemText = std::unique_ptr<BIO, Freed<BIO_free>>;

bool extend(X509* certificate, int what, const char* value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const TlsExtension extension(X509V3_EXT_conf_nid(nullptr, &context, what, value));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool name_it(X509* certificate) {
  const auto* text = reinterpret_cast<const unsigned char*>("coinlake-sim");
  auto* name = X509_get_subject_name(certificate);
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1;
}

// Each has a number of its own, by which clients tell certificates of one name apart.
bool number_it(X509* certificate) {
  const std::unique_ptr<BIGNUM, Freed<BN_free>> number(BN_new());
  return number && BN_rand(number.get(), 63, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool fill_in(X509* certificate, EVP_PKEY* key, const TlsKind& kind) {
  return X509_set_version(certificate, X509_VERSION_3) == 1 && number_it(certificate) && name_it(certificate) &&
         X509_gmtime_adj(X509_getm_notBefore(certificate), kind.begins * kSecondsADay) != nullptr &&
         X509_gmtime_adj(X509_getm_notAfter(certificate), kind.ends * kSecondsADay) != nullptr &&
         X509_set_pubkey(certificate, key) == 1 && extend(certificate, NID_subject_alt_name, kind.hosts) &&
         extend(certificate, NID_basic_constraints, "critical,CA:TRUE") &&
         X509_sign(certificate, key, EVP_sha256()) > 0;
}

template <class Write>
std::string pem_of(Write write) {
  const PemText memory(BIO_new(BIO_s_mem()));
  char* text = nullptr;
  if (!memory || write(memory.get()) != 1) return "";
  const auto size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

bool is_tls_kind(std::string_view kind) { return std::ranges::find(kKinds, kind, &TlsKind::name) != kKinds.end(); }

std::string tls_kinds() {
  std::string out;
  for (const auto& kind : kKinds)
    (out += out.empty() ? "" : kind.name == kKinds.back().name ? " or " : ", ") += kind.name;
  return out;
}

Result<net::HttpTls> make_tls(std::string_view kind) {
  const auto& known = *std::ranges::find(kKinds, kind, &TlsKind::name);
  const TlsKey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  const TlsCertificate certificate(X509_new());
  if (!key || !certificate || !fill_in(certificate.get(), key.get(), known))
    return fail(Kind::config, tr("OpenSSL cannot make a certificate"), tr("check the installation"));
  return net::HttpTls{.certificate = pem_of([&](BIO* to) { return PEM_write_bio_X509(to, certificate.get()); }),
                      .key = pem_of([&](BIO* to) {
                        return PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
                      }),
                      .only_tls_1_1 = known.old_protocol};
}

}  // namespace coinlake::sim
