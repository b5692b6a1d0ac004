#include "support/test_certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>

namespace linkferry::test {

namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(std::FILE* file) const { std::fclose(file); }
};

template <class T>
using Owned = std::unique_ptr<T, Free>;

template <class T>
T* checked(T* made) {
  if (made == nullptr) throw std::runtime_error("OpenSSL could not make a test certificate");
  return made;
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION> extension(
      checked(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())));
  X509_add_ext(certificate, extension.get(), -1);
}

Owned<std::FILE> open_for_writing(const std::string& path) {
  return Owned<std::FILE>(checked(std::fopen(path.c_str(), "w")));
}

}  // namespace

struct TestCertificates::Pair {
  Owned<EVP_PKEY> key{checked(EVP_EC_gen("P-256"))};
  Owned<X509> certificate{checked(X509_new())};

  /// `issuer` null: signed by itself. `names` empty: an authority.
  Pair(const char* common_name, const Pair* issuer, const std::string& names, int days,
       long serial) {
    constexpr long day = 86'400;
    X509* one = certificate.get();
    X509_set_version(one, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(one), serial);
    X509_gmtime_adj(X509_getm_notBefore(one), -2 * day);
    X509_gmtime_adj(X509_getm_notAfter(one), days == 0 ? -day : days * day);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(one), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(common_name), -1, -1, 0);
    X509_set_issuer_name(
        one, X509_get_subject_name(issuer == nullptr ? one : issuer->certificate.get()));
    X509_set_pubkey(one, key.get());
    X509* issuer_certificate = issuer == nullptr ? one : issuer->certificate.get();
    add_extension(one, issuer_certificate, NID_basic_constraints,
                  names.empty() ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (names.empty())
      add_extension(one, issuer_certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
    if (!names.empty()) add_extension(one, issuer_certificate, NID_subject_alt_name, names);
    X509_sign(one, issuer == nullptr ? key.get() : issuer->key.get(), EVP_sha256());
  }
};

TestCertificates::TestCertificates() {
  std::string pattern = std::filesystem::temp_directory_path() / "linkferry-certificates-XXXXXX";
  folder_ = checked(::mkdtemp(pattern.data()));
  authority_ = std::make_unique<Pair>("linkferry test authority", nullptr, "", 30, 1);
  PEM_write_X509(open_for_writing(authority_file()).get(), authority_->certificate.get());
}

TestCertificates::~TestCertificates() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

ServerCertificate TestCertificates::write(const Pair& pair) {
  const std::string base = folder_ + "/" + std::to_string(++count_);
  PEM_write_PrivateKey(open_for_writing(base + ".key").get(), pair.key.get(), nullptr, nullptr, 0,
                       nullptr, nullptr);
  PEM_write_X509(open_for_writing(base + ".pem").get(), pair.certificate.get());
  return {base + ".key", base + ".pem"};
}

ServerCertificate TestCertificates::signed_for(const std::string& names, int days) {
  return write(Pair("linkferry test server", authority_.get(), names, days, 100 + count_));
}

ServerCertificate TestCertificates::self_signed_for(const std::string& names) {
  return write(Pair("linkferry test server", nullptr, names, 30, 100 + count_));
}

}  // namespace linkferry::test
