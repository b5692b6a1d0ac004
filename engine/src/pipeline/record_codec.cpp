#include "pipeline/record_codec.hpp"

#include <cassert>
#include <cstring>
#include <limits>

namespace linkferry {
namespace {

/// Lengths and counts; this value says that a text is absent.
using Length = std::uint32_t;
constexpr Length absent = std::numeric_limits<Length>::max();

template <class T>
void put(const T& value, std::string& out) {
  static_assert(std::is_trivially_copyable_v<T>);
  out.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

template <class T>
T take(std::string_view& bytes) {
  assert(bytes.size() >= sizeof(T));
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));
  bytes.remove_prefix(sizeof(T));
  return value;
}

void put_time(const Timestamp& time, std::string& out) {
  put(time.precision, out);
  if (!time.is_known()) return;
  put(time.seconds, out);
  put(time.nanoseconds, out);
}

Timestamp take_time(std::string_view& bytes) {
  Timestamp time;
  time.precision = take<Precision>(bytes);
  if (!time.is_known()) return time;
  time.seconds = take<std::int64_t>(bytes);
  time.nanoseconds = take<std::uint32_t>(bytes);
  return time;
}

template <class T, class Put>
void put_list(std::span<const T> list, std::string& out, Put put_item) {
  put(static_cast<Length>(list.size()), out);
  for (const T& item : list) put_item(item);
}

template <class T, class Take>
std::span<const T> take_list(std::string_view& bytes, Arena& lists, Take take_item) {
  const std::span<T> list = lists.make_array<T>(take<Length>(bytes));
  for (T& item : list) item = take_item();
  return list;
}

void put_texts(std::span<const Text> texts, std::string& out) {
  put_list(texts, out, [&](Text text) { encode(text, out); });
}

std::span<const Text> take_texts(std::string_view& bytes, Arena& lists) {
  return take_list<Text>(bytes, lists, [&] { return decode_text(bytes); });
}

void put_attributes(std::span<const Attribute> extra, std::string& out) {
  put_list(extra, out, [&](const Attribute& attribute) {
    encode(attribute.name, out);
    encode(attribute.value, out);
  });
}

std::span<const Attribute> take_attributes(std::string_view& bytes, Arena& lists) {
  return take_list<Attribute>(bytes, lists, [&] {
    const Text name = decode_text(bytes);
    return Attribute{name, decode_text(bytes)};
  });
}

/// The byte before an origin; version 1 knows the first two.
enum class OriginForm : std::uint8_t { none, plain, with_date };

OriginForm form_of(const Origin* origin) {
  if (origin == nullptr) return OriginForm::none;
  return origin->changed_at.is_known() ? OriginForm::with_date : OriginForm::plain;
}

/// Everything that most bookmarks lack, behind one byte that says so.
bool has_rare(const Bookmark& b) {
  return !b.highlights.empty() || !b.media.empty() || b.post != nullptr || !b.extra.empty() ||
         b.origin != nullptr || b.read_at.is_known() || b.visited_at.is_known() ||
         is_present(b.language) || is_present(b.cover_url) || is_present(b.keyword);
}

void put_rare(const Bookmark& b, std::string& out) {
  put_time(b.read_at, out);
  put_time(b.visited_at, out);
  for (const Text text : {b.language, b.cover_url, b.keyword}) encode(text, out);
  put_list(b.highlights, out, [&](const Highlight& h) {
    for (const Text text : {h.text, h.note, h.color}) encode(text, out);
    put_time(h.created_at, out);
  });
  put_list(b.media, out, [&](const Media& m) {
    for (const Text text : {m.url, m.kind, m.description, m.name}) encode(text, out);
  });
  put(b.post != nullptr, out);
  if (const Post* p = b.post) {
    for (const Text text :
         {p->uri, p->author, p->author_url, p->html, p->content_warning, p->visibility})
      encode(text, out);
    put_time(p->edited_at, out);
  }
  put_attributes(b.extra, out);
  put(form_of(b.origin), out);
  if (const Origin* o = b.origin) {
    for (const Text text : {o->plugin, o->endpoint, o->id, o->list, o->raw}) encode(text, out);
    if (form_of(o) == OriginForm::with_date) put_time(o->changed_at, out);
  }
}

void take_rare(Bookmark& b, std::string_view& bytes, Arena& lists) {
  b.read_at = take_time(bytes);
  b.visited_at = take_time(bytes);
  for (Text* text : {&b.language, &b.cover_url, &b.keyword}) *text = decode_text(bytes);
  b.highlights = take_list<Highlight>(bytes, lists, [&] {
    Highlight h;
    for (Text* text : {&h.text, &h.note, &h.color}) *text = decode_text(bytes);
    h.created_at = take_time(bytes);
    return h;
  });
  b.media = take_list<Media>(bytes, lists, [&] {
    Media m;
    for (Text* text : {&m.url, &m.kind, &m.description, &m.name}) *text = decode_text(bytes);
    return m;
  });
  if (take<bool>(bytes)) {
    Post& p = lists.make_array<Post>(1)[0];
    for (Text* text :
         {&p.uri, &p.author, &p.author_url, &p.html, &p.content_warning, &p.visibility}) {
      *text = decode_text(bytes);
    }
    p.edited_at = take_time(bytes);
    b.post = &p;
  }
  b.extra = take_attributes(bytes, lists);
  if (const auto form = take<OriginForm>(bytes); form != OriginForm::none) {
    Origin& o = lists.make_array<Origin>(1)[0];
    for (Text* text : {&o.plugin, &o.endpoint, &o.id, &o.list, &o.raw}) *text = decode_text(bytes);
    if (form == OriginForm::with_date) o.changed_at = take_time(bytes);
    b.origin = &o;
  }
}

}  // namespace

