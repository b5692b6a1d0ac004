#include "cli/token_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <random>

#include "linkferry/failure.hpp"
#include "net/secret_text.hpp"

namespace linkferry {

namespace {

namespace fs = std::filesystem;

constexpr mode_t for_the_owner = S_IRUSR | S_IWUSR;

fs::path temporary_beside(const fs::path& target) {
  std::random_device random;
  return target.parent_path() /
         fmt::format(".{}.{:08x}", target.filename().string().substr(0, 200), random());
}

}  // namespace

TokenFile::TokenFile(fs::path target, bool replaces)
    : target_(std::move(target)), replaces_(replaces) {
  do {
    temporary_ = temporary_beside(target_);
    file_ = FileDescriptor(
        ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, for_the_owner));
  } while (!file_.is_open() && (errno == EEXIST || errno == EINTR));
  if (!file_.is_open()) {
    const std::string reason = std::strerror(errno);
    temporary_.clear();
    fail(fmt::format("no file can be made in {}: {}", target_.parent_path().string(), reason));
  }
  // A umask can only take away; a default ACL of the folder could add.
  if (::fchmod(file_.get(), for_the_owner) != 0) fail(std::strerror(errno));
}

TokenFile::~TokenFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void TokenFile::fail(std::string_view what) const {
  throw Failure(FailureKind::failed,
                fmt::format("{}: the token cannot be stored: {}", target_.string(), what));
}

void TokenFile::store(const Secret& token) {
  write_all(SecretText::of(token));
  write_all("\n");
  if (::fsync(file_.get()) != 0) fail(std::strerror(errno));
  make_visible();
  temporary_.clear();
}

void TokenFile::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void TokenFile::make_visible() {
  if (!replaces_) {
    if (::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) == 0)
      return;
    if (errno == EEXIST) fail("a file of that name has come up meanwhile; run it again");
    // Some file systems know no such rename; the gap between the look and the rename is small.
    if (errno != EINVAL && errno != ENOSYS) fail(std::strerror(errno));
  }
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(std::strerror(errno));
}

void make_private_folder(const fs::path& folder) {
  std::error_code error;
  if (folder.empty() || fs::is_directory(folder, error)) return;
  make_private_folder(folder.parent_path());
  if (::mkdir(folder.c_str(), S_IRWXU) == 0 || errno == EEXIST) return;
  throw Failure(FailureKind::failed, fmt::format("{}: this folder cannot be made: {}",
                                                 folder.string(), std::strerror(errno)));
}

}  // namespace linkferry
