#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "linkferry/batch.hpp"

namespace linkferry {

/// What a `read` says about what follows.
enum class ReadResult {
  more,        ///< call again
  end,         ///< these were the last records (there may be none)
  incomplete,  ///< the last ones too, but the input is cut off; the last notice of the batch says
               ///< where
};

/// Why a bookmark that was read earlier is not in a whole reading now.
enum class Absence : std::uint8_t {
  unknown,  ///< the source cannot tell
  removed,  ///< the person took it off the list
  gone,     ///< the thing itself was deleted or hidden; the person did not drop the bookmark
  present,  ///< it is there after all
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

  /// Starts again from the first record, as `rewind`; but until the next `rewind` or `resume`, a
  /// `read` need give no more of each bookmark than `url`, `kind` and `line`, and in `Batch::rests`
  /// what `complete` makes the whole of it from. The same bookmarks in the same order; folder
  /// records, rejections and notices may be missing. `Batch::are_texts_clean` speaks for what
  /// `complete` makes too. False where this is no cheaper than reading all: then nothing has
  /// changed.
  virtual bool skim() { return false; }

  /// Fills in what skimming left out. A rest may be absent: that bookmark is whole already. Twice
  /// is harmless. Pure. Thread: any. Lifetime: texts are in `arena`, or where those of the batch
  /// are.
  virtual void complete(Bookmark& /*bookmark*/, Text /*rest*/, Arena& /*arena*/) const {}

  /// Starts after the batch that carried this checkpoint. False where it cannot, and then nothing
  /// has changed.
  virtual bool resume(std::string_view /*checkpoint*/) { return false; }

  /// Whether the last checkpoint of a whole reading stays good: `resume` with it, days later, gives
  /// what is new since, and no more. Files are not so.
  virtual bool is_incremental() const { return false; }

  /// The sink durably holds everything up to this checkpoint.
  virtual void acknowledge(std::string_view /*checkpoint*/) {}

  /// About how much there is to read, in any unit that `progress` uses too; 0 where it is not
  /// known.
  virtual std::uint64_t total() const { return 0; }
  virtual std::uint64_t progress() const { return 0; }

  /// Tells why each of these bookmarks (`origin->id` of an earlier reading) was not in the one that
  /// has just come to its end, so that a mirror deletes only what the person dropped. `absences`
  /// are all `unknown` at first. Asks the service. Errors: as `read`.
  virtual void look_up(std::span<const Text> /*ids*/, std::span<Absence> /*absences*/,
                       std::stop_token /*stop*/) {}

  /// What a person who checks a job wants to know of the place: its version, the account, what the
  /// token may do, what the server lacks; a sentence each. Asks the service. Errors: as `read`.
  virtual std::vector<std::string> describe(std::stop_token /*stop*/) { return {}; }
};

}  // namespace linkferry
