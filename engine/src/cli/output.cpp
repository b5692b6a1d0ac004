#include "cli/output.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "linkferry/failure.hpp"

namespace linkferry {

namespace {

[[noreturn]] void fail() {
  throw Failure(FailureKind::failed,
                std::string("standard output cannot be written: ") + std::strerror(errno));
}

}  // namespace

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) fail();
}

void flush_output() {
  if (std::fflush(stdout) != 0) fail();
}

}  // namespace linkferry
