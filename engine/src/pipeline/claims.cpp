#include "pipeline/claims.hpp"

#include <algorithm>

namespace linkferry {

void Claims::claim(std::uint32_t ordinal, std::size_t source, Text source_id) {
  if (ordinal >= claimed_.size()) claimed_.resize(std::max<std::size_t>(ordinal + 1, 1024) * 3 / 2);
  if (claimed_[ordinal]) return;
  claimed_[ordinal] = true;
  if (source_id.empty() && source == 0) return;
  entries_.push_back({ordinal, static_cast<std::uint32_t>(source), ids_.append(source_id)});
}

void Claims::seal() { std::ranges::sort(entries_, {}, &Entry::ordinal); }

Claims::Claimant Claims::find(std::uint32_t ordinal) {
  const auto entry = std::ranges::lower_bound(entries_, ordinal, {}, &Entry::ordinal);
  if (entry == entries_.end() || entry->ordinal != ordinal) return {};
  std::uint64_t offset = entry->record;
  std::string_view id;
  ids_.next(offset, id);
  return {entry->source, std::string(id)};
}

}  // namespace linkferry
