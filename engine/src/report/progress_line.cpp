#include "report/progress_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "report/wording.hpp"

namespace linkferry {
namespace {

constexpr std::chrono::milliseconds patience{500};
constexpr std::chrono::milliseconds pause{100};
constexpr std::uint64_t bar_width = 24;

std::string bar(std::uint64_t done, std::uint64_t total) {
  if (total == 0) return {};
  const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  const auto filled = static_cast<std::uint64_t>(share * bar_width);
  return fmt::format("  [{:#<{}}{:.<{}}] {:3.0f} %", "", filled, "", bar_width - filled,
                     share * 100);
}

}  // namespace

ProgressLine::ProgressLine() : next_(Clock::now() + patience) {}

ProgressLine::~ProgressLine() { wipe(); }

void ProgressLine::on_progress(std::string_view stage, std::uint64_t records, std::uint64_t done,
                               std::uint64_t total) {
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + pause;
  is_shown_ = true;
  const std::string line =
      fmt::format("\r\033[K{:<9} {:>11} bookmarks{}", stage, grouped(records), bar(done, total));
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fflush(stderr);
}

void ProgressLine::wipe() {
  if (!is_shown_) return;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
  is_shown_ = false;
}

}  // namespace linkferry
