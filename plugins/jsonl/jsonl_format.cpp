#include "jsonl/jsonl_format.hpp"

#include <cstring>

namespace linkferry::jsonl {
namespace {

using common::JsonWriter;

/// Members of an object: each key is written with its comma in front, and the first comma is taken
/// back by `open`.
///
/// Keys are handed over as `,"key":`, so that one copy of fixed size writes them.
class ObjectWriter {
 public:
  explicit ObjectWriter(JsonWriter& out) : out_(out) { out_.raw("{"); }

  /// Whatever follows is the value of this key.
  void key(std::string_view comma_and_key) {
    out_.raw(is_first_ ? comma_and_key.substr(1) : comma_and_key);
    is_first_ = false;
  }
  void text(std::string_view comma_and_key, Text value) {
    if (is_absent(value)) return;
    key(comma_and_key);
    out_.text(value);
  }
  void date(std::string_view comma_and_key, const Timestamp& value) {
    if (!value.is_known()) return;
    key(comma_and_key);
    out_.date(value);
  }
  void flag(std::string_view comma_and_key, Flag value) {
    if (value == Flag::unknown) return;
    key(comma_and_key);
    out_.raw(value == Flag::yes ? "true" : "false");
  }
  void close() { out_.raw("}"); }

 private:
  JsonWriter& out_;
  bool is_first_ = true;
};

/// A list whose items `put` writes.
template <class List, class Put>
void put_list(JsonWriter& out, const List& list, Put put) {
  out.raw("[");
  bool is_first = true;
  for (const auto& item : list) {
    if (!is_first) out.raw(",");
    is_first = false;
    put(item);
  }
  out.raw("]");
}

void put_texts(JsonWriter& out, std::span<const Text> texts) {
  put_list(out, texts, [&out](Text text) { out.text(text); });
}

void put_highlights(JsonWriter& out, std::span<const Highlight> highlights) {
  put_list(out, highlights, [&out](const Highlight& highlight) {
    ObjectWriter object(out);
    object.text(R"(,"text":)", highlight.text);
    object.text(R"(,"note":)", highlight.note);
    object.text(R"(,"color":)", highlight.color);
    object.date(R"(,"created_at":)", highlight.created_at);
    object.close();
  });
}

void put_media(JsonWriter& out, std::span<const Media> media) {
  put_list(out, media, [&out](const Media& item) {
    ObjectWriter object(out);
    object.text(R"(,"url":)", item.url);
    object.text(R"(,"kind":)", item.kind);
    object.text(R"(,"description":)", item.description);
    object.text(R"(,"name":)", item.name);
    object.close();
  });
}

void put_post(JsonWriter& out, const Post& post) {
  ObjectWriter object(out);
  object.text(R"(,"uri":)", post.uri);
  object.text(R"(,"author":)", post.author);
  object.text(R"(,"author_url":)", post.author_url);
  object.text(R"(,"html":)", post.html);
  object.text(R"(,"content_warning":)", post.content_warning);
  object.text(R"(,"visibility":)", post.visibility);
  object.date(R"(,"edited_at":)", post.edited_at);
  object.close();
}

void put_extra(JsonWriter& out, std::span<const Attribute> extra) {
  out.raw("{");
  bool is_first = true;
  for (const Attribute& attribute : extra) {
    if (!is_first) out.raw(",");
    is_first = false;
    out.text(attribute.name);
    out.raw(":");
    if (is_absent(attribute.value)) {
      out.raw("null");
    } else {
      out.text(attribute.value);
    }
  }
  out.raw("}");
}

void put_origin(JsonWriter& out, const Origin& origin, bool with_raw) {
  ObjectWriter object(out);
  object.text(R"(,"plugin":)", origin.plugin);
  object.text(R"(,"endpoint":)", origin.endpoint);
  object.text(R"(,"id":)", origin.id);
  object.text(R"(,"list":)", origin.list);
  if (with_raw) object.text(R"(,"raw":)", origin.raw);
  object.close();
}

/// The fields that few bookmarks have.
void put_rare_fields(JsonWriter& out, ObjectWriter& object, const Bookmark& bookmark) {
  if (!bookmark.highlights.empty()) {
    object.key(R"(,"highlights":)");
    put_highlights(out, bookmark.highlights);
  }
  if (!bookmark.media.empty()) {
    object.key(R"(,"media":)");
    put_media(out, bookmark.media);
  }
  if (bookmark.post != nullptr) {
    object.key(R"(,"post":)");
    put_post(out, *bookmark.post);
  }
  if (!bookmark.extra.empty()) {
    object.key(R"(,"extra":)");
    put_extra(out, bookmark.extra);
  }
}

}  // namespace

void format_bookmark(const Bookmark& bookmark, const LineOptions& options, JsonWriter& out) {
  ObjectWriter object(out);
  object.text(R"(,"url":)", bookmark.url);
  object.text(R"(,"title":)", bookmark.title);
  object.text(R"(,"description":)", bookmark.description);
  object.text(R"(,"notes":)", bookmark.notes);
  if (!bookmark.tags.empty()) {
    object.key(R"(,"tags":)");
    put_texts(out, bookmark.tags);
  }
  if (!bookmark.folders.empty()) {
    object.key(R"(,"folders":)");
    put_list(out, bookmark.folders, [&out](FolderPath path) { put_texts(out, path); });
  }
  object.date(R"(,"created_at":)", bookmark.created_at);
  object.date(R"(,"modified_at":)", bookmark.modified_at);
  object.date(R"(,"read_at":)", bookmark.read_at);
  object.date(R"(,"visited_at":)", bookmark.visited_at);
  object.flag(R"(,"unread":)", bookmark.unread);
  object.flag(R"(,"favorite":)", bookmark.favorite);
  object.flag(R"(,"archived":)", bookmark.archived);
  object.flag(R"(,"shared":)", bookmark.shared);
  if (bookmark.kind != Kind::link) object.text(R"(,"kind":)", name_of(bookmark.kind));
  object.text(R"(,"language":)", bookmark.language);
  object.text(R"(,"icon":)", bookmark.icon);
  object.text(R"(,"cover_url":)", bookmark.cover_url);
  object.text(R"(,"keyword":)", bookmark.keyword);
  put_rare_fields(out, object, bookmark);
  if (options.with_origin && bookmark.origin != nullptr) {
    object.key(R"(,"origin":)");
    put_origin(out, *bookmark.origin, options.with_raw);
  }
  object.close();
  out.raw("\n");
}

void format_folder(const Folder& folder, JsonWriter& out) {
  ObjectWriter object(out);
  object.text(R"(,"type":)", folder.type == Folder::Type::folder ? "folder" : "separator");
  object.key(R"(,"path":)");
  put_texts(out, folder.path);
  object.text(R"(,"title":)", folder.title);
  object.text(R"(,"description":)", folder.description);
  object.date(R"(,"created_at":)", folder.created_at);
  object.date(R"(,"modified_at":)", folder.modified_at);
  if (folder.role != FolderRole::none) object.text(R"(,"role":)", name_of(folder.role));
  if (!folder.extra.empty()) {
    object.key(R"(,"extra":)");
    put_extra(out, folder.extra);
  }
  object.close();
  out.raw("\n");
}

}  // namespace linkferry::jsonl
