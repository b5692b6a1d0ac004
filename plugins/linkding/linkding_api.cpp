#include "linkding/linkding_api.hpp"

#include <chrono>
#include <filesystem>

#include "linkding/linkding_format.hpp"

namespace linkferry::linkding {
namespace {

constexpr std::string_view token_advice =
    "expected JSON; a token is made in linkding under Settings, Integrations";

HttpSettings http_settings(const Settings& settings) {
  HttpSettings http;
  http.base_url = base_of(settings.text("url").value_or(""));
  http.secret = settings.secret("token");
  http.authorization_scheme = "Token";
  http.allow_http = settings.flag("allow_http");
  http.ca_file = settings.text("ca_file").value_or("");
  http.parallel =
      static_cast<std::size_t>(std::max<std::int64_t>(1, settings.number("concurrency")));
  return http;
}

}  // namespace

std::string folder_in(const Settings& settings, std::string_view option) {
  const auto given = settings.text(option);
  if (!given || given->empty()) return {};
  std::string folder = std::filesystem::path(*given).lexically_normal().string();
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  return folder;
}

std::string path_of_bookmark(std::string_view id, std::string_view part) {
  std::string path = "/api/bookmarks/";
  path += percent_encode(id);
  path += '/';
  if (!part.empty()) path.append(part).append("/");
  return path;
}

bool is_missing(const HttpResponse& answer) {
  return answer.status == 404 && !member_of(answer.body, "detail").empty();
}

std::string base_of(std::string url) {
  const auto strip = [&url](std::string_view ending) {
    if (!url.ends_with(ending)) return false;
    url.resize(url.size() - ending.size());
    return true;
  };
  while (strip("/") || strip("/bookmarks") || strip("/bookmarks/archived") || strip("/api")) {
  }
  return url;
}

Api::Api(const Settings& settings, Host& host)
    : host_(host), client_(host.make_http_client(http_settings(settings))) {}

HttpResponse Api::send(HttpRequest request, std::stop_token stop) {
  request.headers.push_back({"Accept", "application/json"});
  // Messages are shown to the user, and linkding would translate them.
  request.headers.push_back({"Accept-Language", "en"});
  HttpResponse answer = client_->send(request, stop);
  if (const auto date = answer.headers.find("Date")) {
    if (const auto seconds = parse_http_date(*date)) server_seconds_ = *seconds;
  }
  // What its own refusals of files call error, those of tokens call detail.
  const bool is_of_file = answer.status == 403 && !member_of(answer.body, "error").empty();
  if ((answer.status == 401 || answer.status == 403) && !is_of_file)
    throw client_->failure_of(answer, token_advice);
  return answer;
}

HttpResponse Api::download(const std::string& path, std::function<void(std::string_view)> on_body,
                           std::stop_token stop) {
  HttpRequest request;
  request.path = path;
  request.on_body = std::move(on_body);
  return send(std::move(request), std::move(stop));
}

/// Source: RFC 7578 section 4 (read 2026-11-22). With its length: uWSGI, which runs linkding, takes
/// a body in chunks for none.
HttpResponse Api::upload(std::string path, const Upload& file, std::stop_token stop) {
  std::string boundary = "linkferry";
  while (file.content.find(boundary) != std::string::npos) boundary += "-x";
  HttpRequest request;
  request.method = "POST";
  request.path = std::move(path);
  request.headers.push_back({"Content-Type", "multipart/form-data; boundary=" + boundary});
  request.body.reserve(file.content.size() + 512);
  request.body.append("--").append(boundary).append("\r\n");
  request.body.append("Content-Disposition: form-data; name=\"file\"; filename=\"");
  request.body.append(file.name).append("\"\r\n");
  request.body.append("Content-Type: ").append(file.type).append("\r\n\r\n");
  request.body.append(file.content);
  request.body.append("\r\n--").append(boundary).append("--\r\n");
  return send(std::move(request), std::move(stop));
}

HttpResponse Api::ask(const std::string& path, std::stop_token stop) {
  HttpRequest request;
  request.path = path;
  return send(std::move(request), std::move(stop));
}

HttpResponse Api::get(const std::string& path, std::stop_token stop) {
  HttpResponse answer = ask(path, std::move(stop));
  client_->expect_json(answer);
  return answer;
}

HttpResponse Api::write(std::string method, std::string path, std::string body, bool is_repeatable,
                        std::stop_token stop) {
  HttpRequest request;
  request.method = std::move(method);
  request.path = std::move(path);
  request.body = std::move(body);
  request.is_repeatable = is_repeatable;
  if (!request.body.empty()) request.headers.push_back({"Content-Type", "application/json"});
  return send(std::move(request), stop);
}

std::string Api::ask_version(std::stop_token stop) {
  HttpRequest profile;
  profile.path = "/api/user/profile/";
  const HttpResponse answer = send(profile, stop);
  // There is no profile before 1.22, and no version in it before 1.39.
  if (answer.status != 404) {
    const std::string version = member_of(client_->expect_json(answer), "version");
    if (!version.empty()) return version;
  }
  HttpRequest health;
  health.path = "/health";
  health.sends_secret = false;
  const HttpResponse healthy = send(health, stop);
  if (healthy.status == 404) return {};
  return member_of(client_->expect_json(healthy), "version");
}

const Features& Api::features(std::stop_token stop) {
  const std::lock_guard lock(learning_);
  if (known_ == nullptr) {
    features_ = features_of(ask_version(stop));
    known_ = &features_;
  }
  return features_;
}

std::int64_t Api::now_seconds() const {
  if (const std::int64_t seconds = server_seconds_; seconds != 0) return seconds;
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace linkferry::linkding
