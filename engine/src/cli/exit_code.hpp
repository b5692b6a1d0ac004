#pragma once

#include <span>

#include "linkferry/failure.hpp"

namespace linkferry {

/// What the program tells its caller. Source: sysexits.h for 64, 66, 77 and 78; 128 + signal for
/// 130 and 143.
namespace exit_code {
inline constexpr int done = 0;
inline constexpr int failed = 1;
inline constexpr int differences = 2;  ///< with --detailed-exitcode only
inline constexpr int records_failed = 3;
inline constexpr int blocked = 4;
inline constexpr int temporary = 5;
inline constexpr int stale = 6;
inline constexpr int state = 7;
inline constexpr int limit_reached = 8;
inline constexpr int locked = 9;
inline constexpr int usage = 64;
inline constexpr int input = 66;
inline constexpr int authentication = 77;
inline constexpr int configuration = 78;
inline constexpr int interrupted = 130;
inline constexpr int terminated = 143;
}  // namespace exit_code

/// The one place where kinds become codes. `signal` is what interrupted the program, 0 for none.
constexpr int exit_code_of(FailureKind kind, int signal = 0) {
  switch (kind) {
    case FailureKind::failed:
      return exit_code::failed;
    case FailureKind::blocked:
      return exit_code::blocked;
    case FailureKind::temporary:
      return exit_code::temporary;
    case FailureKind::usage:
      return exit_code::usage;
    case FailureKind::input:
      return exit_code::input;
    case FailureKind::authentication:
      return exit_code::authentication;
    case FailureKind::configuration:
      return exit_code::configuration;
    case FailureKind::state:
      return exit_code::state;
    case FailureKind::stale:
      return exit_code::stale;
    case FailureKind::locked:
      return exit_code::locked;
    case FailureKind::limit_reached:
      return exit_code::limit_reached;
    case FailureKind::interrupted:
      return signal == 0 ? exit_code::interrupted : 128 + signal;
  }
  return exit_code::failed;
}

/// The worse of two codes, for several jobs in one run: the later in this order.
/// 0, 2, 3, 8, 5, 9, 6, 4, 7, 66, 77, 78, 64, 1, 130, 143: a caller learns the thing that needs a
/// person most.
constexpr int worse_of(int a, int b) {
  constexpr int order[] = {
      exit_code::done,          exit_code::differences,    exit_code::records_failed,
      exit_code::limit_reached, exit_code::temporary,      exit_code::locked,
      exit_code::stale,         exit_code::blocked,        exit_code::state,
      exit_code::input,         exit_code::authentication, exit_code::configuration,
      exit_code::usage,         exit_code::failed,         exit_code::interrupted,
      exit_code::terminated};
  for (const int code : order) {
    if (code == a) return b;
    if (code == b) return a;
  }
  return a;
}

}  // namespace linkferry
