#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "support/http_server.hpp"

namespace linkferry::test {

enum class FediverseFamily { mastodon, gotosocial, pleroma };

/// A post as the fake knows it; the members are JSON texts without quotes.
struct FakePost {
  std::string id;
  std::string uri;
  std::string url;
  std::string created_at = "2024-05-06T07:08:09.123Z";
  std::string visibility = "public";
  std::string content;
  std::string members;  ///< more members, each with a comma before it; later ones win
  bool is_deleted = false;
  bool is_hidden = false;  ///< of an author that the account has blocked
};

/// A server of the fediverse with posts, and accounts that mark them.
///
/// What stands before `/api` in a path is a place: an account of its own, empty at first. The warts
/// are those of the family: paging ids are not status ids, stand in `Link` alone, and mean what the
/// family makes of them. What a test needs beside that it scripts: `before` answers in place of the
/// server, `after` changes what it answers; both are called under the lock, so they may change the
/// content by the functions that end in `_now`. Thread: any.
class FakeMastodon {
 public:
  explicit FakeMastodon(FediverseFamily family = FediverseFamily::mastodon);

  std::string url(std::string_view place = "") const {
    return server_.url() + (place.empty() ? "" : "/" + std::string(place));
  }
  /// Posts `from` to `from + count`, marked one after the other in `list` of a place.
  void fill(std::string_view list, std::size_t count, std::size_t from = 0,
            std::string_view place = "");
  void mark_now(std::string_view list, std::size_t post, std::string_view place = "");
  void unmark_now(std::string_view list, std::size_t post, std::string_view place = "");
  FakePost& post_now(std::size_t number);

  /// The uris in a list, newest mark first.
  std::vector<std::string> uris(std::string_view list, std::string_view place = "");
  std::size_t requests() const { return server_.request_count(); }
  std::vector<SeenRequest> seen() const { return server_.requests(); }
  HttpServer& server() { return server_; }

  // To be set before the first request.
  std::string token;               ///< empty: none is asked for
  std::set<std::string> no_scope;  ///< scopes that the token lacks
  bool resolves_all = false;       ///< a search for any address finds a post there
  std::string name = "alice";
  std::function<std::optional<Reply>(const SeenRequest&)> before;
  std::function<void(const SeenRequest&, Reply&)> after;

 private:
  struct Row {
    std::string id;
    std::size_t post;
  };
  using Rows = std::vector<Row>;
  struct Account {
    std::map<std::string, Rows, std::less<>> lists;  ///< oldest first
  };

  Reply handle(const SeenRequest& request);
  Reply route(const SeenRequest& request, const std::string& place, std::string_view path);
  Reply list(const SeenRequest& request, const std::string& list, const std::string& place);
  Reply search(const SeenRequest& request, const std::string& place);
  Reply mark(std::string_view path, const std::string& place);
  Reply show(std::string_view id, const std::string& place);
  std::string json_of(std::size_t post, const std::string& place, bool has_flags = false);
  bool has(const std::string& list, std::size_t post, const std::string& place);
  std::string paging_id(std::uint64_t number) const;
  Reply refuse(int status, bool is_of_status = false) const;

  FediverseFamily family_;
  std::mutex mutex_;
  std::vector<FakePost> posts_;
  std::map<std::string, std::size_t> by_address_;
  std::map<std::string, std::size_t> by_id_;
  std::map<std::string, Account, std::less<>> accounts_;
  std::uint64_t last_mark_ = 0;
  HttpServer server_;
};

/// The value of a parameter in a target, decoded; nothing where it is missing.
std::optional<std::string> query_of(const SeenRequest& request, std::string_view name);

}  // namespace linkferry::test
