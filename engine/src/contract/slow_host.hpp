#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "linkferry/host.hpp"

namespace linkferry::contract {

/// A sanitizer makes everything slower: what is timed gets this many times as long there.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
inline constexpr int slowdown = 3;
#else
inline constexpr int slowdown = 1;
#endif

/// How long `read` or `write` may go on after a stop request.
inline constexpr std::chrono::milliseconds stop_limit{1000 * slowdown};

/// A disk that takes its time, to see whether a plugin stops when it is asked to: reading takes 20
/// ms for 16 KiB, each write takes 5 ms, both times `slowdown`. So a plugin that fills a buffer of
/// 256 KiB without looking up still stops in time, and one that reads a file to its end does not.
class SlowHost final : public Host {
 public:
  explicit SlowHost(Host& host) : host_(host) {}

  void log(LogLevel level, std::string_view message) override { host_.log(level, message); }
  bool file_exists(const std::string& path) override { return host_.file_exists(path); }
  std::unique_ptr<InputFile> open_file(const std::string& path) override;
  std::unique_ptr<StagedFile> stage_file(const std::string& path) override;
  std::unique_ptr<HttpClient> make_http_client(const HttpSettings& settings) override {
    return host_.make_http_client(settings);
  }

 private:
  Host& host_;
};

/// A disk on which only `room` bytes can be written to each file.
class FullHost final : public Host {
 public:
  FullHost(Host& host, std::uint64_t room) : host_(host), room_(room) {}

  void log(LogLevel level, std::string_view message) override { host_.log(level, message); }
  bool file_exists(const std::string& path) override { return host_.file_exists(path); }
  std::unique_ptr<InputFile> open_file(const std::string& path) override {
    return host_.open_file(path);
  }
  std::unique_ptr<StagedFile> stage_file(const std::string& path) override;
  std::unique_ptr<HttpClient> make_http_client(const HttpSettings& settings) override {
    return host_.make_http_client(settings);
  }

 private:
  Host& host_;
  std::uint64_t room_;
};

}  // namespace linkferry::contract
