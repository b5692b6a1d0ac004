#pragma once

#include <memory>
#include <string>

#include "linkferry/host.hpp"

namespace linkferry {

/// Starts to write a file that appears at `path` in `commit` and not before.
///
/// A file (or a path where there is none yet): a temporary file beside it,
/// `.NAME.linkferry-XXXXXX`, which takes its place; a symbolic link stays, the file it points to is
/// replaced. Leftovers of runs that were killed are removed.
/// `-`, a pipe or a device: a temporary file without a name in $TMPDIR, copied at `commit`.
/// Errors: Failure failed, naming `path`, when that cannot work: a folder, a write-protected file,
/// no such folder.
std::unique_ptr<StagedFile> stage_output_file(const std::string& path);

}  // namespace linkferry
