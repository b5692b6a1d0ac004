#include "support/fakes/fake_mastodon.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace linkferry::test {
namespace {

/// The page of a post with such a uri; where it has another form, the uri.
/// Source: what Mastodon 4.7 makes of its own posts (read 2026-11-22).
std::string page_of(const std::string& uri) {
  constexpr std::string_view users = "/users/";
  constexpr std::string_view statuses = "/statuses/";
  const std::size_t name = uri.find(users);
  const std::size_t id = uri.find(statuses, name);
  if (name == std::string::npos || id == std::string::npos) return uri;
  const std::size_t start = name + users.size();
  return uri.substr(0, name) + "/@" + uri.substr(start, id - start) + "/" +
         uri.substr(id + statuses.size());
}

int hex_value(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

std::string decoded(std::string_view text) {
  std::string all;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      all += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      all += text[i];
    }
  }
  return all;
}

/// As it stands in a JSON text, without the quotes.
std::string escaped(std::string_view text) {
  std::string all;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      all += {'\\', c};
    } else if (byte < 0x20) {
      all += fmt::format("\\u{:04x}", byte);
    } else {
      all += c;
    }
  }
  return all;
}

bool is_below(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

std::size_t number_of(const std::string& text) {
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::optional<std::string> query_of(const SeenRequest& request, std::string_view name) {
  const std::size_t question = request.target.find('?');
  if (question == std::string::npos) return {};
  std::string_view query = std::string_view(request.target).substr(question + 1);
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view part = query.substr(0, end);
    if (part.starts_with(name) && part.substr(name.size()).starts_with('='))
      return decoded(part.substr(name.size() + 1));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return {};
}

FakeMastodon::FakeMastodon(FediverseFamily family)
    : family_(family), server_([this](const SeenRequest& request) { return handle(request); }) {}

std::string FakeMastodon::paging_id(std::uint64_t number) const {
  switch (family_) {
    case FediverseFamily::mastodon:
      return std::to_string(900 + number * 7);
    case FediverseFamily::gotosocial:
      return fmt::format("01M802K8C5{:016}", number);
    case FediverseFamily::pleroma:
      return fmt::format("A{:017}", number);
  }
  return {};
}

FakePost& FakeMastodon::post_now(std::size_t number) {
  while (posts_.size() <= number) {
    const std::size_t i = posts_.size();
    FakePost post;
    post.id = family_ == FediverseFamily::mastodon     ? fmt::format("1093{:014}", i)
              : family_ == FediverseFamily::gotosocial ? fmt::format("01HC5B{:020}", i)
                                                       : fmt::format("9zK{:015}", i);
    post.uri = fmt::format("https://origin.example/users/bob/statuses/{}", 5'000 + i);
    post.url = fmt::format("https://origin.example/@bob/{}", 5'000 + i);
    post.content = fmt::format("<p>Toot number {}</p>", i);
    by_address_[post.uri] = i;
    by_address_[post.url] = i;
    by_id_[post.id] = i;
    posts_.push_back(std::move(post));
  }
  return posts_[number];
}

void FakeMastodon::mark_now(std::string_view list, std::size_t post, std::string_view place) {
  post_now(post);
  unmark_now(list, post, place);
  accounts_[std::string(place)].lists[std::string(list)].push_back({paging_id(++last_mark_), post});
}

void FakeMastodon::unmark_now(std::string_view list, std::size_t post, std::string_view place) {
  std::erase_if(accounts_[std::string(place)].lists[std::string(list)],
                [post](const Row& row) { return row.post == post; });
}

void FakeMastodon::fill(std::string_view list, std::size_t count, std::size_t from,
                        std::string_view place) {
  const std::lock_guard lock(mutex_);
  Rows& rows = accounts_[std::string(place)].lists[std::string(list)];
  for (std::size_t i = from; i < from + count; ++i) {
    post_now(i);
    rows.push_back({paging_id(++last_mark_), i});
  }
}

std::vector<std::string> FakeMastodon::uris(std::string_view list, std::string_view place) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> uris;
  for (const Row& row : accounts_[std::string(place)].lists[std::string(list)])
    uris.insert(uris.begin(), posts_[row.post].uri);
  return uris;
}

Reply FakeMastodon::handle(const SeenRequest& request) {
  const std::lock_guard lock(mutex_);
  if (before) {
    if (auto reply = before(request)) return *std::move(reply);
  }
  const std::string path = request.path();
  std::size_t start = path.find("/api/");
  if (start == std::string::npos) start = path.find("/.well-known/");
  if (start == std::string::npos) start = path.find("/nodeinfo/");
  if (start == std::string::npos) return refuse(404);
  const std::string place = start == 0 ? "" : path.substr(1, start - 1);
  Reply reply = route(request, place, std::string_view(path).substr(start));
  if (after) after(request, reply);
  return reply;
}

Reply FakeMastodon::refuse(int status, bool is_of_status) const {
  const bool is_gotosocial = family_ == FediverseFamily::gotosocial;
  std::string text = !is_of_status   ? "Not Found"
                     : is_gotosocial ? "Not Found: target status not found"
                                     : "Record not found";
  if (status == 401)
    text = is_gotosocial ? "Unauthorized: token not supplied" : "The access token is invalid";
  if (status == 403)
    text = is_gotosocial ? "Forbidden: token has insufficient scope permission"
                         : "This action is outside the authorized scopes";
  return Reply::of(status, fmt::format(R"({{"error":"{}"}})", text));
}

Reply FakeMastodon::route(const SeenRequest& request, const std::string& place,
                          std::string_view path) {
  const auto lacks = [this](std::string_view scope) {
    return no_scope.contains(std::string(scope));
  };
  if (path == "/.well-known/nodeinfo")
    return Reply::json(fmt::format(R"({{"links":[{{"rel":"x","href":"{}/{}{}nodeinfo/2.0"}}]}})",
                                   server_.url(), place, place.empty() ? "" : "/"));
  if (path == "/nodeinfo/2.0")
    return Reply::json(R"({"software":{"name":"mastodon","version":"4.6.5"}})");
  if (path == "/api/v2/instance") return Reply::json(R"({"domain":"social.example"})");
  if (!token.empty() && request.header("Authorization") != "Bearer " + token) return refuse(401);
  if (path == "/api/v1/accounts/verify_credentials") {
    if (lacks("profile")) return refuse(403);
    return Reply::json(fmt::format(
        R"({{"id":"7","username":"{}","url":"https://social.example/@{}"}})", name, name));
  }
  for (const std::string list_name : {"bookmarks", "favourites"}) {
    if (path != "/api/v1/" + list_name) continue;
    return lacks("read:" + list_name) ? refuse(403) : list(request, list_name, place);
  }
  if (path == "/api/v2/search") return lacks("read:search") ? refuse(403) : search(request, place);
  constexpr std::string_view statuses = "/api/v1/statuses/";
  if (request.method == "GET" && path.starts_with(statuses))
    return lacks("read:statuses") ? refuse(403) : show(path.substr(statuses.size()), place);
  if (request.method == "POST" && path.starts_with(statuses))
    return lacks("write:bookmarks") ? refuse(403) : mark(path, place);
  return refuse(404);
}

/// Source: the controllers of Mastodon 4.7 and what GoToSocial 0.20 was seen to do (2026-11-22).
Reply FakeMastodon::list(const SeenRequest& request, const std::string& list,
                         const std::string& place) {
  const auto asked = query_of(request, "limit");
  std::size_t limit = asked ? number_of(*asked) : 20;
  if (family_ == FediverseFamily::mastodon) limit = std::min<std::size_t>(limit, 40);
  if (limit == 0) return Reply::of(500, "<!DOCTYPE html><title>We're sorry</title>");
  const auto max_id = query_of(request, "max_id");
  auto lowest = query_of(request, "min_id");
  const bool is_gotosocial = family_ == FediverseFamily::gotosocial;
  const bool is_upward = lowest && !is_gotosocial;
  if (!lowest && !is_gotosocial) lowest = query_of(request, "since_id");
  const Rows& all = accounts_[place].lists[list];
  std::vector<const Row*> rows;
  const auto wants = [&](const Row& row) {
    if (family_ == FediverseFamily::mastodon && posts_[row.post].is_deleted) return false;
    return (!max_id || is_below(row.id, *max_id)) && (!lowest || is_below(*lowest, row.id));
  };
  const auto below = [](const Row& row, const std::string& id) { return is_below(row.id, id); };
  const auto end = max_id ? std::lower_bound(all.begin(), all.end(), *max_id, below) : all.end();
  const auto begin = lowest ? std::lower_bound(all.begin(), end, *lowest, below) : all.begin();
  if (is_upward) {
    for (auto row = begin; row != end && rows.size() < limit; ++row)
      if (wants(*row)) rows.insert(rows.begin(), &*row);
  } else {
    for (auto row = end; row != begin && rows.size() < limit;)
      if (wants(*--row)) rows.push_back(&*row);
  }
  std::string body;
  for (const Row* row : rows) {
    const FakePost& post = posts_[row->post];
    const bool is_left_out =
        family_ != FediverseFamily::mastodon && (post.is_hidden || post.is_deleted);
    if (!is_left_out) body += (body.empty() ? "" : ",") + json_of(row->post, place);
  }
  Reply reply = Reply::json("[" + body + "]");
  if (rows.empty()) return reply;
  const std::string base = fmt::format("https://social.example/api/v1/{}?{}", list,
                                       asked ? "limit=" + *asked + "&" : "");
  std::string link;
  if (family_ != FediverseFamily::mastodon || rows.size() == limit)
    link = fmt::format("<{}max_id={}>; rel=\"next\", ", base, rows.back()->id);
  link += fmt::format("<{}min_id={}>; rel=\"prev\"", base, rows.front()->id);
  return reply.with("Link", link);
}

bool FakeMastodon::has(const std::string& list, std::size_t post, const std::string& place) {
  return std::ranges::any_of(accounts_[place].lists[list],
                             [post](const Row& row) { return row.post == post; });
}

/// A post that the account may not see is not there, in every family.
Reply FakeMastodon::show(std::string_view id, const std::string& place) {
  const auto found = by_id_.find(std::string(id));
  if (found == by_id_.end()) return refuse(404, true);
  const FakePost& post = posts_[found->second];
  if (post.is_deleted || post.is_hidden) return refuse(404, true);
  return Reply::json(json_of(found->second, place, true));
}

std::string FakeMastodon::json_of(std::size_t number, const std::string& place, bool has_flags) {
  const FakePost& post = posts_[number];
  // Looking through long lists for each post would make reading them slow.
  constexpr std::size_t few = 200;
  const auto flag = [&](const std::string& list, std::string_view member) -> std::string {
    const std::size_t size = accounts_[place].lists[list].size();
    if (size > few && !has_flags) return "";
    return fmt::format(R"(,"{}":{})", member, has(list, number, place));
  };
  const std::string url = post.url.empty() ? "null" : "\"" + post.url + "\"";
  return fmt::format(
      R"({{"id":"{}","created_at":"{}","uri":"{}","url":{},"visibility":"{}","content":"{}",)"
      R"("language":"en","spoiler_text":"","card":null,"reblog":null,"media_attachments":[],)"
      R"("tags":[],"account":{{"id":"3","username":"bob","acct":"bob@origin.example",)"
      R"("display_name":"Bob","url":"https://origin.example/@bob"}}{}{}{}}})",
      post.id, post.created_at, post.uri, url, post.visibility, post.content,
      flag("bookmarks", "bookmarked"), flag("favourites", "favourited"), post.members);
}

Reply FakeMastodon::search(const SeenRequest& request, const std::string& place) {
  const std::string wanted = query_of(request, "q").value_or("");
  auto found = by_address_.find(wanted);
  if (found == by_address_.end() && resolves_all) {
    const std::size_t number = posts_.size();
    FakePost& post = post_now(number);
    post.uri = escaped(wanted);
    post.url = escaped(page_of(wanted));
    found = by_address_.emplace(wanted, number).first;
  }
  std::string statuses;
  if (found != by_address_.end() && !posts_[found->second].is_deleted)
    statuses = json_of(found->second, place);
  return Reply::json(R"({"accounts":[],"statuses":[)" + statuses + R"(],"hashtags":[]})");
}

Reply FakeMastodon::mark(std::string_view path, const std::string& place) {
  path.remove_prefix(std::string_view("/api/v1/statuses/").size());
  const std::size_t slash = path.find('/');
  const auto found = by_id_.find(std::string(path.substr(0, slash)));
  if (found == by_id_.end() || slash == std::string_view::npos) return refuse(404);
  const FakePost& post = posts_[found->second];
  if (post.is_deleted || post.is_hidden) return refuse(404);
  std::string_view verb = path.substr(slash + 1);
  const bool is_off = verb.starts_with("un");
  if (is_off) verb.remove_prefix(2);
  const std::string list = std::string(verb) + "s";
  if (is_off) unmark_now(list, found->second, place);
  if (!is_off && !has(list, found->second, place)) mark_now(list, found->second, place);
  return Reply::json(json_of(found->second, place));
}

}  // namespace linkferry::test
