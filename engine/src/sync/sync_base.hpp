#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "linkferry/bookmark.hpp"
#include "text/url_key.hpp"

namespace linkferry {

/// The sides of a sync, as indexes: `from` is side 0, `to` side 1.
inline constexpr std::size_t from_side = 0;
inline constexpr std::size_t to_side = 1;
constexpr std::size_t other(std::size_t side) { return 1 - side; }

/// 32 bits for what something says; 0: it says nothing.
using Print = std::uint32_t;

Print print_of(const Bookmark& bookmark, Field field);
Print print_of(Text tag);
Print print_of(FolderPath folder);

/// Whether a sync compares this field by its print. The others: `url` is never rewritten,
/// `modified_at` follows what is changed, tags and folders are sets.
constexpr bool has_print(Field field) {
  return field != Field::url && field != Field::modified_at && field != Field::tags &&
         field != Field::folders;
}

/// One print for each field; 0 for those that have none.
using FieldPrints = std::array<Print, field_count>;

FieldPrints prints_of(const Bookmark& bookmark);

/// One tag or folder as each side has it in its own spelling; 0: it has no such thing.
struct PairedPrint {
  std::array<Print, 2> at{};
};

/// What both sides of a sync held of one bookmark at the end of the last one. Whether a side has
/// changed something is judged by its own print: so a side that cannot hold a field never has
/// changed it.
struct SyncBase {
  Key from_key;  ///< of the bookmark as `from` holds it
  std::array<FieldPrints, 2> prints{};
  std::vector<PairedPrint> tags;
  std::vector<PairedPrint> folders;
  /// The side did not hold it, and was not to: an undo has left it so.
  std::array<bool, 2> is_absent{};
};

/// Whether a bookmark says what it said then. `visits_count`: a later visit is a change, too.
bool is_same(const SyncBase& base, std::size_t side, const Bookmark& now, bool visits_count);

/// As bytes, for the state; some 40 to 100 for an ordinary bookmark.
void encode(const SyncBase& base, std::string& out);
/// `bytes` must come from `encode`.
SyncBase decode_base(std::string_view bytes);

}  // namespace linkferry
