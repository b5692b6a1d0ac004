#include "common/netscape_attributes.hpp"

#include <algorithm>
#include <cstring>

#include "common/html_text.hpp"
#include "common/netscape_usual.hpp"

namespace linkferry::common {
namespace {

struct KnownName {
  std::string_view lower;
  NetscapeAttribute attribute;
};

constexpr KnownName known_names[] = {
    {"href", NetscapeAttribute::href},
    {"add_date", NetscapeAttribute::add_date},
    {"last_modified", NetscapeAttribute::last_modified},
    {"last_visit", NetscapeAttribute::last_visit},
    {"private", NetscapeAttribute::is_private},
    {"toread", NetscapeAttribute::to_read},
    {"tags", NetscapeAttribute::tags},
    {"icon", NetscapeAttribute::icon},
    {"icon_uri", NetscapeAttribute::icon_uri},
    {"shortcuturl", NetscapeAttribute::keyword},
    {"data-cover", NetscapeAttribute::cover},
    {"data-important", NetscapeAttribute::important},
    {"description", NetscapeAttribute::description},
    {"time_added", NetscapeAttribute::time_added},
    {"personal_toolbar_folder", NetscapeAttribute::toolbar_folder},
    {"unfiled_bookmarks_folder", NetscapeAttribute::unfiled_folder},
    {"bookmarks_menu", NetscapeAttribute::menu_folder},
};

bool ends_name(char c) {
  return is_blank(c) || c == '=' || c == '>' || c == '/' || c == '<' || c == '"' || c == '\'';
}

/// What follows a closing quote in a well-formed tag.
bool may_follow_quote(char c) { return is_blank(c) || c == '>' || c == '/'; }

/// Whether `p` begins `NAME="`, the next attribute written without a blank before it.
bool begins_attribute(const char* p, const char* end) {
  const char* const start = p;
  while (p < end && !ends_name(*p)) ++p;
  return p > start && p + 1 < end && *p == '=' && (p[1] == '"' || p[1] == '\'');
}

/// If the value [begin, quote) ends in a blank and `NAME=` of a known attribute, its own quote was
/// never closed: returns where that name begins, else null.
const char* attribute_inside(const char* begin, const char* quote) {
  if (quote == begin || quote[-1] != '=') return nullptr;
  const char* name = quote - 1;
  while (name > begin && !ends_name(name[-1])) --name;
  if (name == begin || !is_blank(name[-1])) return nullptr;
  const Text text(name, static_cast<std::size_t>(quote - 1 - name));
  return find_netscape_attribute(text) != NetscapeAttribute::other ? name : nullptr;
}

/// Whether the `<` at `p`, inside a value that begins at `begin`, begins the next entry of the
/// list: a tag of the list that stands first in its line or behind another tag.
bool begins_entry(const char* begin, const char* p) {
  if (!is_netscape_tag(p, "dt") && !is_netscape_tag(p, "dl") && !is_netscape_tag(p, "/dl") &&
      !is_netscape_tag(p, "dd") && !is_netscape_tag(p, "hr")) {
    return false;
  }
  while (p > begin && (p[-1] == ' ' || p[-1] == '\t')) --p;
  return p > begin && (p[-1] == '\n' || p[-1] == '\r' || p[-1] == '>');
}

/// Where another `quote` in the same tag and line stands that could be the closing one, or what
/// ends the tag or line without it; `end` when none of them is in sight.
const char* later_quote(const char* p, const char* end, char quote) {
  while (p < end && *p != '>' && *p != '\n' && *p != quote) ++p;
  return p;
}

/// Whether what decides about the quote at `q` may stand behind the end of the block.
bool is_undecided(const char* q, const char* end, char quote) {
  const char* p = q + 1;
  while (p < end && !ends_name(*p)) ++p;
  return p + 1 >= end || later_quote(q + 1, end, quote) == end;
}

}  // namespace

NetscapeAttribute find_netscape_attribute(std::string_view name) {
  for (const auto& known : known_names) {
    if (equals_lower(name, known.lower)) return known.attribute;
  }
  return NetscapeAttribute::other;
}

std::size_t NetscapeAttributes::largest_bytes() const {
  std::size_t largest = 0;
  for (std::size_t i = 0; i < known_.size(); ++i) {
    if ((present_ >> i & 1) != 0) largest = std::max(largest, known_[i].size());
  }
  for (const auto& other : others_)
    largest = std::max({largest, other.name.size(), other.value.size()});
  return largest;
}

void NetscapeAttributes::store(NetscapeAttribute known, Text name, Text value) {
  if (known != NetscapeAttribute::other) return store_known(known, value);
  constexpr std::size_t most_others =
      256;  // a tag with more is no entry of a list; the search below stays short
  const bool is_known = std::any_of(others_.begin(), others_.end(),
                                    [name](const Other& o) { return o.name == name; });
  if (!is_known && others_.size() < most_others) others_.push_back({name, value});
}

TagEnd NetscapeAttributes::parse(const char*& start, const char* end, bool is_last) {
  const char* p = start;
  TagEnd outcome = TagEnd::closed;
  clear();
  while (outcome == TagEnd::closed) {
    if (take_usual(p, end, notes_, present_)) break;
    notes_.set_all();
    while (is_blank(*p) || *p == '/') ++p;
    if (*p == '>') continue;
    if (p >= end) {
      outcome = TagEnd::open;
    } else if (*p == '<') {
      is_repaired_ = true;
      break;
    } else {
      outcome = parse_one(p, end, is_last);
    }
  }
  start = p;
  return outcome;
}

/// Reads an attribute in whatever form, and moves behind it.
TagEnd NetscapeAttributes::parse_one(const char*& p, const char* end, bool is_last) {
  const char* q = p;
  // A quote where a name should be is not to stop the reading.
  if (*q == '"' || *q == '\'' || *q == '=') ++q;
  while (q < end && !ends_name(*q)) ++q;
  const Text name(p, static_cast<std::size_t>(q - p));
  const NetscapeAttribute known = find_netscape_attribute(name);
  while (q < end && is_blank(*q)) ++q;
  if (q >= end) return TagEnd::open;
  Text value("", 0);
  if (*q == '=') {
    ++q;
    const TagEnd outcome = parse_value(q, end, is_last, value);
    if (outcome != TagEnd::closed) return p = q, outcome;
  }
  store(known, name, value);
  p = q;
  return TagEnd::closed;
}

TagEnd NetscapeAttributes::parse_value(const char*& p, const char* end, bool is_last, Text& value) {
  while (p < end && is_blank(*p)) ++p;
  if (p >= end) return TagEnd::open;
  if (*p == '"') return parse_quoted<'"'>(p, end, is_last, value);
  if (*p == '\'') return parse_quoted<'\''>(p, end, is_last, value);
  const char* const begin = p;
  while (p < end && !is_blank(*p) && *p != '>') ++p;
  if (p >= end) return TagEnd::open;
  value = {begin, static_cast<std::size_t>(p - begin)};
  return TagEnd::closed;
}

/// Reads a quoted value; `p` stands on its opening quote and moves behind the closing one.
template <char quote>
inline TagEnd NetscapeAttributes::parse_quoted(const char*& p, const char* end, bool is_last,
                                               Text& value) {
  const char* const begin = ++p;
  for (const char* q = begin;; ++q) {
    q = find_noting<quote, '<'>(q, end, notes_);
    if (q + 1 >= end && !(is_last && q < end)) break;
    if (*q == quote && may_follow_quote(q[1])) [[likely]] {
      value = {begin, static_cast<std::size_t>(q - begin)};
      p = q + 1;
      return TagEnd::closed;
    }
    if (*q == '<' && end - q < 8 && !is_last) break;
    if (*q == quote && !is_exact_ && !is_last && is_undecided(q, end, quote)) break;
    if (settle_quote<quote>(p, begin, q, end, value)) return TagEnd::closed;
  }
  open_quote_ = quote;
  return TagEnd::open_quote;
}

/// Decides about a `<` in a value, or a quote that nothing usual follows: true when the value ends
/// before or at it.
template <char quote>
bool NetscapeAttributes::settle_quote(const char*& p, const char* begin, const char* q,
                                      const char* end, Text& value) {
  const auto ends_at = [&](const char* value_end, const char* next) {
    while (next != q + 1 && value_end > begin && is_blank(value_end[-1])) --value_end;
    value = {begin, static_cast<std::size_t>(value_end - begin)};
    p = next;
    return true;
  };
  if (is_exact_) return *q == quote && ends_at(q, q + 1);
  if (*q == '<') {
    if (!begins_entry(begin, q)) return false;
    // The quote was never closed: the value ends where its line or tag does.
    is_repaired_ = true;
    const char* const stop = find_any<'>', '\n'>(begin, q);
    return ends_at(stop, stop);
  }
  if (q + 1 >= end || begins_attribute(q + 1, end)) return ends_at(q, q + 1);
  is_repaired_ = true;
  if (const char* name = attribute_inside(begin, q)) return ends_at(name, name);
  const char* const later = later_quote(q + 1, end, quote);
  return (later == end || *later != quote) && ends_at(q, q + 1);
}

}  // namespace linkferry::common
