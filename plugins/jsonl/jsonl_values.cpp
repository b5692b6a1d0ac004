// The values of the keys. Each function takes one whole value; false means that the line is not
// JSON.
#include <chrono>
#include <optional>
#include <string>

#include "jsonl/jsonl_parser.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry::jsonl {
namespace {

std::string_view describe(char first) {
  switch (first) {
    case '"':
      return "a text";
    case '{':
      return "an object";
    case '[':
      return "a list";
    case 't':
      return "true";
    case 'f':
      return "false";
    case 'n':
      return "null";
    default:
      return "a number";
  }
}

/// `2024-09-03T20:06:53Z`, the form that nearly all dates have, four times as fast as the general
/// reader; unknown for every other form.
Timestamp parse_plain_date(Text text) {
  constexpr std::string_view shape = "dddd-dd-ddTdd:dd:ddZ";
  if (text.size() != shape.size()) return {};
  unsigned wrong = 0;
  const auto mark = [&](std::size_t at) {
    wrong |= static_cast<unsigned char>(text[at] ^ shape[at]);
  };
  const auto pair = [&](std::size_t at) {
    const auto tens = static_cast<unsigned>(text[at] - '0');
    const auto ones = static_cast<unsigned>(text[at + 1] - '0');
    wrong |= static_cast<unsigned>(tens > 9) | static_cast<unsigned>(ones > 9);
    return tens * 10 + ones;
  };
  mark(4), mark(7), mark(10), mark(13), mark(16), mark(19);
  const unsigned year = pair(0) * 100 + pair(2);
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(year)},
                                         std::chrono::month{pair(5)}, std::chrono::day{pair(8)}};
  const unsigned hour = pair(11);
  const unsigned minute = pair(14);
  const unsigned second = pair(17);
  if (wrong != 0 || year == 0 || hour > 23 || minute > 59 || second > 59 || !date.ok()) return {};
  const auto day =
      static_cast<std::int64_t>(std::chrono::sys_days{date}.time_since_epoch().count());
  return {day * 86'400 + hour * 3600 + minute * 60 + second, 0, Precision::second};
}

/// The value of an enumeration that has this name, counted from 0 to `last`.
template <class T>
std::optional<T> find_name(std::string_view name, T last) {
  for (std::size_t i = 0; i <= static_cast<std::size_t>(last); ++i) {
    if (name_of(static_cast<T>(i)) == name) return static_cast<T>(i);
  }
  return {};
}

template <class T>
std::span<const T> copy_from(Arena& arena, const std::vector<T>& list, std::size_t first = 0) {
  return arena.copy(std::span<const T>(list).subspan(first));
}

}  // namespace

bool LineParser::decode_unusual(std::string_view key, const common::JsonText& json, Text& text) {
  text = json.raw;
  bool is_repaired = false;
  if (json.is_escaped && !common::unescape(json.raw, batch_->arena, text, is_repaired))
    return false;
  if (is_repaired) notice("half a surrogate pair became U+FFFD");
  if (text.size() > max_field_bytes && refusal_.empty()) {
    refusal_ = batch_->arena.copy(std::string(key) + " is larger than 16 MiB");
  }
  return true;
}

bool LineParser::refuse_type(std::string_view key, std::string_view expected) {
  std::string_view ignored;
  const char first = line_.peek();
  if (!line_.take_value(ignored)) return false;
  if (refusal_.empty()) {
    std::string reason(key);
    reason.append(": found ").append(describe(first)).append(", expected ").append(expected);
    refusal_ = batch_->arena.copy(reason);
  }
  return true;
}

/// Whether there is a list or object to take. If not, the value is taken: null is fine, anything
/// else refuses the line.
bool LineParser::begins_with(char opening, std::string_view key, std::string_view expected,
                             bool& is_well_formed) {
  const char first = line_.peek();
  if (first == opening) return true;
  is_well_formed = first == 'n' ? line_.take_word("null") : refuse_type(key, expected);
  return false;
}

void LineParser::notice(std::string_view text) { batch_->notices.push_back({text, number_}); }

void LineParser::keep(std::string_view parent, std::string_view key, Text value) {
  std::string name = "jsonl.";
  if (!parent.empty()) name.append(parent).append(".");
  extra_.push_back({batch_->arena.copy(name.append(key)), value});
}

