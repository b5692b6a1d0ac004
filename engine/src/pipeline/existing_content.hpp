#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "host/sink_proxy.hpp"
#include "pipeline/batch_pipe.hpp"
#include "pipeline/compare.hpp"
#include "pipeline/duplicates.hpp"
#include "pipeline/ledger.hpp"
#include "pipeline/record_keys.hpp"
#include "pipeline/repeatable.hpp"

namespace linkferry {

/// What the sink holds before the run: an index over it, and readings of it from the front.
///
/// Memory: about 50 bytes a bookmark; texts are read again when they are needed. Thread: one at a
/// time.
class ExistingContent {
 public:
  /// A bookmark of the sink that is the same as one of the source.
  struct Match {
    std::uint32_t ordinal = 0;
    bool is_equal = false;  ///< certainly nothing to do; false: the texts have to be compared
  };

  /// `name`: of the endpoint, for notices.
  ExistingContent(SinkView& sink, KeyMaker& keys, const std::string& name)
      : sink_(sink), keys_(keys), name_(name) {}

  /// Reads it all once. Errors: what reading throws.
  void load(std::stop_token stop);

  bool is_empty() const { return !repeatable_; }
  std::uint64_t bookmark_count() const { return count_; }
  /// A hash of all bookmarks, in any order.
  std::uint64_t fingerprint() const { return fingerprint_; }
  /// Where it is cut off; empty when it is whole.
  const std::string& truncation() const { return truncation_; }
  /// Entries that are there and cannot be read: rewriting would delete them.
  std::uint64_t unreadable_count() const { return unreadable_count_; }
  std::uint64_t first_unreadable_line() const { return first_unreadable_line_; }
  /// What its reader has to say.
  const std::vector<NoticeCount>& notices() const { return notices_; }
  /// What rewriting it would lose.
  const std::vector<LossCount>& losses() const { return losses_; }

  std::optional<Match> find(const RecordKeys& keys, const Fingerprint& wanted);

  /// Whether this folder record would add something: an unknown folder, a fact that is not there. A
  /// separator adds something in an unknown folder only. Remembers it, so that it does so once.
  bool adds_folder(const Folder& folder);

  Duplicates& duplicates() { return duplicates_; }

  /// As `Source::look_up`, after `load`.
  void look_up(std::span<const Text> ids, std::span<Absence> absences, std::stop_token stop) {
    if (source_ != nullptr) source_->look_up(ids, absences, std::move(stop));
  }

  /// Reads it again; `visit(batch, first_ordinal)`, where the bookmarks of the batch are as the
  /// sink would write them.
  void walk(const std::function<void(PreparedBatch&, std::uint32_t)>& visit, std::stop_token stop);

 private:
  /// Beside each key. The hashes of a bookmark that stands in several folders are one content and a
  /// sum of folders.
  struct Held {
    std::uint64_t content = 0;
    std::uint32_t folders = 0;
    bool is_mixed = false;  ///< several records that differ in more than the folder
  };

  void collect_missing(std::stop_token stop);
  void index_batch(PreparedBatch& prepared, std::uint32_t first_ordinal);
  void add_copy(const RecordKeys& keys, const Fingerprint& print);
  void represent_all(PreparedBatch& prepared, std::vector<LossCount>* losses) const;
  void represent_folders(Batch& batch, std::vector<LossCount>* losses) const;
  void note(const PreparedBatch& prepared);

  SinkView& sink_;
  KeyMaker& keys_;
  std::string name_;
  std::unique_ptr<Source> source_;
  std::unique_ptr<Repeatable> repeatable_;
  BasicKeyIndex<Held> index_;
  Duplicates duplicates_;
  std::unordered_map<std::uint64_t, std::uint8_t>
      folders_;  ///< path hash to the facts that are known of it
  std::vector<LossCount> losses_;
  std::vector<NoticeCount> notices_;
  std::uint64_t unreadable_count_ = 0;
  std::uint64_t first_unreadable_line_ = 0;
  std::uint64_t count_ = 0;
  std::uint64_t fingerprint_ = 0;
  std::string truncation_;
};

/// Which facts a folder record states, as bits; the folder itself is one.
std::uint8_t stated_facts(const Folder& folder);

}  // namespace linkferry
