#include <algorithm>
#include <charconv>
#include <utility>

#include "common/json_line.hpp"
#include "common/json_utf8.hpp"
#include "linkding/linkding_format.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry::linkding {
namespace {

using common::JsonLine;
using common::JsonText;

Text text_of(const JsonText& json, Arena& arena) {
  if (!json.is_escaped) return json.raw.empty() ? Text("") : json.raw;
  Text text;
  bool is_repaired = false;
  if (!common::unescape(json.raw, arena, text, is_repaired)) return "";
  return text.empty() ? Text("") : text;
}

/// A text, or `null` as an absent one.
bool take_text(JsonLine& line, Text& text, Arena& arena) {
  if (line.peek() == 'n') return line.take_word("null");
  JsonText json;
  if (!line.take_text(json)) return false;
  text = text_of(json, arena);
  return true;
}

bool take_flag(JsonLine& line, bool& flag) {
  flag = line.peek() == 't';
  return line.take_word(flag ? "true" : "false");
}

bool take_number(JsonLine& line, std::int64_t& number) {
  std::string_view raw;
  if (!line.take_value(raw)) return false;
  const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), number);
  return error == std::errc{} && end == raw.data() + raw.size();
}

bool take_date(JsonLine& line, Timestamp& time, Arena& arena) {
  Text text;
  if (!take_text(line, text, arena)) return false;
  time = parse_rfc3339(text);
  return true;
}

bool take_tags(JsonLine& line, std::span<const Text>& tags, Arena& arena) {
  if (!line.take('[')) return false;
  std::vector<Text> all;
  while (!line.take(']')) {
    if (!all.empty() && !line.take(',')) return false;
    Text tag;
    if (!take_text(line, tag, arena)) return false;
    all.push_back(tag);
  }
  std::erase_if(all, [](Text tag) { return tag.empty(); });
  tags = arena.copy(std::span<const Text>(all));
  return true;
}

/// A key that this version does not know: kept, unless it says nothing.
bool take_unknown(JsonLine& line, Text name, std::vector<Attribute>& extra, Arena& arena) {
  Text value;
  if (line.peek() == '"') {
    if (!take_text(line, value, arena)) return false;
  } else {
    std::string_view raw;
    if (!line.take_value(raw)) return false;
    if (raw != "null") value = arena.copy(raw);
  }
  if (value.empty()) return true;
  const std::string full = std::string("linkding.").append(name);
  extra.push_back({arena.copy(std::string_view(full)), value});
  return true;
}

bool take_member(JsonLine& line, Text name, Record& r, std::vector<Attribute>& extra,
                 Arena& arena) {
  struct TextMember {
    std::string_view name;
    Text Record::*member;
  };
  static constexpr TextMember texts[] = {
      {"url", &Record::url},
      {"title", &Record::title},
      {"description", &Record::description},
      {"notes", &Record::notes},
      {"web_archive_snapshot_url", &Record::archive_url},
      {"favicon_url", &Record::icon},
      {"preview_image_url", &Record::cover_url},
  };
  for (const auto& text : texts) {
    if (text.name == name) return take_text(line, r.*text.member, arena);
  }
  if (name == "id") return take_number(line, r.id);
  if (name == "is_archived") return take_flag(line, r.is_archived);
  if (name == "unread") return take_flag(line, r.is_unread);
  if (name == "shared") return take_flag(line, r.is_shared);
  if (name == "tag_names") return take_tags(line, r.tags, arena);
  if (name == "date_added") return take_date(line, r.added, arena);
  if (name == "date_modified") return take_date(line, r.modified, arena);
  return take_unknown(line, name, extra, arena);
}

bool take_record(JsonLine& line, Record& record, Arena& arena) {
  std::vector<Attribute> extra;
  record = {};
  if (!line.take('{')) return false;
  bool is_first = true;
  while (!line.take('}')) {
    if (!std::exchange(is_first, false) && !line.take(',')) return false;
    Text name;
    if (!take_text(line, name, arena) || !line.take(':')) return false;
    if (!take_member(line, name, record, extra, arena)) return false;
  }
  record.extra = arena.copy(std::span<const Attribute>(extra));
  return record.id > 0 && is_present(record.url);
}

/// Counts the elements of a list that is valid JSON.
std::size_t count_elements(const char* list) {
  JsonLine line(list);
  std::size_t count = 0;
  std::string_view raw;
  if (!line.take('[') || line.take(']')) return 0;
  do {
    if (!line.take_value(raw)) return 0;
    ++count;
  } while (line.take(','));
  return count;
}

}  // namespace

JsonBody::JsonBody(std::string_view body) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (common::is_valid_utf8(body)) {
    text_ = body;
  } else {
    Arena arena;
    text_ = common::repair_utf8(body, arena);
  }
  // Inside texts JSON has no bare line ends, and the parser takes one for the end of all.
  std::ranges::replace(text_, '\n', ' ');
  text_.append(JsonLine::padding_bytes, '\n');
  if (body.starts_with(byte_order_mark)) start_ = byte_order_mark.size();
}

Page::Page(std::string_view body) : body_(body) {
  JsonLine line(body_.begin());
  bool has_count = false;
  if (!line.take('{')) return;
  while (!line.take('}')) {
    JsonText name;
    std::string_view value;
    line.take(',');
    if (!line.take_text(name) || !line.take(':')) return;
    line.peek();
    const char* const start = line.position();
    if (!line.take_value(value)) return;
    if (name.raw == "count") {
      has_count =
          std::from_chars(value.data(), value.data() + value.size(), count_).ec == std::errc{};
    } else if (name.raw == "results" && *start == '[') {
      next_ = start;
    }
  }
  is_list_ = has_count && next_ != nullptr;
  if (is_list_) size_ = count_elements(next_);
}

bool Page::next_raw(std::string_view& raw) {
  if (!is_list_) return false;
  JsonLine line(next_);
  if (!line.take('[') && !line.take(',')) return false;
  if (line.peek() == ']') return false;
  is_list_ = line.take_value(raw);
  next_ = line.position();
  return is_list_;
}

bool Page::next(Record& record, Arena& arena) {
  std::string_view raw;
  if (!next_raw(raw)) return false;
  JsonLine line(raw.data());
  is_list_ = take_record(line, record, arena);
  return is_list_;
}

std::optional<Record> parse_record(const JsonBody& body, Arena& arena) {
  JsonLine line(body.begin());
  Record record;
  if (!take_record(line, record, arena)) return {};
  return record;
}

std::string member_of(std::string_view object, std::string_view name) {
  const JsonBody body(object);
  Arena arena;
  JsonLine line(body.begin());
  if (!line.take('{')) return {};
  while (!line.take('}')) {
    line.take(',');
    Text key;
    if (!take_text(line, key, arena) || !line.take(':')) return {};
    if (key == name && line.peek() == '"') {
      Text value;
      return take_text(line, value, arena) ? std::string(value) : std::string();
    }
    std::string_view value;
    if (!line.take_value(value)) return {};
    if (key == name && value != "null") return std::string(value);
  }
  return {};
}

}  // namespace linkferry::linkding
