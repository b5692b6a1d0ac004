#pragma once

#include <cstdio>
#include <cstdlib>

namespace linkferry {

/// Ends the program where it is not so, which is what a fuzzer takes note of.
inline void require(bool is_true, const char* promise) {
  if (is_true) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

}  // namespace linkferry
