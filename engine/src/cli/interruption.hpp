#pragma once

#include <memory>
#include <stop_token>

namespace linkferry {

/// Listens to SIGINT and SIGTERM for as long as it lives. The first asks for a stop, so that what
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

  /// The signal that came first; 0 for none yet. Thread: any.
  static int signal();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace linkferry
