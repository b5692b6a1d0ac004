#include "pipeline/rewriting.hpp"

namespace linkferry {

std::string reason_not_to_rewrite(const ExistingContent& existing) {
  if (existing.unreadable_count() > 0) {
    return std::to_string(existing.unreadable_count()) +
           " entries of what the sink holds cannot be read (the first in line " +
           std::to_string(existing.first_unreadable_line()) +
           "), and rewriting would delete them; repair them, or --accept-partial writes all the "
           "same";
  }
  if (!existing.truncation().empty()) {
    return "what the sink holds is cut off (" + existing.truncation() +
           "), so rewriting it could lose what is missing; --accept-partial writes all the same";
  }
  return {};
}

void add_losses_of_rewriting(const ExistingContent& existing, Ledger& ledger) {
  ledger.notices.insert(ledger.notices.end(), existing.notices().begin(), existing.notices().end());
  for (const LossCount& loss : existing.losses()) {
    ledger.losses.push_back(loss);
    ledger.losses.back().reason += " (in what the sink holds already)";
  }
}

}  // namespace linkferry
