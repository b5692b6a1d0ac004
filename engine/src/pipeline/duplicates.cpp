#include "pipeline/duplicates.hpp"

#include <algorithm>
#include <cassert>

#include "pipeline/record_codec.hpp"

namespace linkferry {

void Duplicates::add(Ordinal first, Ordinal later, std::size_t source, const Bookmark& bookmark) {
  bytes_.clear();
  encode(source, bytes_);
  encode(bookmark, bytes_);
  by_later_.push_back({first, later, spool_.append(bytes_)});
}

void Duplicates::unite(Ordinal a, Ordinal b) {
  a = first_of(a);
  b = first_of(b);
  if (a == b) return;
  united_[std::max(a, b)] = std::min(a, b);
  missing_.push_back(std::max(a, b));
}

Duplicates::Ordinal Duplicates::first_of(Ordinal ordinal) const {
  for (auto next = united_.find(ordinal); next != united_.end(); next = united_.find(ordinal))
    ordinal = next->second;
  return ordinal;
}

void Duplicates::seal() {
  if (!united_.empty()) {
    for (Pair& pair : by_later_) pair.first = first_of(pair.first);
    std::ranges::sort(by_later_, {}, &Pair::later);
  }
  by_first_ = by_later_;
  std::ranges::sort(by_first_, [](const Pair& a, const Pair& b) {
    return a.first != b.first ? a.first < b.first : a.later < b.later;
  });
  rewind();
}

void Duplicates::rewind() {
  later_cursor_ = 0;
  first_cursor_ = 0;
}

bool Duplicates::is_later(Ordinal ordinal, Ordinal& first) {
  while (later_cursor_ < by_later_.size() && by_later_[later_cursor_].later < ordinal)
    ++later_cursor_;
  if (later_cursor_ == by_later_.size() || by_later_[later_cursor_].later != ordinal) return false;
  first = by_later_[later_cursor_].first;
  return true;
}

bool Duplicates::has_later(Ordinal first) {
  while (first_cursor_ < by_first_.size() && by_first_[first_cursor_].first < first)
    ++first_cursor_;
  return first_cursor_ < by_first_.size() && by_first_[first_cursor_].first == first;
}

void Duplicates::take_later(Ordinal first, std::size_t limit, Arena& arena,
                            std::vector<Later>& later) {
  for (; limit > 0 && has_later(first); --limit, ++first_cursor_) {
    std::uint64_t offset = by_first_[first_cursor_].record;
    std::string_view bytes;
    [[maybe_unused]] const bool is_there = spool_.next(offset, bytes);
    assert(is_there);
    bytes = arena.copy(bytes);
    const std::size_t source = decode_number(bytes);
    later.push_back({by_first_[first_cursor_].later, source, decode_bookmark(bytes, arena)});
  }
}

}  // namespace linkferry
