#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "pipeline/batch_pipe.hpp"
#include "pipeline/duplicates.hpp"
#include "pipeline/record_keys.hpp"
#include "pipeline/repeatable.hpp"

namespace linkferry {

/// The first reading of a job's sources: learns which of their records are the same.
///
/// Where the job lets every record pass that has a usable URL, it skims: only later duplicates are
/// completed. Memory: about 27 bytes a record until it is destroyed (KeyIndex). Thread: one at a
/// time.
class SourceScan {
 public:
  using OnBatch = std::function<void(const PreparedBatch& batch, std::uint32_t records)>;

  SourceScan(std::span<const std::unique_ptr<Repeatable>> sources, const Preparer& preparer,
             KeyMaker& keys, std::stop_token stop)
      : sources_(sources), preparer_(preparer), keys_(keys), stop_(std::move(stop)) {}

  /// Reads all sources and fills `duplicates`, but for `Duplicates::missing`. Tells `on_batch` of
  /// every batch and how many records there were with it; returns how many there were. Errors: what
  /// reading throws.
  std::uint32_t run(Duplicates& duplicates, const OnBatch& on_batch);

  /// Whether none of the records was refused or filtered out.
  bool has_passed_all() const { return has_passed_all_; }

 private:
  std::vector<Source*> from_start() const;
  void make_keys(PreparedBatch& prepared, const Source& source);
  void expect_more(const PreparedBatch& prepared);
  void index(PreparedBatch& prepared, const Source& source, Duplicates& duplicates);

  std::span<const std::unique_ptr<Repeatable>> sources_;
  const Preparer& preparer_;
  KeyMaker& keys_;
  std::stop_token stop_;
  KeyIndex index_;
  std::vector<RecordKeys> batch_keys_;  ///< one for each bookmark of the batch that passes
  std::uint32_t scanned_ = 0;
  bool is_size_known_ = false;
  bool has_passed_all_ = true;
};

}  // namespace linkferry
