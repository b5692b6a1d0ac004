#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "linkferry/bookmark.hpp"
#include "pipeline/spool.hpp"

namespace linkferry {

/// Which bookmarks of the sink a source has too, and under which id.
///
/// Memory: a bit for each bookmark of the sink, and 16 bytes for each that has an id at its source.
/// Thread: one at a time.
class Claims {
 public:
  /// A source has the bookmark of this ordinal. The first claim counts.
  void claim(std::uint32_t ordinal, std::size_t source, Text source_id);
  bool is_claimed(std::uint32_t ordinal) const {
    return ordinal < claimed_.size() && claimed_[ordinal];
  }

  /// After the last claim, before `find`.
  void seal();
  struct Claimant {
    std::size_t source = 0;
    std::string source_id;
  };
  /// Who has claimed it; without an id where there is none.
  Claimant find(std::uint32_t ordinal);

 private:
  struct Entry {
    std::uint32_t ordinal;
    std::uint32_t source;
    std::uint64_t record;  ///< in the spool
  };

  std::vector<bool> claimed_;
  std::vector<Entry> entries_;
  Spool ids_;
};

}  // namespace linkferry
