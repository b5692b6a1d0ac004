#include "cli/progress.hpp"

#include "report/wording.hpp"

namespace linkferry {

Progress::Progress(Logger& logger) : logger_(logger) {
  if (logger.wants_progress()) line_.emplace();
  logger_.before_message([this] { wipe(); });
}

Progress::~Progress() { logger_.before_message({}); }

void Progress::wipe() {
  const std::lock_guard lock(mutex_);
  if (line_) line_->wipe();
}

void Progress::write(const std::function<void()>& write) {
  const std::lock_guard lock(mutex_);
  if (line_) line_->wipe();
  write();
}

Progress::Part::Part(Progress& whole) : whole_(whole) {
  const std::lock_guard lock(whole_.mutex_);
  ++whole_.parts_;
}

Progress::Part::~Part() {
  const std::lock_guard lock(whole_.mutex_);
  --whole_.parts_;
  whole_.records_ -= records_;
}

void Progress::Part::on_progress(std::string_view stage, std::uint64_t records, std::uint64_t done,
                                 std::uint64_t total) {
  const std::lock_guard lock(whole_.mutex_);
  whole_.records_ += records - records_;
  records_ = records;
  if (!whole_.line_) return;
  if (whole_.parts_ == 1) return whole_.line_->on_progress(stage, records, done, total);
  whole_.line_->on_progress(counted(whole_.parts_, "job"), whole_.records_, 0, 0);
}

}  // namespace linkferry
