#pragma once

#include <string_view>

namespace linkferry {

/// Writes to standard output. Errors: Failure failed (a full disk, a closed pipe); what a caller
/// waits for is never lost without a word.
void print(std::string_view text);

/// Writes out what is buffered; at the end of each command. Errors: as print.
void flush_output();

}  // namespace linkferry
