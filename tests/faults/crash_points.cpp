// Both names of each function are wanted, not one in the place of the other.
#undef _FILE_OFFSET_BITS

#include "crash_points.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <vector>

#define LINKFERRY_INTERPOSED extern "C" __attribute__((visibility("default")))

namespace linkferry::test {
namespace {

using FileId = std::pair<dev_t, ino_t>;

/// What a write has put in the place of what, until it is synced.
struct Unsynced {
  FileId file;
  off_t offset;
  off_t size_before;
  std::string before;  ///< what stood there, as far as there was something
};

struct Renamed {
  std::string from;
  std::string to;
  std::string kept;  ///< another name of what `to` was; empty: there was nothing
};

/// The disk below one folder, and what of it would not survive the machine.
struct Watch {
  std::recursive_mutex mutex;
  std::string folder;
  std::string spare;
  Mishap mishap = Mishap::none;
  std::uint64_t at = 0;
  SharedPoints* shared = nullptr;
  bool is_full = false;
  bool is_traced = std::getenv("LINKFERRY_FAULTS_TRACE") != nullptr;
  std::minstd_rand random;
  std::map<FileId, int> descriptors;  ///< duplicates, never closed: closing one would lose locks
  std::vector<Unsynced> unsynced;
  std::vector<Renamed> renamed;
  std::set<int> asking;                        ///< sockets on which a request is out
  std::map<int, std::string> made_up_answers;  ///< for sockets: what is left of them
};

Watch* watch = nullptr;
std::atomic<long> seconds_ahead{0};  ///< of the steady clock
std::atomic<long> date_ahead{0};     ///< in seconds

enum class PointKind { other, write, request, answer };

bool is_point(PointKind kind) {
  switch (measure_of(watch->mishap)) {
    case Mishap::torn:
      return kind == PointKind::write;
    case Mishap::lost_reply:
      return kind == PointKind::answer;
    case Mishap::turned_away:
      return kind == PointKind::request;
    default:
      return true;
  }
}

std::string path_of(int file) {
  char link[64];
  char path[512];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t size = ::readlink(link, path, sizeof path);
  return size > 0 ? std::string(path, static_cast<std::size_t>(size)) : std::string();
}

/// What SQLite shares between processes is made anew from the rest.
bool is_watched(const std::string& path) {
  return watch != nullptr && path.starts_with(watch->folder + "/") && !path.ends_with("-shm") &&
         path.find("/../") == std::string::npos;
}

FileId id_of(int file) {
  struct stat found {};
  ::fstat(file, &found);
  return {found.st_dev, found.st_ino};
}

/// Notes what a write of `size` bytes is about to cover.
void note_write(int file, std::size_t size, off_t offset) {
  struct stat found {};
  ::fstat(file, &found);
  const FileId id{found.st_dev, found.st_ino};
  if (!watch->descriptors.contains(id))
    watch->descriptors[id] = ::open(("/proc/self/fd/" + std::to_string(file)).c_str(), O_RDWR);
  Unsynced entry{id, offset, found.st_size, std::string(size, '\0')};
  const long count =
      ::syscall(SYS_pread64, watch->descriptors[id], entry.before.data(), size, offset);
  entry.before.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  watch->unsynced.push_back(std::move(entry));
}

/// Undoes what was not synced; of the scattered ones, some.
void lose_unsynced() {
  const auto is_kept = [] {
    return watch->mishap == Mishap::scattered && watch->random() % 2 == 0;
  };
  for (auto entry = watch->unsynced.rbegin(); entry != watch->unsynced.rend(); ++entry) {
    if (is_kept()) continue;
    const int file = watch->descriptors[entry->file];
    ::syscall(SYS_pwrite64, file, entry->before.data(), entry->before.size(), entry->offset);
    ::syscall(SYS_ftruncate, file, entry->size_before);
  }
  for (auto entry = watch->renamed.rbegin(); entry != watch->renamed.rend(); ++entry) {
    if (is_kept()) continue;
    ::syscall(SYS_renameat2, AT_FDCWD, entry->to.c_str(), AT_FDCWD, entry->from.c_str(), 0);
    if (!entry->kept.empty())
      ::syscall(SYS_renameat2, AT_FDCWD, entry->kept.c_str(), AT_FDCWD, entry->to.c_str(), 0);
  }
}

[[noreturn]] void die() {
  if (watch->mishap == Mishap::power_cut || watch->mishap == Mishap::scattered) lose_unsynced();
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();
}

/// Whether the mishap strikes now and the process lives on.
bool strike(const char* what, const std::string& path) {
  watch->shared->has_struck = true;
  std::snprintf(watch->shared->where, sizeof watch->shared->where, "%s %s", what,
                path.substr(path.rfind('/') + 1).c_str());
  switch (watch->mishap) {
    case Mishap::none:
      return false;
    case Mishap::terminate:
    case Mishap::cut_short:
      ::kill(::getpid(), SIGTERM);
      // The request to stop is made by another thread.
      ::usleep(300);
      return watch->mishap == Mishap::cut_short;
    case Mishap::disk_full:
      watch->is_full = true;
      return true;
    case Mishap::torn:
    case Mishap::lost_reply:
    case Mishap::turned_away:
    case Mishap::failed_after:
      return true;
    case Mishap::killed:
    case Mishap::power_cut:
    case Mishap::scattered:
      die();
  }
  return false;
}

bool pass(PointKind kind, const char* what, const std::string& path) {
  if (watch == nullptr || !is_point(kind)) return false;
  if (watch->is_traced)
    std::fprintf(stderr, "%llu %s %s\n", static_cast<unsigned long long>(watch->shared->count + 1),
                 what, path.c_str());
  return ++watch->shared->count == watch->at && strike(what, path);
}

ssize_t watched_write(int file, const void* bytes, std::size_t size, off_t offset,
                      bool has_offset) {
  const auto write_out = [&](std::size_t count) {
    return has_offset ? ::syscall(SYS_pwrite64, file, bytes, count, offset)
                      : ::syscall(SYS_write, file, bytes, count);
  };
  if (watch == nullptr) return write_out(size);
  const std::string path = path_of(file);
  if (!is_watched(path)) return write_out(size);
  const std::lock_guard lock(watch->mutex);
  const bool is_struck = pass(PointKind::write, "write", path);
  if (watch->is_full) {
    errno = ENOSPC;
    return -1;
  }
  note_write(file, size, has_offset ? offset : ::lseek(file, 0, SEEK_CUR));
  if (!is_struck) return write_out(size);
  write_out(size / 2);
  die();
}

int watched_sync(int file, long call) {
  if (watch != nullptr) {
    const std::string path = path_of(file);
    if (is_watched(path + "/")) {
      const std::lock_guard lock(watch->mutex);
      pass(PointKind::other, "sync", path);
      const FileId id = id_of(file);
      std::erase_if(watch->unsynced, [&](const Unsynced& entry) { return entry.file == id; });
      std::erase_if(watch->renamed, [&](const Renamed& entry) {
        return entry.to.substr(0, entry.to.rfind('/')) == path;
      });
      // Nothing in memory needs to go to a disk.
      return 0;
    }
  }
  return static_cast<int>(::syscall(call, file));
}

int watched_truncate(int file, off_t size) {
  if (watch != nullptr) {
    const std::string path = path_of(file);
    if (is_watched(path)) {
      const std::lock_guard lock(watch->mutex);
      pass(PointKind::other, "truncate", path);
      struct stat found {};
      ::fstat(file, &found);
      if (found.st_size > size)
        note_write(file, static_cast<std::size_t>(found.st_size - size), size);
    }
  }
  return static_cast<int>(::syscall(SYS_ftruncate, file, size));
}

int watched_rename(const char* from, const char* to, unsigned flags) {
  if (is_watched(to)) {
    const std::lock_guard lock(watch->mutex);
    pass(PointKind::other, "rename to", to);
    Renamed entry{from, to, watch->spare + "/kept-" + std::to_string(watch->random())};
    if (::link(to, entry.kept.c_str()) != 0) entry.kept.clear();
    watch->renamed.push_back(std::move(entry));
  }
  return static_cast<int>(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags));
}

/// A request is out and its answer is here, but nobody has looked at it.
void wait_for_answer(int socket) {
  pollfd answer{socket, POLLIN, 0};
  constexpr int patience_ms = 5000;
  ::poll(&answer, 1, patience_ms);
}

constexpr char turned_away_answer[] =
    "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 2\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";
constexpr char failed_answer[] =
    "HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/html\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";

/// Nothing real comes through this connection any more, but this.
void answer_in_its_place(int socket, const char* answer) {
  watch->made_up_answers[socket] = answer;
  ::shutdown(socket, SHUT_RDWR);
}

ssize_t take_made_up(int socket, void* bytes, size_t size) {
  std::string& answer = watch->made_up_answers[socket];
  const std::size_t count = std::min(size, answer.size());
  std::memcpy(bytes, answer.data(), count);
  answer.erase(0, count);
  return static_cast<ssize_t>(count);
}

}  // namespace

