#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace linkferry {

/// A lock that one process holds on a job, or on a place that is written. The kernel takes it back
/// when the process ends, however it ends, so it is never stale.
///
/// Thread: any. Two locks of one name exclude each other within a process too.
class JobLock {
 public:
  enum class Sharing : std::uint8_t {
    alone,
    with_others,  ///< who share it too: only one that wants to be alone is kept out, and keeps out
  };

  /// `folder` is made where there is none, for one pair of eyes. Errors: Failure locked, naming the
  /// process and the host that hold it; Failure failed when the folder does not let it.
  JobLock(const std::filesystem::path& folder, std::string_view name, std::string_view what,
          Sharing sharing = Sharing::alone);
  ~JobLock();
  JobLock(JobLock&& other) noexcept : file_(other.file_) { other.file_ = -1; }
  JobLock& operator=(JobLock&&) = delete;

 private:
  int file_ = -1;
};

/// Where the locks of the state are: on jobs, places, schedules and the state as a whole.
std::filesystem::path state_lock_folder();

/// Holds the state where it is: whoever works with it shares it, whoever replaces its file is
/// alone. Taken before the state is opened. Errors: as JobLock.
JobLock lock_state(JobLock::Sharing sharing);

}  // namespace linkferry
