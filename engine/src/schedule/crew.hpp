#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace linkferry {

/// Places that a piece of work needs for itself, by their names, sorted.
using Places = std::vector<std::string>;

/// Whether two pieces of work have to wait for each other.
bool share_place(const Places& a, const Places& b);

/// A few threads that do pieces of work side by side, as far as they have no place in common.
///
/// Work is taken in the order in which it was added. What has to wait for a place keeps it from
/// what was added later, so that nothing waits forever. Thread: any.
class Crew {
 public:
  /// Threads that are not needed yet are not started.
  explicit Crew(std::size_t most_at_once);
  /// Waits until all that was added is done.
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// `work` throws nothing.
  void add(Places places, std::function<void()> work);
  /// Until all that was added is done.
  void wait();

 private:
  struct Piece {
    Places places;
    std::function<void()> work;
    bool is_running = false;
  };
  using Pieces = std::list<Piece>;

  void labor(const std::stop_token& end);
  Pieces::iterator find_startable();

  std::size_t most_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  Pieces pieces_;  ///< waiting or running, in the order in which they were added
  std::vector<std::jthread> threads_;
};

}  // namespace linkferry
