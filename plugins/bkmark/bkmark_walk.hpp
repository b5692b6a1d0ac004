#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_set>

#include "bkmark/bkmark_api.hpp"
#include "bkmark/bkmark_export.hpp"
#include "bkmark/bkmark_list.hpp"

namespace linkferry::bkmark {

struct WalkRules {
  std::string query;         ///< filters, encoded; with one there is no export
  bool asks_archive = true;  ///< reads the archived ones, too, where the list leaves them out
  std::size_t page_size = largest_page;
  std::size_t export_from = 2000;  ///< so many bookmarks are listed before the rest is exported
  std::size_t expected = 0;        ///< how many there were last time; 0: not known
};

/// Each bookmark of a library once, whatever the page leaves open:
///
/// - Whether the list has the archived ones is not said: where it shows none, they are listed, too.
/// - A library of more than `export_from` is read by one export, after its first pages have shown
///   how large it is. Whether that has what is in trash, and what is archived, is not said either:
///   the trash is taken out, and the archive is handled as above. An export that fails or is cut
///   off is followed by the list.
///
/// Thread: one at a time.
class LibraryWalk {
 public:
  LibraryWalk(Api& api, WalkRules rules) : api_(api), rules_(std::move(rules)) {}

  /// The next bookmark, as JSON that is checked; false at the end. `item` is missing for what is
  /// none. Lifetime: until the next call. Errors: Failure as Api, interrupted.
  bool next(common::JsonValue& item, std::stop_token stop);

  /// How many different ones came.
  std::size_t size() const { return seen_.size(); }

 private:
  enum class Phase { start, list, exported, archive, done };

  bool next_item(common::JsonValue& item, std::stop_token stop);
  bool is_large() const;
  void begin_list(Phase phase, const std::string& query);
  void begin_export(std::stop_token stop);
  bool next_exported(common::JsonValue& item, std::stop_token stop);
  void leave_whole();
  bool see(common::JsonValue item);

  Api& api_;
  WalkRules rules_;
  Phase phase_ = Phase::start;
  std::unique_ptr<ListWalk> list_;
  std::unique_ptr<ExportStream> export_;
  std::optional<common::JsonDocument> exported_;
  std::unordered_set<std::string> seen_;   ///< ids
  std::unordered_set<std::string> trash_;  ///< ids, while an export is read
  bool wants_export_ = false;
  bool has_archived_ = false;
  bool export_failed_ = false;
};

/// Calls `visit` for each bookmark in trash. Asks how many there are first, so that an empty trash
/// costs one request. Errors: Failure as Api.
void for_each_in_trash(Api& api, std::size_t page_size,
                       const std::function<void(common::JsonValue)>& visit, std::stop_token stop);

}  // namespace linkferry::bkmark
