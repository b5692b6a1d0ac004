#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

namespace linkferry {

/// Why a run cannot go on. Each kind has one exit code (README, "Exit codes").
enum class FailureKind {
  failed,          ///< anything without a kind of its own: disk full, a plugin that misbehaves
  blocked,         ///< a safety limit; nothing was written
  temporary,       ///< the same may work later
  usage,           ///< the command line
  input,           ///< an input file is missing or unreadable
  authentication,  ///< who we are, or what we may do
  configuration,   ///< the config file, an option, or a file that is no bookmark file
  interrupted,     ///< asked to stop
  state,           ///< what linkferry remembers between runs is damaged, or of a newer version
  stale,           ///< a plan that no longer is what would be done, or was never made here
  locked,          ///< another run is at it
  limit_reached,   ///< at a limit of the run (--max-duration); what was done is kept, and it can go
                   ///< on later
};

/// The one exception that stops a run. Plugins throw it too; it is copied at the plugin boundary.
/// `what()` says what, where (file, line or URL), what was found and expected, and what to do next.
class Failure : public std::runtime_error {
 public:
  Failure(FailureKind kind, const std::string& message)
      : std::runtime_error(message), kind_(kind) {}

  FailureKind kind() const { return kind_; }

 private:
  FailureKind kind_;
};

}  // namespace linkferry
