#include "sync/sync_base.hpp"

#include <algorithm>
#include <cstring>
#include <span>

#include "pipeline/compare.hpp"

namespace linkferry {
namespace {

/// Of the mask of fields, beside those.
constexpr std::uint32_t absent_bit = std::uint32_t{1} << 31;
static_assert(field_count < 31);

Print folded(std::uint64_t hash) {
  if (hash == 0) return 0;
  const auto print = static_cast<Print>(hash ^ hash >> 32);
  return print == 0 ? 1 : print;
}

template <class Item>
bool is_same_set(const std::vector<PairedPrint>& pairs, std::size_t side,
                 std::span<const Item> now) {
  std::vector<Print> then;
  for (const PairedPrint& pair : pairs) {
    if (pair.at[side] != 0) then.push_back(pair.at[side]);
  }
  std::vector<Print> prints;
  for (const Item& item : now) prints.push_back(print_of(item));
  for (auto* list : {&then, &prints}) {
    std::ranges::sort(*list);
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  return then == prints;
}

template <class Number>
void put(Number number, std::string& out) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof number);
}

/// Zeros from a text that is too short, so that a damaged state makes no worse than a conflict.
template <class Number>
Number take(std::string_view& bytes) {
  Number number{};
  const std::size_t size = std::min(sizeof number, bytes.size());
  std::memcpy(&number, bytes.data(), size);
  bytes.remove_prefix(size);
  return number;
}

void put(const std::vector<PairedPrint>& pairs, std::string& out) {
  put(static_cast<std::uint32_t>(pairs.size()), out);
  for (const PairedPrint& pair : pairs) put(pair.at[0], out), put(pair.at[1], out);
}

std::vector<PairedPrint> take_pairs(std::string_view& bytes) {
  const std::size_t count =
      std::min<std::size_t>(take<std::uint32_t>(bytes), bytes.size() / sizeof(PairedPrint));
  std::vector<PairedPrint> pairs(count);
  for (PairedPrint& pair : pairs) {
    for (Print& print : pair.at) print = take<Print>(bytes);
  }
  return pairs;
}

}  // namespace

Print print_of(const Bookmark& bookmark, Field field) {
  return folded(field_hash(bookmark, field));
}

Print print_of(Text tag) {
  Bookmark only;
  only.title = tag;
  return print_of(only, Field::title);
}

Print print_of(FolderPath folder) { return folded(path_hash(folder)); }

FieldPrints prints_of(const Bookmark& bookmark) {
  FieldPrints prints{};
  for (std::size_t i = 0; i < field_count; ++i) {
    if (has_print(static_cast<Field>(i))) prints[i] = print_of(bookmark, static_cast<Field>(i));
  }
  return prints;
}

bool is_same(const SyncBase& base, std::size_t side, const Bookmark& now, bool visits_count) {
  if (base.is_absent[side]) return false;
  for (std::size_t i = 0; i < field_count; ++i) {
    const auto field = static_cast<Field>(i);
    if (!has_print(field) || (field == Field::visited_at && !visits_count)) continue;
    if (print_of(now, field) != base.prints[side][i]) return false;
  }
  return is_same_set(base.tags, side, now.tags) && is_same_set(base.folders, side, now.folders);
}

void encode(const SyncBase& base, std::string& out) {
  put(base.from_key.high, out);
  put(base.from_key.low, out);
  for (const std::size_t side : {from_side, to_side}) {
    std::uint32_t mask = base.is_absent[side] ? absent_bit : 0;
    for (std::size_t i = 0; i < field_count; ++i)
      mask |= std::uint32_t{base.prints[side][i] != 0} << i;
    put(mask, out);
    for (const Print print : base.prints[side]) {
      if (print != 0) put(print, out);
    }
  }
  put(base.tags, out);
  put(base.folders, out);
}

SyncBase decode_base(std::string_view bytes) {
  SyncBase base;
  base.from_key.high = take<std::uint64_t>(bytes);
  base.from_key.low = take<std::uint64_t>(bytes);
  for (const std::size_t side : {from_side, to_side}) {
    const auto mask = take<std::uint32_t>(bytes);
    base.is_absent[side] = (mask & absent_bit) != 0;
    for (std::size_t i = 0; i < field_count; ++i) {
      if ((mask >> i & 1) != 0) base.prints[side][i] = take<Print>(bytes);
    }
  }
  base.tags = take_pairs(bytes);
  base.folders = take_pairs(bytes);
  return base;
}

}  // namespace linkferry