bool LineParser::take_unknown(std::string_view parent, std::string_view key) {
  if (line_.peek() == 'n') return line_.take_word("null");
  Text value;
  if (line_.peek() == '"') {
    common::JsonText json;
    if (!line_.take_text(json) || !decode(key, json, value)) return false;
  } else {
    if (!line_.take_value(value)) return false;
    if (value.size() > max_field_bytes && refusal_.empty()) {
      refusal_ = batch_->arena.copy(std::string(key) + " is larger than 16 MiB");
    }
  }
  keep(parent, key, value);
  return true;
}

bool LineParser::take_text(std::string_view key, Text& text) {
  const char first = line_.peek();
  if (first == 'n') return line_.take_word("null");
  if (first != '"') return refuse_type(key, "a text");
  common::JsonText json;
  return line_.take_text(json) && decode(key, json, text);
}

/// An item of a list of texts, where null has no meaning.
bool LineParser::take_list_text(std::string_view key, Text& text) {
  if (line_.peek() != '"') return refuse_type(key, "texts in the list");
  common::JsonText json;
  return line_.take_text(json) && decode(key, json, text);
}

bool LineParser::take_flag(std::string_view key, Flag& flag) {
  switch (line_.peek()) {
    case 't':
      flag = Flag::yes;
      return line_.take_word("true");
    case 'f':
      flag = Flag::no;
      return line_.take_word("false");
    case 'n':
      return line_.take_word("null");
    default:
      return refuse_type(key, "true or false");
  }
}

bool LineParser::take_date(std::string_view key, Timestamp& time) {
  Text text;
  if (line_.peek() != '"' && line_.peek() != 'n')
    return refuse_type(key, "a date as a text (2024-09-03T20:06:53Z)");
  if (!take_text(key, text)) return false;
  if (is_absent(text)) return true;
  time = parse_plain_date(text);
  if (!time.is_known()) time = parse_rfc3339(text);
  if (time.is_known()) return true;
  notice("a date that is none was kept in extra");
  keep({}, key, text);
  return true;
}

bool LineParser::take_kind(Kind& kind) {
  Text text;
  if (!take_text("kind", text)) return false;
  if (is_absent(text)) return true;
  if (const auto known = find_name(text, Kind::post)) {
    kind = *known;
    return true;
  }
  notice("a kind that is not known was kept in extra");
  keep({}, "kind", text);
  return true;
}

bool LineParser::take_role(FolderRole& role) {
  Text text;
  if (!take_text("role", text)) return false;
  if (is_absent(text)) return true;
  const auto known = find_name(text, FolderRole::mobile);
  if (known) {
    role = *known;
    return true;
  }
  notice("a folder role that is not known was kept in extra");
  keep({}, "role", text);
  return true;
}

bool LineParser::take_texts(std::string_view key, std::span<const Text>& texts) {
  bool is_well_formed = true;
  if (!begins_with('[', key, "a list of texts", is_well_formed)) return is_well_formed;
  texts_.clear();
  const bool is_json = take_array([&] {
    Text text;
    if (!take_list_text(key, text)) return false;
    if (text.empty()) {
      notice("an empty tag was dropped");
    } else {
      texts_.push_back(text);
    }
    return true;
  });
  texts = copy_from(batch_->arena, texts_);
  return is_json;
}

bool LineParser::take_path(std::string_view key, FolderPath& path) {
  bool is_well_formed = true;
  if (!begins_with('[', key, "a list of names", is_well_formed)) return is_well_formed;
  texts_.clear();
  const bool is_json = take_array([&] {
    Text name;
    if (!take_list_text(key, name)) return false;
    texts_.push_back(name);
    return true;
  });
  if (texts_.size() > max_folder_depth) {
    notice("folders deeper than 1000 levels were kept at that level");
    texts_.resize(max_folder_depth);
  }
  path = copy_from(batch_->arena, texts_);
  return is_json;
}