void arm_points(const std::string& folder, const std::string& spare, Mishap mishap,
                std::uint64_t at, std::uint64_t seed, SharedPoints& shared) {
  auto* const made = new Watch;  // For the rest of the process.
  made->folder = folder;
  made->spare = spare;
  made->mishap = mishap;
  made->at = at;
  made->shared = &shared;
  made->random.seed(static_cast<unsigned>(seed + 1));
  watch = made;
}

void set_date(long seconds_later) { date_ahead = seconds_later; }

void pass_last_point() {
  if (watch == nullptr) return;
  const std::lock_guard lock(watch->mutex);
  pass(PointKind::other, "the end", "");
}

}  // namespace linkferry::test

using namespace linkferry::test;

// NOLINTBEGIN(readability-identifier-naming): names of the C library.
LINKFERRY_INTERPOSED void linkferry_crash_point(const char* what) {
  if (watch == nullptr) return;
  const std::lock_guard lock(watch->mutex);
  pass(PointKind::other, what, "");
}
LINKFERRY_INTERPOSED ssize_t write(int file, const void* bytes, size_t size) {
  return watched_write(file, bytes, size, 0, false);
}
LINKFERRY_INTERPOSED ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  return watched_write(file, bytes, size, offset, true);
}
LINKFERRY_INTERPOSED ssize_t pwrite64(int file, const void* bytes, size_t size, off_t offset) {
  return watched_write(file, bytes, size, offset, true);
}
LINKFERRY_INTERPOSED int fsync(int file) { return watched_sync(file, SYS_fsync); }
LINKFERRY_INTERPOSED int fdatasync(int file) { return watched_sync(file, SYS_fdatasync); }
LINKFERRY_INTERPOSED int ftruncate(int file, off_t size) noexcept {
  return watched_truncate(file, size);
}
LINKFERRY_INTERPOSED int ftruncate64(int file, off_t size) noexcept {
  return watched_truncate(file, size);
}
LINKFERRY_INTERPOSED int rename(const char* from, const char* to) noexcept {
  return watched_rename(from, to, 0);
}
LINKFERRY_INTERPOSED int renameat2(int, const char* from, int, const char* to,
                                   unsigned flags) noexcept {
  return watched_rename(from, to, flags);
}
LINKFERRY_INTERPOSED int unlink(const char* path) noexcept {
  if (is_watched(path)) {
    const std::lock_guard lock(watch->mutex);
    pass(PointKind::other, "removal of", path);
  }
  return static_cast<int>(::syscall(SYS_unlink, path));
}
LINKFERRY_INTERPOSED ssize_t send(int socket, const void* bytes, size_t size, int flags) {
  if (watch != nullptr) {
    const std::lock_guard lock(watch->mutex);
    // A request may go out in several parts.
    if (watch->asking.insert(socket).second) {
      watch->made_up_answers.erase(socket);
      if (pass(PointKind::request, "request", "")) answer_in_its_place(socket, turned_away_answer);
    }
    if (watch->made_up_answers.contains(socket)) return static_cast<ssize_t>(size);
  }
  return ::syscall(SYS_sendto, socket, bytes, size, flags, nullptr, 0);
}
LINKFERRY_INTERPOSED ssize_t recv(int socket, void* bytes, size_t size, int flags) {
  if (watch != nullptr) {
    const std::lock_guard lock(watch->mutex);
    if (watch->asking.erase(socket) != 0 && !watch->made_up_answers.contains(socket)) {
      wait_for_answer(socket);
      if (pass(PointKind::answer, "answer", "")) {
        answer_in_its_place(socket, watch->mishap == Mishap::failed_after ? failed_answer : "");
      }
    }
    if (watch->made_up_answers.contains(socket)) return take_made_up(socket, bytes, size);
  }
  return ::syscall(SYS_recvfrom, socket, bytes, size, flags, nullptr, nullptr);
}
LINKFERRY_INTERPOSED int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const auto result = static_cast<int>(::syscall(SYS_clock_gettime, clock, time));
  if (clock == CLOCK_MONOTONIC) time->tv_sec += seconds_ahead.load();
  if (clock == CLOCK_REALTIME) time->tv_sec += date_ahead.load();
  return result;
}
LINKFERRY_INTERPOSED int gettimeofday(timeval* time, void*) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  *time = {now.tv_sec, now.tv_nsec / 1000};
  return 0;
}
/// What waits until a time has it at once: the clock goes ahead.
LINKFERRY_INTERPOSED int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                                clockid_t clock, const timespec* until) {
  const bool skips_pauses = watch != nullptr && (watch->mishap == Mishap::lost_reply ||
                                                 watch->mishap == Mishap::turned_away ||
                                                 watch->mishap == Mishap::failed_after);
  if (!skips_pauses) {
    timespec there = *until;
    there.tv_sec -= clock == CLOCK_MONOTONIC ? seconds_ahead.load() : 0;
    static const auto original = reinterpret_cast<decltype(&pthread_cond_clockwait)>(
        ::dlsym(RTLD_NEXT, "pthread_cond_clockwait"));
    return original(condition, mutex, clock, &there);
  }
  timespec present{};
  clock_gettime(clock, &present);
  if (present.tv_sec <= until->tv_sec) seconds_ahead += until->tv_sec - present.tv_sec + 1;
  return ETIMEDOUT;
}
// NOLINTEND(readability-identifier-naming)
