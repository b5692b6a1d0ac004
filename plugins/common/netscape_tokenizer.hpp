#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "common/netscape_attributes.hpp"

namespace linkferry::common {

/// What the tokenizer found.
enum class NetscapeToken : std::uint8_t {
  entry,      ///< `<DT><A …>title</A>` with its `<DD>`
  folder,     ///< `<DT><H3 …>name</H3>` with its `<DD>`
  open_list,  ///< `<DL>`, in files without DT also `<OL>`, `<UL>`, `<MENU>`
  close_list,
  heading,    ///< `<H1>`
  separator,  ///< `<HR>`
  rejected,   ///< an entry that cannot be handed over; `reason` says why
  more,       ///< the block ends inside what comes next: set a block that begins at `position`
  end,
};

/// Cuts Netscape bookmark HTML into entries, folders and lists.
///
/// Not an HTML parser: markup inside texts is text, lines mean nothing, and everything that
/// browsers and services got wrong over the years is read as it was meant
/// (plugins/netscape/README.md lists the cases). A bookmark is an `<A>` whose DT is open, or one
/// that starts a line in a list of a file without any DT.
///
/// It works on blocks. Nothing that spans two of them is handed over in halves: `next` says `more`,
/// and the caller sets a longer block that begins with the bytes from `position` on. So all views
/// point into the current block. Bounds: a tag that means nothing or a comment is looked through
/// for 64 KiB, an entry for `max_entry_bytes`. Thread: one at a time.
class NetscapeTokenizer {
 public:
  static constexpr std::size_t max_field_bytes = 16 * 1024 * 1024;
  static constexpr std::size_t max_entry_bytes = 40 * 1024 * 1024;

  /// All that is remembered between two tokens; a reader that goes on elsewhere puts it back.
  struct State {
    bool is_item_open = false;      ///< a DT (or LI) waits for its A or H3
    bool has_items = false;         ///< a DT was seen
    bool has_list = false;          ///< something that only bookmark files have was seen
    bool is_after_heading = false;  ///< an H1 was the last token
    bool is_behind_entry = false;   ///< nothing but blanks since an entry, and no line end
    bool is_raw = false;            ///< the file says that it does not escape anything
    char skipped_quote = 0;         ///< inside a value too large to keep: what ends it
  };

  /// Continues with these bytes; `scan_padding` bytes behind `end` must be readable and 0.
  void set_block(const char* begin, const char* end, bool is_last);

  NetscapeToken next();

  /// How far the block is used up.
  const char* position() const { return at_; }
  /// Where the last token begins.
  const char* token_begin() const { return item_; }

  /// Of the last entry, folder or separator. As they stand in the file, not decoded.
  const NetscapeAttributes& attributes() const { return attributes_; }
  Text title() const { return title_; }
  /// False: the title has neither character references nor line ends in it.
  bool may_need_decoding() const { return may_need_decoding_; }
  /// The texts of its DDs, in order; normally none or one.
  const std::vector<Text>& descriptions() const { return descriptions_; }
  /// Whether the last entry is written as nearly all are: what it means does not depend on what
  /// stands around it, so that `set_entry` reads the same from its bytes alone. These go from
  /// `token_begin` to `position`.
  bool is_plain() const { return is_plain_; }
  /// Of the last plain entry. False: there is surely no byte below 0x20 in its values and texts.
  bool may_have_control() const { return may_have_control_; }
  /// Of the last plain entry: up to here line feeds are counted …
  const char* counted_end() const { return counted_end_; }
  /// … from `token_begin` on, and there are so many.
  unsigned counted_lines() const { return counted_lines_; }
  /// Whether the last `open_list` is an `<OL>`, `<UL>` or `<MENU>` right behind a heading.
  bool is_list_of_heading() const { return is_list_of_heading_; }

