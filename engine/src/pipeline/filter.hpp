#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "config/job.hpp"
#include "linkferry/bookmark.hpp"

namespace linkferry {

/// A job's filter, ready for use. Thread: any, once made.
class Filter {
 public:
  /// Errors: Failure configuration for a regular expression that is none.
  explicit Filter(const FilterRules& rules);
  ~Filter();

  bool is_empty() const { return is_empty_; }
  /// Why a bookmark (already mapped) is left out: a fixed sentence. Absent when it passes.
  Text reason_to_leave_out(const Bookmark& bookmark) const;

 private:
  class Test;
  std::unique_ptr<Test> include_;
  std::unique_ptr<Test> exclude_;
  bool is_empty_ = true;
};

}  // namespace linkferry
