#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include "net/connection.hpp"

namespace linkferry {

/// The connections to one service: at most `limit` in use, and those that wait for the next
/// request. Thread: any.
class ConnectionPool {
 public:
  explicit ConnectionPool(std::size_t limit) : free_slots_(limit) {}

  /// The right to use one connection, until it goes.
  class Slot {
   public:
    explicit Slot(ConnectionPool& pool) : pool_(&pool) {}
    Slot(Slot&& other) noexcept : pool_(std::exchange(other.pool_, nullptr)) {}
    Slot& operator=(Slot&&) = delete;
    ~Slot() {
      if (pool_ != nullptr) pool_->free_slot();
    }

   private:
    ConnectionPool* pool_;
  };

  /// Waits for a slot. Nothing when a stop request came first.
  std::optional<Slot> take_slot(std::stop_token stop);

  /// The connection used last, of those that rested for less than their limit and less than
  /// `most_idle` and that the other side left open; null where there is none.
  std::unique_ptr<Connection> take(std::chrono::milliseconds most_idle);
  /// Keeps a connection whose last answer was read to its end.
  void give(std::unique_ptr<Connection> connection);

 private:
  void free_slot();

  std::mutex mutex_;
  std::condition_variable_any slot_freed_;
  std::size_t free_slots_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace linkferry
