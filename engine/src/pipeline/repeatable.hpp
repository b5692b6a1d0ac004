#pragma once

#include <memory>

#include "linkferry/source.hpp"
#include "pipeline/spool.hpp"

namespace linkferry {

/// A source that can be read again from the front, whatever it is made of: one that cannot be
/// rewound is copied to a spool while it is read for the first time. Thread: as Source.
class Repeatable {
 public:
  /// `source` outlives it, and has not been read from yet.
  explicit Repeatable(Source& source);
  ~Repeatable();

  /// The source to read from, from the first record on, each time this is called. The reading
  /// before must have come to its end. Errors: Failure input when the input has changed since.
  Source& from_start();

  /// The same for a skimming read where the source offers one (Source::skim).
  Source& skim_from_start();

 private:
  class Recording;
  Source& source_;
  std::unique_ptr<Recording> recording_;
  bool is_first_ = true;
};

}  // namespace linkferry
