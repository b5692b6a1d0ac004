#include <algorithm>
#include <cstring>

#include "common/html_text.hpp"
#include "common/netscape_tokenizer.hpp"

/// The part of the tokenizer that reads entries, folders and their descriptions.
namespace linkferry::common {
namespace {

constexpr std::string_view part_link = "a link: <A> without </A>";
constexpr std::string_view part_folder = "a folder's name: <H3> without </H3>";
constexpr std::string_view part_tag = "a tag";
constexpr std::string_view part_value = "an attribute value";
constexpr std::string_view reason_cut = "the file ends inside this entry";
constexpr std::string_view reason_large = "a value or text is larger than 16 MiB";
constexpr std::string_view notice_quote =
    "a quote was missing or stood inside a value: the value was read as it seems meant";
constexpr std::string_view notice_close =
    "an entry without its closing tag was ended where the next one begins";
constexpr std::string_view notice_stray = "a description that belongs to no entry was left out";

/// Tags that no title holds: they begin or end what is around an entry.
bool is_list_tag(const char* p) {
  switch (to_lower(p[1])) {
    case 'd':
      return is_netscape_tag(p, "dt") || is_netscape_tag(p, "dd") || is_netscape_tag(p, "dl");
    case 'h':
      return is_netscape_tag(p, "hr");
    case '/':
      return is_netscape_tag(p, "/dl");
    default:
      return false;
  }
}

bool is_folder_tag(const char* p) {
  return to_lower(p[1]) == 'h' && p[2] >= '2' && p[2] <= '6' && (is_blank(p[3]) || p[3] == '>');
}

}  // namespace

/// Where `DT>` stands before `p` with its `<` missing, null when it does not.
const char* NetscapeTokenizer::broken_item_before(const char* p, const char* floor) const {
  while (p > floor && is_blank(p[-1])) --p;
  if (p - floor < 3 || p[-1] != '>' || to_lower(p[-2]) != 't' || to_lower(p[-3]) != 'd')
    return nullptr;
  p -= 3;
  return p == floor || is_blank(p[-1]) || p[-1] == '>' ? p : nullptr;
}

bool NetscapeTokenizer::starts_line(const char* p, const char* floor,
                                    bool is_floor_line_start) const {
  while (p > floor && (p[-1] == ' ' || p[-1] == '\t')) --p;
  return p == floor ? is_floor_line_start : p[-1] == '\n' || p[-1] == '\r';
}

bool NetscapeTokenizer::begins_entry(const char* p) const {
  if (state_.is_item_open) return true;
  if (broken_item_before(p, at_) != nullptr) return true;
  return !state_.has_items && state_.has_list && starts_line(p, at_, !state_.is_behind_entry);
}

bool NetscapeTokenizer::is_too_large() const {
  if (title_.size() > max_field_bytes || attributes_.largest_bytes() > max_field_bytes) return true;
  std::size_t described = 0;
  for (const Text text : descriptions_) described += text.size();
  return described > max_field_bytes;
}

NetscapeToken NetscapeTokenizer::too_large(std::string_view reason, char skipped_quote) {
  reason_ = reason;
  state_.skipped_quote = skipped_quote;
  return token(NetscapeToken::rejected, end_);
}

/// A tag whose end is not in the block.
NetscapeToken NetscapeTokenizer::unfinished_tag(const char* p, TagEnd how, bool is_entry) {
  const bool is_in_quote = how == TagEnd::open_quote;
  if (static_cast<std::size_t>(end_ - p) >= max_entry_bytes) {
    return too_large(reason_large, is_in_quote ? attributes_.open_quote() : '\0');
  }
  if (!is_last_) return NetscapeToken::more;
  open_part_ = is_in_quote ? part_value : part_tag;
  if (!is_entry) return token(NetscapeToken::end, end_);
  return too_large(reason_cut, '\0');
}

/// Moves `p` behind the `>` of the tag it stands on.
NetscapeTokenizer::Step NetscapeTokenizer::find_tag_end(const char*& p) const {
  if (p[3] == '>' && end_ - p > 3)
    return p += 4, Step::done;  // nearly all of them are <DT>, <DD>, </A>
  p = find_any<'>'>(p, end_);
  if (p < end_) return ++p, Step::done;
  return is_last_ ? Step::done : Step::more;
}

/// Moves `p` to the closing tag; to what follows the text when that is missing.
NetscapeTokenizer::Step NetscapeTokenizer::find_close(const char*& p, std::string_view closing_tag,
                                                      bool& is_missing) {
  ScanNotes notes;
  for (;; ++p) {
    p = find_noting<'<'>(p, end_, notes);
    may_need_decoding_ = notes.may_have_reference() || notes.has_control();
    if (p >= end_) {
      is_missing = true;
      return is_last_ ? Step::done : Step::more;
    }
    if (is_short(p)) return Step::more;
    if (is_netscape_tag(p, closing_tag)) return Step::done;
    if (is_list_tag(p)) return is_missing = true, Step::done;
  }
}

/// Moves `p` over what may stand between an entry and its description.
NetscapeTokenizer::Step NetscapeTokenizer::skip_fillers(const char*& p) const {
  for (;;) {
    p = skip_blanks(p, end_);
    if (p >= end_) return is_last_ ? Step::done : Step::more;
    if (*p != '<') return Step::done;
    if (is_short(p)) return Step::more;
    if (to_lower(p[1]) == 'd') return Step::done;
    if (!is_netscape_tag(p, "p") && !is_netscape_tag(p, "/p") && !is_netscape_tag(p, "/dt") &&
        !is_netscape_tag(p, "/a")) {
      return Step::done;
    }
    if (find_tag_end(p) == Step::more) return Step::more;
  }
}

/// Reads the DDs that `p` stands before, and moves behind them.
NetscapeTokenizer::Step NetscapeTokenizer::read_descriptions(const char*& p, bool stops_at_link) {
  for (;;) {
    if (skip_fillers(p) == Step::more) return Step::more;
    if (p >= end_ || *p != '<' || !is_netscape_tag(p, "dd")) return Step::done;
    if (read_description(p, stops_at_link) == Step::more) return Step::more;
  }
}

NetscapeTokenizer::Step NetscapeTokenizer::read_description(const char*& p, bool stops_at_link) {
  if (find_tag_end(p) == Step::more) return Step::more;
  const char* const begin = p;
  p = description_end(begin, stops_at_link);
  if (p == nullptr) return Step::more;
  const Text text = trimmed({begin, static_cast<std::size_t>(p - begin)});
  if (!text.empty()) descriptions_.push_back(text);
  if (p < end_ && is_netscape_tag(p, "/dd")) return find_tag_end(p);
  return Step::done;
}

/// Where a description ends: at the tags of the list, never at other markup. Null when that is not
/// in the block.
const char* NetscapeTokenizer::description_end(const char* begin, bool stops_at_link) const {
  const bool has_bare_entries = !state_.has_items;
  for (const char* q = find_any<'<'>(begin, end_);; q = find_any<'<'>(q + 1, end_)) {
    if (q >= end_) return is_last_ ? end_ : nullptr;
    if (is_short(q)) return nullptr;
    if (is_list_tag(q)) return q;
    const bool is_link = to_lower(q[1]) == 'a' && is_netscape_tag(q, "a");
    if (is_link || is_folder_tag(q)) {
      if (const char* item = broken_item_before(q, begin)) return item;
      if (has_bare_entries && starts_line(q, begin, false)) return q;
      if (is_link && stops_at_link) return q;
    } else if (q[1] == '/' && (is_netscape_tag(q, "/dd") || is_netscape_tag(q, "/dt") ||
                               is_netscape_tag(q, "/body") || is_netscape_tag(q, "/html"))) {
      return q;
    }
  }
}

NetscapeToken NetscapeTokenizer::read_entry(const char* p) {
  const char* q = p + 2;
  const std::size_t described_before = descriptions_.size();
  const TagEnd how = attributes_.parse(q, end_, is_last_);
  if (how != TagEnd::closed) return unfinished_tag(p, how, true);
  const char* const text = q;
  bool is_unclosed = false;
  bool is_cut = false;
  const char* closed = q;
  Step step = find_close(q, "/a", is_unclosed);
  if (step == Step::done) {
    title_ = {text, static_cast<std::size_t>(q - text)};
    is_cut = is_unclosed && q >= end_;
    if (!is_unclosed) step = find_tag_end(q);
    closed = q;
    if (step == Step::done) step = read_descriptions(q, false);
  }
  if (step == Step::more) {
    descriptions_.resize(described_before);
    return static_cast<std::size_t>(end_ - p) < max_entry_bytes ? NetscapeToken::more
                                                                : too_large(reason_large, '\0');
  }
  if (static_cast<std::size_t>(q - p) > max_field_bytes && is_too_large())
    return reason_ = reason_large, token(NetscapeToken::rejected, q);
  if (attributes_.is_repaired()) notify(notice_quote);
  if (is_unclosed && !is_cut) notify(notice_close);
  if (is_cut) open_part_ = part_link;
  if (!state_.is_item_open && broken_item_before(p, at_) != nullptr)
    state_.has_items = state_.has_list = true;
  const bool has_bare_entries = !state_.has_items;
  token(NetscapeToken::entry, q);
  if (has_bare_entries) state_.is_behind_entry = find_any<'\n', '\r'>(closed, q) == q;
  return NetscapeToken::entry;
}

NetscapeToken NetscapeTokenizer::read_folder(const char* p) {
  const char* q = p + 3;
  descriptions_.clear();
  const TagEnd how = attributes_.parse(q, end_, is_last_);
  if (how != TagEnd::closed) return unfinished_tag(p, how, false);
  const char* const text = q;
  const char closing_tag[] = {'/', 'h', p[2], '\0'};
  bool is_unclosed = false;
  Step step = find_close(q, closing_tag, is_unclosed);
  if (step == Step::done) {
    title_ = {text, static_cast<std::size_t>(q - text)};
    if (is_unclosed && q >= end_) open_part_ = part_folder;
    if (!is_unclosed) step = find_tag_end(q);
    if (step == Step::done) step = read_descriptions(q, false);
  }
  if (step == Step::more) {
    return static_cast<std::size_t>(end_ - p) < max_entry_bytes ? NetscapeToken::more
                                                                : too_large(reason_large, '\0');
  }
  if (static_cast<std::size_t>(q - p) > max_field_bytes && is_too_large())
    return reason_ = reason_large, token(NetscapeToken::rejected, q);
  if (attributes_.is_repaired()) notify(notice_quote);
  if (is_unclosed && q < end_) notify(notice_close);
  return token(NetscapeToken::folder, q);
}

NetscapeToken NetscapeTokenizer::read_heading(const char* p) {
  const char* q = p;
  bool is_unclosed = false;
  if (find_tag_end(q) == Step::more) return unfinished_tag(p, TagEnd::open, false);
  const char* const text = q;
  if (find_close(q, "/h1", is_unclosed) == Step::more) {
    return static_cast<std::size_t>(end_ - p) < max_entry_bytes ? NetscapeToken::more
                                                                : too_large(reason_large, '\0');
  }
  title_ = {text, static_cast<std::size_t>(q - text)};
  if (title_.size() > max_field_bytes) title_ = {};
  if (!is_unclosed && find_tag_end(q) == Step::more) return unfinished_tag(p, TagEnd::open, false);
  return token(NetscapeToken::heading, is_unclosed && q >= end_ ? text : q);
}

NetscapeToken NetscapeTokenizer::read_separator(const char* p) {
  const char* q = p + 3;
  const TagEnd how = attributes_.parse(q, end_, is_last_);
  if (how != TagEnd::closed) return unfinished_tag(p, how, false);
  if (attributes_.largest_bytes() > max_field_bytes)
    return reason_ = reason_large, token(NetscapeToken::rejected, q);
  return token(NetscapeToken::separator, q);
}

/// A DD that follows no entry: that of the link behind it when its DT is still open.
NetscapeToken NetscapeTokenizer::read_stray_description(const char* p, bool& is_skipped) {
  descriptions_.clear();
  const char* q = p;
  if (read_descriptions(q, state_.is_item_open) == Step::more) {
    return static_cast<std::size_t>(end_ - p) < max_entry_bytes ? NetscapeToken::more
                                                                : too_large(reason_large, '\0');
  }
  if (state_.is_item_open && q < end_ && is_netscape_tag(q, "a")) return item_ = q, read_entry(q);
  if (!descriptions_.empty()) notify(notice_stray);
  is_skipped = true;
  at_ = q;
  return NetscapeToken::more;
}

}  // namespace linkferry::common
