#include "state/continued_source.hpp"

#include "linkferry/timestamp_text.hpp"

namespace linkferry {

ContinuedSource::ContinuedSource(std::unique_ptr<Source> source, std::optional<Checkpoint> last)
    : source_(std::move(source)), last_(std::move(last)) {}

ReadResult ContinuedSource::read(Batch& batch, std::size_t limit, std::stop_token stop) {
  if (!is_begun_) begin();
  const ReadResult result = source_->read(batch, limit, stop);
  if (!notice_.empty() && !is_told_) {
    batch.notices.insert(batch.notices.begin(), Notice{notice_, 0});
    is_told_ = true;
  }
  if (result == ReadResult::end) reached_ = batch.checkpoint;
  return result;
}

void ContinuedSource::begin() {
  is_begun_ = true;
  if (!last_ || !source_->resume(last_->text)) return;
  const Timestamp read_at{last_->read_at, 0, Precision::second};
  notice_ = "what is new since the last run of this job (" + format_rfc3339(read_at) +
            ") was read; --full reads everything";
}

}  // namespace linkferry
