#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "linkferry/host.hpp"
#include "linkferry/settings.hpp"
#include "linkferry/source.hpp"
#include "mastodon/list_walk.hpp"
#include "mastodon/server.hpp"
#include "mastodon/status_bookmarks.hpp"
#include "mastodon/walk_checkpoint.hpp"

namespace linkferry::mastodon {

/// What to read of an account.
struct ReadingRules {
  std::vector<List> lists = {List::bookmarks};
  Order order = Order::newest_first;
  StatusRules status;
};

/// The options of a source; `domain` stays empty.
ReadingRules reading_rules(const Settings& settings);

/// Reads the lists of an account, one after the other.
///
/// A batch has the rows of one page. Its checkpoint stands at the border of pages, by the server's
/// paging ids; where a page does not fit into one batch, only the last part of it has one. The last
/// checkpoint stays good: what is marked later is on top of the lists, and is read down to where
/// this reading began. It is of no use to another account, or with other rules. A favourite that
/// is marked again later is read again; what was unmarked meanwhile does not show, but `look_up`
/// tells it from what was deleted.
class MastodonSource final : public Source {
 public:
  MastodonSource(std::unique_ptr<Server> server, ReadingRules rules);

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override;
  /// Asks the server whose the token is. Errors: as `read`.
  bool resume(std::string_view checkpoint) override;
  bool is_incremental() const override { return true; }
  std::uint64_t progress() const override { return progress_; }
  void look_up(std::span<const Text> ids, std::span<Absence> absences,
               std::stop_token stop) override;
  std::vector<std::string> describe(std::stop_token stop) override;

 private:
  void begin(std::stop_token stop);
  void fetch_page(std::stop_token stop);
  void deliver(Batch& batch, std::size_t limit);
  void append_row(JsonValue row, Batch& batch);
  ReadResult finish(Batch& batch) const;
  std::string checkpoint() const;
  std::string rules_text() const;

  std::unique_ptr<Server> server_;
  ReadingRules rules_;
  std::vector<ListWalk> walks_;
  std::optional<std::string> account_;
  std::size_t list_ = 0;
  std::optional<Page> page_;
  std::size_t row_ = 0;   ///< of the page: the next one
  std::size_t part_ = 0;  ///< of that row: how many of its bookmarks were delivered
  std::string problem_;
  std::uint64_t progress_ = 0;
};

/// All options of the schema but `path`.
std::unique_ptr<Source> make_account_source(const Settings& settings, Host& host);

}  // namespace linkferry::mastodon
