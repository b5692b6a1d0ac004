#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "linkferry/host.hpp"

namespace linkferry {

/// Opens a file, a pipe or, for `-`, standard input. Waiting for a pipe ends when `stop` is asked
/// for. Errors: Failure input with the path and the reason.
std::unique_ptr<InputFile> open_input_file(const std::string& path, std::stop_token stop);

}  // namespace linkferry
