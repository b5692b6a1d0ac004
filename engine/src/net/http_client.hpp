#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "linkferry/host.hpp"
#include "linkferry/http.hpp"
#include "net/clock.hpp"
#include "net/proxy.hpp"
#include "net/rate_limiter.hpp"

namespace linkferry {

/// What all clients of a program have in common.
struct HttpEnvironment {
  /// Trace: each request and answer; info: long waits. Called from any thread; without secrets.
  /// Empty: nothing.
  std::function<void(LogLevel, std::string_view)> log;
  Clock* clock = &machine_clock();
  Environment variables = &environment_of_process;
  std::shared_ptr<RateLimiters> limiters = std::make_shared<RateLimiters>();
  /// No request begins from here on (--max-duration); what is in flight is finished.
  std::optional<Clock::Time> deadline;
};

/// The one implementation of HttpClient. From here on `settings.secret` is redacted everywhere.
/// Errors: Failure configuration: see Host::make_http_client.
std::unique_ptr<HttpClient> make_http_client(HttpSettings settings, HttpEnvironment environment);

}  // namespace linkferry
