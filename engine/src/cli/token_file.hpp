#pragma once

#include <filesystem>

#include "host/file_descriptor.hpp"
#include "linkferry/secret.hpp"

namespace linkferry {

/// A file for a token that nobody but its owner can read, at no moment.
///
/// Rationale: it is begun before a service is asked for the token, so that none is made that could
/// not be stored. Destroyed without `store`, it leaves no trace but the folder.
class TokenFile {
 public:
  /// Begins a file beside `target`, mode 0600. `replaces`: a target that is there may be replaced.
  /// Errors: Failure failed, naming the file: the folder is missing or not writable.
  TokenFile(std::filesystem::path target, bool replaces);
  ~TokenFile();
  TokenFile(const TokenFile&) = delete;
  TokenFile& operator=(const TokenFile&) = delete;

  /// Writes the token and a line end, and makes the file visible: fsync, rename. At most once.
  /// Errors: Failure failed: a full disk, or a target that has come up meanwhile.
  void store(const Secret& token);

 private:
  [[noreturn]] void fail(std::string_view what) const;
  void write_all(std::string_view bytes);
  void make_visible();

  std::filesystem::path target_;
  std::filesystem::path temporary_;
  bool replaces_;
  FileDescriptor file_;
};

/// Makes a folder, and those above it that are missing, for the user alone (0700). What is there
/// stays as it is. Errors: Failure failed.
void make_private_folder(const std::filesystem::path& folder);

}  // namespace linkferry
