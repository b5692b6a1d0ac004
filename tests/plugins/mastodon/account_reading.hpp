#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "mastodon/mastodon_endpoint.hpp"
#include "support/fakes/fake_mastodon.hpp"
#include "support/map_settings.hpp"
#include "support/network_host.hpp"

namespace linkferry::test {

/// One bookmark as it was read.
struct ReadToot {
  std::string uri;
  std::string list;
  std::string title;
  Flag favorite = Flag::unknown;
};

/// What a reading gave.
struct AccountReading {
  std::vector<ReadToot> toots;
  std::vector<std::string> checkpoints;  ///< after each batch
  std::vector<std::size_t> borders;      ///< how many toots had come by then
  std::vector<std::string> notices;
  ReadResult result = ReadResult::more;

  std::set<std::string> uris() const {
    std::set<std::string> all;
    for (const auto& toot : toots) all.insert(toot.uri);
    return all;
  }
};

inline MapSettings account_settings(const std::string& url,
                                    std::vector<std::string> lists = {"bookmarks"}) {
  MapSettings settings{{"url", url}};
  settings.set_list("lists", std::move(lists));
  return settings;
}

inline AccountReading read_all(Source& source, std::size_t limit = 256) {
  AccountReading reading;
  while (reading.result == ReadResult::more) {
    Batch batch;
    reading.result = source.read(batch, limit, {});
    for (const Bookmark& bookmark : batch.bookmarks) {
      ReadToot toot;
      toot.uri = bookmark.post != nullptr ? bookmark.post->uri : bookmark.url;
      toot.list = bookmark.origin != nullptr ? bookmark.origin->list : "";
      toot.title = bookmark.title;
      toot.favorite = bookmark.favorite;
      reading.toots.push_back(std::move(toot));
    }
    for (const Notice& notice : batch.notices) reading.notices.emplace_back(notice.text);
    reading.checkpoints.push_back(batch.checkpoint);
    reading.borders.push_back(reading.toots.size());
  }
  return reading;
}

}  // namespace linkferry::test
