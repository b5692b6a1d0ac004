#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "bkmark/bkmark_api.hpp"

namespace linkferry::bkmark {

/// The whole library by the endpoint `export`, one request, read while it arrives: a thread of its
/// own holds the connection, and waits while some MiB lie ready. Thread: one at a time.
class ExportStream {
 public:
  explicit ExportStream(Api& api);
  ~ExportStream();
  ExportStream(const ExportStream&) = delete;
  ExportStream& operator=(const ExportStream&) = delete;

  /// The JSON of the next item; false at the end, or when it was asked to stop. Errors: Failure,
  /// when the export fails or is cut off; what came before is good.
  bool next(std::string& item, std::stop_token stop);

 private:
  void run(std::stop_token stop);
  void put(std::string_view item, std::stop_token stop);

  Api& api_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::string> items_;
  std::size_t bytes_ = 0;
  bool is_over_ = false;
  std::exception_ptr error_;
  std::jthread thread_;  ///< last: it uses the others
};

}  // namespace linkferry::bkmark
