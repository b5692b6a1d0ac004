#include "mastodon/csv_parts.hpp"

#include <algorithm>

#include "common/html_text.hpp"
#include "mastodon/post_address.hpp"

namespace linkferry::mastodon {
namespace {

Text without_quotes(Text cell) {
  cell = common::trimmed(cell);
  const bool is_quoted = cell.size() >= 2 && cell.front() == '"' && cell.back() == '"';
  return is_quoted ? cell.substr(1, cell.size() - 2) : cell;
}

}  // namespace

std::string part_path(const std::string& path, std::size_t part) {
  if (part == 1) return path;
  const std::string mark = ".part" + std::to_string(part);
  const std::size_t name = path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1;
  const std::size_t dot = path.rfind('.');
  if (dot == std::string::npos || dot <= name) return path + mark;
  return path.substr(0, dot) + mark + path.substr(dot);
}

bool is_row_address(std::string_view cell) {
  if (cell.find_first_of(" \t\r\n") != std::string_view::npos) return false;
  for (const std::string_view scheme : {"https://", "http://", "tag:"}) {
    if (common::find_lower(cell.substr(0, scheme.size()), scheme) == 0)
      return cell.size() > scheme.size();
  }
  return false;
}

int recognize_csv(std::string_view head, bool is_whole) {
  constexpr int certain = 95;
  constexpr int likely = 80;
  constexpr std::size_t looked_at = 100;
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  std::size_t rows = 0;
  std::size_t posts = 0;
  while (!head.empty() && rows < looked_at) {
    const std::size_t end = head.find('\n');
    if (end == std::string_view::npos && !is_whole) break;
    const Text line = head.substr(0, end);
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 1);
    if (common::trimmed(line).empty()) continue;
    const Text cell = without_quotes(line);
    if (rows == 0 && without_quotes(line.substr(0, line.find(','))) == csv_header) return certain;
    if (!is_row_address(cell)) return 0;
    ++rows;
    if (shape_of(cell) != AddressShape::other) ++posts;
  }
  return posts > 0 && 2 * posts >= rows ? likely : 0;
}

}  // namespace linkferry::mastodon
