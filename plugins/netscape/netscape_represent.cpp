#include "netscape/netscape_represent.hpp"

#include <algorithm>
#include <cstring>

#include "common/netscape_records.hpp"
#include "common/netscape_tokenizer.hpp"
#include "netscape/text_rules.hpp"

namespace linkferry::netscape {
namespace {

constexpr std::string_view refusal_no_url =
    "a Netscape file cannot hold an entry without an address";
constexpr std::string_view refusal_large =
    "an entry that takes more than 16 MiB in a Netscape file could not be read back";
constexpr std::string_view reason_notes =
    "Netscape files have no place for notes; dialect: linkding has";
constexpr std::string_view reason_archived =
    "Netscape files cannot say archived; dialect: linkding can";
constexpr std::string_view reason_not_archived =
    "linkding's files say what is archived, not what is not";
constexpr std::string_view reason_unread =
    "linkding's files always say read or unread: unknown became read";
constexpr std::string_view reason_kind = "Netscape files hold links only: other kinds became links";
constexpr std::string_view reason_quote =
    "Shaarli's files do not escape: quotes in addresses became %22";
constexpr std::string_view reason_tag_comma =
    "tags are separated by commas: a comma inside a tag became a blank";
constexpr std::string_view reason_tag_blank =
    "tags are separated by blanks: a blank or comma inside a tag became a hyphen";
constexpr std::string_view reason_tag_linkding =
    "linkding's tags have no blanks: they became hyphens";
constexpr std::string_view reason_tag_long =
    "linkding's tags have at most 64 characters: longer ones were left out";
constexpr std::string_view reason_tag_quote =
    "Shaarli's files do not escape: a quote inside a tag became an apostrophe";
constexpr std::string_view reason_tag_meaning =
    "a tag that means something else in Netscape files was left out";
constexpr std::string_view reason_tag_empty =
    "blanks at the ends of tags are not kept, and empty tags are none";
constexpr std::string_view reason_tag_many = "an entry has at most 65,536 tags";
constexpr std::string_view reason_root = "a bookmark in a folder cannot stand at the root as well";
constexpr std::string_view reason_same_folder = "folders of the same path are one";
constexpr std::string_view reason_icon = "an icon that Firefox made up is not kept";
constexpr std::string_view reason_icon_address = "Chrome reads icons only as data: addresses";
constexpr std::string_view reason_moved =
    "an attribute that means a field of the record became that field";
constexpr std::string_view reason_order = "attributes stand in another order";

constexpr std::size_t linkding_tag_characters = 64;

Text without_value(Text text) { return text.empty() ? Text{} : text; }

bool is_made_up(Text icon) {
  return icon.starts_with("fake-favicon-uri:") || icon.starts_with("made-up-favicon:");
}

std::size_t characters(Text text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

/// Whether the entry is more than readers take; only entries that are large already are formatted
/// for that.
bool is_too_large(const Bookmark& bookmark, const Style& style) {
  constexpr std::size_t longest_reference = 6;
  constexpr std::size_t most = common::NetscapeTokenizer::max_field_bytes;
  std::size_t bytes = bookmark.url.size() + bookmark.title.size() + bookmark.description.size() +
                      bookmark.notes.size() + bookmark.icon.size() + bookmark.cover_url.size() +
                      bookmark.keyword.size();
  for (const Text tag : bookmark.tags) bytes += tag.size() + 1;
  for (const auto& attribute : bookmark.extra) bytes += attribute.value.size();
  if (bytes < most / longest_reference) return false;
  common::TextBuffer entry;
  format_bookmark(bookmark, 0, style, entry);
  return entry.view().size() > most;
}

bool is_same_path(FolderPath a, FolderPath b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

/// One record on its way through the file's style.
class Representing {
 public:
  /// `out` begins as a copy of `bookmark`.
  Representing(const Bookmark& bookmark, Bookmark& out, const Style& style, Arena& arena)
      : in_(bookmark),
        out_(out),
        style_(style),
        dialect_(*style.dialect),
        arena_(arena),
        losses_(arena) {}

  std::span<const Loss> run() {
    texts();
    if (!in_.tags.empty()) tags();
    if (!in_.folders.empty()) folders();
    dates();
    flags();
    if (has_rare_fields()) [[unlikely]]
      rare_fields();
    if (is_present(in_.icon)) icon();
    if (!in_.extra.empty()) extra();
    return losses_.all();
  }

 private:
  template <class T>
  void drop(T& value, bool is_there, Field field, std::string_view reason) {
    if (!is_there) return;
    value = T{};
    losses_.add(field, LossKind::dropped, reason);
  }
  void drop(Text& value, Field field) { drop(value, is_present(value), field, dialect_.no_place); }

  void texts() {
    if (dialect_.is_raw) raw_url();
    if (dialect_.is_raw || !common::is_one_line(in_.title))
      out_.title = one_line_text(in_.title, Field::title, style_, arena_, losses_);
    if (is_present(in_.description))
      text(out_.description, dialect_.has_description, Field::description, dialect_.no_place);
    if (is_present(in_.notes))
      text(out_.notes, dialect_.has_linkding_marks, Field::notes, reason_notes);
  }

  void text(Text& value, bool has_place, Field field, std::string_view reason) {
    if (!has_place) return drop(value, true, field, reason);
    value = long_text(value, field, style_, arena_, losses_);
  }

  void raw_url() {
    const auto quotes = static_cast<std::size_t>(std::count(in_.url.begin(), in_.url.end(), '"'));
    if (quotes == 0) return;
    losses_.add(Field::url, LossKind::transformed, reason_quote);
    char* const bytes = static_cast<char*>(arena_.allocate(in_.url.size() + 2 * quotes, 1));
    char* out = bytes;
    for (const char c : in_.url) {
      if (c == '"') {
        std::memcpy(out, "%22", 3);
        out += 3;
      } else {
        *out++ = c;
      }
    }
    out_.url = {bytes, static_cast<std::size_t>(out - bytes)};
  }

  void tags() {
    if (!dialect_.has_tags) return drop(out_.tags, true, Field::tags, dialect_.no_place);
    const bool are_plain = std::all_of(in_.tags.begin(), in_.tags.end(),
                                       [this](Text tag) { return is_plain_tag(tag); });
    const bool is_usual = in_.tags.size() <= common::max_netscape_tags &&
                          (in_.tags.size() > 1 || in_.tags[0] != common::diigo_no_tag);
    if (are_plain && is_usual) return;
    const auto kept = arena_.make_array<Text>(in_.tags.size());
    std::size_t count = 0;
    for (const Text tag : in_.tags) {
      const Text fitted = fit_tag(tag);
      if (!fitted.empty()) kept[count++] = fitted;
    }
    if (count > common::max_netscape_tags) {
      losses_.add(Field::tags, LossKind::truncated, reason_tag_many);
      count = common::max_netscape_tags;
    }
    if (count == 1 && kept[0] == common::diigo_no_tag) {
      losses_.add(Field::tags, LossKind::dropped, reason_tag_meaning);
      count = 0;
    }
    out_.tags = kept.first(count);
  }

  bool has_hyphens() const {
    return style_.has_blank_separated_tags || dialect_.has_linkding_marks;
  }

  /// Whether a tag stays as it is.
  bool is_plain_tag(Text tag) const {
    if (tag.empty() || common::is_blank(tag.front()) || common::is_blank(tag.back())) return false;
    if (!dialect_.is_raw && !has_hyphens())
      return !common::has_byte<','>(tag) && tag != common::linkding_archived_tag;
    for (const char c : tag) {
      if (c == ',' || (has_hyphens() && common::is_blank(c)) ||
          (dialect_.is_raw && (c == '"' || c == '\n')))
        return false;
    }
    if (dialect_.has_linkding_marks && tag.size() > linkding_tag_characters) return false;
    return dialect_.is_raw || tag != common::linkding_archived_tag;
  }

  /// The tag as the file can hold it; empty when it cannot.
  Text fit_tag(Text tag) {
    if (is_plain_tag(tag)) return tag;
    const Text inside = common::trimmed(tag);
    if (inside.size() != tag.size() || inside.empty())
      losses_.add(Field::tags, LossKind::transformed, reason_tag_empty);
    char* const bytes = static_cast<char*>(arena_.allocate(inside.size(), 1));
    for (std::size_t i = 0; i < inside.size(); ++i) bytes[i] = fit_character(inside[i]);
    const Text fitted = common::trimmed({bytes, inside.size()});
    if (!dialect_.is_raw && fitted == common::linkding_archived_tag) {
      losses_.add(Field::tags, LossKind::dropped, reason_tag_meaning);
      return {};
    }
    if (dialect_.has_linkding_marks && characters(fitted) > linkding_tag_characters) {
      losses_.add(Field::tags, LossKind::dropped, reason_tag_long);
      return {};
    }
    return fitted;
  }

  char fit_character(char c) {
    const auto change = [this](std::string_view reason, char to) {
      losses_.add(Field::tags, LossKind::transformed, reason);
      return to;
    };
    if (style_.has_blank_separated_tags && (c == ',' || common::is_blank(c)))
      return change(reason_tag_blank, '-');
    if (dialect_.has_linkding_marks && (c == ',' || common::is_blank(c)))
      return change(reason_tag_linkding, '-');
    if (c == ',') return change(reason_tag_comma, ' ');
    if (dialect_.is_raw && c == '"') return change(reason_tag_quote, '\'');
    return c;
  }

  void folders() {
    if (in_.folders.size() == 1 && dialect_.has_folders && is_plain_path(in_.folders[0])) return;
    if (!dialect_.has_folders) return drop(out_.folders, true, Field::folders, reason_no_folders);
    const auto kept = arena_.make_array<FolderPath>(in_.folders.size());
    std::size_t count = 0;
    for (const FolderPath path : in_.folders) {
      bool is_cut = false;
      const FolderPath fitted = folder_path(path, arena_, losses_, is_cut);
      auto* const end = kept.data() + count;
      const bool is_known = std::any_of(
          kept.data(), end, [&](FolderPath other) { return is_same_path(other, fitted); });
      if (fitted.empty()) {
        losses_.add(Field::folders, LossKind::transformed, reason_root);
      } else if (is_known) {
        losses_.add(Field::folders, LossKind::transformed, reason_same_folder);
      } else {
        kept[count++] = fitted;
      }
    }
    out_.folders = kept.first(count);
  }

  void dates() {
    date(out_.created_at, true, Field::created_at);
    date(out_.modified_at, dialect_.has_modified_at, Field::modified_at);
    date(out_.visited_at, dialect_.has_other_fields, Field::visited_at);
    drop(out_.read_at, in_.read_at.is_known(), Field::read_at, dialect_.no_place);
  }

  /// Rationale: nearly all dates are whole seconds of this century, which every dialect holds.
  void date(Timestamp& time, bool has_place, Field field) {
    constexpr std::int64_t chrome_end = std::int64_t{1} << 32;
    if (!time.is_known()) return;
    if (!has_place) return drop(time, true, field, dialect_.no_place);
    const bool is_plain = time.precision == Precision::second && time.nanoseconds == 0 &&
                          time.seconds > 0 && time.seconds < chrome_end;
    if (!is_plain) time = netscape::date(time, field, style_, losses_);
  }

  void flags() {
    const auto is_known = [](Flag flag) { return flag != Flag::unknown; };
    if (!dialect_.has_unread)
      drop(out_.unread, is_known(in_.unread), Field::unread, dialect_.no_place);
    if (!dialect_.has_shared)
      drop(out_.shared, is_known(in_.shared), Field::shared, dialect_.no_place);
    if (!dialect_.has_other_fields)
      drop(out_.favorite, is_known(in_.favorite), Field::favorite, dialect_.no_place);
    if (!dialect_.has_linkding_marks)
      return drop(out_.archived, is_known(in_.archived), Field::archived, reason_archived);
    drop(out_.archived, in_.archived == Flag::no, Field::archived, reason_not_archived);
    if (in_.unread == Flag::unknown) {
      out_.unread = Flag::no;
      losses_.add(Field::unread, LossKind::transformed, reason_unread);
    }
  }

  bool has_rare_fields() const {
    return in_.kind != Kind::link || is_present(in_.language) || !in_.highlights.empty() ||
           !in_.media.empty() || in_.post != nullptr || is_present(in_.cover_url) ||
           is_present(in_.keyword);
  }

  void rare_fields() {
    if (in_.kind != Kind::link) {
      out_.kind = Kind::link;
      losses_.add(Field::kind, LossKind::transformed, reason_kind);
    }
    drop(out_.language, Field::language);
    drop(out_.highlights, !in_.highlights.empty(), Field::highlights, dialect_.no_place);
    drop(out_.media, !in_.media.empty(), Field::media, dialect_.no_place);
    drop(out_.post, in_.post != nullptr, Field::post, dialect_.no_place);
    place_or_drop(out_.cover_url, Field::cover_url);
    place_or_drop(out_.keyword, Field::keyword);
  }

  void place_or_drop(Text& value, Field field) {
    if (is_absent(value)) return;
    if (!dialect_.has_other_fields) return drop(value, field);
    drop(value, value.empty(), field, reason_blanks);
  }

  void icon() {
    if (!dialect_.has_icon) return drop(out_.icon, Field::icon);
    drop(out_.icon, out_.icon.empty(), Field::icon, reason_blanks);
    drop(out_.icon, is_made_up(out_.icon), Field::icon, reason_icon);
    const bool is_address = is_present(out_.icon) && !out_.icon.starts_with("data:");
    if (!dialect_.has_other_fields) drop(out_.icon, is_address, Field::icon, reason_icon_address);
  }

  /// ICON_URI and description stay attributes only beside the field that they would fill otherwise.
  /// They stand first.
  void extra() {
    if (!dialect_.has_other_fields) return drop(out_.extra, true, Field::extra, dialect_.no_place);
    const auto is_second = [](Text name) { return name == "ICON_URI" || name == "description"; };
    const auto kept = kept_attributes(in_.extra, is_second, arena_, losses_);
    const auto list = arena_.make_array<Attribute>(kept.size());
    std::size_t count = 0;
    for (const std::string_view name :
         {std::string_view("netscape.ICON_URI"), std::string_view("netscape.description")}) {
      for (const auto& attribute : kept) {
        if (attribute.name == name) count += place_second(attribute, list[count]);
      }
    }
    for (const auto& attribute : kept) {
      if (!is_second(attribute.name.substr(extra_prefix.size()))) list[count++] = attribute;
    }
    const bool is_moved =
        !std::equal(kept.begin(), kept.end(), list.begin(),
                    [](const Attribute& a, const Attribute& b) { return a.name == b.name; });
    if (is_moved) losses_.add(Field::extra, LossKind::transformed, reason_order);
    out_.extra = list.first(count);
  }

  /// Moves one of the two into its field if that is free, else into `place`; how many places it
  /// took.
  std::size_t place_second(const Attribute& attribute, Attribute& place) {
    const bool is_icon = attribute.name == "netscape.ICON_URI";
    const Text value = without_value(is_icon ? attribute.value : common::trimmed(attribute.value));
    if (value.size() != attribute.value.size() || is_absent(value))
      losses_.add(Field::extra, LossKind::transformed, reason_blanks);
    if (is_absent(value)) return 0;
    if (is_icon && is_made_up(value))
      return losses_.add(Field::extra, LossKind::dropped, reason_icon), 0;
    Text& field = is_icon ? out_.icon : out_.description;
    if (is_absent(field)) {
      field = value;
      losses_.add(Field::extra, LossKind::transformed, reason_moved);
      losses_.add(is_icon ? Field::icon : Field::description, LossKind::transformed, reason_moved);
      return 0;
    }
    place = {attribute.name, value};
    return 1;
  }

  const Bookmark& in_;
  Bookmark& out_;
  const Style& style_;
  const Dialect& dialect_;
  Arena& arena_;
  LossList losses_;
};

}  // namespace

Representation represent(const Bookmark& bookmark, const Style& style, Arena& arena) {
  Representation result;
  result.bookmark = bookmark;
  if (is_absent(bookmark.url)) {
    result.refusal = refusal_no_url;
  } else {
    result.losses = Representing(bookmark, result.bookmark, style, arena).run();
    if (is_too_large(result.bookmark, style)) result.refusal = refusal_large;
  }
  return result;
}

}  // namespace linkferry::netscape
