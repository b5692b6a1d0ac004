#include "state/job_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <system_error>

#include "linkferry/failure.hpp"
#include "state/state_store.hpp"

namespace linkferry {
namespace {

constexpr std::size_t most_bytes = 512;

std::string host_name() {
  char name[256] = "";
  ::gethostname(name, sizeof name - 1);
  return name;
}

std::string holder_of(int file) {
  char text[most_bytes];
  const ssize_t size = ::pread(file, text, sizeof text, 0);
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : "another process";
}

[[noreturn]] void fail(const std::filesystem::path& path) {
  throw Failure(FailureKind::failed,
                fmt::format("{}: cannot be locked: {}; $XDG_STATE_HOME names another folder",
                            path.string(), std::generic_category().message(errno)));
}

}  // namespace

JobLock::JobLock(const std::filesystem::path& folder, std::string_view name, std::string_view what,
                 Sharing sharing) {
  for (const auto& each : {folder.parent_path(), folder}) {
    if (const int error = make_state_folder(each); error != 0) {
      errno = error;
      fail(each);
    }
  }
  const auto path = folder / fmt::format("{:016x}.lock", XXH3_64bits(name.data(), name.size()));
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file_ < 0) fail(path);
  const int kind = sharing == Sharing::alone ? LOCK_EX : LOCK_SH;
  if (::flock(file_, kind | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) fail(path);
    const std::string holder = holder_of(file_);
    ::close(file_);
    file_ = -1;
    throw Failure(FailureKind::locked, fmt::format("{} is busy: {} is at it; wait for its end, or "
                                                   "stop it, and run again",
                                                   what, holder));
  }
  const std::string text = fmt::format("process {} on {}", ::getpid(), host_name());
  // Only a message: the lock holds without it.
  if (::ftruncate(file_, 0) != 0 || ::pwrite(file_, text.data(), text.size(), 0) < 0) return;
}

JobLock::~JobLock() {
  if (file_ >= 0) ::close(file_);
}

std::filesystem::path state_lock_folder() { return default_state_file().parent_path() / "locks"; }

JobLock lock_state(JobLock::Sharing sharing) {
  return {state_lock_folder(), "state", "what linkferry remembers", sharing};
}

}  // namespace linkferry
