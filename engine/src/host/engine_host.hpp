#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "host/file_identity.hpp"
#include "linkferry/host.hpp"
#include "net/rate_limiter.hpp"

namespace linkferry {

/// What the engine lends to plugins: the disk, the network and the log.
class EngineHost final : public Host {
 public:
  using Log = std::function<void(LogLevel, std::string_view)>;

  /// `log` is called by one thread at a time; empty: nothing is logged. A stop request ends the
  /// wait for a pipe or a terminal with Failure interrupted, within 0.1 s.
  explicit EngineHost(Log log, std::stop_token stop = {});

  void log(LogLevel level, std::string_view message) override;
  std::unique_ptr<InputFile> open_file(const std::string& path) override;
  bool file_exists(const std::string& path) override;
  std::unique_ptr<StagedFile> stage_file(const std::string& path) override;
  std::unique_ptr<HttpClient> make_http_client(const HttpSettings& settings) override;

  /// Clients that are made hereafter keep to the limits of services together with those of `other`.
  void share_limits_with(const EngineHost& other) { limiters_ = other.limiters_; }

  /// From `time` on clients that are made hereafter begin no request; they end with Failure
  /// limit_reached.
  void set_deadline(Clock::Time time) { deadline_ = time; }

 private:
  void remember(const std::string& path);

  Log log_;
  std::stop_token stop_;
  std::mutex mutex_;
  std::shared_ptr<RateLimiters> limiters_ = std::make_shared<RateLimiters>();
  std::optional<Clock::Time> deadline_;
  /// What stood at each path when it was looked at last; null where nothing did.
  std::map<std::string, std::optional<FileIdentity>> seen_;
};

}  // namespace linkferry
