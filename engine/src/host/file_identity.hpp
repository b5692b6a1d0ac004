#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>

namespace linkferry {

/// What tells whether a file is still the one that was looked at.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  off_t size_bytes = 0;
  timespec modified{};

  bool operator==(const FileIdentity& other) const {
    return device == other.device && inode == other.inode && size_bytes == other.size_bytes &&
           modified.tv_sec == other.modified.tv_sec && modified.tv_nsec == other.modified.tv_nsec;
  }
};

/// Nothing where there is no file.
inline std::optional<FileIdentity> identity_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  return FileIdentity{status.st_dev, status.st_ino, status.st_size, status.st_mtim};
}

}  // namespace linkferry
