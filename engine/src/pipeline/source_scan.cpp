#include "pipeline/source_scan.hpp"

#include <algorithm>

namespace linkferry {
namespace {

constexpr std::uint32_t sample_size = 16 * 1024;

/// Completes a bookmark of a batch that was skimmed; others are whole already.
void fill_in(Batch& batch, std::size_t i, const Source& source) {
  if (!batch.rests.empty()) source.complete(batch.bookmarks[i], batch.rests[i], batch.arena);
}

}  // namespace

std::vector<Source*> SourceScan::from_start() const {
  std::vector<Source*> all;
  for (const auto& source : sources_)
    all.push_back(preparer_.has_filter() ? &source->from_start() : &source->skim_from_start());
  return all;
}

std::uint32_t SourceScan::run(Duplicates& duplicates, const OnBatch& on_batch) {
  const std::vector<Source*> all = from_start();
  BatchPipe pipe(
      all, [this](PreparedBatch& prepared) { preparer_.prepare_identity(prepared); }, stop_);
  while (auto prepared = pipe.next()) {
    make_keys(*prepared, *all[prepared->source]);
    index(*prepared, *all[prepared->source], duplicates);
    scanned_ += static_cast<std::uint32_t>(prepared->batch.bookmarks.size());
    if (!is_size_known_ && scanned_ >= sample_size) expect_more(*prepared);
    on_batch(*prepared, scanned_);
    pipe.give_back(std::move(prepared));
  }
  return scanned_;
}

/// Rationale: not on the reading thread, which has more to do even when it skims.
void SourceScan::make_keys(PreparedBatch& prepared, const Source& source) {
  Batch& batch = prepared.batch;
  const std::size_t count = batch.bookmarks.size();
  batch_keys_.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (prepared.verdicts[i].kind != Verdict::Kind::passes) {
      has_passed_all_ = false;
      continue;
    }
    // Without a URL, the texts are what it is known by.
    if (batch.bookmarks[i].url.empty()) fill_in(batch, i, source);
    batch_keys_[i] = keys_.make(batch.bookmarks[i], batch.arena);
    index_.prefetch(batch_keys_[i].match);
  }
}

/// Rationale: room for all keys at once saves moving each of them some four times while the index
/// grows. The first source tells how many there will be; the limit is for one that tells nonsense.
void SourceScan::expect_more(const PreparedBatch& prepared) {
  constexpr double most = 1 << 20;
  is_size_known_ = true;
  if (prepared.source != 0 || prepared.progress == 0) return;
  const double rate = scanned_ / static_cast<double>(prepared.progress);
  index_.reserve(
      static_cast<std::size_t>(std::min(most, rate * static_cast<double>(prepared.total))));
}

void SourceScan::index(PreparedBatch& prepared, const Source& source, Duplicates& duplicates) {
  Batch& batch = prepared.batch;
  const std::size_t count = batch.bookmarks.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (prepared.verdicts[i].kind != Verdict::Kind::passes) continue;
    const auto ordinal = static_cast<std::uint32_t>(scanned_ + i);
    if (const auto first = remember(index_, batch_keys_[i], ordinal, duplicates)) {
      fill_in(batch, i, source);
      preparer_.complete(batch.bookmarks[i], batch);
      duplicates.add(*first, ordinal, prepared.source, batch.bookmarks[i]);
    }
  }
}

}  // namespace linkferry
