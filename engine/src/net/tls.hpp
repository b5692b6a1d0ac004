#pragma once

#include <Poco/Net/Context.h>

#include <string>

namespace linkferry {

/// What TLS connections to `host` (a name or an IP address) must show: TLS 1.2 or later, a chain of
/// certificates that the system or `ca_file` (PEM; a folder where it ends in `/`; may be empty)
/// trusts, and a name that is `host`.
///
/// Rationale: the name is checked by OpenSSL in the handshake. Poco's own check, afterwards, lets
/// everything pass on loopback. Errors: Failure configuration for a `ca_file` that cannot be used.
Poco::Net::Context::Ptr make_tls_context(const std::string& host, const std::string& ca_file);

/// Why this thread's newest handshake did not trust the certificate; empty when that was not the
/// reason. Cleared by it.
std::string take_trust_problem();

}  // namespace linkferry
