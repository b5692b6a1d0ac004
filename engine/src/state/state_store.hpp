#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "linkferry/failure.hpp"

namespace linkferry {

class Database;

/// How far a source was read by a job.
struct Checkpoint {
  std::string text;          ///< what the source handed over last; opaque
  std::int64_t read_at = 0;  ///< seconds since 1970, UTC
};

/// A newer linkferry wrote the state: it is whole, and not for this one.
class NewerState : public Failure {
 public:
  explicit NewerState(const std::string& message) : Failure(FailureKind::state, message) {}
};

/// What linkferry remembers between runs: one SQLite database, readable by its owner alone.
///
/// Every change is durable when its call returns. Several processes may use it at the same time.
/// Thread: one at a time. Errors of all calls: Failure state when the database is damaged, is no
/// database, and the NewerState; Failure failed when the disk does not let it.
class StateStore {
 public:
  /// The version of the tables. A database with a higher one is refused.
  static constexpr int version = 4;

  /// Opens the database, makes it where there is none, with its folder, and looks it over.
  explicit StateStore(const std::filesystem::path& file);
  ~StateStore();
  StateStore(const StateStore&) = delete;
  StateStore& operator=(const StateStore&) = delete;

  /// How far the job has read the source. `digest` is that of the job now: a job that has changed
  /// since starts from the front.
  std::optional<Checkpoint> find_checkpoint(std::string_view job, std::string_view digest,
                                            std::string_view source);

  /// Puts it in the place of what was known of this job, as it is now, and the source.
  void store_checkpoint(std::string_view job, std::string_view digest, std::string_view source,
                        const Checkpoint& checkpoint);

  /// For the other parts of the state.
  Database& database() { return *database_; }

 private:
  std::unique_ptr<Database> database_;
};

/// `$XDG_STATE_HOME/linkferry/state.db`, else below `~/.local/state`.
/// Source: XDG Base Directory Specification 0.8 (read 2026-11-22): a relative path counts as not
/// set.
std::filesystem::path default_state_file();

/// Makes the folder, and what is missing above it, where it is not there: this one for its owner
/// alone. Returns 0, or the error number.
int make_state_folder(const std::filesystem::path& folder);

}  // namespace linkferry
