#include "host/staged_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>
#include <vector>

#include "host/staged_bytes.hpp"
#include "linkferry/failure.hpp"

namespace linkferry {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view marker = ".linkferry-";
constexpr std::size_t suffix_length = 6;
constexpr int max_symbolic_links = 40;

[[noreturn]] void fail(const std::string& target, std::string_view what) {
  throw Failure(FailureKind::failed, fmt::format("{}: {}", target, what));
}

/// `.NAME.linkferry-`; long names are cut so that the whole fits into 255 bytes.
std::string temporary_prefix(const fs::path& target) {
  const std::string name =
      target.filename().string().substr(0, 255 - 1 - marker.size() - suffix_length);
  return fmt::format(".{}{}", name, marker);
}

std::string random_suffix() {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::random_device random;
  std::string suffix;
  for (std::size_t i = 0; i < suffix_length; ++i) suffix += letters[random() % letters.size()];
  return suffix;
}

bool is_at(const fs::path& path, int file) {
  struct stat by_path {};
  struct stat by_file {};
  return ::lstat(path.c_str(), &by_path) == 0 && ::fstat(file, &by_file) == 0 &&
         by_path.st_ino == by_file.st_ino && by_path.st_dev == by_file.st_dev;
}

/// Removes what runs left that were killed. A living run holds a lock on its temporary file; the
/// kernel lets go of it however the run ends, so this needs no process numbers, which may be used
/// again.
void remove_leftovers(const fs::path& target) {
  const std::string prefix = temporary_prefix(target);
  std::error_code error;
  for (fs::directory_iterator it(target.parent_path(), error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name.size() != prefix.size() + suffix_length || !name.starts_with(prefix)) continue;
    const FileDescriptor file(
        ::open(it->path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file.is_open() || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0) continue;
    if (is_at(it->path(), file.get())) ::unlink(it->path().c_str());
  }
}

struct TemporaryFile {
  fs::path path;
  FileDescriptor file;
};

TemporaryFile make_temporary_file(const std::string& name, const fs::path& target, bool is_new) {
  for (;;) {
    TemporaryFile made{target.parent_path() / (temporary_prefix(target) + random_suffix()), {}};
    // A new file gets what the umask allows; one that replaces another gets its permissions in
    // `commit`.
    made.file = FileDescriptor(
        ::open(made.path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, is_new ? 0666 : 0600));
    if (!made.file.is_open()) {
      if (errno == EEXIST || errno == EINTR) continue;
      fail(name, fmt::format("cannot be written, because no file can be made in {}: {}",
                             target.parent_path().string(), std::strerror(errno)));
    }
    ::flock(made.file.get(), LOCK_EX | LOCK_NB);
    // Another run may have taken it for a leftover before it was locked.
    if (is_at(made.path, made.file.get())) return made;
  }
}

/// A file that takes the place of its target.
class ReplacingFile final : public StagedFile {
 public:
  ReplacingFile(const std::string& name, fs::path target, TemporaryFile temporary,
                ExpectedTarget expected)
      : target_(std::move(target)),
        expected_(std::move(expected)),
        temporary_(std::move(temporary.path)),
        bytes_(std::move(temporary.file), name) {}
  ~ReplacingFile() override {
    if (!is_committed_) ::unlink(temporary_.c_str());
  }

  void write(std::string_view bytes) override { bytes_.write(bytes); }
  std::uint64_t size_bytes() const override { return bytes_.size_bytes(); }
  std::size_t read_at(std::uint64_t offset, std::span<char> buffer) override {
    return bytes_.read_at(offset, buffer);
  }

  void commit() override {
    assert(!is_committed_);
    bytes_.flush();
    take_over_permissions();
    if (::fsync(bytes_.descriptor()) != 0) bytes_.fail("cannot be written to disk");
    take_place();
    is_committed_ = true;
    const FileDescriptor folder(
        ::open(target_.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // Some file systems cannot do this (EINVAL): there the rename is as durable as it gets.
    if (folder.is_open()) ::fsync(folder.get());
  }

 private:
  /// Rationale: what another run added since the target was read would be lost. Between the look
  /// and the rename there are microseconds; a file that is new cannot be taken over at all.
  void take_place() {
    if (expected_ && identity_of(target_.string()) != *expected_) fail_changed();
    const bool is_new = expected_ && !*expected_;
    if (::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, target_.c_str(),
                    is_new ? RENAME_NOREPLACE : 0) == 0) {
      return;
    }
    if (is_new && errno == EEXIST) fail_changed();
    // Not every file system knows the flag.
    if (errno != EINVAL || ::rename(temporary_.c_str(), target_.c_str()) != 0)
      bytes_.fail("cannot be replaced");
  }

  [[noreturn]] void fail_changed() const {
    throw Failure(FailureKind::temporary,
                  fmt::format("{}: was written by another program while this run was under way; it "
                              "was left alone, run again",
                              bytes_.target()));
  }

  void take_over_permissions() {
    struct stat present {};
    if (::stat(target_.c_str(), &present) != 0) return;
    // The owner can be kept by root only; for others the file becomes theirs, as with any editor.
    const bool is_owner_kept = ::fchown(bytes_.descriptor(), present.st_uid, present.st_gid) == 0;
    const mode_t kept = is_owner_kept ? 07777 : 0777;
    if (::fchmod(bytes_.descriptor(), present.st_mode & kept) != 0)
      bytes_.fail("permissions cannot be kept");
  }

  fs::path target_;
  ExpectedTarget expected_;
  fs::path temporary_;
  StagedBytes bytes_;
  bool is_committed_ = false;
};

/// Standard output, a pipe or a device: what cannot be replaced is written to at the end, in one
/// go.
class CopiedFile final : public StagedFile {
 public:
  CopiedFile(const std::string& name, FileDescriptor target, FileDescriptor temporary)
      : target_(std::move(target)), bytes_(std::move(temporary), name) {}

  void write(std::string_view bytes) override { bytes_.write(bytes); }
  std::uint64_t size_bytes() const override { return bytes_.size_bytes(); }
  std::size_t read_at(std::uint64_t offset, std::span<char> buffer) override {
    return bytes_.read_at(offset, buffer);
  }

  void commit() override {
    bytes_.flush();
    std::vector<char> buffer(256 * 1024);
    std::uint64_t offset = 0;
    while (const std::size_t count = bytes_.read_at(offset, buffer)) {
      copy_out({buffer.data(), count}, offset);
      offset += count;
    }
  }

 private:
  void copy_out(std::string_view bytes, std::uint64_t offset) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(target_.get(), bytes.data(), bytes.size());
      if (count < 0) {
        if (errno == EINTR) continue;
        fail(bytes_.target(),
             fmt::format("cannot be written beyond {} bytes: {}", offset, std::strerror(errno)));
      }
      bytes.remove_prefix(static_cast<std::size_t>(count));
      offset += static_cast<std::uint64_t>(count);
    }
  }

  FileDescriptor target_;
  StagedBytes bytes_;
};

std::unique_ptr<StagedFile> make_copied_file(const std::string& name, FileDescriptor target) {
  if (!target.is_open())
    fail(name, fmt::format("cannot be opened for writing: {}", std::strerror(errno)));
  const char* folder = std::getenv("TMPDIR");
  std::string path =
      fmt::format("{}/linkferry-XXXXXX", folder != nullptr && *folder != '\0' ? folder : "/tmp");
  FileDescriptor temporary(::mkostemp(path.data(), O_CLOEXEC));
  if (!temporary.is_open()) {
    fail(name, fmt::format("no temporary file can be made as {}: {}; set TMPDIR", path,
                           std::strerror(errno)));
  }
  ::unlink(path.c_str());
  return std::make_unique<CopiedFile>(name, std::move(target), std::move(temporary));
}

/// Where a chain of symbolic links ends, be there a file or not.
fs::path follow_links(const std::string& name) {
  fs::path path = fs::absolute(name);
  for (int i = 0; i < max_symbolic_links; ++i) {
    std::error_code error;
    const fs::path next = fs::read_symlink(path, error);
    if (error) return path;
    path = path.parent_path() / next;
  }
  fail(name, "is a symbolic link that leads in a circle");
}

}  // namespace

