#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "linkferry/failure.hpp"
#include "linkferry/host.hpp"

namespace linkferry::test {

/// A disk in memory. `-` is a file like any other, but its input cannot be rewound.
///
/// Thread: `log` may be called from any thread; the rest as the test pleases.
class MemoryHost : public Host {
 public:
  struct Line {
    LogLevel level;
    std::string text;
  };

  std::map<std::string, std::string> files;
  std::vector<Line> log_lines;
  /// The sizes of successive reads, over and over; empty: as much as is asked for.
  std::vector<std::size_t> read_sizes;
  bool can_rewind = true;
  std::size_t commits = 0;
  std::size_t staged = 0;  ///< files started so far
  std::size_t fail_writes_after =
      SIZE_MAX;  ///< bytes of one staged file after which its disk is full

  MemoryHost() = default;
  explicit MemoryHost(std::map<std::string, std::string> content) : files(std::move(content)) {}

  bool has_logged(std::string_view part) const {
    return std::any_of(log_lines.begin(), log_lines.end(), [part](const Line& line) {
      return line.text.find(part) != std::string::npos;
    });
  }

  void log(LogLevel level, std::string_view message) override {
    const std::lock_guard lock(mutex_);
    log_lines.push_back({level, std::string(message)});
  }
  bool file_exists(const std::string& path) override { return path != "-" && files.contains(path); }
  std::unique_ptr<InputFile> open_file(const std::string& path) override {
    const auto found = files.find(path);
    if (found == files.end()) throw Failure(FailureKind::input, path + ": no such file");
    return std::make_unique<Input>(path, found->second, read_sizes, can_rewind && path != "-");
  }
  std::unique_ptr<StagedFile> stage_file(const std::string& path) override {
    ++staged;
    return std::make_unique<Staged>(*this, path);
  }

 private:
  class Input : public InputFile {
   public:
    Input(std::string path, std::string bytes, std::vector<std::size_t> sizes, bool can_rewind)
        : name_(path == "-" ? "standard input" : std::move(path)),
          bytes_(std::move(bytes)),
          sizes_(std::move(sizes)),
          can_rewind_(can_rewind) {}

    std::size_t read(std::span<char> buffer) override {
      std::size_t count = std::min(buffer.size(), bytes_.size() - at_);
      if (!sizes_.empty()) count = std::min(count, sizes_[turn_++ % sizes_.size()]);
      if (count != 0) std::memcpy(buffer.data(), bytes_.data() + at_, count);
      at_ += count;
      return count;
    }
    bool rewind() override {
      if (can_rewind_) at_ = 0;
      return can_rewind_;
    }
    std::uint64_t size_bytes() const override { return can_rewind_ ? bytes_.size() : 0; }
    const std::string& name() const override { return name_; }

   private:
    std::string name_;
    std::string bytes_;
    std::vector<std::size_t> sizes_;
    bool can_rewind_;
    std::size_t at_ = 0;
    std::size_t turn_ = 0;
  };

  class Staged : public StagedFile {
   public:
    Staged(MemoryHost& host, std::string path) : host_(host), path_(std::move(path)) {}

    void write(std::string_view bytes) override {
      if (bytes_.size() + bytes.size() > host_.fail_writes_after) {
        throw Failure(FailureKind::failed, path_ + ": no space left on device");
      }
      bytes_.append(bytes);
    }
    std::uint64_t size_bytes() const override { return bytes_.size(); }
    std::size_t read_at(std::uint64_t offset, std::span<char> buffer) override {
      if (offset >= bytes_.size()) return 0;
      return bytes_.copy(buffer.data(), buffer.size(), static_cast<std::size_t>(offset));
    }
    void commit() override {
      host_.files[path_] = bytes_;
      ++host_.commits;
    }

   private:
    MemoryHost& host_;
    std::string path_;
    std::string bytes_;
  };

  std::mutex mutex_;
};

}  // namespace linkferry::test
