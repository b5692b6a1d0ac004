#pragma once

#include <memory>
#include <string>
#include <vector>

#include "linkferry/host.hpp"
#include "linkferry/sink.hpp"
#include "mastodon/csv_parts.hpp"

namespace linkferry::mastodon {

/// A staged sink that writes `bookmarks.csv` (see csv_parts.hpp), ready to be imported: UTF-8
/// without a mark, a header, and every uri in quotes, so that a file that was cut off shows it.
///
/// Rationale: where the content has become less, parts that are no longer needed are left with
/// their header alone, since a plugin removes no files. Parts become visible one after the other,
/// the first one first: rows only ever move to earlier parts, so that at no moment one is in none.
/// Thread: one at a time.
class MastodonCsvSink final : public Sink {
 public:
  /// `takes_any_link`: links that do not look like posts are written too. `host` outlives it.
  MastodonCsvSink(std::string path, bool takes_any_link, std::string endpoint, Host& host)
      : path_(std::move(path)),
        takes_any_link_(takes_any_link),
        endpoint_(std::move(endpoint)),
        host_(host) {}

  SinkKind kind() const override { return SinkKind::staged; }
  Representation represent(const Bookmark& bookmark, Arena& arena) const override;
  Text unique_key(Text url, Arena& arena) const override;
  std::unique_ptr<Source> existing() override;
  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token stop) override;
  void commit() override;

 private:
  void write_row(Text uri);
  void begin_part();
  void flush();
  bool is_ours(const std::string& path) const;

  std::string path_;
  bool takes_any_link_;
  std::string endpoint_;
  Host& host_;
  std::vector<std::unique_ptr<StagedFile>> parts_;
  std::string buffer_;  ///< of the last part, not yet written to it
  std::size_t rows_ = 0;
  std::uint64_t part_bytes_ = 0;
  bool has_warned_ = false;
};

/// What `bookmarks.csv` would hold of a bookmark. Pure. New texts go into `arena`.
Representation represent_in_csv(const Bookmark& bookmark, bool takes_any_link, Arena& arena);

}  // namespace linkferry::mastodon