void encode(Text text, std::string& out) {
  if (is_absent(text)) return put(absent, out);
  put(static_cast<Length>(text.size()), out);
  out.append(text);
}

void encode(std::uint64_t number, std::string& out) { put(number, out); }

void encode(const Bookmark& b, std::string& out) {
  for (const Text text : {b.url, b.title, b.description, b.notes, b.icon}) encode(text, out);
  put_texts(b.tags, out);
  put_list(b.folders, out, [&](FolderPath path) { put_texts(path, out); });
  put_time(b.created_at, out);
  put_time(b.modified_at, out);
  for (const Flag flag : {b.unread, b.favorite, b.archived, b.shared}) put(flag, out);
  put(b.kind, out);
  put(b.line, out);
  const bool rare = has_rare(b);
  put(rare, out);
  if (rare) put_rare(b, out);
}

void encode(const Folder& folder, std::string& out) {
  put(folder.type, out);
  put(folder.role, out);
  put_texts(folder.path, out);
  encode(folder.title, out);
  encode(folder.description, out);
  put_time(folder.created_at, out);
  put_time(folder.modified_at, out);
  put_attributes(folder.extra, out);
  put(folder.line, out);
}

Text decode_text(std::string_view& bytes) {
  const auto size = take<Length>(bytes);
  if (size == absent) return {};
  assert(bytes.size() >= size);
  const Text text = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return text;
}

std::uint64_t decode_number(std::string_view& bytes) { return take<std::uint64_t>(bytes); }

Bookmark decode_bookmark(std::string_view& bytes, Arena& lists) {
  Bookmark b;
  for (Text* text : {&b.url, &b.title, &b.description, &b.notes, &b.icon})
    *text = decode_text(bytes);
  b.tags = take_texts(bytes, lists);
  b.folders = take_list<FolderPath>(bytes, lists, [&] { return take_texts(bytes, lists); });
  b.created_at = take_time(bytes);
  b.modified_at = take_time(bytes);
  for (Flag* flag : {&b.unread, &b.favorite, &b.archived, &b.shared}) *flag = take<Flag>(bytes);
  b.kind = take<Kind>(bytes);
  b.line = take<std::uint64_t>(bytes);
  if (take<bool>(bytes)) take_rare(b, bytes, lists);
  return b;
}

Folder decode_folder(std::string_view& bytes, Arena& lists) {
  Folder folder;
  folder.type = take<Folder::Type>(bytes);
  folder.role = take<FolderRole>(bytes);
  folder.path = take_texts(bytes, lists);
  folder.title = decode_text(bytes);
  folder.description = decode_text(bytes);
  folder.created_at = take_time(bytes);
  folder.modified_at = take_time(bytes);
  folder.extra = take_attributes(bytes, lists);
  folder.line = take<std::uint64_t>(bytes);
  return folder;
}

Bookmark deep_copy(const Bookmark& bookmark, Arena& arena) {
  std::string bytes;
  encode(bookmark, bytes);
  std::string_view copy = arena.copy(bytes);
  return decode_bookmark(copy, arena);
}

Folder deep_copy(const Folder& folder, Arena& arena) {
  std::string bytes;
  encode(folder, bytes);
  std::string_view copy = arena.copy(bytes);
  return decode_folder(copy, arena);
}

}  // namespace linkferry
