#include "net/connection_pool.hpp"

#include <algorithm>

namespace linkferry {

std::optional<ConnectionPool::Slot> ConnectionPool::take_slot(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  if (!slot_freed_.wait(lock, stop, [this] { return free_slots_ > 0; })) return {};
  --free_slots_;
  return std::optional<Slot>(std::in_place, *this);
}

void ConnectionPool::free_slot() {
  {
    const std::lock_guard lock(mutex_);
    ++free_slots_;
  }
  slot_freed_.notify_one();
}

std::unique_ptr<Connection> ConnectionPool::take(std::chrono::milliseconds most_idle) {
  std::vector<std::unique_ptr<Connection>> given_up;  // closed outside the lock
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  while (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    const bool is_fresh =
        now - connection->last_use() < std::min(connection->idle_limit, most_idle);
    if (is_fresh && connection->is_quiet()) return connection;
    given_up.push_back(std::move(connection));
  }
  return nullptr;
}

void ConnectionPool::give(std::unique_ptr<Connection> connection) {
  connection->was_used = true;
  connection->touch();
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(connection));
}

}  // namespace linkferry
