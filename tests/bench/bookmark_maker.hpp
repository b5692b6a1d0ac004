#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace linkferry::bench {

/// One bookmark as it was made up. The texts are not escaped for any format.
struct MadeBookmark {
  std::string url;
  std::string title;
  std::string description;  ///< empty for four of five
  std::string icon;         ///< a data URI of 300 to 1500 bytes for one of ten, else empty
  std::vector<std::string> tags;
  std::int64_t created_at = 0;   ///< seconds since 1970
  std::int64_t modified_at = 0;  ///< the same or later
  bool is_favorite = false;
};

/// Makes up a bookmark from its number: the same number, the same bookmark, on every machine.
///
/// One of twenty is another bookmark in disguise: its address with a trailing slash, with utm_
/// parameters, with host or scheme in capitals, with the default port, or as it is.
class BookmarkMaker {
 public:
  explicit BookmarkMaker(std::uint64_t seed) : seed_(seed) {}

  MadeBookmark make(std::uint64_t number) const;

  /// The number of the bookmark whose address this one has; its own for nineteen of twenty.
  std::uint64_t original(std::uint64_t number) const;

 private:
  std::uint64_t seed_;
};

/// A stream of numbers that is the same everywhere (SplitMix64, by Sebastiano Vigna, in the public
/// domain).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  /// 0 to `bound` - 1.
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  /// True in `percent` of 100 cases.
  bool chance(std::uint64_t percent) { return below(100) < percent; }

 private:
  std::uint64_t state_;
};

/// A name for a folder; not unique.
std::string make_folder_name(Random& random);

}  // namespace linkferry::bench
