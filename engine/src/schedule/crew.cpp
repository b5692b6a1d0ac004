#include "schedule/crew.hpp"

#include <algorithm>

namespace linkferry {

bool share_place(const Places& a, const Places& b) {
  return std::ranges::any_of(
      a, [&](const std::string& place) { return std::ranges::binary_search(b, place); });
}

Crew::Crew(std::size_t most_at_once) : most_(std::max<std::size_t>(most_at_once, 1)) {}

Crew::~Crew() { wait(); }

void Crew::add(Places places, std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  pieces_.push_back({std::move(places), std::move(work), false});
  if (threads_.size() < std::min(most_, pieces_.size()))
    threads_.emplace_back([this](const std::stop_token& end) { labor(end); });
  changed_.notify_all();
}

void Crew::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return pieces_.empty(); });
}

Crew::Pieces::iterator Crew::find_startable() {
  for (auto piece = pieces_.begin(); piece != pieces_.end(); ++piece) {
    if (piece->is_running) continue;
    const auto is_in_the_way = [&](const Piece& earlier) {
      return share_place(earlier.places, piece->places);
    };
    // What runs may have been added later.
    const bool must_wait = std::any_of(pieces_.begin(), piece, is_in_the_way) ||
                           std::any_of(std::next(piece), pieces_.end(), [&](const Piece& later) {
                             return later.is_running && is_in_the_way(later);
                           });
    if (!must_wait) return piece;
  }
  return pieces_.end();
}

void Crew::labor(const std::stop_token& end) {
  std::unique_lock lock(mutex_);
  auto piece = pieces_.end();
  while (changed_.wait(lock, end, [&] { return (piece = find_startable()) != pieces_.end(); })) {
    piece->is_running = true;
    lock.unlock();
    piece->work();
    lock.lock();
    pieces_.erase(piece);
    changed_.notify_all();
  }
}

}  // namespace linkferry
