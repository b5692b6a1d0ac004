#include "netscape/text_rules.hpp"

#include <algorithm>
#include <vector>

#include "common/netscape_attributes.hpp"
#include "common/netscape_levels.hpp"
#include "common/netscape_records.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry::netscape {
namespace {

constexpr std::string_view reason_tag_like =
    "Shaarli's files do not escape: a '<' that would begin a tag got a blank behind it";
constexpr std::string_view reason_seconds = "Netscape files know whole seconds only";
constexpr std::string_view reason_day =
    "Netscape files hold dates in seconds: a day becomes its midnight in UTC";
constexpr std::string_view reason_zero =
    "in Netscape files the first second of 1970, and what is after the year 5138, means unknown";
constexpr std::string_view reason_chrome_date = "Chrome knows no dates before 1970 and after 2106";
constexpr std::string_view reason_deep =
    "folders deeper than 1000 levels, or with names of more than 1 MiB in all, are left out";
constexpr std::string_view reason_foreign =
    "attributes that did not come from a Netscape file have no place in one";

constexpr std::size_t max_attributes = 250;
constexpr std::int64_t first_unreadable_second = 100'000'000'000;

bool begins_tag(Text text, std::size_t at) {
  if (text[at] != '<' || at + 1 == text.size()) return false;
  const char next = common::to_lower(text[at + 1]);
  return (next >= 'a' && next <= 'z') || next == '/' || next == '!' || next == '?';
}

/// A raw text with a blank behind each `<` that would begin a tag.
Text without_tags(Text text, Field field, Arena& arena, LossList& losses) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) count += begins_tag(text, i);
  if (count == 0) return text;
  losses.add(field, LossKind::transformed, reason_tag_like);
  char* const bytes = static_cast<char*>(arena.allocate(text.size() + count, 1));
  char* out = bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    *out++ = text[i];
    if (begins_tag(text, i)) *out++ = ' ';
  }
  return {bytes, text.size() + count};
}

Text plain_name(Text name, Arena& arena) {
  const Text text = common::one_line(name, arena);
  return is_present(text) ? text : Text("", 0);
}

}  // namespace

Text one_line_text(Text text, Field field, const Style& style, Arena& arena, LossList& losses) {
  if (is_absent(text)) return text;
  if (!common::is_one_line(text)) [[unlikely]] {
    const Text inside = common::trimmed(text);
    if (inside.size() != text.size() || inside.empty())
      losses.add(field, LossKind::transformed, reason_blanks);
    text = common::one_line(text, arena);
    if (inside != text) losses.add(field, LossKind::transformed, reason_line_ends);
    if (is_absent(text)) return text;
  }
  return style.dialect->is_raw ? without_tags(text, field, arena, losses) : text;
}

Text long_text(Text text, Field field, const Style& style, Arena& arena, LossList& losses) {
  if (is_absent(text)) return text;
  const Text inside = common::trimmed(text);
  if (inside.size() != text.size() || inside.empty())
    losses.add(field, LossKind::transformed, reason_blanks);
  return style.dialect->is_raw && !inside.empty() ? without_tags(inside, field, arena, losses)
                                                  : inside;
}

Timestamp date(const Timestamp& time, Field field, const Style& style, LossList& losses) {
  if (!time.is_known()) return {};
  Timestamp kept = cut_to(time, Precision::second);
  kept.precision = Precision::second;
  if (kept.nanoseconds != time.nanoseconds) losses.add(field, LossKind::truncated, reason_seconds);
  if (kept.seconds == 0 || kept.seconds >= first_unreadable_second) {
    losses.add(field, LossKind::dropped, reason_zero);
    return {};
  }
  constexpr std::int64_t chrome_end = std::int64_t{1} << 32;
  if (!style.dialect->has_late_dates && (kept.seconds < 0 || kept.seconds >= chrome_end)) {
    losses.add(field, LossKind::dropped, reason_chrome_date);
    return {};
  }
  if (time.precision == Precision::day) losses.add(field, LossKind::transformed, reason_day);
  return kept;
}

bool is_plain_path(FolderPath path) {
  constexpr std::size_t usual_depth = 16;
  constexpr std::size_t usual_bytes = 4096;
  if (path.empty() || path.size() > usual_depth) return false;
  return std::all_of(path.begin(), path.end(), [](Text name) {
    return !name.empty() && name.size() < usual_bytes && !common::is_blank(name.front()) &&
           !common::is_blank(name.back()) && !common::has_control(name);
  });
}

FolderPath folder_path(FolderPath path, Arena& arena, LossList& losses, bool& is_cut) {
  std::size_t bytes = 0;
  std::size_t depth = 0;
  bool is_plain = true;
  while (depth < path.size() && depth < max_folder_depth) {
    bytes += path[depth].size();
    if (bytes > common::NetscapeLevels::max_path_bytes) break;
    is_plain = is_plain &&
               (path[depth].empty() ? is_present(path[depth]) : common::is_one_line(path[depth]));
    ++depth;
  }
  is_cut = depth < path.size();
  if (is_cut) losses.add(Field::folders, LossKind::truncated, reason_deep);
  if (is_plain) return path.first(depth);
  const auto names = arena.make_array<Text>(depth);
  for (std::size_t i = 0; i < depth; ++i) {
    names[i] = plain_name(path[i], arena);
    if (names[i] != path[i]) losses.add(Field::folders, LossKind::transformed, reason_line_ends);
  }
  return names;
}

std::span<const Attribute> kept_attributes(std::span<const Attribute> extra,
                                           bool (*is_kept)(Text name), Arena& arena,
                                           LossList& losses) {
  const auto kept = arena.make_array<Attribute>(std::min(extra.size(), max_attributes));
  std::size_t count = 0;
  for (const auto& attribute : extra) {
    const bool is_ours = attribute.name.starts_with(extra_prefix);
    const Text name = is_ours ? attribute.name.substr(extra_prefix.size()) : Text{};
    const bool is_known =
        std::any_of(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(count),
                    [&](const Attribute& a) { return a.name == attribute.name; });
    if (!is_ours || !common::is_attribute_name(name) || is_known || count == kept.size()) {
      losses.add(Field::extra, LossKind::dropped, reason_foreign);
    } else if (common::find_netscape_attribute(name) != common::NetscapeAttribute::other &&
               !is_kept(name)) {
      losses.add(Field::extra, LossKind::dropped, reason_reserved);
    } else {
      if (is_absent(attribute.value))
        losses.add(Field::extra, LossKind::transformed, reason_blanks);
      kept[count++] = {attribute.name, is_present(attribute.value) ? attribute.value : Text("", 0)};
    }
  }
  return kept.first(count);
}

}  // namespace linkferry::netscape
