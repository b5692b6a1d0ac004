#include "cli/peeking_host.hpp"

#include <algorithm>
#include <cstring>

#include "support/catch.hpp"

using namespace linkferry;

namespace {

class TextFile final : public InputFile {
 public:
  TextFile(std::string text, bool is_pipe) : text_(std::move(text)), is_pipe_(is_pipe) {}
  std::size_t read(std::span<char> buffer) override {
    const std::size_t count = std::min(buffer.size(), text_.size() - used_);
    std::memcpy(buffer.data(), text_.data() + used_, count);
    used_ += count;
    return count;
  }
  bool rewind() override {
    if (!is_pipe_) used_ = 0;
    return !is_pipe_;
  }
  std::uint64_t size_bytes() const override { return is_pipe_ ? 0 : text_.size(); }
  const std::string& name() const override { return name_; }

 private:
  std::string text_;
  std::string name_ = "text";
  std::size_t used_ = 0;
  bool is_pipe_;
};

/// Every file has the same text; a pipe can be opened once.
class OneTextHost final : public Host {
 public:
  OneTextHost(std::string text, bool is_pipe) : text_(std::move(text)), is_pipe_(is_pipe) {}
  void log(LogLevel, std::string_view) override {}
  std::unique_ptr<InputFile> open_file(const std::string&) override {
    ++opened;
    return std::make_unique<TextFile>(is_pipe_ && opened > 1 ? "" : text_, is_pipe_);
  }
  bool file_exists(const std::string&) override { return true; }
  std::unique_ptr<StagedFile> stage_file(const std::string&) override { return nullptr; }
  int opened = 0;

 private:
  std::string text_;
  bool is_pipe_;
};

std::string read_all(InputFile& file, std::size_t step) {
  std::string all;
  std::string buffer(step, '\0');
  while (const std::size_t count = file.read(buffer)) all.append(buffer, 0, count);
  return all;
}

std::string long_text() {
  std::string text;
  for (int i = 0; i < 40'000; ++i) text += std::to_string(i);
  return text;
}

}  // namespace

TEST_CASE("a file or a pipe that was looked at is read from its beginning", "[peeking]") {
  const bool is_pipe = GENERATE(true, false);
  const std::size_t step = GENERATE(std::size_t{7}, std::size_t{1} << 20);
  const std::string text = GENERATE(std::string(), std::string("short"), long_text());
  OneTextHost below(text, is_pipe);
  PeekingHost host(below);
  const auto head = host.peek("-");
  CHECK(head.bytes == text.substr(0, PeekingHost::head_bytes));
  CHECK(head.is_whole == (text.size() < PeekingHost::head_bytes));
  CHECK(host.peek("-").bytes == head.bytes);
  const auto file = host.open_file("-");
  CHECK(read_all(*file, step) == text);
  CHECK(file->rewind() != is_pipe);
}

TEST_CASE("a file that nobody looked at is opened as it is", "[peeking]") {
  OneTextHost below("abc", true);
  PeekingHost host(below);
  CHECK(read_all(*host.open_file("x"), 2) == "abc");
  CHECK(below.opened == 1);
}
