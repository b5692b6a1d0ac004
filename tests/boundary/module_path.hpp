#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "linkferry/failure.hpp"
#include "support/catch.hpp"

namespace linkferry::boundary {

namespace fs = std::filesystem;

/// One of the modules that were built for these tests.
inline fs::path module_path(const std::string& name) {
  return fs::path(LINKFERRY_MODULES) / (name + ".so");
}

/// A folder of its own, removed at the end.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string path = (fs::temp_directory_path() / "linkferry-test-XXXXXX").string();
    REQUIRE(::mkdtemp(path.data()) != nullptr);
    path_ = path;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  fs::path operator/(const std::string& name) const { return path_ / name; }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

inline std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_bytes(const fs::path& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// The Failure that `call` throws; fails the test when it throws none.
template <class Call>
Failure failure_of(Call&& call) {
  try {
    call();
  } catch (const Failure& failure) {
    return failure;
  }
  FAIL("nothing was thrown");
  return Failure(FailureKind::failed, "");
}

}  // namespace linkferry::boundary
