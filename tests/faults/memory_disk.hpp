#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace linkferry::test {

/// Where there is a place for that, temporary folders of this process lie in memory from here on:
/// what a sync is worth is told by crash_points.hpp, and a disk takes long for it.
inline void use_memory_as_disk() {
  if (std::filesystem::is_directory("/dev/shm") && ::access("/dev/shm", W_OK) == 0)
    ::setenv("TMPDIR", "/dev/shm", 1);
}

}  // namespace linkferry::test
