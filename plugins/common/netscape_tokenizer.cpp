#include "common/netscape_tokenizer.hpp"

#include <algorithm>
#include <cstring>

#include "common/html_text.hpp"
#include "common/netscape_usual.hpp"

namespace linkferry::common {
namespace {

/// How far a tag, a comment or a script that means nothing may reach.
constexpr std::ptrdiff_t max_skipped_bytes = 64 * 1024;
/// What stays of a text outside of entries, so that what stands before the next tag can be seen.
constexpr std::ptrdiff_t kept_text_bytes = 64;

constexpr std::string_view part_tag = "a tag";
constexpr std::string_view part_value = "an attribute value";
constexpr std::string_view notice_comment = "a comment that never ends was taken for text";

std::string_view text_between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

/// As browsers write it.
bool begins_usual_entry(const char* p) { return std::memcmp(p, "<DT><A ", 7) == 0; }

/// Whether `p` begins with one of two texts of four bytes.
bool begins_with_any(const char* p, const char (&first)[5], const char (&second)[5]) {
  return std::memcmp(p, first, 4) == 0 || std::memcmp(p, second, 4) == 0;
}

bool begins_link(const char* p) { return p[2] == ' ' && (p[1] == 'A' || p[1] == 'a'); }

bool is_tag_start(char c) {
  return (to_lower(c) >= 'a' && to_lower(c) <= 'z') || c == '/' || c == '!' || c == '?';
}

}  // namespace

/// How far a tag at `p` that means nothing is looked through.
const char* NetscapeTokenizer::skip_limit(const char* p) const {
  return end_ - p > max_skipped_bytes ? p + max_skipped_bytes : end_;
}

/// The `>` after `p`, or the limit. What was looked through in vain is not looked through again: a
/// gigabyte of `<a<a<a` takes no longer than any other.
const char* NetscapeTokenizer::find_skipped_end(const char* p) {
  const char* const limit = skip_limit(p);
  const char* const found = find_any<'>'>(std::max(p, std::min(no_tag_end_until_, limit)), limit);
  if (found == limit) no_tag_end_until_ = std::max(no_tag_end_until_, limit);
  return found;
}

void NetscapeTokenizer::set_block(const char* begin, const char* end, bool is_last) {
  at_ = item_ = begin;
  end_ = end;
  is_last_ = is_last;
  no_tag_end_until_ = no_comment_end_until_ = no_content_end_until_ = begin;
}

void NetscapeTokenizer::set_entry(const char* begin, const char* end) {
  set_state({.is_item_open = true, .has_items = true, .has_list = true});
  set_block(begin, end, true);
}

void NetscapeTokenizer::set_state(const State& state) {
  state_ = state;
  open_part_ = {};
  attributes_.set_exact(state.is_raw);
}

/// Reads a description that ends where a usual entry begins; false for any other.
inline bool NetscapeTokenizer::read_plain_description(const char*& p) {
  const char* const begin = p + 4;
  const char* const next = find_any<'<'>(begin, end_);
  if (!begins_usual_entry(next)) return false;
  const char* const end = skip_blanks_back(begin, next);
  const Text text = trimmed({begin, static_cast<std::size_t>(end - begin)});
  if (!text.empty()) descriptions_.push_back(text);
  may_have_control_ = may_have_control_ || has_control(text);
  p = next;
  return true;
}

/// Reads an entry in an open DT that is written as nearly all are; false for any other.
/// Rationale: the long way asks at each step what may be missing or wrong.
[[gnu::always_inline]] inline bool NetscapeTokenizer::read_plain_entry(const char* p) {
  const char* q = p + 2;
  if (!attributes_.parse_usual(q, end_) &&
      (attributes_.parse(q = p + 2, end_, is_last_) != TagEnd::closed || attributes_.is_repaired()))
    return false;
  ScanNotes notes = attributes_.notes();
  notes.forget_references();
  const char* const text = q;
  q = find_noting<'<'>(q, end_, notes);
  if (!begins_with_any(q, "</A>", "</a>")) return false;
  title_ = {text, static_cast<std::size_t>(q - text)};
  descriptions_.clear();
  may_have_control_ = notes.has_control();
  may_need_decoding_ = may_have_control_ || notes.may_have_reference();
  // The next entry mostly begins after a line feed and spaces.
  q += 4;
  counted_lines_ = *q == '\n' ? 1 : 0;
  q = skip_any<' '>(q + counted_lines_, end_);
  counted_end_ = q;
  if (begins_usual_entry(q)) [[likely]] {
    counted_end_ += 4;
  } else if (!read_plain_rest(q)) {
    return false;
  }
  if (may_have_control_) counted_end_ = p, counted_lines_ = 0;
  if (static_cast<std::size_t>(q - p) > max_field_bytes && is_too_large()) return false;
  at_ = q;
  return is_plain_ = true;
}

/// The same for what follows a link that is not right behind another entry.
bool NetscapeTokenizer::read_plain_rest(const char*& q) {
  q = skip_blanks(q, end_);
  if (begins_with_any(q, "<DD>", "<dd>") && read_plain_description(q)) return true;
  if (read_descriptions(q, false) == Step::more) return false;
  for (const Text description : descriptions_)
    may_have_control_ = may_have_control_ || has_control(description);
  return true;
}

NetscapeToken NetscapeTokenizer::next() {
  notices_.clear();
  if (state_.skipped_quote != 0 && !skip_large_value())
    return is_last_ ? NetscapeToken::end : NetscapeToken::more;
  is_plain_ = false;
  for (;;) {
    const char* p = *at_ == '<' ? at_ : find_any<'<'>(at_, end_);
    if (p >= end_) return finish_text();
    if (is_short(p)) return NetscapeToken::more;
    bool is_link_of_item = false;
    if (begins_usual_entry(p)) [[likely]] {
      state_.has_items = state_.has_list = state_.is_item_open = is_link_of_item = true;
      p += 4;
    } else {
      is_link_of_item = state_.is_item_open && state_.has_items && begins_link(p);
    }
    item_ = p;
    if (is_link_of_item && !state_.is_raw && read_plain_entry(p)) [[likely]]
      return token(NetscapeToken::entry, at_);
    bool is_skipped = false;
    const NetscapeToken found = dispatch(p, is_skipped);
    if (!is_skipped) return found;
  }
}

inline NetscapeToken NetscapeTokenizer::dispatch(const char* p, bool& is_skipped) {
  switch (to_lower(p[1])) {
    case 'd':
      if (is_netscape_tag(p, "dt")) return begin_item(p, true, is_skipped);
      if (is_netscape_tag(p, "dd")) return read_stray_description(p, is_skipped);
      if (is_netscape_tag(p, "dl")) return read_list(p, true, is_skipped);
      break;
    case 'a':
      if (is_netscape_tag(p, "a") && begins_entry(p)) return descriptions_.clear(), read_entry(p);
      break;
    case 'h':
      if (p[2] >= '2' && p[2] <= '6' && (is_blank(p[3]) || p[3] == '>')) return read_folder(p);
      if (is_netscape_tag(p, "hr")) return read_separator(p);
      if (is_netscape_tag(p, "h1")) return read_heading(p);
      break;
    case 'l':
      if (is_netscape_tag(p, "li") && !state_.has_items) return begin_item(p, false, is_skipped);
      break;
    case 'o':
    case 'u':
    case 'm':
      if (is_netscape_tag(p, "ol") || is_netscape_tag(p, "ul") || is_netscape_tag(p, "menu")) {
        return read_list(p, false, is_skipped);
      }
      break;
    case 's':
      if (is_netscape_tag(p, "script")) return skip_content(p, "</script", is_skipped);
      if (is_netscape_tag(p, "style")) return skip_content(p, "</style", is_skipped);
      break;
    case '!':
      if (p[2] == '-' && p[3] == '-') return skip_comment(p, is_skipped);
      if (starts_with_lower(text_between(p, end_), "<!doctype netscape-bookmark-file"))
        state_.has_list = true;
      break;
    case '/':
      if (is_netscape_tag(p, "/dl")) return list_token(NetscapeToken::close_list, p);
      if (!state_.has_items &&
          (is_netscape_tag(p, "/ol") || is_netscape_tag(p, "/ul") || is_netscape_tag(p, "/menu"))) {
        return list_token(NetscapeToken::close_list, p);
      }
      break;
    default:
      break;
  }
  return skip_tag(p, is_skipped);
}

/// Text up to the end of the block: dropped, but for what may stand before the next tag.
NetscapeToken NetscapeTokenizer::finish_text() {
  if (is_last_) {
    at_ = end_;
    return NetscapeToken::end;
  }
  if (end_ - at_ > max_skipped_bytes) at_ = end_ - kept_text_bytes;
  return NetscapeToken::more;
}

/// Goes behind the value; false while its end is not in sight.
bool NetscapeTokenizer::skip_large_value() {
  const char* q =
      state_.skipped_quote == '\'' ? find_any<'\''>(at_, end_) : find_any<'"'>(at_, end_);
  at_ = q < end_ ? q + 1 : end_;
  if (q >= end_ && is_last_) open_part_ = part_value;
  if (q < end_) state_.skipped_quote = 0;
  return q < end_;
}

NetscapeToken NetscapeTokenizer::unfinished(std::string_view part) {
  if (!is_last_) return NetscapeToken::more;
  open_part_ = part;
  at_ = end_;
  return NetscapeToken::end;
}

NetscapeToken NetscapeTokenizer::begin_item(const char* p, bool is_definition, bool& is_skipped) {
  state_.has_items = state_.has_items || is_definition;
  state_.has_list = state_.has_list || is_definition;
  const auto found = skip_tag(p, is_skipped);
  state_.is_item_open = is_skipped && (is_definition || state_.has_list);
  return found;
}

NetscapeToken NetscapeTokenizer::read_list(const char* p, bool is_definition_list,
                                           bool& is_skipped) {
  const bool is_of_heading = !is_definition_list && state_.is_after_heading;
  if (!is_definition_list && (state_.has_items || (!is_of_heading && !state_.has_list)))
    return skip_tag(p, is_skipped);
  is_list_of_heading_ = is_of_heading;
  state_.has_list = true;
  return list_token(NetscapeToken::open_list, p);
}

NetscapeToken NetscapeTokenizer::list_token(NetscapeToken found, const char* p) {
  const char* const limit = skip_limit(p);
  const char* q = find_skipped_end(p);
  if (q < limit) return token(found, q + 1);
  if (limit != end_) return token(found, p + 3);
  if (!is_last_) return NetscapeToken::more;
  open_part_ = part_tag;
  return token(found, end_);
}

/// A tag without a meaning. Text that only looks like one is left for the next `<`.
NetscapeToken NetscapeTokenizer::skip_tag(const char* p, bool& is_skipped) {
  is_skipped = true;
  const char* q = p + 1;
  if (is_tag_start(*q)) {
    const char* const limit = skip_limit(p);
    q = find_skipped_end(p);
    if (q == end_) {
      is_skipped = false;
      return unfinished(part_tag);
    }
    q = q < limit ? q + 1 : p + 1;
    if (p[1] != '!' && p[1] != '?') state_.is_after_heading = false;
  }
  at_ = q;
  return NetscapeToken::more;
}

NetscapeToken NetscapeTokenizer::skip_comment(const char* p, bool& is_skipped) {
  is_skipped = true;
  const char* const limit = skip_limit(p);
  const char* const from = std::min(std::max(p + 4, no_comment_end_until_ - 2), limit);
  const auto close = text_between(from, limit).find("-->");
  if (close == std::string_view::npos) {
    if (!is_last_ && limit == end_) return is_skipped = false, NetscapeToken::more;
    notify(notice_comment);
    no_comment_end_until_ = std::max(no_comment_end_until_, limit);
    at_ = p + 4;
    return NetscapeToken::more;
  }
  if (text_between(p, from + close).find(netscape_raw_mark) != std::string_view::npos) {
    state_.is_raw = true;
    attributes_.set_exact(true);
  }
  at_ = from + close + 3;
  return NetscapeToken::more;
}

/// A script or style sheet, whatever is in it. Where its end is not in reach it is taken for text.
NetscapeToken NetscapeTokenizer::skip_content(const char* p, std::string_view closing_tag,
                                              bool& is_skipped) {
  const char* const limit = skip_limit(p);
  const auto overlap = static_cast<std::ptrdiff_t>(closing_tag.size());
  // One mark for both kinds: a script without an end makes style sheets behind it be read as text,
  // no more.
  const char* const from = std::min(std::max(p, no_content_end_until_ - overlap), limit);
  const auto close = find_lower(text_between(from, limit), closing_tag);
  if (close != std::string_view::npos) return skip_tag(from + close, is_skipped);
  if (!is_last_ && limit == end_) return NetscapeToken::more;
  no_content_end_until_ = std::max(no_content_end_until_, limit);
  return skip_tag(p, is_skipped);
}

}  // namespace linkferry::common
