#include "cli/exit_code.hpp"

#include <csignal>

#include "support/catch.hpp"

using namespace linkferry;

TEST_CASE("each kind of failure has its own exit code", "[exit-code]") {
  CHECK(exit_code_of(FailureKind::failed) == 1);
  CHECK(exit_code_of(FailureKind::blocked) == 4);
  CHECK(exit_code_of(FailureKind::temporary) == 5);
  CHECK(exit_code_of(FailureKind::state) == 7);
  CHECK(exit_code_of(FailureKind::limit_reached) == 8);
  CHECK(exit_code_of(FailureKind::usage) == 64);
  CHECK(exit_code_of(FailureKind::input) == 66);
  CHECK(exit_code_of(FailureKind::authentication) == 77);
  CHECK(exit_code_of(FailureKind::configuration) == 78);
  CHECK(exit_code_of(FailureKind::interrupted) == 130);
  CHECK(exit_code_of(FailureKind::interrupted, SIGINT) == 130);
  CHECK(exit_code_of(FailureKind::interrupted, SIGTERM) == 143);
}

TEST_CASE("of several jobs the worst exit code counts", "[exit-code]") {
  CHECK(worse_of(0, 0) == 0);
  CHECK(worse_of(0, 2) == 2);
  CHECK(worse_of(3, 2) == 3);
  CHECK(worse_of(4, 3) == 4);
  CHECK(worse_of(7, 4) == 7);
  CHECK(worse_of(66, 4) == 66);
  CHECK(worse_of(1, 78) == 1);
  CHECK(worse_of(130, 1) == 130);
  CHECK(worse_of(0, 99) == 99);
}
