#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "linkferry/source.hpp"

namespace linkferry::contract {

/// One thing that a source handed over, in its place.
struct Item {
  enum class Type : std::uint8_t { bookmark, folder, rejection };

  Type type = Type::bookmark;
  Bookmark bookmark;
  Folder folder;
  Text reason;                  ///< of a rejection
  bool is_vouched_for = false;  ///< the batch says that its texts are clean
};

/// Where a batch ended.
struct Border {
  std::size_t items = 0;  ///< how many came before it
  std::string checkpoint;
};

/// All that a source hands over, copied, in order.
struct Listing {
  Arena arena;
  std::vector<Item> items;
  std::vector<Border> borders;
  ReadResult result = ReadResult::end;
  std::string last_notice;
  std::uint64_t last_notice_line = 0;

  std::vector<const Bookmark*> bookmarks() const;
  std::size_t rejections() const;
};

/// Copies the content of a batch to the end of `listing`.
void append(Listing& listing, const Batch& batch);

/// Reads to the end with batches of `limit`.
/// Errors: Failure failed when 100,000 batches in a row hold nothing and promise more.
Listing read_all(Source& source, std::size_t limit);

/// The first difference of two listings in words, `found` against `expected` from its item `first`
/// on; "" when there is none.
std::string compare(const Listing& expected, std::size_t first, const Listing& found);

/// The first text that is not valid UTF-8, in words; "" when all are.
std::string find_invalid_text(const Listing& listing);

}  // namespace linkferry::contract
