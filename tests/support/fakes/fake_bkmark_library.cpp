#include "support/fakes/fake_bkmark_library.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "linkferry/timestamp_text.hpp"

namespace linkferry::test {
namespace {

std::string uuid(unsigned number) {
  return fmt::format("{:08x}-a1b2-4c3d-8e4f-{:012x}", number * 2654435761U, number);
}

std::string loose(std::string url) {
  std::ranges::transform(url, url.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  for (const std::string scheme : {"http://", "https://"})
    if (url.starts_with(scheme)) url.erase(0, scheme.size());
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace

std::int64_t BkmarkLibrary::now() {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  last_now_ = std::max(last_now_ + 1, now);
  return last_now_;
}

BkmarkRow& BkmarkLibrary::add(BkmarkRow row) {
  if (row.id.empty()) row.id = uuid(next_id_++);
  if (row.created == 0) row.created = now();
  if (row.updated == 0) row.updated = row.created;
  rows_.push_back(std::move(row));
  return rows_.back();
}

BkmarkRow* BkmarkLibrary::find(const std::string& id) {
  const auto found = std::ranges::find(rows_, id, &BkmarkRow::id);
  return found == rows_.end() ? nullptr : &*found;
}

BkmarkRow* BkmarkLibrary::find_url(const std::string& url, bool is_loose, bool looks_in_trash) {
  for (BkmarkRow& row : rows_) {
    if (row.is_in_trash && !looks_in_trash) continue;
    if (is_loose ? loose(row.url) == loose(url) : row.url == url) return &row;
  }
  return nullptr;
}

void BkmarkLibrary::purge(const std::string& id) {
  std::erase_if(rows_, [&id](const BkmarkRow& row) { return row.id == id; });
}

std::string BkmarkLibrary::add_group(const std::string& name) {
  const std::string id = fmt::format("c3d4e5f6-a7b8-4012-8def-{:012x}", groups_.size() + 1);
  groups_[id] = name;
  return id;
}

std::vector<BkmarkRow> BkmarkLibrary::active() const {
  std::vector<BkmarkRow> rows;
  for (const BkmarkRow& row : rows_)
    if (!row.is_in_trash) rows.push_back(row);
  return rows;
}

std::vector<BkmarkRow> BkmarkLibrary::trash() const {
  std::vector<BkmarkRow> rows;
  for (const BkmarkRow& row : rows_)
    if (row.is_in_trash) rows.push_back(row);
  return rows;
}

std::string bkmark_date(std::int64_t milliseconds) {
  std::int64_t seconds = milliseconds / 1000;
  std::int64_t rest = milliseconds % 1000;
  if (rest < 0) rest += 1000, --seconds;
  return format_rfc3339(
      {seconds, static_cast<std::uint32_t>(rest) * 1'000'000, Precision::millisecond});
}

std::optional<std::int64_t> read_bkmark_date(const std::string& text) {
  const Timestamp time = parse_rfc3339(text);
  if (!time.is_known()) return {};
  return time.seconds * 1000 + time.nanoseconds / 1'000'000;
}

}  // namespace linkferry::test
