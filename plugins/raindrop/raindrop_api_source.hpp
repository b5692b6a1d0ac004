#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "linkferry/source.hpp"
#include "raindrop/raindrop_account.hpp"
#include "raindrop/raindrop_api.hpp"
#include "raindrop/raindrop_collections.hpp"
#include "raindrop/raindrop_item.hpp"
#include "raindrop/raindrop_list.hpp"

namespace linkferry::raindrop {

/// In which collection each bookmark of a sink is. Thread: any.
class Whereabouts {
 public:
  void learn(std::int64_t id, std::int64_t collection) {
    const std::lock_guard lock(mutex_);
    collections_[id] = collection;
  }
  std::optional<std::int64_t> find(std::int64_t id) const {
    const std::lock_guard lock(mutex_);
    const auto found = collections_.find(id);
    return found == collections_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::int64_t, std::int64_t> collections_;
};

/// All bookmarks of an account, the oldest first, after its collections as folder records; then, if
/// wanted, those in Trash.
///
/// It reads pages of 50. Where the account was changed meanwhile (by `lastUpdate` of the user, or
/// by counts that do not add up) it reads once more with pages that overlap, until nothing can have
/// been passed over; each bookmark is given once. A list that stays short of its count is given as
/// incomplete.
///
/// After `resume`, two requests tell whether the account was changed since: by `lastUpdate`, which
/// must be older than the earlier reading by a margin, and by the counts. If so all is read. That
/// nothing has changed is said by no records; that something is gone is said by a whole reading
/// only.
class ApiSource : public Source {
 public:
  struct Options {
    std::string endpoint;
    bool reads_trash = false;
    /// For a sink: gives only what it can hold, and learns where it is.
    Whereabouts* whereabouts = nullptr;
  };

  ApiSource(std::shared_ptr<Api> api, Options options)
      : api_(std::move(api)), options_(std::move(options)), collections_(*api_) {}

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override;
  bool resume(std::string_view checkpoint) override;
  bool is_incremental() const override { return true; }
  std::uint64_t total() const override { return total_; }
  std::uint64_t progress() const override { return given_; }
  void look_up(std::span<const Text> ids, std::span<Absence> absences,
               std::stop_token stop) override;
  std::vector<std::string> describe(std::stop_token stop) override;

 private:
  enum class Phase { start, bookmarks, trash, done };
  /// How the scans of one round ended.
  enum class Verdict { whole, changed, short_of_count };

  std::optional<Item> next_item(Arena& arena, std::stop_token stop);
  void begin(std::stop_token stop);
  void begin_round(Pace pace, std::stop_token stop);
  bool is_unchanged(std::stop_token stop);
  void end_list(std::stop_token stop);
  void end_round(std::stop_token stop);
  Verdict judge(std::stop_token stop);
  void add_folders(Batch& batch);
  void add(const Item& item, Batch& batch, std::stop_token stop);
  void add_folder_of(const Item& item, Bookmark& bookmark, Batch& batch, std::stop_token stop);
  ReadResult end(Batch& batch);

  std::shared_ptr<Api> api_;
  Options options_;
  Collections collections_;
  Phase phase_ = Phase::start;
  Pace pace_ = Pace::plain;
  User user_;  ///< as it was when the round began
  std::optional<ApiCheckpoint> since_;
  ApiCheckpoint checkpoint_;
  SeenIds seen_;
  std::unique_ptr<ListScan> scan_;
  bool are_scans_sound_ = true;
  bool are_scans_still_ = true;
  std::size_t lists_of_pages_ = 0;  ///< lists of this round that were longer than a page
  unsigned rounds_ = 0;
  unsigned short_rounds_ = 0;  ///< in a row
  bool is_incomplete_ = false;
  bool has_folders_ = false;
  bool has_reloaded_ = false;
  std::optional<Item> item_;  ///< the one that is being handed out
  Arena scratch_;             ///< of its texts
  std::uint64_t total_ = 0;
  std::uint64_t given_ = 0;
};

}  // namespace linkferry::raindrop
