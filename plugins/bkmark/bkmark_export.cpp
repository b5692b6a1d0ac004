#include "bkmark/bkmark_export.hpp"

#include "bkmark/bkmark_array.hpp"

namespace linkferry::bkmark {
namespace {

constexpr std::size_t most_bytes = 4 * 1024 * 1024;

}  // namespace

ExportStream::ExportStream(Api& api)
    : api_(api), thread_([this](const std::stop_token& stop) { run(stop); }) {}

ExportStream::~ExportStream() { thread_.request_stop(); }

void ExportStream::run(std::stop_token stop) {
  std::exception_ptr error;
  try {
    ArrayItems items([this, &stop](std::string_view item) { put(item, stop); });
    const HttpResponse answer = api_.stream(
        path_of("export"), [&items](std::string_view piece) { items.feed(piece); }, stop);
    if (!answer.is_success()) throw api_.refusal_of_account(answer);
    if (!items.is_whole()) throw Failure(FailureKind::temporary, "the export is cut off");
  } catch (...) {
    error = std::current_exception();
  }
  const std::lock_guard lock(mutex_);
  error_ = error;
  is_over_ = true;
  changed_.notify_all();
}

void ExportStream::put(std::string_view item, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  const auto has_room = [this] { return bytes_ < most_bytes; };
  if (!changed_.wait(lock, stop, has_room))
    throw Failure(FailureKind::interrupted, "the export is not needed any more");
  bytes_ += item.size();
  items_.emplace_back(item);
  changed_.notify_all();
}

bool ExportStream::next(std::string& item, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  const auto is_ready = [this] { return !items_.empty() || is_over_; };
  if (!changed_.wait(lock, stop, is_ready)) return false;
  if (items_.empty()) {
    if (error_) std::rethrow_exception(error_);
    return false;
  }
  item = std::move(items_.front());
  items_.pop_front();
  bytes_ -= item.size();
  changed_.notify_all();
  return true;
}

}  // namespace linkferry::bkmark
