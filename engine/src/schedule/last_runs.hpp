#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "schedule/zone.hpp"

namespace linkferry {

/// What is remembered of runs when the daemon is not there: when each job was started last, so that
/// it is known what was missed. Thread: one at a time.
class LastRuns {
 public:
  virtual ~LastRuns() = default;
  /// Nothing: never, as far as is known.
  virtual std::optional<Moment> find(const std::string& job) = 0;
  /// Durable when it returns. Nothing: as if it had never run. Errors: Failure failed.
  virtual void store(const std::string& job, std::optional<Moment> started_at) = 0;
};

/// In a small file of its own: one line a job, `2026-11-22T08:15:00Z JOB`.
class LastRunsFile final : public LastRuns {
 public:
  /// Reads the file; one that is not there or holds something else is as good as empty, since it
  /// decides only whether a run comes early. Its folder is made when it is written.
  explicit LastRunsFile(std::filesystem::path file);

  std::optional<Moment> find(const std::string& job) override;
  void store(const std::string& job, std::optional<Moment> started_at) override;

 private:
  std::filesystem::path file_;
  std::map<std::string, Moment> by_job_;
};

}  // namespace linkferry
