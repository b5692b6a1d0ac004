#include "net/tls.hpp"

#include <Poco/Exception.h>
#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <utility>

#include "linkferry/failure.hpp"
#include "net/address.hpp"

namespace linkferry {
namespace {

using Poco::Net::Context;

/// Rationale: the callback is a plain function, and a handshake runs in one thread.
thread_local std::string trust_problem;

std::string name_of_certificate(X509* certificate) {
  std::array<char, 256> name{};
  if (certificate != nullptr)
    X509_NAME_oneline(X509_get_subject_name(certificate), name.data(),
                      static_cast<int>(name.size()));
  return name.data();
}

int note_problem(int is_trusted, X509_STORE_CTX* store) {
  if (is_trusted == 0) {
    const int error = X509_STORE_CTX_get_error(store);
    trust_problem = fmt::format("{} ({})", X509_verify_cert_error_string(error),
                                name_of_certificate(X509_STORE_CTX_get_current_cert(store)));
  }
  return is_trusted;
}

Context::Ptr make_context(const std::string& ca_file) {
  Context::Params parameters;
  parameters.caLocation = ca_file;
  parameters.loadDefaultCAs = true;
  parameters.verificationMode = Context::VERIFY_STRICT;
  parameters.cipherList = "HIGH:!aNULL:!eNULL:!MD5";
  Context::Ptr context(new Context(Context::TLS_CLIENT_USE, parameters));
  context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
  return context;
}

}  // namespace

Context::Ptr make_tls_context(const std::string& host, const std::string& ca_file) {
  Context::Ptr context;
  try {
    context = make_context(ca_file);
  } catch (const Poco::Exception& error) {
    throw Failure(
        FailureKind::configuration,
        fmt::format("{}: cannot be used as certificates to trust, expected a PEM file: {}", ca_file,
                    error.displayText()));
  }
  SSL_CTX* tls = context->sslContext();
  SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, &note_problem);
  X509_VERIFY_PARAM* expected = SSL_CTX_get0_param(tls);
  const bool is_set = is_ip_address(host)
                          ? X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) == 1
                          : X509_VERIFY_PARAM_set1_host(expected, host.c_str(), host.size()) == 1;
  if (!is_set)
    throw Failure(FailureKind::configuration,
                  fmt::format("{}: no name that a certificate can have", host));
  X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return context;
}

std::string take_trust_problem() { return std::exchange(trust_problem, {}); }

}  // namespace linkferry
