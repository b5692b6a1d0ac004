#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace linkferry::test {

/// A new folder that goes away with everything in it.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string file(std::string_view name) const { return (path_ / name).string(); }
  void write(std::string_view name, std::string_view text) const;
  /// The whole file; fails the test when it is not there.
  std::string read(std::string_view name) const;
  bool has(std::string_view name) const { return std::filesystem::exists(path_ / name); }
  /// The names in it, sorted; hidden ones too.
  std::vector<std::string> names() const;

 private:
  std::filesystem::path path_;
};

struct Ran {
  int code = -1;  ///< the exit code, or 128 + the signal that ended it
  std::string out;
  std::string err;
  std::uint64_t peak_memory_bytes = 0;
};

struct RunSettings {
  std::string input;       ///< of standard input, from a file
  std::string input_pipe;  ///< a path to open for standard input instead, when it is not empty
  std::string output;      ///< a path to open for standard output, when it is not empty
  std::chrono::seconds patience{60};  ///< what takes longer fails the test
  std::map<std::string, std::string>
      variables;  ///< all there are, but for HOME, PATH and those of sanitizers
};

/// Runs the program in `folder` and waits for it.
Ran run(const Folder& folder, const std::vector<std::string>& arguments,
        const RunSettings& settings = {});

/// Starts it and returns at once. `out` and `err` of the folder take what it writes.
pid_t start(const Folder& folder, const std::vector<std::string>& arguments,
            const RunSettings& settings = {});

/// Waits for what `start` started.
Ran wait_for(const Folder& folder, pid_t process,
             std::chrono::seconds patience = std::chrono::seconds(60));

/// What a program that was started there has written to standard error so far.
std::string errors_so_far(const Folder& folder);

/// Two bookmarks as JSON lines, as the program writes them.
inline constexpr char two_bookmarks[] =
    "{\"url\":\"https://a.example/\",\"title\":\"A\",\"tags\":[\"x\"]}\n"
    "{\"url\":\"https://b.example/\",\"title\":\"B\",\"folders\":[[\"F\",\"G\"]]}\n";

}  // namespace linkferry::test
