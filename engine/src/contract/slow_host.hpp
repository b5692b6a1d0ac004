#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "linkferry/host.hpp"

namespace linkferry::contract {

/// A disk that takes its time, to see whether a plugin stops when it is asked to: reading takes 20
/// ms for 16 KiB, each write takes 5 ms. So a plugin that fills a buffer of 256 KiB without looking
/// up still stops in time.
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
