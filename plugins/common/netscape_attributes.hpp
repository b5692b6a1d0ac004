#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "common/byte_scan.hpp"
#include "linkferry/bookmark.hpp"

namespace linkferry::common {

/// The attributes that mean something to the record; all others are kept by name.
/// Source: browsers' and services' exports, see plugins/netscape/README.md.
enum class NetscapeAttribute : std::uint8_t {
  href,
  add_date,
  last_modified,
  last_visit,
  is_private,
  to_read,
  tags,
  icon,
  icon_uri,
  keyword,
  cover,
  important,
  description,
  time_added,
  toolbar_folder,
  unfiled_folder,
  menu_folder,
  other,
};

inline constexpr std::size_t netscape_attribute_count =
    static_cast<std::size_t>(NetscapeAttribute::other);

/// Which attribute has this name, in any case; `other` for one without a meaning.
NetscapeAttribute find_netscape_attribute(std::string_view name);

/// How a tag's attributes ended.
enum class TagEnd : std::uint8_t {
  closed,      ///< by its `>`
  open,        ///< the bytes end inside the tag
  open_quote,  ///< … and inside a quoted value
};

/// The attributes of one tag as they stand in the file: names and values are views of its bytes,
/// nothing is decoded.
class NetscapeAttributes {
 public:
  struct Other {
    Text name;
    Text value;
  };

  /// Reads from behind the tag's name to behind its `>`; `p` moves there. Padded (see
  /// byte_scan.hpp).
  ///
  /// Values may be quoted with `"` or `'`, bare or missing; the first of two equal names counts. A
  /// quote that is never closed is seen by the next entry inside the value (or by the next `NAME="`
  /// there), and the value ends where a bare one would; a quote inside a value is seen by what
  /// follows it. Both set `is_repaired`.
  TagEnd parse(const char*& p, const char* end, bool is_last);

  /// The same for tags that are written as browsers write them; false for any other. Padded, with
  /// zeros. See netscape_usual.hpp.
  bool parse_usual(const char*& p, const char* end);

  /// The file is known to write its values well: a value ends at the first quote, whatever is in
  /// it.
  void set_exact(bool is_exact) { is_exact_ = is_exact; }

  bool has(NetscapeAttribute name) const {
    return (present_ >> static_cast<unsigned>(name) & 1) != 0;
  }
  /// Whether one of a set is there: bit n stands for attribute n.
  bool has_any_of(std::uint32_t mask) const { return (present_ & mask) != 0; }
  /// Absent where the tag has no such attribute.
  Text operator[](NetscapeAttribute name) const {
    return has(name) ? known_[static_cast<std::size_t>(name)] : Text{};
  }
  /// What is in the values, all together.
  const ScanNotes& notes() const { return notes_; }
  /// Both `add_date` and `last_modified` are ten digits.
  bool has_usual_dates() const { return has_usual_dates_; }
  /// In the order of the file.
  const std::vector<Other>& others() const { return others_; }
  bool is_repaired() const { return is_repaired_; }
  /// The quote of the value in which `parse` found the end of the bytes.
  char open_quote() const { return open_quote_; }
  /// The size of the largest value.
  std::size_t largest_bytes() const;

  void clear() {
    present_ = 0;
    has_usual_dates_ = false;
    others_.clear();
    is_repaired_ = false;
    notes_ = {};
  }

 private:
  bool take_usual(const char*& p, const char* end, ScanNotes notes, std::uint32_t present);
  TagEnd parse_one(const char*& p, const char* end, bool is_last);
  TagEnd parse_value(const char*& p, const char* end, bool is_last, Text& value);
  template <char quote>
  TagEnd parse_quoted(const char*& p, const char* end, bool is_last, Text& value);
  template <char quote>
  bool settle_quote(const char*& p, const char* begin, const char* q, const char* end, Text& value);
  void store(NetscapeAttribute known, Text name, Text value);
  void store_known(NetscapeAttribute known, Text value) {
    const std::uint32_t bit = 1U << static_cast<unsigned>(known);
    if ((present_ & bit) != 0) return;
    known_[static_cast<std::size_t>(known)] = value;
    present_ |= bit;
  }

  std::array<Text, netscape_attribute_count> known_;
  std::vector<Other> others_;
  std::uint32_t present_ = 0;
  bool has_usual_dates_ = false;
  bool is_repaired_ = false;
  bool is_exact_ = false;
  ScanNotes notes_;
  char open_quote_ = '"';
};

/// Whether the tag at `p`, which is a `<`, has this name, which is in lower case (with its `/` for
/// a closing one). Padded.
inline bool is_netscape_tag(const char* p, std::string_view name) {
  ++p;
  for (const char c : name) {
    const char found = *p >= 'A' && *p <= 'Z' ? static_cast<char>(*p | 0x20) : *p;
    if (found != c) return false;
    ++p;
  }
  return *p == '>' || *p == ' ' || *p == '/' || (*p >= '\t' && *p <= '\r');
}

}  // namespace linkferry::common
