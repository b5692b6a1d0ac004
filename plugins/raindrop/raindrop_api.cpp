#include "raindrop/raindrop_api.hpp"

#include <chrono>
#include <utility>

#include "common/http_date.hpp"

namespace linkferry::raindrop {
namespace {

constexpr std::string_view token_advice =
    "the token is not accepted: `linkferry auth raindrop https://raindrop.io` gets one, or a test "
    "token is made at app.raindrop.io, Settings, Integrations, in an app of your own";
/// How often an answer that is no JSON is asked for again.
constexpr int most_attempts = 3;
/// So many may go at once after a rest; the others are spread evenly.
constexpr std::uint32_t burst = 6;

HttpSettings http_settings(const Settings& settings) {
  HttpSettings http;
  http.base_url = api_base_of(settings.text("url").value_or(""));
  http.allow_http = settings.flag("allow_http");
  http.ca_file = settings.text("ca_file").value_or("");
  const bool is_given = settings.has("requests_per_minute");
  const auto requests =
      static_cast<std::uint32_t>(is_given ? settings.number("requests_per_minute") : 120);
  http.rate = {requests, std::chrono::minutes(1), burst};
  return http;
}

}  // namespace

bool Answer::is_error() const {
  if (!response.is_success()) return true;
  if (member("auth").flag() == Flag::no) return true;
  const std::string_view error = member("error").raw();
  return member("result").flag() == Flag::no && !error.empty() && error != "null";
}

std::string Answer::words() const {
  constexpr std::size_t longest = 300;
  std::string words = member("errorMessage").string();
  if (words.empty()) words = member("error").string();
  if (words.empty()) words = member("error").raw();
  if (words.size() > longest) {
    words.resize(longest);
    while (!words.empty() && (static_cast<unsigned char>(words.back()) & 0x80U) != 0)
      words.pop_back();
  }
  return words;
}

Api::Api(const Settings& settings, Host& host)
    : host_(host),
      http_(http_settings(settings)),
      credentials_path_(settings.text("credentials").value_or("")) {
  if (settings.has("token") == !credentials_path_.empty()) {
    throw Failure(FailureKind::configuration,
                  settings.endpoint() +
                      ": the API needs either token (a test token) or credentials (the file that "
                      "`linkferry auth raindrop` has stored); a file of Raindrop's needs path");
  }
  if (credentials_path_.empty()) {
    client_ = make_client(settings.secret("token"));
  } else {
    // Nothing is read before the first request; the address is checked now.
    client_ = make_client({});
  }
  base_url_ = client_->base_url();
}

std::shared_ptr<HttpClient> Api::make_client(Secret secret) {
  HttpSettings http = http_;
  http.secret = std::move(secret);
  return host_.make_http_client(http);
}

/// Takes the token of the file, or where that one is ending or was refused, the next one. The file
/// is read again first: another run may have renewed it. Whether a new one was asked for.
bool Api::take_token(bool is_refused, std::stop_token stop) {
  Credentials held = read_credentials(host_, credentials_path_);
  const bool is_same = credentials_ && credentials_->access_token == held.access_token;
  const bool is_used_up =
      (is_refused && is_same) || held.access_token.empty() || held.is_ending(local_seconds());
  if (is_used_up) held = renewed(held, std::move(stop));
  credentials_ = held;
  client_ = make_client(Secret(std::string(held.access_token)));
  return is_used_up;
}

/// What gets the next token is good for once: so nothing is asked for where it could not be kept,
/// and where another run was quicker, its token is in the file.
Credentials Api::renewed(const Credentials& old, std::stop_token stop) {
  const auto file = host_.stage_file(credentials_path_);
  const auto login = make_login_client(host_, base_url_, http_.allow_http, http_.ca_file);
  try {
    Credentials made = renew(*login, old, std::move(stop));
    write_credentials(*file, made);
    return made;
  } catch (const Failure& failure) {
    if (failure.kind() != FailureKind::authentication) throw;
    Credentials held = read_credentials(host_, credentials_path_);
    const bool is_other = held.access_token != old.access_token && !held.access_token.empty();
    if (!is_other || held.is_ending(local_seconds())) throw;
    return held;
  }
}

std::shared_ptr<HttpClient> Api::client() const {
  const std::lock_guard lock(mutex_);
  return client_;
}

HttpResponse Api::send_once(const HttpRequest& request, std::stop_token stop) {
  HttpResponse answer = client()->send(request, std::move(stop));
  if (const auto date = answer.headers.find("Date")) {
    const auto seconds = common::parse_http_date(*date);
    const std::lock_guard lock(mutex_);
    if (seconds) server_seconds_ = *seconds;
  }
  return answer;
}

HttpResponse Api::send(const HttpRequest& request, std::stop_token stop) {
  bool is_new = false;
  if (!credentials_path_.empty()) {
    const std::lock_guard lock(mutex_);
    if (!credentials_ || credentials_->is_ending(local_seconds())) is_new = take_token(false, stop);
  }
  HttpResponse answer = send_once(request, stop);
  if (answer.status == 401 && !credentials_path_.empty() && !is_new) {
    {
      const std::lock_guard lock(mutex_);
      take_token(true, stop);
    }
    answer = send_once(request, stop);
  }
  if (answer.status == 401) throw refusal_of_token(answer);
  return answer;
}

HttpResponse Api::get_file(const std::string& path, std::stop_token stop) {
  constexpr std::uint64_t largest = 512 * 1024 * 1024;
  HttpRequest request;
  request.path = path;
  request.max_body_bytes = largest;
  return send(request, std::move(stop));
}

Answer Api::ask(std::string method, std::string path, std::string body, bool is_repeatable,
                std::stop_token stop) {
  HttpRequest request;
  is_repeatable = is_repeatable || method != "POST";
  request.method = std::move(method);
  request.path = std::move(path);
  request.body = std::move(body);
  request.is_repeatable = is_repeatable;
  request.headers.push_back({"Accept", "application/json"});
  if (!request.body.empty()) request.headers.push_back({"Content-Type", "application/json"});
  for (int attempt = 1;; ++attempt) {
    HttpResponse response = send(request, stop);
    try {
      if (response.is_success()) client()->expect_json(response);
    } catch (const Failure&) {
      if (!is_repeatable || attempt == most_attempts) throw;
      continue;
    }
    common::JsonDocument document(response.body);
    Answer answer{std::move(response), std::move(document)};
    if (answer.member("auth").flag() == Flag::no) {
      throw Failure(FailureKind::authentication, failure_of(answer.response, token_advice).what());
    }
    return answer;
  }
}

Answer Api::read(const std::string& path, std::stop_token stop) {
  for (int attempt = 1;; ++attempt) {
    Answer answer = ask("GET", path, "", true, stop);
    if (!answer.is_error()) return answer;
    if (answer.response.status == 403) throw refusal_of_token(answer.response);
    // A success with an error in it is repeated, as the service's own app does.
    if (!answer.response.is_success() || attempt == most_attempts)
      throw failure_of(answer.response, "");
  }
}

Failure Api::failure_of(const HttpResponse& answer, std::string_view expected) const {
  return client()->failure_of(answer, expected);
}

Failure Api::refusal_of_token(const HttpResponse& answer) const {
  return failure_of(answer, token_advice);
}

std::int64_t Api::now_seconds() const {
  const std::lock_guard lock(mutex_);
  return server_seconds_ != 0 ? server_seconds_ : local_seconds();
}

std::string ids_member(std::span<const std::int64_t> ids) {
  if (ids.empty())
    throw Failure(FailureKind::failed, "a call on many bookmarks was to be sent without their ids");
  std::string text = "\"ids\":[";
  for (const std::int64_t id : ids) text.append(std::to_string(id)).append(",");
  text.back() = ']';
  return text;
}

}  // namespace linkferry::raindrop
