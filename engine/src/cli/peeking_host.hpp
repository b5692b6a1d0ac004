#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "linkferry/host.hpp"

namespace linkferry {

/// A host whose files can be looked at before they are read, pipes too: what was looked at is read
/// again from memory. Thread: as Host.
class PeekingHost final : public Host {
 public:
  /// The beginning of a file, as plugins want it to recognize a format.
  struct Head {
    std::string bytes;
    bool is_whole = false;
  };

  static constexpr std::size_t head_bytes = 64 * 1024;

  /// `host` outlives this.
  explicit PeekingHost(Host& host) : host_(host) {}

  /// The first 64 KiB; `-` is standard input. Errors: as open_file.
  Head peek(const std::string& path);

  void log(LogLevel level, std::string_view message) override { host_.log(level, message); }
  std::unique_ptr<InputFile> open_file(const std::string& path) override;
  bool file_exists(const std::string& path) override { return host_.file_exists(path); }
  std::unique_ptr<StagedFile> stage_file(const std::string& path) override {
    return host_.stage_file(path);
  }
  std::unique_ptr<HttpClient> make_http_client(const HttpSettings& settings) override {
    return host_.make_http_client(settings);
  }

 private:
  struct Peeked {
    std::string bytes;
    std::unique_ptr<InputFile> rest;
  };

  Host& host_;
  std::mutex mutex_;
  std::map<std::string, Peeked>
      peeked_;  ///< of files that cannot be read twice, until they are opened
};

}  // namespace linkferry
