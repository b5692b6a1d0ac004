#include "mastodon/account.hpp"

#include <utility>

namespace linkferry::mastodon {
namespace {

/// What stands between `://` and the path.
std::string_view host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  return url.substr(0, url.find('/'));
}

std::string_view path_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t slash = url.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
  return slash == std::string_view::npos ? std::string_view{} : url.substr(slash);
}

bool is_json(const HttpResponse& response) {
  return response.is_success() && !response.body.empty() && response.body.front() == '{';
}

std::string member_text(const HttpResponse& response, std::string_view name) {
  return is_json(response) ? JsonDocument(response.body).root().member(name).string()
                           : std::string();
}

/// `GoToSocial 0.20.0`; empty where the server does not say.
/// Source: NodeInfo 2.0 and 2.1, nodeinfo.diaspora.software (read 2026-11-22).
std::string ask_software(Server& server, std::stop_token stop) {
  const HttpResponse list = server.get("/.well-known/nodeinfo", stop, false);
  if (!is_json(list)) return {};
  std::string address;
  const JsonDocument document(list.body);
  document.root().member("links").for_each_item(
      [&](JsonValue link) { address = link.member("href").string(); });
  std::string path(path_of(address));
  const std::string_view own_path = path_of(server.url());
  if (path.starts_with(own_path)) path.erase(0, own_path.size());
  if (path.empty()) return {};
  const HttpResponse answer = server.get(path, std::move(stop), false);
  if (!is_json(answer)) return {};
  const JsonDocument info(answer.body);
  const JsonValue software = info.root().member("software");
  const std::string name = software.member("name").string();
  return name.empty() ? name : name + " " + software.member("version").string();
}

std::string describe_software(Server& server, std::stop_token stop) {
  std::string software = ask_software(server, stop);
  if (software.empty()) {
    std::string version = member_text(server.get("/api/v2/instance", stop, false), "version");
    if (version.empty())
      version = member_text(server.get("/api/v1/instance", stop, false), "version");
    if (!version.empty()) software = "version " + version;
  }
  return software.empty() ? "The server at " + server.url() + " does not tell its software."
                          : "The server at " + server.url() + " runs " + software + ".";
}

std::string describe_list(Server& server, std::string_view list, std::stop_token stop) {
  const std::string name(list);
  const HttpResponse answer = server.get("/api/v1/" + name + "?limit=1", std::move(stop));
  if (answer.is_success()) {
    const JsonDocument document = server.json_of(answer);
    bool is_empty = true;
    document.root().for_each_item([&](JsonValue) { is_empty = false; });
    return "The token may read " + name + (is_empty ? "; there are none." : ".");
  }
  if (is_scope_missing(answer))
    return "The token may not read " + name + ": it lacks the scope read:" + name + ".";
  if (answer.status == 404) return "The server has no list of " + name + ".";
  throw server.failure_of(answer, "read:" + name);
}

}  // namespace

Account ask_account(Server& server, std::stop_token stop) {
  const HttpResponse answer = server.get("/api/v1/accounts/verify_credentials", std::move(stop));
  if (answer.status == 403 || answer.status == 404 || answer.status == 422) return {};
  if (!answer.is_success()) throw server.failure_of(answer, "read:bookmarks");
  const JsonDocument document = server.json_of(answer);
  Account account;
  account.identity = document.root().member("url").string();
  if (account.identity.empty()) account.identity = document.root().member("id").string();
  account.name = document.root().member("username").string();
  return account;
}

std::string ask_domain(Server& server, std::stop_token stop) {
  const HttpResponse newer = server.get("/api/v2/instance", stop, false);
  std::string domain = member_text(newer, "account_domain");
  if (domain.empty()) domain = member_text(newer, "domain");
  if (domain.empty()) {
    const std::string older =
        member_text(server.get("/api/v1/instance", std::move(stop), false), "uri");
    domain = host_of(older);
  }
  return domain.empty() ? std::string(host_of(server.url())) : domain;
}

std::vector<std::string> describe_server(Server& server, std::stop_token stop) {
  std::vector<std::string> sentences{describe_software(server, stop)};
  const Account account = ask_account(server, stop);
  sentences.push_back(
      account.identity.empty()
          ? "The token does not tell whose it is (the scopes profile or read:accounts would); a "
            "token of another account would not be noticed."
          : "The account is @" + account.name + "@" + ask_domain(server, stop) + ".");
  for (const std::string_view list : {"bookmarks", "favourites"})
    sentences.push_back(describe_list(server, list, stop));
  return sentences;
}

std::string describe_search(Server& server, std::stop_token stop) {
  const HttpResponse answer =
      server.get(with_query("/api/v2/search",
                            {{"q", server.url() + "/"}, {"type", "statuses"}, {"limit", "1"}}),
                 std::move(stop));
  if (answer.is_success())
    return "The token may look posts up. Whether it may set marks (the scope write:bookmarks) "
           "shows at the first one.";
  if (is_scope_missing(answer))
    return "The token may not look posts up: it lacks the scope read:search, so nothing can be "
           "written here.";
  return std::string("Posts cannot be looked up: ") +
         server.failure_of(answer, "read:search").what();
}

}  // namespace linkferry::mastodon
