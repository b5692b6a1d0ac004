#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <thread>
#include <vector>

#include "pipeline/prepare.hpp"

namespace linkferry {

/// Reads sources one after the other on a thread of its own, a few batches ahead of whoever takes
/// them.
///
/// The bound is what keeps memory flat: at most `depth` batches exist, and reading waits for one to
/// come back. Thread: made, used and destroyed by one thread; `prepare` runs on the reading thread.
class BatchPipe {
 public:
  static constexpr std::size_t depth = 4;
  static constexpr std::size_t batch_limit = 1024;

  using Prepare = std::function<void(PreparedBatch&)>;

  BatchPipe(std::span<Source* const> sources, Prepare prepare, std::stop_token stop);
  ~BatchPipe();

  /// The next batch in order; null after the last. Every batch goes back with `give_back`.
  /// Errors: what reading threw; Failure interrupted after a stop request.
  std::unique_ptr<PreparedBatch> next();
  void give_back(std::unique_ptr<PreparedBatch> batch);

 private:
  void read_all(std::stop_token stop);
  void read_source(std::size_t source, std::stop_token stop);
  std::unique_ptr<PreparedBatch> take_empty(std::stop_token stop);
  void put(std::unique_ptr<PreparedBatch> batch);

  std::vector<Source*> sources_;
  Prepare prepare_;
  std::stop_token outer_stop_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::unique_ptr<PreparedBatch>> ready_;
  std::vector<std::unique_ptr<PreparedBatch>> empty_;
  std::exception_ptr error_;
  bool is_done_ = false;
  std::jthread reader_;
};

}  // namespace linkferry
