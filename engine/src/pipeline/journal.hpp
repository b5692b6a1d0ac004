#pragma once

#include <span>

#include "linkferry/sink.hpp"
#include "pipeline/compare.hpp"
#include "text/url_key.hpp"

namespace linkferry {

/// One change that is about to go to the sink, with what is needed to find out later whether it
/// arrived, and to take it back.
struct JournalEntry {
  Action action = Action::create;    ///< create, update or remove
  Key key;                           ///< of the bookmark as the sink holds it
  Text endpoint;                     ///< of a sync: the side it goes to; else absent
  Text source;                       ///< of a create: the endpoint it comes from
  Text source_id;                    ///< of a create: the source's own id
  Text sink_id;                      ///< of an update or remove: the sink's own id
  const Bookmark* before = nullptr;  ///< of an update or remove: what the sink holds now
  Fingerprint after;           ///< of a create or update: the lasting one of what it will hold
  bool is_quarantine = false;  ///< of an update: the bookmark is marked instead of deleted
};

/// What a run writes down before and after every write. Thread: one at a time. Errors: Failure, and
/// then the write must not go out.
class Journal {
 public:
  virtual ~Journal() = default;

  /// Before these changes go out. `is_durable`: they are on the disk when this returns.
  virtual void open(std::span<const JournalEntry> entries, bool is_durable) = 0;
  /// What became of the entries of the last `open`, in order. `are_visible`: what is done is done;
  /// else it is when `settle` is called.
  virtual void close(std::span<const Outcome> outcomes, bool are_visible) = 0;
  /// All that was opened is on the disk.
  virtual void make_durable() = 0;
  /// A staged sink has made everything visible.
  virtual void settle() = 0;
  /// What a sync remembers of both sides, as the run has changed it by now, is on the disk when
  /// this returns: for what must be known before the write. Once in a run.
  virtual void keep_bases() = 0;
};

}  // namespace linkferry
