#pragma once

#include <memory>
#include <string>

#include "host/file_identity.hpp"
#include "linkferry/host.hpp"

namespace linkferry {

/// What the content was planned from: nothing where nobody looked, else the file that was there, or
/// null where there was none.
using ExpectedTarget = std::optional<std::optional<FileIdentity>>;

/// Starts to write a file that appears at `path` in `commit` and not before.
///
/// A file (or a path where there is none yet): a temporary file beside it,
/// `.NAME.linkferry-XXXXXX`, which takes its place; a symbolic link stays, the file it points to is
/// replaced. Leftovers of runs that were killed are removed.
/// `-`, a pipe or a device: a temporary file without a name in $TMPDIR, copied at `commit`.
/// Errors: Failure failed, naming `path`, when that cannot work: a folder, a write-protected file,
/// no such folder. `commit` throws Failure temporary, and leaves the target as it is, when that is
/// not what was expected any more: another program has written to it meanwhile.
std::unique_ptr<StagedFile> stage_output_file(const std::string& path,
                                              ExpectedTarget expected = {});

}  // namespace linkferry
