#pragma once

#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "bkmark/bkmark_api.hpp"
#include "bkmark/bkmark_library.hpp"

namespace linkferry::bkmark {

/// What lies in trash, read when it is asked for first. Thread: any.
class Trash {
 public:
  explicit Trash(Api& api) : api_(api) {}

  /// Exactly this address; of what has none, exactly this content. Errors: Failure as Api.
  std::optional<std::string> find_exact(const Bookmark& bookmark, std::stop_token stop);
  /// Also one that some service may take for the same.
  std::optional<std::string> find(Text url, std::stop_token stop);
  bool contains(const std::string& id, std::stop_token stop);

  /// Reads it again when it is asked for next.
  void expire();
  void add(const Bookmark& bookmark, const std::string& id);
  void forget(const Bookmark& bookmark, const std::string& id);

 private:
  void load(std::stop_token stop);

  Api& api_;
  std::mutex mutex_;
  bool is_loaded_ = false;
  UrlIndex urls_;
  std::unordered_map<std::string, std::string>
      notes_;  ///< ids of those without address, by content
  std::unordered_set<std::string> ids_;
};

}  // namespace linkferry::bkmark
