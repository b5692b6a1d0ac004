#include "raindrop/raindrop_credentials.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "common/json_members.hpp"
#include "common/json_value.hpp"

namespace linkferry::raindrop {
namespace {

constexpr std::int64_t seconds_a_day = 86'400;
/// What an answer may say of a token's life.
constexpr std::int64_t shortest_lifetime = 60;
constexpr std::int64_t longest_lifetime = 3650 * seconds_a_day;
constexpr std::size_t largest_file = 64 * 1024;

/// The word in `error` that a person can look up; nothing that could be part of a secret.
std::string error_word(const HttpResponse& answer) {
  const std::string word =
      common::JsonDocument(answer.body).root().member("error").string().substr(0, 60);
  const bool is_plain = std::ranges::all_of(
      word, [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == ' '; });
  return is_plain ? word : std::string();
}

[[noreturn]] void refuse(const HttpClient& login, const HttpResponse& answer,
                         const std::string& advice) {
  const std::string word = error_word(answer);
  const bool is_passing = answer.status >= 500 || answer.status == 429;
  throw Failure(is_passing ? FailureKind::temporary : FailureKind::authentication,
                login.base_url() + ": no token was given: status " + std::to_string(answer.status) +
                    (word.empty() ? "" : ", " + word) + "; " + advice);
}

/// Sends what gets a token, and reads the tokens.
Credentials ask(HttpClient& login, const Credentials& app, std::string body,
                const std::string& advice, std::stop_token stop) {
  HttpRequest request;
  request.method = "POST";
  request.path = "/oauth/access_token";
  request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
  request.body = std::move(body);
  request.sends_secret = false;
  const HttpResponse answer = login.send(request, std::move(stop));
  const common::JsonDocument document(answer.body);
  Credentials made = app;
  made.access_token = document.root().member("access_token").string();
  if (!answer.is_success() || made.access_token.empty()) refuse(login, answer, advice);
  if (const auto next = document.root().member("refresh_token").string(); !next.empty())
    made.refresh_token = next;
  made.lifetime =
      std::clamp(document.root().member("expires_in").number().value_or(Credentials().lifetime),
                 shortest_lifetime, longest_lifetime);
  made.expires_at = local_seconds() + made.lifetime;
  return made;
}

}  // namespace

std::int64_t local_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

bool Credentials::is_ending(std::int64_t now_seconds) const {
  return expires_at < now_seconds + std::min(seconds_a_day, lifetime / 10);
}

std::string format_credentials(const Credentials& credentials) {
  common::JsonWriter out;
  common::JsonMembers members(out);
  members.add("client_id", Text(credentials.client_id));
  members.add("client_secret", Text(credentials.client_secret));
  members.add("access_token", Text(credentials.access_token));
  members.add("refresh_token", Text(credentials.refresh_token));
  members.value_of("expires_at").raw(std::to_string(credentials.expires_at));
  members.value_of("lifetime").raw(std::to_string(credentials.lifetime));
  members.end();
  return std::string(out.bytes());
}

std::optional<Credentials> parse_credentials(std::string_view text) {
  const common::JsonDocument document(text);
  const common::JsonValue root = document.root();
  Credentials read;
  read.client_id = root.member("client_id").string();
  read.client_secret = root.member("client_secret").string();
  read.access_token = root.member("access_token").string();
  read.refresh_token = root.member("refresh_token").string();
  read.expires_at = root.member("expires_at").number().value_or(0);
  read.lifetime = std::clamp(root.member("lifetime").number().value_or(read.lifetime),
                             shortest_lifetime, longest_lifetime);
  if (read.client_id.empty() || read.client_secret.empty() || read.refresh_token.empty()) return {};
  return read;
}

Credentials read_credentials(Host& host, const std::string& path) {
  const auto file = host.open_file(path);
  std::array<char, largest_file> bytes{};
  std::size_t size = 0;
  while (size < bytes.size()) {
    const std::size_t count = file->read(std::span(bytes).subspan(size));
    if (count == 0) break;
    size += count;
  }
  const auto read = parse_credentials({bytes.data(), size});
  if (read) return *read;
  throw Failure(FailureKind::configuration,
                path +
                    ": expected what `linkferry auth raindrop` stores (JSON with client_id, "
                    "client_secret, refresh_token); a test token goes into the option token");
}

void write_credentials(StagedFile& file, const Credentials& credentials) {
  file.write(format_credentials(credentials) + "\n");
  file.commit();
}

std::string login_base_of(std::string_view api_base) {
  if (api_base.starts_with("https://api.raindrop.io")) return "https://raindrop.io";
  constexpr std::string_view ending = "/rest/v1";
  if (api_base.ends_with(ending)) api_base.remove_suffix(ending.size());
  return std::string(api_base);
}

std::string api_base_of(std::string url) {
  constexpr std::string_view usual = "https://api.raindrop.io/rest/v1";
  while (url.ends_with('/')) url.pop_back();
  for (const std::string_view address :
       {"", "https://raindrop.io", "https://app.raindrop.io", "https://www.raindrop.io",
        "https://api.raindrop.io", "https://api.raindrop.io/rest"}) {
    if (url == address) return std::string(usual);
  }
  return url;
}

std::unique_ptr<HttpClient> make_login_client(Host& host, const std::string& api_base,
                                              bool allow_http, const std::string& ca_file) {
  HttpSettings http;
  http.base_url = login_base_of(api_base);
  http.allow_http = allow_http;
  http.ca_file = ca_file;
  http.retries = 2;
  http.max_wait = std::chrono::seconds(30);
  return host.make_http_client(http);
}

Credentials exchange_code(HttpClient& login, const Credentials& app, const std::string& code,
                          const std::string& redirect_uri, std::stop_token stop) {
  common::JsonWriter out;
  common::JsonMembers members(out);
  members.add("grant_type", Text("authorization_code"));
  members.add("code", Text(code));
  members.add("client_id", Text(app.client_id));
  members.add("client_secret", Text(app.client_secret));
  members.add("redirect_uri", Text(redirect_uri));
  members.end();
  Credentials made = ask(login, app, std::string(out.bytes()),
                         "the code may be used up or too old, or the client id, the client secret "
                         "or the redirect address be another one than in the app's settings",
                         std::move(stop));
  if (made.refresh_token.empty()) {
    throw Failure(FailureKind::failed,
                  login.base_url() + ": the answer has a token, but none to renew it with");
  }
  return made;
}

Credentials renew(HttpClient& login, const Credentials& old, std::stop_token stop) {
  common::JsonWriter out;
  common::JsonMembers members(out);
  members.add("grant_type", Text("refresh_token"));
  members.add("refresh_token", Text(old.refresh_token));
  members.add("client_id", Text(old.client_id));
  members.add("client_secret", Text(old.client_secret));
  members.end();
  return ask(login, old, std::string(out.bytes()),
             "run `linkferry auth raindrop https://raindrop.io` again", std::move(stop));
}

}  // namespace linkferry::raindrop