  /// What a person should know about the last token: fixed texts.
  const std::vector<std::string_view>& notices() const { return notices_; }
  /// Of the last `rejected`.
  std::string_view reason() const { return reason_; }
  /// At the end: what the file ends inside of, empty when it is complete; fixed texts.
  std::string_view open_part() const { return open_part_; }

  /// Continues with nothing but a plain entry; `scan_padding` zeros behind `end` too.
  void set_entry(const char* begin, const char* end);

  const State& state() const { return state_; }
  void set_state(const State& state);

 private:
  /// What reading a part of a token led to.
  enum class Step : std::uint8_t { done, more };

  // netscape_tokenizer.cpp
  bool read_plain_entry(const char* p);
  bool read_plain_rest(const char*& p);
  bool read_plain_description(const char*& p);
  NetscapeToken dispatch(const char* p, bool& is_skipped);
  NetscapeToken finish_text();
  bool skip_large_value();
  NetscapeToken read_list(const char* p, bool is_definition_list, bool& is_skipped);
  NetscapeToken list_token(NetscapeToken found, const char* p);
  const char* skip_limit(const char* p) const;
  const char* find_skipped_end(const char* p);
  NetscapeToken skip_tag(const char* p, bool& is_skipped);
  NetscapeToken skip_comment(const char* p, bool& is_skipped);
  NetscapeToken skip_content(const char* p, std::string_view closing_tag, bool& is_skipped);
  NetscapeToken begin_item(const char* p, bool is_definition, bool& is_skipped);
  NetscapeToken unfinished(std::string_view part);
  NetscapeToken token(NetscapeToken found, const char* next) {
    at_ = next;
    state_.is_after_heading = found == NetscapeToken::heading;
    state_.is_behind_entry = false;
    if (found != NetscapeToken::separator) state_.is_item_open = false;
    return found;
  }
  void notify(std::string_view text) { notices_.push_back(text); }

  // netscape_entries.cpp
  NetscapeToken read_entry(const char* p);
  NetscapeToken read_folder(const char* p);
  NetscapeToken read_heading(const char* p);
  NetscapeToken read_separator(const char* p);
  NetscapeToken read_stray_description(const char* p, bool& is_skipped);
  NetscapeToken unfinished_tag(const char* p, TagEnd how, bool is_entry);
  NetscapeToken too_large(std::string_view reason, char skipped_quote);
  bool is_too_large() const;
  Step find_close(const char*& p, std::string_view closing_tag, bool& is_missing);
  Step skip_fillers(const char*& p) const;
  Step read_descriptions(const char*& p, bool stops_at_link);
  Step read_description(const char*& p, bool stops_at_link);
  const char* description_end(const char* q, bool stops_at_link) const;
  Step find_tag_end(const char*& p) const;
  bool begins_entry(const char* p) const;
  const char* broken_item_before(const char* p, const char* floor) const;
  bool starts_line(const char* p, const char* floor, bool is_floor_line_start) const;
  /// Whether the block may end inside the name of the tag at `p`.
  bool is_short(const char* p) const { return end_ - p < 40 && !is_last_; }

  const char* at_ = nullptr;
  const char* end_ = nullptr;
  const char* item_ = nullptr;
  bool is_last_ = false;
  const char* no_tag_end_until_ = nullptr;  ///< searched in vain up to here
  const char* no_comment_end_until_ = nullptr;
  const char* no_content_end_until_ = nullptr;
  bool is_list_of_heading_ = false;
  State state_;
  NetscapeAttributes attributes_;
  Text title_;
  bool may_need_decoding_ = false;
  std::vector<Text> descriptions_;
  bool is_plain_ = false;
  bool may_have_control_ = false;
  const char* counted_end_ = nullptr;
  unsigned counted_lines_ = 0;
  std::vector<std::string_view> notices_;
  std::string_view reason_;
  std::string_view open_part_;
};

/// The comment that marks a file whose texts are not escaped (dialect shaarli).
inline constexpr std::string_view netscape_raw_mark =
    "texts in this file are raw: no character references";

}  // namespace linkferry::common
