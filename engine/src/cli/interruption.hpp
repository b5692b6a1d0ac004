#pragma once

#include <functional>
#include <memory>
#include <stop_token>

namespace linkferry {

/// Listens to SIGINT and SIGTERM for as long as it lives, and to SIGHUP where that is wanted. The
/// first of the former asks for a stop, so that what
/// is in flight is finished and nothing half-written stays; the second ends the program at once. At
/// most one at a time.
///
/// Rationale: a signal handler may do next to nothing, so it writes a byte into a pipe, and a
/// thread of its own reads it.
class Interruption {
 public:
  /// `stop` outlives this. Errors: Failure failed, when there is no pipe to be had.
  explicit Interruption(std::stop_source& stop);
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  /// From now on SIGHUP calls `action`, in a thread of its own; until now it ended the program.
  /// Several that come close together are one. Empty: it is listened to no more, and `action` is
  /// not running any more when this returns. A SIGHUP that is ignored stays ignored.
  void on_hangup(std::function<void()> action);

  /// The signal that came first; 0 for none yet. Thread: any.
  static int signal();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace linkferry
