#pragma once

#include <memory>
#include <string>

#include "support/http_server.hpp"

namespace linkferry::test {

/// Certificates for tests, made when they are needed and gone afterwards: no key is ever kept in
/// the repository.
class TestCertificates {
 public:
  TestCertificates();
  ~TestCertificates();
  TestCertificates(const TestCertificates&) = delete;
  TestCertificates& operator=(const TestCertificates&) = delete;

  /// The certificate (PEM) of an authority of our own.
  std::string authority_file() const { return folder_ + "/authority.pem"; }

  /// A certificate for `names`, in the form `IP:127.0.0.1` or `DNS:links.example`, signed by the
  /// authority; valid from yesterday for `days` days (0: it has expired).
  ServerCertificate signed_for(const std::string& names, int days = 30);
  /// A certificate that nobody but itself has signed.
  ServerCertificate self_signed_for(const std::string& names);

 private:
  struct Pair;
  ServerCertificate write(const Pair& pair);

  std::string folder_;
  int count_ = 0;
  std::unique_ptr<Pair> authority_;
};

}  // namespace linkferry::test
