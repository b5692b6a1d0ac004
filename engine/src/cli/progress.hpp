#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>

#include "cli/log.hpp"
#include "report/progress_line.hpp"

namespace linkferry {

/// The progress line of the program: that of one run, or of several at once. It is not there when
/// nobody would see it. At most one at a time for a logger. Thread: any.
class Progress {
 public:
  explicit Progress(Logger& logger);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// What one run tells. While there are several, the line shows their sum.
  class Part final : public ProgressObserver {
   public:
    explicit Part(Progress& whole);
    ~Part() override;
    void on_progress(std::string_view stage, std::uint64_t records, std::uint64_t done,
                     std::uint64_t total) override;

   private:
    Progress& whole_;
    std::uint64_t records_ = 0;  ///< guarded by that of the whole
  };

  void wipe();
  /// Calls `write` with no line on the terminal, and none coming while it writes. It does not log.
  void write(const std::function<void()>& write);

 private:
  Logger& logger_;
  std::mutex mutex_;
  std::optional<ProgressLine> line_;
  std::uint64_t parts_ = 0;
  std::uint64_t records_ = 0;  ///< of all parts
};

}  // namespace linkferry
