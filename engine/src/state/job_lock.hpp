#pragma once

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
  /// `folder` is made where there is none. Errors: Failure locked, naming the process and the host
  /// that hold it; Failure failed when the folder does not let it.
  JobLock(const std::filesystem::path& folder, std::string_view name, std::string_view what);
  ~JobLock();
  JobLock(JobLock&& other) noexcept : file_(other.file_) { other.file_ = -1; }
  JobLock& operator=(JobLock&&) = delete;

 private:
  int file_ = -1;
};

}  // namespace linkferry
