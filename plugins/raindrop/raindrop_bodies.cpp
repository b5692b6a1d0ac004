#include <algorithm>
#include <vector>

#include "common/html_text.hpp"
#include "common/json_members.hpp"
#include "raindrop/raindrop_item.hpp"

namespace linkferry::raindrop {
namespace {

using common::JsonMembers;
using common::JsonWriter;

void add_collection(std::int64_t collection, JsonMembers& members) {
  JsonWriter& out = members.value_of("collection");
  out.raw("{\"$id\":");
  out.raw(std::to_string(collection));
  out.raw("}");
}

Text type_of(Kind kind) { return kind == Kind::image ? "image" : "link"; }

/// One entry of a list of highlights; `id` is empty for a new one, and an empty text removes.
struct HighlightChange {
  Text id;
  Text text;
  Text note;
  Text color;
};

void add_highlights(std::span<const HighlightChange> changes, JsonMembers& members) {
  JsonWriter& out = members.value_of("highlights");
  out.raw("[");
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (i != 0) out.raw(",");
    JsonMembers entry(out);
    if (!changes[i].id.empty()) entry.add("_id", changes[i].id);
    entry.add("text", changes[i].text);
    if (!changes[i].text.empty()) {
      entry.add("note", changes[i].note);
      entry.add("color", changes[i].color);
    }
    entry.end();
  }
  out.raw("]");
}

bool is_same_highlight(const Highlight& a, const Highlight& b) {
  return a.text == b.text && a.note == b.note && a.color == b.color;
}

/// What makes the held highlights the wanted ones.
/// Rationale: a request that adds one may arrive twice, so what is there more often than wanted is
/// taken away, too.
std::vector<HighlightChange> highlight_changes(const Item& held, const Bookmark& wanted) {
  std::vector<HeldHighlight> left(held.highlights.begin(), held.highlights.end());
  std::vector<const Highlight*> missing;
  for (const Highlight& highlight : wanted.highlights) {
    const auto found = std::ranges::find_if(left, [&](const HeldHighlight& candidate) {
      return is_same_highlight(candidate.highlight, highlight);
    });
    if (found == left.end()) {
      missing.push_back(&highlight);
    } else {
      left.erase(found);
    }
  }
  std::vector<HighlightChange> changes;
  for (const Highlight* highlight : missing) {
    const auto found = std::ranges::find_if(left, [&](const HeldHighlight& candidate) {
      return candidate.highlight.text == highlight->text;
    });
    const Text id = found == left.end() ? Text() : found->id;
    changes.push_back({id, highlight->text, highlight->note, highlight->color});
    if (found != left.end()) left.erase(found);
  }
  for (const HeldHighlight& surplus : left) changes.push_back({surplus.id, "", "", ""});
  return changes;
}

void add_texts(const Bookmark& b, JsonMembers& members) {
  members.add("link", b.url);
  members.add("title", b.title);
  members.add("excerpt", b.description);
  members.add("note", b.notes);
  members.add("tags", b.tags);
  members.add("important", b.favorite);
}

/// Order is for the service to choose.
bool has_same_tags(std::span<const Text> a, std::span<const Text> b) {
  if (std::ranges::equal(a, b)) return true;
  std::vector<Text> left(a.begin(), a.end());
  std::vector<Text> right(b.begin(), b.end());
  std::ranges::sort(left);
  std::ranges::sort(right);
  return left == right;
}

}  // namespace

std::string create_body(const Bookmark& bookmark, std::int64_t collection,
                        const Timestamp& created) {
  JsonWriter out;
  JsonMembers members(out);
  add_texts(bookmark, members);
  members.add("created", created);
  members.add("type", type_of(bookmark.kind));
  if (!bookmark.cover_url.empty()) members.add("cover", bookmark.cover_url);
  add_collection(collection, members);
  if (!bookmark.highlights.empty()) {
    std::vector<HighlightChange> all;
    for (const Highlight& highlight : bookmark.highlights)
      all.push_back({{}, highlight.text, highlight.note, highlight.color});
    add_highlights(all, members);
  }
  members.end();
  return std::string(out.bytes());
}

std::string update_body(const Bookmark& bookmark, std::optional<std::int64_t> collection) {
  JsonWriter out;
  JsonMembers members(out);
  add_texts(bookmark, members);
  members.add("created", bookmark.created_at);
  members.add("cover", bookmark.cover_url);
  if (collection) add_collection(*collection, members);
  members.end();
  return std::string(out.bytes());
}

Repair repair_of(const Item& item, const Bookmark& wanted, std::int64_t collection) {
  Arena arena;
  const Bookmark held = to_bookmark(item, View::held, arena);
  JsonWriter out;
  JsonMembers members(out);
  Repair repair;
  const auto note = [&repair](std::string_view field) {
    if (!repair.fields.empty()) repair.fields += ", ";
    repair.fields += field;
  };
  const auto compare = [&](std::string_view name, const auto& value, bool is_same) {
    if (is_same) return;
    members.add(name, value);
    note(name);
  };
  compare("link", wanted.url, held.url == wanted.url);
  compare("title", wanted.title, held.title == wanted.title);
  compare("excerpt", wanted.description, held.description == wanted.description);
  compare("note", wanted.notes, held.notes == wanted.notes);
  compare("tags", wanted.tags, has_same_tags(held.tags, wanted.tags));
  compare("important", wanted.favorite, item.is_important == (wanted.favorite == Flag::yes));
  compare("created", wanted.created_at,
          !wanted.created_at.is_known() || held.created_at == wanted.created_at);
  compare("cover", wanted.cover_url, held.cover_url == wanted.cover_url);
  compare("type", type_of(wanted.kind), held.kind == wanted.kind);
  if (item.collection != collection) {
    add_collection(collection, members);
    note("collection");
  }
  if (const auto changes = highlight_changes(item, wanted); !changes.empty()) {
    add_highlights(changes, members);
    note("highlights");
  }
  members.end();
  if (!repair.fields.empty()) repair.body = out.bytes();
  return repair;
}

}  // namespace linkferry::raindrop