std::unique_ptr<StagedFile> stage_output_file(const std::string& path, ExpectedTarget expected) {
  if (path == "-")
    return make_copied_file("standard output",
                            FileDescriptor(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)));
  struct stat present {};
  const bool is_new = ::stat(path.c_str(), &present) != 0;
  if (!is_new && S_ISDIR(present.st_mode)) fail(path, "is a folder; name a file in it to write");
  if (!is_new && !S_ISREG(present.st_mode)) {
    // Without waiting for somebody who reads a named pipe.
    const int number = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (number < 0 && errno == ENXIO)
      fail(path, "is a pipe that nobody reads from; start the reader first");
    if (number >= 0) ::fcntl(number, F_SETFL, ::fcntl(number, F_GETFL) & ~O_NONBLOCK);
    return make_copied_file(path, FileDescriptor(number));
  }
  // A rename would replace it all the same; but somebody meant it to stay as it is.
  if (!is_new && ::access(path.c_str(), W_OK) != 0)
    fail(path, fmt::format("cannot be written: {}", std::strerror(errno)));
  const fs::path target = follow_links(path);
  remove_leftovers(target);
  return std::make_unique<ReplacingFile>(path, target, make_temporary_file(path, target, is_new),
                                         std::move(expected));
}

}  // namespace linkferry
