#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "common/http_date.hpp"
#include "linkding/linkding_features.hpp"
#include "linkferry/host.hpp"
#include "linkferry/settings.hpp"

namespace linkferry::linkding {

/// linkding's REST API as far as it is used here. Source: linkding 1.46.2 (read 2026-11-22).
/// Thread: any.
class Api {
 public:
  /// The options `url`, `token`, `allow_http`, `ca_file`, `concurrency`. Nothing is sent.
  /// Errors: Failure configuration.
  Api(const Settings& settings, Host& host);

  /// A list or another JSON document. Errors: Failure, as HttpClient; what is no JSON is one too.
  HttpResponse get(const std::string& path, std::stop_token stop);

  /// Sends a write and returns its answer of any status but 401 and 403. Errors: LostReply, unless
  /// `is_repeatable`; Failure as HttpClient.
  HttpResponse write(std::string method, std::string path, std::string body, bool is_repeatable,
                     std::stop_token stop);

  /// What the server can do; asks it once. Errors: as `get`.
  const Features& features(std::stop_token stop);
  /// What was learnt of it; null before that.
  const Features* known_features() const { return known_.load(); }

  /// The server's time in seconds since 1970, as its last answer said, or this machine's.
  std::int64_t now_seconds() const;

  HttpClient& client() { return *client_; }
  Host& host() { return host_; }

 private:
  HttpResponse send(HttpRequest request, std::stop_token stop);
  std::string ask_version(std::stop_token stop);

  Host& host_;
  std::unique_ptr<HttpClient> client_;
  std::atomic<std::int64_t> server_seconds_{0};
  std::mutex learning_;
  Features features_;
  std::atomic<const Features*> known_{nullptr};
};

/// The address of the library without what people paste along with it: `/bookmarks`, `/api`,
/// slashes at the end.
std::string base_of(std::string url);

using common::parse_http_date;

}  // namespace linkferry::linkding
