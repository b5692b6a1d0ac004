#pragma once

#include <string>

#include "pipeline/existing_content.hpp"
#include "pipeline/ledger.hpp"

namespace linkferry {

/// Why what a sink holds must not be written again: what could not be read of it would be lost.
/// Empty: it may.
std::string reason_not_to_rewrite(const ExistingContent& existing);

/// Books what the sink loses of its own content when it is written again, and its notices.
void add_losses_of_rewriting(const ExistingContent& existing, Ledger& ledger);

}  // namespace linkferry