bool LineParser::take_folders(std::span<const FolderPath>& folders) {
  constexpr std::string_view expected = "a list of lists of names";
  bool is_well_formed = true;
  if (!begins_with('[', "folders", expected, is_well_formed)) return is_well_formed;
  paths_.clear();
  const bool is_json = take_array([&] {
    if (line_.peek() != '[') return refuse_type("folders", expected);
    FolderPath path;
    if (!take_path("folders", path)) return false;
    paths_.push_back(path);
    return true;
  });
  folders = copy_from(batch_->arena, paths_);
  return is_json;
}

bool LineParser::take_highlights(std::span<const Highlight>& highlights) {
  constexpr std::string_view parent = "highlights";
  bool is_well_formed = true;
  if (!begins_with('[', parent, "a list of objects", is_well_formed)) return is_well_formed;
  highlights_.clear();
  const bool is_json = take_array([&] {
    if (line_.peek() != '{') return refuse_type(parent, "objects in the list");
    Highlight& item = highlights_.emplace_back();
    return take_object([&](std::string_view key) {
      if (key == "text") return take_text("highlights.text", item.text);
      if (key == "note") return take_text("highlights.note", item.note);
      if (key == "color") return take_text("highlights.color", item.color);
      if (key == "created_at") return take_date("highlights.created_at", item.created_at);
      return take_unknown(parent, key);
    });
  });
  highlights = copy_from(batch_->arena, highlights_);
  return is_json;
}

bool LineParser::take_media(std::span<const Media>& media) {
  constexpr std::string_view parent = "media";
  bool is_well_formed = true;
  if (!begins_with('[', parent, "a list of objects", is_well_formed)) return is_well_formed;
  media_.clear();
  const bool is_json = take_array([&] {
    if (line_.peek() != '{') return refuse_type(parent, "objects in the list");
    Media& item = media_.emplace_back();
    return take_object([&](std::string_view key) {
      if (key == "url") return take_text("media.url", item.url);
      if (key == "kind") return take_text("media.kind", item.kind);
      if (key == "description") return take_text("media.description", item.description);
      if (key == "name") return take_text("media.name", item.name);
      return take_unknown(parent, key);
    });
  });
  media = copy_from(batch_->arena, media_);
  return is_json;
}

bool LineParser::take_post(const Post*& post) {
  constexpr std::string_view parent = "post";
  bool is_well_formed = true;
  if (!begins_with('{', parent, "an object", is_well_formed)) return is_well_formed;
  Post& item = batch_->arena.make_array<Post>(1)[0];
  post = &item;
  return take_object([&](std::string_view key) {
    if (key == "uri") return take_text("post.uri", item.uri);
    if (key == "author") return take_text("post.author", item.author);
    if (key == "author_url") return take_text("post.author_url", item.author_url);
    if (key == "html") return take_text("post.html", item.html);
    if (key == "content_warning") return take_text("post.content_warning", item.content_warning);
    if (key == "visibility") return take_text("post.visibility", item.visibility);
    if (key == "edited_at") return take_date("post.edited_at", item.edited_at);
    return take_unknown(parent, key);
  });
}

bool LineParser::take_origin(const Origin*& origin) {
  constexpr std::string_view parent = "origin";
  bool is_well_formed = true;
  if (!begins_with('{', parent, "an object", is_well_formed)) return is_well_formed;
  Origin& item = batch_->arena.make_array<Origin>(1)[0];
  origin = &item;
  return take_object([&](std::string_view key) {
    if (key == "plugin") return take_text("origin.plugin", item.plugin);
    if (key == "endpoint") return take_text("origin.endpoint", item.endpoint);
    if (key == "id") return take_text("origin.id", item.id);
    if (key == "list") return take_text("origin.list", item.list);
    if (key == "raw") return take_text("origin.raw", item.raw);
    return take_unknown(parent, key);
  });
}

bool LineParser::take_extra() {
  bool is_well_formed = true;
  if (!begins_with('{', "extra", "an object of texts", is_well_formed)) return is_well_formed;
  return take_object([&](std::string_view key) {
    Text value;
    common::JsonText json;
    switch (line_.peek()) {
      case 'n':
        if (!line_.take_word("null")) return false;
        break;
      case '"':
        if (!line_.take_text(json) || !decode(key, json, value)) return false;
        break;
      default:
        if (!line_.take_value(value)) return false;
    }
    extra_.push_back({key, value});
    return true;
  });
}

}  // namespace linkferry::jsonl
