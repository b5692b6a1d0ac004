#include "contract/slow_host.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "linkferry/failure.hpp"

namespace linkferry::contract {
namespace {

constexpr std::size_t portion_bytes = 16 * 1024;
constexpr std::chrono::milliseconds read_time{20 * slowdown};
constexpr std::chrono::milliseconds write_time{5 * slowdown};

class SlowInput final : public InputFile {
 public:
  explicit SlowInput(std::unique_ptr<InputFile> file) : file_(std::move(file)) {}
  std::size_t read(std::span<char> buffer) override {
    std::this_thread::sleep_for(read_time);
    return file_->read(buffer.first(std::min(buffer.size(), portion_bytes)));
  }
  bool rewind() override { return file_->rewind(); }
  std::uint64_t size_bytes() const override { return file_->size_bytes(); }
  const std::string& name() const override { return file_->name(); }

 private:
  std::unique_ptr<InputFile> file_;
};

/// Hands everything on to another staged file.
class PassedOn : public StagedFile {
 public:
  explicit PassedOn(std::unique_ptr<StagedFile> file) : file_(std::move(file)) {}
  void write(std::string_view bytes) override { file_->write(bytes); }
  std::uint64_t size_bytes() const override { return file_->size_bytes(); }
  std::size_t read_at(std::uint64_t offset, std::span<char> buffer) override {
    return file_->read_at(offset, buffer);
  }
  void commit() override { file_->commit(); }

 private:
  std::unique_ptr<StagedFile> file_;
};

class SlowStaged final : public PassedOn {
 public:
  using PassedOn::PassedOn;
  void write(std::string_view bytes) override {
    std::this_thread::sleep_for(write_time);
    PassedOn::write(bytes);
  }
};

class FullStaged final : public PassedOn {
 public:
  FullStaged(std::unique_ptr<StagedFile> file, std::string path, std::uint64_t room)
      : PassedOn(std::move(file)), path_(std::move(path)), room_(room) {}
  void write(std::string_view bytes) override {
    if (size_bytes() + bytes.size() > room_) {
      throw Failure(FailureKind::failed,
                    fmt::format("{}: cannot be written: No space left on device", path_));
    }
    PassedOn::write(bytes);
  }

 private:
  std::string path_;
  std::uint64_t room_;
};

}  // namespace

std::unique_ptr<InputFile> SlowHost::open_file(const std::string& path) {
  return std::make_unique<SlowInput>(host_.open_file(path));
}

std::unique_ptr<StagedFile> SlowHost::stage_file(const std::string& path) {
  return std::make_unique<SlowStaged>(host_.stage_file(path));
}

std::unique_ptr<StagedFile> FullHost::stage_file(const std::string& path) {
  return std::make_unique<FullStaged>(host_.stage_file(path), path, room_);
}

}  // namespace linkferry::contract
