#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "common/json_value.hpp"
#include "linkferry/host.hpp"
#include "linkferry/settings.hpp"

namespace linkferry::bkmark {

inline constexpr std::string_view bookmarks_path = "/bookmarks";

/// `/bookmarks/ID`, `/bookmarks/ID/ACTION`.
std::string path_of(std::string_view id, std::string_view action = "");

/// When imports may be sent.
enum class ImportPace : std::uint8_t {
  at_once,  ///< what would have to wait is not sent
  patient,  ///< waits for the next hour
};

/// What an error answer says of itself. The page shows no body of an error, so that each place in
/// which services put such things is looked at: `code`, `error`, `error.code`, `message`,
/// `error.message`.
struct Refusal {
  std::string code;
  std::string message;
  std::string id;  ///< of the bookmark that is in the way, where one is named
};
Refusal refusal_of(std::string_view body);

/// Just this bookmark may not be looked at.
class Forbidden : public Failure {
 public:
  using Failure::Failure;
};

/// Bkmark's REST API. A 401 is a matter of the token everywhere, a 403 only where the account as a
/// whole is asked for. Source: its page on the Bookmarks API (read 2026-11-22); nothing here was
/// observed. Thread: any.
class Api {
 public:
  static constexpr unsigned imports_an_hour = 5;

  /// The options `url`, `token`, `allow_http`, `ca_file`, `concurrency`, `requests_per_minute`.
  /// Nothing is sent. Errors: Failure configuration.
  Api(const Settings& settings, Host& host, ImportPace pace = ImportPace::at_once);

  /// A JSON document; asks again a few times where what came is none. Errors: Failure, as
  /// HttpClient; what is no JSON is one too.
  common::JsonDocument get(const std::string& path, std::stop_token stop);
  /// The same, or nothing where there is no such thing (404).
  std::optional<common::JsonDocument> find(const std::string& path, std::stop_token stop);
  /// A bookmark; nothing where there is none. Errors: as `get`; Forbidden.
  std::optional<common::JsonDocument> find_bookmark(std::string_view id, std::stop_token stop);
  /// An answer of any status but 401.
  HttpResponse ask(const std::string& path, std::stop_token stop);

  /// Hands the body of a large document over piece by piece. Returns the answer's status. Errors:
  /// as `get`, and what `on_body` throws.
  HttpResponse stream(const std::string& path, std::function<void(std::string_view)> on_body,
                      std::stop_token stop);

  /// Sends a write and returns its answer of any status but 401. Errors: LostReply, unless
  /// `is_repeatable`; Failure as HttpClient.
  HttpResponse write(std::string method, std::string path, std::string body, bool is_repeatable,
                     std::stop_token stop);

  /// Moves a bookmark to trash; sent once, since what a second DELETE does to what is in trash is
  /// not said. Errors: LostReply.
  HttpResponse move_to_trash(std::string_view id, std::stop_token stop);

  /// Sends one import. Errors: LostReply; Failure temporary, when there may be no more for now.
  HttpResponse import(std::string body, std::stop_token stop);

  /// The JSON of an answer to a write; nothing where it is none (a page, a part of it).
  std::optional<common::JsonDocument> document_of(const HttpResponse& answer) const;
  /// `failure_of` the client, with what the answer says of itself.
  Failure failure_of(const HttpResponse& answer, std::string_view problem) const;

  /// What to throw where the token may not do it.
  Failure refusal_of_token(const HttpResponse& answer) const;
  /// What to throw for an answer about the account as a whole that does not help.
  Failure refusal_of_account(const HttpResponse& answer) const;

  /// This machine's time in seconds since 1970.
  static std::int64_t now_seconds();

  const std::string& base_url() const { return client_->base_url(); }
  HttpClient& client() { return *client_; }
  Host& host() { return host_; }

 private:
  std::optional<common::JsonDocument> find_at(const std::string& path, bool is_bookmark,
                                              std::stop_token stop);
  HttpResponse send(HttpClient& client, HttpRequest request, std::stop_token stop) const;

  Host& host_;
  std::unique_ptr<HttpClient> client_;
  std::unique_ptr<HttpClient> importer_;  ///< with the pace of imports
};

/// The address of the API without what people paste along with it: slashes and `/bookmarks` at the
/// end.
std::string base_of(std::string url);

inline constexpr std::string_view usual_url = "https://api.bkmark.it/api/v1";

}  // namespace linkferry::bkmark
