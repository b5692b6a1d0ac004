#pragma once

#include <memory>

#include "net/http_client.hpp"
#include "support/fake_clock.hpp"
#include "support/memory_host.hpp"

namespace linkferry::test {

/// A disk in memory and a real network, on which pauses take no time: for plugins that talk to a
/// service on loopback. What the client traces is in `log_lines`. Programs that use it link
/// engine_net.
class NetworkHost : public MemoryHost {
 public:
  using MemoryHost::MemoryHost;

  FakeClock clock;
  std::optional<Clock::Time> deadline;

  std::unique_ptr<HttpClient> make_http_client(const HttpSettings& settings) override {
    HttpEnvironment environment;
    environment.log = [this](LogLevel level, std::string_view text) { log(level, text); };
    environment.clock = &clock;
    environment.variables = [](const std::string&) { return std::optional<std::string>(); };
    environment.deadline = deadline;
    return linkferry::make_http_client(settings, std::move(environment));
  }
};

}  // namespace linkferry::test
