#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string_view>

#include "linkferry/batch.hpp"

namespace linkferry {

/// What a `read` says about what follows.
enum class ReadResult {
  more,        ///< call again
  end,         ///< these were the last records (there may be none)
  incomplete,  ///< the last ones too, but the input is cut off; the last notice of the batch says
               ///< where
};

/// Reads bookmarks in a stable order.
///
/// Thread: called by one thread at a time, not always the same.
class Source {
 public:
  virtual ~Source() = default;

  /// Fills an empty batch with up to `limit` bookmarks (at least 1) and sets its checkpoint. A
  /// batch may hold fewer, or none, and still be followed by more. A good batch holds about 256 KiB
  /// of text. Every text is valid UTF-8. An entry without a usable URL is handed over as it is: the
  /// engine refuses it. Returns within 1 s of a stop request, with what it has. Errors: Failure
  /// input, temporary, authentication, configuration.
  virtual ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) = 0;

  /// Starts again from the first record. False where the input cannot be read twice (a pipe, a
  /// service): then nothing has changed and the engine keeps a copy of what it reads.
  virtual bool rewind() { return false; }

  /// Starts after the batch that carried this checkpoint. False where it cannot, and then nothing
  /// has changed.
  virtual bool resume(std::string_view /*checkpoint*/) { return false; }

  /// The sink durably holds everything up to this checkpoint.
  virtual void acknowledge(std::string_view /*checkpoint*/) {}

  /// About how much there is to read, in any unit that `progress` uses too; 0 where it is not
  /// known.
  virtual std::uint64_t total() const { return 0; }
  virtual std::uint64_t progress() const { return 0; }
};

}  // namespace linkferry
