#include "host/input_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "host/file_descriptor.hpp"
#include "linkferry/failure.hpp"

namespace linkferry {
namespace {

/// How often a wait for a pipe looks whether it should stop.
constexpr int stop_check_ms = 100;

[[noreturn]] void fail(const std::string& name, std::string_view what) {
  throw Failure(FailureKind::input, fmt::format("{}: {}", name, what));
}

class EngineInputFile final : public InputFile {
 public:
  EngineInputFile(std::string name, FileDescriptor file, std::stop_token stop)
      : name_(std::move(name)), file_(std::move(file)), stop_(std::move(stop)) {
    if (::fstat(file_.get(), &opened_) != 0) fail(name_, std::strerror(errno));
    if (S_ISDIR(opened_.st_mode)) fail(name_, "is a folder, expected a file");
    start_ = ::lseek(file_.get(), 0, SEEK_CUR);
    (void)::posix_fadvise(file_.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  }

  std::size_t read(std::span<char> buffer) override {
    std::size_t filled = 0;
    while (filled < buffer.size()) {
      if (!is_regular()) wait_for_bytes();
      const ssize_t count = ::read(file_.get(), buffer.data() + filled, buffer.size() - filled);
      if (count == 0) break;
      if (count > 0) {
        filled += static_cast<std::size_t>(count);
      } else if (errno != EINTR) {
        fail(name_, fmt::format("cannot be read: {}", std::strerror(errno)));
      }
    }
    return filled;
  }

  bool rewind() override {
    if (!is_regular()) return false;
    struct stat now {};
    if (::fstat(file_.get(), &now) != 0) fail(name_, std::strerror(errno));
    const bool is_same = now.st_size == opened_.st_size &&
                         now.st_mtim.tv_sec == opened_.st_mtim.tv_sec &&
                         now.st_mtim.tv_nsec == opened_.st_mtim.tv_nsec;
    if (!is_same) fail(name_, "was changed while it was read; run again when nothing writes to it");
    if (::lseek(file_.get(), start_, SEEK_SET) < 0) fail(name_, std::strerror(errno));
    return true;
  }

  std::uint64_t size_bytes() const override {
    return is_regular() && opened_.st_size > start_
               ? static_cast<std::uint64_t>(opened_.st_size - start_)
               : 0;
  }

  const std::string& name() const override { return name_; }

 private:
  /// Only these can be read twice. Standard input that a shell opened on a file is one too.
  bool is_regular() const { return S_ISREG(opened_.st_mode) && start_ >= 0; }

  void wait_for_bytes() {
    for (;;) {
      if (stop_.stop_requested()) {
        throw Failure(FailureKind::interrupted,
                      fmt::format("{}: stopped while waiting for it", name_));
      }
      pollfd wanted{file_.get(), POLLIN, 0};
      const int ready = ::poll(&wanted, 1, stop_check_ms);
      if (ready > 0) return;
      if (ready < 0 && errno != EINTR) fail(name_, std::strerror(errno));
    }
  }

  std::string name_;
  FileDescriptor file_;
  std::stop_token stop_;
  struct stat opened_ {};
  off_t start_ = 0;
};

/// Without waiting: a named pipe opens before anybody writes to it, and `wait_for_bytes` does the
/// waiting.
FileDescriptor open_for_reading(const std::string& path) {
  if (path == "-") return FileDescriptor(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
  for (;;) {
    const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (number < 0 && errno == EINTR) continue;
    if (number >= 0) ::fcntl(number, F_SETFL, ::fcntl(number, F_GETFL) & ~O_NONBLOCK);
    return FileDescriptor(number);
  }
}

}  // namespace

std::unique_ptr<InputFile> open_input_file(const std::string& path, std::stop_token stop) {
  const std::string name = path == "-" ? "standard input" : path;
  FileDescriptor file = open_for_reading(path);
  if (!file.is_open()) fail(name, fmt::format("cannot be opened: {}", std::strerror(errno)));
  return std::make_unique<EngineInputFile>(name, std::move(file), std::move(stop));
}

}  // namespace linkferry
