#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "linkferry/failure.hpp"
#include "linkferry/http.hpp"

namespace linkferry {

enum class LogLevel { error, warning, info, debug, trace };

/// A file, or standard input, read from the front.
class InputFile {
 public:
  virtual ~InputFile() = default;

  /// Fills `buffer` as far as it goes; 0 is the end. Errors: Failure input. Thread: one at a time.
  virtual std::size_t read(std::span<char> buffer) = 0;

  /// Back to the first byte. False where that is not possible (standard input), and then nothing
  /// has changed. Errors: Failure input when the file has been written to since it was opened.
  virtual bool rewind() = 0;

  /// The size in bytes when it was opened; 0 where it is not known.
  virtual std::uint64_t size_bytes() const = 0;

  /// What to call it in messages: the path as the user gave it, or "standard input".
  virtual const std::string& name() const = 0;
};

/// A file that appears whole or not at all: written beside its target, made visible by `commit`.
///
/// Destroyed without `commit`, it leaves no trace and the target as it was.
class StagedFile {
 public:
  virtual ~StagedFile() = default;

  /// Appends. Errors: Failure failed (disk full, …) naming the target.
  virtual void write(std::string_view bytes) = 0;

  /// How much was written so far, in bytes.
  virtual std::uint64_t size_bytes() const = 0;

  /// Reads back what was written, from `offset`; fills `buffer` as far as there is something.
  virtual std::size_t read_at(std::uint64_t offset, std::span<char> buffer) = 0;

  /// Puts the file in the place of the target: fsync, rename, fsync of the folder. Keeps the
  /// target's permissions. To standard output it copies instead. At most once.
  virtual void commit() = 0;
};

/// What the engine lends to a plugin. It outlives every source and sink.
/// Thread: every function may be called from any thread.
class Host {
 public:
  virtual ~Host() = default;

  virtual void log(LogLevel level, std::string_view message) = 0;

  /// Opens a file for reading; `-` is standard input.
  /// Errors: Failure input that names the path and the reason.
  virtual std::unique_ptr<InputFile> open_file(const std::string& path) = 0;

  /// Whether there is a file to open at `path`; never true for `-`.
  virtual bool file_exists(const std::string& path) = 0;

  /// Starts to write a file; `-` is standard output. Nothing of it is visible before `commit`.
  /// Errors: Failure failed, when the folder is missing or not writable.
  virtual std::unique_ptr<StagedFile> stage_file(const std::string& path) = 0;

  /// A client for one service. Nothing is sent yet.
  /// Errors: Failure configuration: no usable address, plain http to another machine, a host
  /// without a network.
  virtual std::unique_ptr<HttpClient> make_http_client(const HttpSettings& settings) {
    throw Failure(FailureKind::configuration, settings.base_url + ": there is no network here");
  }
};

}  // namespace linkferry
