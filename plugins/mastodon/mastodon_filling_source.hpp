#pragma once

#include <memory>
#include <string>

#include "linkferry/source.hpp"
#include "mastodon/json_value.hpp"
#include "mastodon/server.hpp"
#include "mastodon/status_bookmarks.hpp"

namespace linkferry::mastodon {

/// Reads posts off a file, which has their uris only, and looks each up at a server: what it finds
/// becomes bookmarks as if it stood in a list of the account; what it does not find stays as it is
/// in the file, and a notice counts it.
///
/// One request a post, so that a long list takes its time. The token needs `read:search`. It is not
/// read twice: the engine keeps a copy. Thread: one at a time.
class MastodonFillingSource final : public Source {
 public:
  MastodonFillingSource(std::unique_ptr<Source> file, std::unique_ptr<Server> server,
                        StatusRules rules);

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override;
  bool resume(std::string_view checkpoint) override;
  std::uint64_t total() const override { return file_->total(); }
  std::uint64_t progress() const override { return file_->progress(); }

 private:
  bool deliver(Batch& batch, std::size_t limit, std::stop_token stop);
  void take_next(std::stop_token stop);
  void fill_from_post(const Bookmark& post, std::stop_token stop);
  void append(const Bookmark& post, Batch& batch) const;
  void pass_on(Batch& batch) const;

  std::unique_ptr<Source> file_;
  std::unique_ptr<Server> server_;
  StatusRules rules_;

  Batch item_;             ///< what the file gave last: one bookmark at most
  JsonDocument document_;  ///< the answer about it
  bool has_item_ = false;
  bool is_looked_up_ = false;
  bool is_found_ = false;
  std::size_t part_ = 0;  ///< how many of its bookmarks were delivered
  ReadResult file_result_ = ReadResult::more;
  std::string checkpoint_;
  unsigned failures_in_a_row_ = 0;
};

}  // namespace linkferry::mastodon
