#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
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

  /// An answer of any status but 401 and 403. Errors: Failure, as HttpClient.
  HttpResponse ask(const std::string& path, std::stop_token stop);

  /// A list or another JSON document. Errors: Failure, as HttpClient; what is no JSON is one too.
  HttpResponse get(const std::string& path, std::stop_token stop);

  /// A file, given to `on_body` piece by piece. Errors: as `ask`, and what `on_body` throws.
  HttpResponse download(const std::string& path, std::function<void(std::string_view)> on_body,
                        std::stop_token stop);

  /// Sends a file as a part of a form, and returns the answer of any status but 401, and 403 but
  /// for one that says that uploads are switched off. Errors: as `write`.
  struct Upload {
    std::string name;  ///< without quotes and control characters
    std::string type;  ///< `image/png`
    std::string content;
  };
  HttpResponse upload(std::string path, const Upload& file, std::stop_token stop);

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

/// A folder that an option names, absolute and without `..`; empty where it is not set.
std::string folder_in(const Settings& settings, std::string_view option);

/// Where a bookmark is: `/api/bookmarks/7/`, or a part of it.
std::string path_of_bookmark(std::string_view id, std::string_view part = "");

/// Whether linkding itself says that there is no such bookmark (of this user), rather than a proxy,
/// or something else at this address. Source: linkding 1.46.2 (observed, read 2026-11-22).
bool is_missing(const HttpResponse& answer);

/// The address of the library without what people paste along with it: `/bookmarks`, `/api`,
/// slashes at the end.
std::string base_of(std::string url);

using common::parse_http_date;

}  // namespace linkferry::linkding
