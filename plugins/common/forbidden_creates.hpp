#pragma once

#include <atomic>

namespace linkferry::common {

/// How many creates in a row a service has forbidden. One may be forbidden for what is in it; where
/// that is so again and again, it is for whom the token is of. Thread: any.
class ForbiddenCreates {
 public:
  void note_success() { in_a_row_ = 0; }
  /// `status`: of the answer to a create that was refused. True when it is one too many.
  bool note_refusal(int status) { return status == forbidden && ++in_a_row_ >= too_many; }

 private:
  static constexpr int forbidden = 403;
  static constexpr unsigned too_many = 5;

  std::atomic<unsigned> in_a_row_ = 0;
};

}  // namespace linkferry::common
