#include "bkmark/bkmark_api.hpp"

#include <algorithm>
#include <chrono>

#include "common/unicode_text.hpp"

namespace linkferry::bkmark {
namespace {

constexpr std::string_view token_advice =
    "expected JSON; Bkmark's pages under Authentication say how to get a token, and that of a "
    "session may be over";

/// How often a document is asked for that came broken.
constexpr int most_attempts = 3;

HttpSettings http_settings(const Settings& settings) {
  HttpSettings http;
  http.base_url = base_of(settings.text("url").value_or(std::string(usual_url)));
  http.secret = settings.secret("token");
  http.allow_http = settings.flag("allow_http");
  http.ca_file = settings.text("ca_file").value_or("");
  http.parallel =
      static_cast<std::size_t>(std::max<std::int64_t>(1, settings.number("concurrency")));
  // An export may take its time.
  http.total_timeout = std::chrono::minutes(30);
  const auto requests =
      static_cast<std::uint32_t>(std::max<std::int64_t>(0, settings.number("requests_per_minute")));
  http.rate = {requests, std::chrono::minutes(1), std::max<std::uint32_t>(1, requests / 5)};
  return http;
}

/// A client of its own, with a longer path to begin with, so that its pace is not that of the
/// others.
HttpSettings import_settings(HttpSettings http, ImportPace pace) {
  http.base_url += bookmarks_path;
  http.read_timeout = http.total_timeout = std::chrono::minutes(10);
  http.parallel = 1;
  http.rate = {};
  if (pace == ImportPace::patient) {
    http.rate = {Api::imports_an_hour, std::chrono::hours(1), Api::imports_an_hour};
    http.max_wait = std::chrono::minutes(70);
  } else {
    http.retries = 0;
    http.max_wait = std::chrono::milliseconds(0);
  }
  return http;
}

bool is_uuid(std::string_view text) {
  constexpr std::size_t length = 36;
  return text.size() == length && std::ranges::all_of(text, [](char c) {
           return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
                  (c >= 'A' && c <= 'F');
         });
}

void find_id(common::JsonValue value, int depth, std::string& id) {
  constexpr int deepest = 4;
  if (depth > deepest) return;
  value.for_each_member([&](std::string_view name, common::JsonValue member) {
    if (member.is_object()) find_id(member, depth + 1, id);
    const bool is_of_bookmark = name == "id" || name == "bookmarkId" || name == "existingId" ||
                                name == "existingBookmarkId";
    if (is_of_bookmark && id.empty() && is_uuid(member.string())) id = member.string();
  });
}

}  // namespace

std::string path_of(std::string_view id, std::string_view action) {
  std::string path(bookmarks_path);
  path.append("/").append(percent_encode(id));
  if (!action.empty()) path.append("/").append(action);
  return path;
}

Refusal refusal_of(std::string_view body) {
  const common::JsonDocument document(body);
  const common::JsonValue root = document.root();
  const common::JsonValue error = root.member("error");
  Refusal refusal;
  for (const auto& code : {root.member("code"), error.member("code"), error})
    if (refusal.code.empty()) refusal.code = code.string();
  root.member("message").for_each_item([&](common::JsonValue item) {
    refusal.message += (refusal.message.empty() ? "" : "; ") + item.string();
  });
  for (const auto& message : {root.member("message"), error.member("message"), error})
    if (refusal.message.empty()) refusal.message = message.string();
  constexpr std::size_t longest = 300;
  refusal.message = std::string(common::first_characters(refusal.message, longest));
  if (refusal.message.empty()) refusal.message = refusal.code;
  find_id(root, 0, refusal.id);
  return refusal;
}

std::string base_of(std::string url) {
  const auto strip = [&url](std::string_view ending) {
    if (!url.ends_with(ending)) return false;
    url.resize(url.size() - ending.size());
    return true;
  };
  while (strip("/") || strip(bookmarks_path)) {
  }
  return url;
}

Api::Api(const Settings& settings, Host& host, ImportPace pace)
    : host_(host),
      client_(host.make_http_client(http_settings(settings))),
      importer_(host.make_http_client(import_settings(http_settings(settings), pace))) {}

HttpResponse Api::send(HttpClient& client, HttpRequest request, std::stop_token stop) const {
  request.headers.push_back({"Accept", "application/json"});
  if (!request.body.empty()) request.headers.push_back({"Content-Type", "application/json"});
  HttpResponse answer = client.send(request, stop);
  if (answer.status == 401) throw refusal_of_token(answer);
  return answer;
}

HttpResponse Api::ask(const std::string& path, std::stop_token stop) {
  HttpRequest request;
  request.path = path;
  return send(*client_, std::move(request), stop);
}

common::JsonDocument Api::get(const std::string& path, std::stop_token stop) {
  for (int attempt = 1;; ++attempt) {
    const HttpResponse answer = ask(path, stop);
    if (auto document = document_of(answer)) return std::move(*document);
    if (!answer.is_success()) throw refusal_of_account(answer);
    if (attempt == most_attempts) client_->expect_json(answer);
  }
}

std::optional<common::JsonDocument> Api::find(const std::string& path, std::stop_token stop) {
  return find_at(path, false, std::move(stop));
}

std::optional<common::JsonDocument> Api::find_bookmark(std::string_view id, std::stop_token stop) {
  return find_at(path_of(id), true, std::move(stop));
}

std::optional<common::JsonDocument> Api::find_at(const std::string& path, bool is_bookmark,
                                                 std::stop_token stop) {
  for (int attempt = 1;; ++attempt) {
    const HttpResponse answer = ask(path, stop);
    if (answer.status == 404) return {};
    if (auto document = document_of(answer)) return document;
    if (answer.status == 403 && is_bookmark)
      throw Forbidden(FailureKind::failed, failure_of(answer, "").what());
    if (!answer.is_success()) throw refusal_of_account(answer);
    if (attempt == most_attempts) client_->expect_json(answer);
  }
}

HttpResponse Api::stream(const std::string& path, std::function<void(std::string_view)> on_body,
                         std::stop_token stop) {
  HttpRequest request;
  request.path = path;
  request.on_body = std::move(on_body);
  return send(*client_, std::move(request), stop);
}

HttpResponse Api::write(std::string method, std::string path, std::string body, bool is_repeatable,
                        std::stop_token stop) {
  HttpRequest request;
  request.method = std::move(method);
  request.path = std::move(path);
  request.body = std::move(body);
  request.is_repeatable = is_repeatable;
  return send(*client_, std::move(request), stop);
}

HttpResponse Api::move_to_trash(std::string_view id, std::stop_token stop) {
  HttpRequest request;
  request.method = "DELETE";
  request.path = path_of(id);
  request.is_sent_once = true;
  return send(*client_, std::move(request), stop);
}

HttpResponse Api::import(std::string body, std::stop_token stop) {
  HttpRequest request;
  request.method = "POST";
  request.path = "/import";
  request.body = std::move(body);
  return send(*importer_, std::move(request), stop);
}

std::optional<common::JsonDocument> Api::document_of(const HttpResponse& answer) const {
  if (!answer.is_success()) return {};
  try {
    return common::JsonDocument(client_->expect_json(answer));
  } catch (const Failure&) {
    return {};
  }
}

Failure Api::failure_of(const HttpResponse& answer, std::string_view problem) const {
  return client_->failure_of(answer, problem);
}

Failure Api::refusal_of_token(const HttpResponse& answer) const {
  return failure_of(answer, token_advice);
}

Failure Api::refusal_of_account(const HttpResponse& answer) const {
  return answer.status == 403 ? refusal_of_token(answer) : failure_of(answer, "");
}

std::int64_t Api::now_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace linkferry::bkmark
