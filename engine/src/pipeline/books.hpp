#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "linkferry/batch.hpp"
#include "linkferry/sink.hpp"
#include "pipeline/ledger.hpp"

namespace linkferry {

/// Adds `losses` of the record `url` to the counts; equal ones (same field, kind and reason) are
/// one line.
void count_losses(std::span<const Loss> losses, Text url, std::vector<LossCount>& counts);

/// The same for a folder record: what `held` says, or that the sink has no such thing.
void count_folder_losses(const Folder& folder, const FolderRepresentation& held,
                         std::vector<LossCount>& counts);

/// Adds the notices of one batch.
void count_notices(std::span<const Notice> notices, std::string_view endpoint,
                   std::vector<NoticeCount>& counts);

}  // namespace linkferry
