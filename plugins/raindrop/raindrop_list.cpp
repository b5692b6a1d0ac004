#include "raindrop/raindrop_list.hpp"

namespace linkferry::raindrop {

std::string list_path(std::int64_t collection) {
  return "/raindrops/" + std::to_string(collection);
}

Window overlapping_window(std::uint64_t next) {
  Window best;
  if (next == 0) return best;
  best = {next - 1, 1};
  for (std::uint64_t size = most_in_a_page; size > 1; --size) {
    const Window window{(next - 1) / size, size};
    if (window.end() > best.end()) best = window;
  }
  // A page of one row would never include a new one.
  return best.end() > next ? best : Window{next / most_in_a_page, most_in_a_page};
}

void ListScan::load(std::stop_token stop) {
  const Window window = pace_ == Pace::careful ? overlapping_window(end_)
                                               : Window{end_ / most_in_a_page, most_in_a_page};
  page_ = api_.read(with_query(list_path(collection_), {{"sort", "created"},
                                                        {"perpage", std::to_string(window.size)},
                                                        {"page", std::to_string(window.page)}}),
                    std::move(stop));
  const common::JsonValue items = page_.member("items");
  if (!items.is_array())
    throw api_.failure_of(page_.response, "expected a list of bookmarks of Raindrop");
  rows_.clear();
  items.for_each_item([this](common::JsonValue row) { rows_.push_back(row); });
  const auto count = page_.member("count").number();
  const std::uint64_t total =
      count && *count >= 0 ? static_cast<std::uint64_t>(*count) : window.start() + rows_.size();
  has_count_ = count.has_value();
  if (pages_ > 0 && has_count_ && total != count_) has_moved_ = true;
  count_ = total;
  is_short_ = rows_.size() < window.size;
  is_first_row_ = pace_ == Pace::careful && end_ > 0;
  if (is_first_row_ && rows_.empty()) has_moved_ = true;
  end_ = window.start() + rows_.size();
  next_row_ = 0;
  ++pages_;
}

std::optional<Item> ListScan::next(Arena& arena, std::stop_token stop) {
  while (true) {
    while (next_row_ == rows_.size()) {
      if (is_short_) return {};
      load(stop);
    }
    auto item = read_item(rows_[next_row_++], arena);
    if (!item) {
      throw api_.failure_of(page_.response,
                            "what it lists are no bookmarks: expected each to have an _id");
    }
    if (std::exchange(is_first_row_, false) && !seen_.is_in_scan(item->id, scan_))
      has_moved_ = true;
    const auto sighting = seen_.see(item->id, scan_);
    if (sighting != SeenIds::Sighting::again) ++met_;
    if (sighting == SeenIds::Sighting::first_ever) return item;
  }
}

}  // namespace linkferry::raindrop
