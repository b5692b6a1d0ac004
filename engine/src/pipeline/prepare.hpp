#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "config/job.hpp"
#include "linkferry/source.hpp"
#include "pipeline/filter.hpp"
#include "pipeline/mapping.hpp"

namespace linkferry {

/// What validation and the filter say about one bookmark.
struct Verdict {
  enum class Kind : std::uint8_t { passes, skipped, filtered };
  Kind kind = Kind::passes;
  Text reason;  ///< a fixed sentence; absent when it passes
};

/// A batch on its way through the pipeline.
struct PreparedBatch {
  Batch batch;
  std::vector<Verdict> verdicts;  ///< one for each bookmark
  std::size_t source = 0;         ///< which of the job's sources it came from
  ReadResult result = ReadResult::more;
  std::uint64_t progress = 0;  ///< of the source after this batch, and its total
  std::uint64_t total = 0;
};

/// Why a record cannot travel at all; absent when it can. Refused: no URL (but for notes and code),
/// control characters in the URL (but for tabs and line ends, which browsers ignore), more than 64
/// KiB of it. `is_clean`: the source vouches for its texts.
Text reason_to_refuse(const Bookmark& bookmark, bool is_clean);

/// Makes every text of the bookmarks of one batch clean (text/repair.hpp); a repair becomes a
/// notice of the batch. The URL is never touched. Lifetime: less than the batch.
class TextRepair {
 public:
  explicit TextRepair(Batch& batch) : batch_(batch) {}
  void operator()(Bookmark& bookmark);

 private:
  bool are_clean(std::span<const FolderPath> folders);

  Batch& batch_;
  FolderPath clean_path_;  ///< the one looked at last
};

/// The first stages for the records of a job's sources: validate, map, filter. Thread: any, once
/// made.
class Preparer {
 public:
  explicit Preparer(const Job& job);

  bool has_filter() const { return !filter_.is_empty(); }

  /// The scan has refused none of the records, so that `prepare` need not look at each again.
  void expect_no_refusals() { expects_refusals_ = false; }

  /// All of them, for the plan.
  void prepare(PreparedBatch& prepared) const;
  /// Only what decides which records there are, for the scan; `complete` makes up for the rest.
  void prepare_identity(PreparedBatch& prepared) const;
  /// Repairs and maps one bookmark that `prepare_identity` has passed, and that is whole.
  void complete(Bookmark& bookmark, Batch& batch) const;

 private:
  /// Whether there is nothing to map and nothing to filter, as in most jobs.
  bool is_plain() const {
    return folders_.is_identity() && tags_.is_identity() && filter_.is_empty();
  }
  /// With a `repair`, the bookmark is repaired and mapped, and the filter is asked.
  void judge(Bookmark& bookmark, Batch& batch, Verdict& verdict, TextRepair* repair) const;
  void map(Bookmark& bookmark, Arena& arena) const;
  void map_folders(Batch& batch) const;

  FolderMapping folders_;
  TagMapping tags_;
  Filter filter_;
  bool expects_refusals_ = true;
};

}  // namespace linkferry
