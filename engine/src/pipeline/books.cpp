#include "pipeline/books.hpp"

#include <algorithm>

namespace linkferry {

void count_losses(std::span<const Loss> losses, Text url, std::vector<LossCount>& counts) {
  for (const Loss& loss : losses) {
    const auto same = std::ranges::find_if(counts, [&](const LossCount& count) {
      return count.field == loss.field && count.kind == loss.kind && count.reason == loss.reason;
    });
    if (same == counts.end()) {
      counts.push_back({loss.field, loss.kind, std::string(loss.reason), 1, std::string(url)});
    } else {
      ++same->records;
    }
  }
}

void count_folder_losses(const Folder& folder, const FolderRepresentation& held,
                         std::vector<LossCount>& counts) {
  static constexpr Loss no_folder{
      Field::folders, LossKind::dropped,
      "the sink has no folder records: empty folders, their dates and texts"};
  static constexpr Loss no_separator{Field::folders, LossKind::dropped,
                                     "the sink has no separators"};
  count_losses(held.losses, {}, counts);
  if (held.is_held || !held.losses.empty()) return;
  count_losses({folder.type == Folder::Type::separator ? &no_separator : &no_folder, 1}, {},
               counts);
}

void count_notices(std::span<const Notice> notices, std::string_view endpoint,
                   std::vector<NoticeCount>& counts) {
  constexpr std::size_t most_texts = 1000;
  for (const Notice& notice : notices) {
    const auto same = std::ranges::find_if(counts, [&](const NoticeCount& count) {
      return count.text == notice.text && count.endpoint == endpoint;
    });
    if (same != counts.end()) {
      ++same->times;
    } else if (counts.size() < most_texts) {
      counts.push_back({std::string(notice.text), std::string(endpoint), 1, notice.line});
    }
  }
}

}  // namespace linkferry
