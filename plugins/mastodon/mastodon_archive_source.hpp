#pragma once

#include <memory>
#include <string>

#include "linkferry/source.hpp"
#include "mastodon/archive_lists.hpp"
#include "mastodon/file_records.hpp"

namespace linkferry::mastodon {

/// The account archive of a Mastodon server, a zip or (before version 4.2) a tar.gz:
///
///     outbox.json  actor.json  media_attachments/files/…    not looked at
///     bookmarks.json  likes.json                            the uris of posts, nothing else
///
/// Also one of these lists by itself. The order is that of the archive, which is not that of
/// bookmarking. Where both lists are read, what is a favourite only has `mastodon.bookmarked` =
/// false in `extra`, as posts of an account have. Memory: the uris. Thread: one at a time. Source:
/// app/services/backup_service.rb of Mastodon 4.7 and its history, read 2026-11-22.
class MastodonArchiveSource final : public Source {
 public:
  /// `loader` fills `lists`.
  MastodonArchiveSource(std::unique_ptr<ArchiveLists> lists, std::unique_ptr<ArchiveLoader> loader,
                        std::uint64_t file_bytes, FileRules rules)
      : lists_(std::move(lists)),
        loader_(std::move(loader)),
        file_bytes_(file_bytes),
        rules_(std::move(rules)) {}

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override;
  bool rewind() override;
  bool resume(std::string_view checkpoint) override;
  std::uint64_t total() const override { return file_bytes_; }
  std::uint64_t progress() const override;

 private:
  /// What the records of one list have in common.
  struct Shared {
    const Origin* origin = nullptr;
    std::span<const Text> tags;
  };

  bool load(const std::stop_token& stop);
  void mark_favourites_only();
  Shared share(ArchiveList list, Arena& arena) const;
  void take_item(const ArchiveItem& item, const Shared& shared, Batch& batch) const;
  ReadResult end(Batch& batch) const;

  std::unique_ptr<ArchiveLists> lists_;
  std::unique_ptr<ArchiveLoader> loader_;  ///< null once all is loaded
  std::uint64_t file_bytes_;
  FileRules rules_;
  std::size_t next_ = 0;
};

}  // namespace linkferry::mastodon
