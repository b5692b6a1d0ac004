#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "net/http_client.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"
#include "support/http_server.hpp"

namespace linkferry::test {

/// What a client is made of in these tests: a clock that does not wait, an environment of its own,
/// a log that is kept.
struct ClientSetup {
  HttpSettings settings;
  FakeClock clock;
  std::map<std::string, std::string> variables;
  std::optional<Clock::Time> deadline;

  explicit ClientSetup(std::string url) { settings.base_url = std::move(url); }

  std::unique_ptr<HttpClient> make() {
    HttpEnvironment environment;
    environment.log = [this](LogLevel level, std::string_view text) {
      const std::lock_guard lock(mutex);
      log.emplace_back(level, text);
    };
    environment.clock = &clock;
    environment.variables = [this](const std::string& name) {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    environment.deadline = deadline;
    return make_http_client(settings, environment);
  }

  bool has_logged(std::string_view part) {
    const std::lock_guard lock(mutex);
    return std::ranges::any_of(
        log, [part](const auto& line) { return line.second.find(part) != std::string::npos; });
  }
  std::string whole_log() {
    const std::lock_guard lock(mutex);
    std::string all;
    for (const auto& line : log) all += line.second + "\n";
    return all;
  }

  std::mutex mutex;
  std::vector<std::pair<LogLevel, std::string>> log;
};

/// The failure that `call` ends with; the test fails when there is none.
template <class Call>
Failure failure_from(Call&& call) {
  try {
    call();
  } catch (const Failure& failure) {
    return failure;
  }
  FAIL("no failure came");
  return {FailureKind::failed, ""};
}

inline HttpRequest get(std::string path) {
  HttpRequest request;
  request.path = std::move(path);
  return request;
}

inline HttpRequest post(std::string path, std::string body) {
  HttpRequest request;
  request.method = "POST";
  request.path = std::move(path);
  request.body = std::move(body);
  request.headers.push_back({"Content-Type", "application/json"});
  return request;
}

inline bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace linkferry::test
