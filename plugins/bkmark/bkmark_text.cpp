#include "bkmark/bkmark_text.hpp"

#include <algorithm>
#include <vector>

#include "common/unicode_text.hpp"

namespace linkferry::bkmark {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::int64_t seconds_a_day = 86'400;
constexpr std::uint32_t millisecond = 1'000'000;

/// Where a line that is only the mark begins, or npos.
std::size_t find_mark(Text text) {
  for (std::size_t at = text.find(notes_mark); at != Text::npos;
       at = text.find(notes_mark, at + 1)) {
    const std::size_t end = at + notes_mark.size();
    const bool is_line_start = at == 0 || text[at - 1] == '\n';
    if (is_line_start && (end == text.size() || text[end] == '\n')) return at;
  }
  return Text::npos;
}

bool is_mark_of_campaign(std::string_view parameter) {
  return parameter.starts_with("utm_") || parameter.starts_with("fbclid=") ||
         parameter.starts_with("gclid=");
}

}  // namespace

Text trimmed(Text text) {
  while (true) {
    const std::size_t before = text.size();
    text = common::trimmed_characters(text);
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    if (text.ends_with(byte_order_mark)) text.remove_suffix(byte_order_mark.size());
    if (text.size() == before) return text.empty() ? Text{} : text;
  }
}

Text combine_notes(Text description, Text notes, Arena& arena) {
  if (notes.empty()) return description;
  std::string both(description);
  if (!both.empty()) both += "\n\n";
  both.append(notes_mark).append("\n").append(notes);
  return arena.copy(std::string_view(both));
}

DescriptionAndNotes split_notes(Text combined) {
  const std::size_t mark = find_mark(combined);
  if (mark == Text::npos) return {trimmed(combined), {}};
  return {trimmed(combined.substr(0, mark)), trimmed(combined.substr(mark + notes_mark.size()))};
}

Timestamp unknown_read(std::int64_t now_seconds) {
  return {now_seconds - now_seconds % seconds_a_day, millisecond, Precision::millisecond};
}

bool is_unknown_read(const Timestamp& time) {
  return time.is_known() && time.seconds % seconds_a_day == 0 && time.nanoseconds == millisecond;
}

std::string loose_key(Text url) {
  url = trimmed(url);
  std::string key = common::lower_case(url.substr(0, url.find('#')));
  for (const std::string_view scheme : {"http://", "https://"})
    if (key.starts_with(scheme)) key.erase(0, scheme.size());
  if (key.starts_with("www.")) key.erase(0, 4);
  const std::size_t mark = std::min(key.find('?'), key.size());
  std::string query = key.substr(mark);
  key.resize(mark);
  while (key.ends_with('/')) key.pop_back();
  std::vector<std::string> parameters;
  for (std::size_t start = 1; start < query.size();) {
    const std::size_t end = std::min(query.find('&', start), query.size());
    const std::string parameter = query.substr(start, end - start);
    if (!parameter.empty() && !is_mark_of_campaign(parameter)) parameters.push_back(parameter);
    start = end + 1;
  }
  std::ranges::sort(parameters);
  for (const std::string& parameter : parameters) key.append("&").append(parameter);
  return key;
}

}  // namespace linkferry::bkmark
