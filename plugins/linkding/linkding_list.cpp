#include "linkding/linkding_list.hpp"

#include <algorithm>

namespace linkferry::linkding {
namespace {

constexpr unsigned most_scans = 6;
constexpr std::size_t largest_page = 20'000;

/// Rows that a page repeats of the one before; so many may go away between two pages unnoticed.
std::size_t overlap_of(std::size_t page_size) { return std::max<std::size_t>(1, page_size / 100); }

std::unique_ptr<Page> load_page(Api& api, const std::string& path, std::stop_token stop) {
  const HttpResponse answer = api.get(path, stop);
  auto page = std::make_unique<Page>(answer.body);
  if (!page->is_list())
    throw api.client().failure_of(answer, "expected a list of bookmarks of linkding");
  return page;
}

}  // namespace

void ListReader::load(std::stop_token stop) {
  const std::size_t overlap = end_ == 0 ? 0 : overlap_of(page_size_);
  const std::uint64_t offset = end_ - std::min<std::uint64_t>(overlap, end_);
  std::string path = with_query(path_, {{"limit", std::to_string(page_size_ + overlap)},
                                        {"offset", std::to_string(offset)},
                                        {"sort", "added_asc"}});
  if (!filter_.empty()) path += "&" + filter_;
  page_ = load_page(api_, path, stop);
  is_stuck_ = offset + page_->size() <= end_;
  if (pages_ > 0 && page_->count() != count_) has_changed_ = true;
  ++pages_;
  count_ = page_->count();
  left_ = page_->size();
  end_ = offset + left_;
  is_first_row_ = overlap > 0;
}

bool ListReader::is_complete() const {
  // One page is one query, and so a snapshot.
  if (pages_ == 1) return met_ >= count_;
  return !has_changed_ && met_ == count_;
}

void ListReader::scan_again() {
  if (++scans_ > most_scans) {
    throw Failure(FailureKind::temporary,
                  api_.client().base_url() +
                      ": the bookmarks change faster than they can be listed; run again later");
  }
  api_.host().log(LogLevel::info, api_.client().base_url() +
                                      ": bookmarks were changed while they were read; the list is "
                                      "read again");
  page_size_ = std::min<std::size_t>(
      largest_page, std::max<std::size_t>(page_size_ * 4, static_cast<std::size_t>(count_) + 100));
  scan_ = seen_.new_scan();
  page_.reset();
  end_ = met_ = 0;
  pages_ = 0;
  has_changed_ = false;
}

bool ListReader::next(Record& record, Arena& arena, std::stop_token stop) {
  while (true) {
    if (left_ == 0) {
      const bool is_at_end = page_ != nullptr && (is_stuck_ || end_ >= count_);
      if (is_at_end) {
        if (is_complete()) return false;
        scan_again();
      }
      load(stop);
      if (left_ == 0) continue;
    }
    if (!page_->next(record, arena)) {
      throw Failure(FailureKind::failed, api_.client().base_url() + path_ +
                                             ": what it lists are no bookmarks of linkding");
    }
    --left_;
    if (std::exchange(is_first_row_, false) && !seen_.is_in_scan(record.id, scan_))
      has_changed_ = true;
    const auto sighting = seen_.see(record.id, scan_);
    seen_.highest = std::max(seen_.highest, record.id);
    if (sighting != SeenIds::Sighting::again) ++met_;
    if (sighting == SeenIds::Sighting::first_ever) return true;
  }
}

std::uint64_t count_of(Api& api, std::string_view path, std::stop_token stop) {
  return load_page(api, with_query(std::string(path), {{"limit", "1"}}), stop)->count();
}

}  // namespace linkferry::linkding
