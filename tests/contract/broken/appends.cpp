#include "lines.hpp"

namespace linkferry::lines {

/// Adds to what is there instead of replacing it.
class AppendingSink final : public LinesSink {
 public:
  using LinesSink::LinesSink;
  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token stop) override {
    if (file_ == nullptr && host_.file_exists(path_)) keep_old_lines();
    LinesSink::write(changes, outcomes, stop);
  }

 private:
  void keep_old_lines() {
    const auto old = host_.open_file(path_);
    std::string bytes(100'000, '\0');
    bytes.resize(old->read(bytes));
    const std::size_t end = bytes.find('\n', first_line.size()) + 1;
    // Its tags are marked, as if somebody had touched it.
    std::string line = bytes.substr(first_line.size(), end - first_line.size());
    staged().write(line.insert(line.find('\t') + 1, "old "));
  }
};

}  // namespace linkferry::lines

LINES_PLUGIN("appends", linkferry::lines::LinesSource, linkferry::lines::AppendingSink);
