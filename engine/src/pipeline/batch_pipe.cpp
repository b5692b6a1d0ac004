#include "pipeline/batch_pipe.hpp"

#include <utility>

#include "linkferry/failure.hpp"

namespace linkferry {

BatchPipe::BatchPipe(std::span<Source* const> sources, Prepare prepare, std::stop_token stop)
    : sources_(sources.begin(), sources.end()),
      prepare_(std::move(prepare)),
      outer_stop_(std::move(stop)) {
  for (std::size_t i = 0; i < depth; ++i) empty_.push_back(std::make_unique<PreparedBatch>());
  reader_ = std::jthread([this](std::stop_token own) { read_all(std::move(own)); });
}

BatchPipe::~BatchPipe() {
  reader_.request_stop();
  reader_.join();
}

void BatchPipe::read_all(std::stop_token own) {
  std::stop_source both;
  const std::stop_callback on_own(own, [&both] { both.request_stop(); });
  const std::stop_callback on_outer(outer_stop_, [&both] { both.request_stop(); });
  std::exception_ptr error;
  try {
    for (std::size_t i = 0; i < sources_.size() && !both.stop_requested(); ++i)
      read_source(i, both.get_token());
  } catch (...) {
    error = std::current_exception();
  }
  const std::lock_guard lock(mutex_);
  error_ = error;
  is_done_ = true;
  changed_.notify_all();
}

void BatchPipe::read_source(std::size_t source, std::stop_token stop) {
  ReadResult result = ReadResult::more;
  while (result == ReadResult::more && !stop.stop_requested()) {
    std::unique_ptr<PreparedBatch> prepared = take_empty(stop);
    if (!prepared) return;
    prepared->batch.clear();
    prepared->source = source;
    result = sources_[source]->read(prepared->batch, batch_limit, stop);
    prepared->result = result;
    prepared->progress = sources_[source]->progress();
    prepared->total = sources_[source]->total();
    prepare_(*prepared);
    put(std::move(prepared));
  }
}

std::unique_ptr<PreparedBatch> BatchPipe::take_empty(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait(lock, stop, [this] { return !empty_.empty(); })) return nullptr;
  std::unique_ptr<PreparedBatch> batch = std::move(empty_.back());
  empty_.pop_back();
  return batch;
}

void BatchPipe::put(std::unique_ptr<PreparedBatch> batch) {
  const std::lock_guard lock(mutex_);
  ready_.push_back(std::move(batch));
  changed_.notify_all();
}

std::unique_ptr<PreparedBatch> BatchPipe::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !ready_.empty() || is_done_; });
  if (outer_stop_.stop_requested())
    throw Failure(FailureKind::interrupted, "interrupted; nothing was written");
  if (!ready_.empty()) {
    std::unique_ptr<PreparedBatch> batch = std::move(ready_.front());
    ready_.pop_front();
    return batch;
  }
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
  return nullptr;
}

void BatchPipe::give_back(std::unique_ptr<PreparedBatch> batch) {
  const std::lock_guard lock(mutex_);
  empty_.push_back(std::move(batch));
  changed_.notify_all();
}

}  // namespace linkferry
