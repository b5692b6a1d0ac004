#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/html_text.hpp"
#include "common/netscape_tokenizer.hpp"
#include "linkferry/batch.hpp"

namespace linkferry::common {

/// How to read what files leave open.
struct NetscapeOptions {
  /// Attributes without a field are kept as `<prefix>.NAME`.
  std::string_view prefix = "netscape";
  /// Tags are separated by blanks and commas; else by commas only, and blanks are part of a tag.
  bool has_blank_separated_tags = false;
};

/// Turns what the tokenizer found into records of a batch: decodes references, reads dates and
/// tags, and gives every attribute its field or a place in `extra`. Notices are those of the texts
/// below, fixed and without values.
class NetscapeRecords {
 public:
  explicit NetscapeRecords(const NetscapeOptions& options) : options_(options) {}

  /// Fills all but `folders` and `line`. `notices` gets what a person should know.
  void fill(Bookmark& bookmark, const NetscapeTokenizer& token, Arena& arena,
            std::vector<std::string_view>& notices);

  /// Fills nothing but `url`.
  void fill_address(Bookmark& bookmark, const NetscapeTokenizer& token, Arena& arena) {
    const NetscapeAttributes& attributes = token.attributes();
    is_raw_ = token.state().is_raw;
    bookmark.url = attributes[NetscapeAttribute::href];
    if (attributes.notes().may_have_reference())
      bookmark.url = decoded(bookmark.url, References::with_end, arena);
  }

  /// Fills all but `path` and `line`; `name` is the folder's.
  void fill(Folder& folder, Text& name, const NetscapeTokenizer& token, Arena& arena,
            std::vector<std::string_view>& notices);

  /// The same for a separator: its title and other attributes.
  void fill_separator(Folder& separator, const NetscapeTokenizer& token, Arena& arena);

  const NetscapeOptions& options() const { return options_; }

 private:
  Text decoded(Text raw, References rule, Arena& arena) const {
    return is_raw_ ? raw : decode_references(raw, rule, arena);
  }
  void fill_date(Timestamp& time, const NetscapeAttributes& attributes, NetscapeAttribute name,
                 Arena& arena);
  std::span<const Text> tags(Text value, Arena& arena, bool& is_archived);
  void fill_dates(Bookmark& bookmark, const NetscapeAttributes& attributes, Arena& arena);
  void fill_flags(Bookmark& bookmark, const NetscapeAttributes& attributes);
  void fill_addresses(Bookmark& bookmark, const NetscapeAttributes& attributes, Arena& arena);
  void fill_texts(Bookmark& bookmark, const NetscapeTokenizer& token, Arena& arena);
  Text joined_descriptions(const NetscapeTokenizer& token, Arena& arena) const;
  void add_extra(Text name, Text value);
  void add_unused(const NetscapeAttributes& attributes, std::uint32_t used, Arena& arena);
  void add_others(const NetscapeAttributes& attributes, Arena& arena);
  std::span<const Attribute> take_extra(Arena& arena);
  Flag flag(Text raw, std::string_view yes, std::string_view no);
  void notify(std::string_view text) { notices_->push_back(text); }

  NetscapeOptions options_;
  bool is_raw_ = false;
  bool has_bad_date_ = false;
  std::vector<Text> tags_;
  std::vector<Attribute> extra_;
  std::vector<std::string_view>* notices_ = nullptr;
};

/// The tag by which linkding says "archived", and the marks around its notes.
/// Source: linkding 1.46, bookmarks/services/exporter.py and parser.py, read 2026-11-22.
inline constexpr std::string_view linkding_archived_tag = "linkding:bookmarks.archived";
inline constexpr std::string_view linkding_notes_begin = "[linkding-notes]";
inline constexpr std::string_view linkding_notes_end = "[/linkding-notes]";

/// The tag by which Diigo says "no tags". Source: a Diigo export.
inline constexpr std::string_view diigo_no_tag = "no_tag";

/// No entry of a list has as many tags, and 16 MiB of commas are not to become 200 MB of them.
inline constexpr std::size_t max_netscape_tags = 65'536;

/// Whether a name can be written as an attribute: letters, digits, `_ : . -`, at most 128.
bool is_attribute_name(std::string_view name);

/// Whether this is how the reader spells an attribute that has a field on bookmarks: `HREF`,
/// `description`, …
bool is_usual_spelling(std::string_view name);

/// Whether an attribute of this name (in any case) is a fact about a folder: its dates and its
/// role.
bool is_folder_fact(std::string_view name);

}  // namespace linkferry::common
