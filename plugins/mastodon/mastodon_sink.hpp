#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "linkferry/host.hpp"
#include "linkferry/settings.hpp"
#include "linkferry/sink.hpp"
#include "mastodon/server.hpp"
#include "mastodon/status_bookmarks.hpp"

namespace linkferry::mastodon {

/// Which marks are set, and on what.
struct MarkRules {
  bool bookmarks = true;
  bool favourites = false;  ///< seen by the authors of the posts
  bool any_link = false;    ///< tries addresses that do not look like those of posts
};

/// Marks posts in an account, one after the other in the order they come.
///
/// What it holds of a bookmark is the mark alone: the address, the uri of the post and, where
/// favourites are set, whether it is one. The text, the author, the date come with the post, from
/// its own server. So `existing` tells no more of a post either, and a second run finds nothing to
/// do although another server words, dates and tags the same post a little differently.
class MastodonSink final : public Sink {
 public:
  MastodonSink(std::unique_ptr<Server> server, MarkRules rules, const Settings& settings,
               Host& host);

  SinkKind kind() const override { return SinkKind::live; }
  Representation represent(const Bookmark& bookmark, Arena& arena) const override;
  /// The same for the uri and the page of one post, as far as their shape tells.
  Text unique_key(Text url, Arena& arena) const override;
  std::unique_ptr<Source> existing() override;
  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token stop) override;
  std::vector<std::string> describe(std::stop_token stop) override;

 private:
  struct Found;

  Outcome carry_out(const Change& change, std::stop_token stop);
  Outcome create(const Bookmark& bookmark, std::stop_token stop);
  Outcome remove(const std::string& id, std::stop_token stop);
  Found find(const Bookmark& bookmark, std::stop_token stop);
  /// Nothing where it is done; else why not.
  Outcome set(const std::string& id, std::string_view verb, std::stop_token stop);
  Outcome set_marks(const std::string& id, const Bookmark& bookmark, bool is_update,
                    std::stop_token stop);
  bool wants_bookmark(const Bookmark& bookmark) const;
  bool wants_favourite(const Bookmark& bookmark) const;

  std::unique_ptr<Server> server_;
  MarkRules rules_;
  const Settings& settings_;
  Host& host_;
};

/// All options of the schema but `path`.
std::unique_ptr<Sink> make_account_sink(const Settings& settings, Host& host);

}  // namespace linkferry::mastodon
