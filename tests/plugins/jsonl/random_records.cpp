#include "plugins/jsonl/random_records.hpp"

#include <array>
#include <cstdlib>

#include "linkferry/timestamp_text.hpp"

namespace linkferry::test {
namespace {

using namespace std::string_view_literals;

constexpr std::array pieces = {
    "a"sv,       " "sv,         "plain words "sv, "\""sv,     "\\"sv,          "\\n"sv,
    "\\u0041"sv, "/"sv,         "<b>"sv,          "&amp;"sv,  "]]>"sv,         "<!--"sv,
    "'"sv,       "\n"sv,        "\t"sv,           "é"sv,      "\u4e2d文"sv,    "😀"sv,
    "\u2028"sv,  "\u202e"sv,    "e\u0301"sv,      "\u00a0"sv, "{\"url\":1}"sv, ","sv,
    "[x]"sv,     "</folder>"sv, "%00"sv,          "\x7f"sv,   "\ufeff"sv,      "null"sv,
};
constexpr std::array control_characters = {"\0"sv, "\x01"sv, "\r"sv, "\x1f"sv, "\b"sv, "\f"sv};

}  // namespace

Text RandomRecords::text(Arena& arena) {
  if (chance(8)) return "";
  std::string text;
  const std::size_t count = chance(2) ? 20'000 : below(24);
  for (std::size_t i = 0; i < count; ++i) {
    text += has_control_characters_ && chance(5)
                ? control_characters[below(control_characters.size())]
                : pieces[below(pieces.size())];
  }
  return arena.copy(std::string_view(text));
}

Text RandomRecords::name(Arena& arena) {
  const Text text = this->text(arena);
  return text.empty() ? "name" : text;
}

Timestamp RandomRecords::date() {
  if (chance(30)) return {};
  const auto precision = static_cast<Precision>(1 + below(5));
  const auto span = static_cast<std::uint64_t>(last_second - first_second);
  Timestamp time{first_second + static_cast<std::int64_t>(random_() % span),
                 static_cast<std::uint32_t>(below(1'000'000'000)), Precision::nanosecond};
  time = cut_to(time, precision);
  if (precision < Precision::millisecond) time.nanoseconds = 0;
  return time;
}

FolderPath RandomRecords::path(Arena& arena) {
  const auto names = arena.make_array<Text>(below(4));
  for (Text& name : names) name = text(arena);
  return names;
}

std::span<const Attribute> RandomRecords::extra(Arena& arena) {
  const auto attributes = arena.make_array<Attribute>(chance(60) ? 0 : below(4));
  for (Attribute& attribute : attributes) attribute = {name(arena), optional_text(arena)};
  return attributes;
}

const Post* RandomRecords::post(Arena& arena) {
  if (chance(80)) return nullptr;
  Post& post = arena.make_array<Post>(1)[0];
  post = {optional_text(arena),
          optional_text(arena),
          optional_text(arena),
          optional_text(arena),
          optional_text(arena),
          optional_text(arena),
          date()};
  return &post;
}

void RandomRecords::add_lists(Bookmark& bookmark, Arena& arena) {
  const auto tags = arena.make_array<Text>(below(4));
  for (Text& tag : tags) tag = name(arena);
  bookmark.tags = tags;
  const auto folders = arena.make_array<FolderPath>(below(3));
  for (FolderPath& folder : folders) folder = path(arena);
  bookmark.folders = folders;
  const auto highlights = arena.make_array<Highlight>(chance(80) ? 0 : 2);
  for (Highlight& item : highlights)
    item = {optional_text(arena), optional_text(arena), optional_text(arena), date()};
  bookmark.highlights = highlights;
  const auto media = arena.make_array<Media>(chance(80) ? 0 : 2);
  for (Media& item : media) {
    item = {optional_text(arena), optional_text(arena), optional_text(arena), optional_text(arena)};
  }
  bookmark.media = media;
}

Bookmark RandomRecords::bookmark(Arena& arena) {
  Bookmark bookmark;
  bookmark.url = chance(5) ? Text{} : text(arena);
  bookmark.title = optional_text(arena);
  bookmark.description = optional_text(arena);
  bookmark.notes = optional_text(arena);
  add_lists(bookmark, arena);
  bookmark.created_at = date();
  bookmark.modified_at = date();
  bookmark.read_at = date();
  bookmark.visited_at = date();
  bookmark.unread = flag();
  bookmark.favorite = flag();
  bookmark.archived = flag();
  bookmark.shared = flag();
  bookmark.kind = static_cast<Kind>(below(5));
  bookmark.language = optional_text(arena);
  bookmark.icon = optional_text(arena);
  bookmark.cover_url = optional_text(arena);
  bookmark.keyword = optional_text(arena);
  bookmark.post = post(arena);
  bookmark.extra = extra(arena);
  return bookmark;
}

Folder RandomRecords::folder(Arena& arena) {
  Folder folder;
  folder.type = chance(50) ? Folder::Type::folder : Folder::Type::separator;
  folder.path = path(arena);
  folder.title = optional_text(arena);
  folder.description = optional_text(arena);
  folder.created_at = date();
  folder.modified_at = date();
  folder.role = static_cast<FolderRole>(below(5));
  folder.extra = extra(arena);
  return folder;
}

std::uint64_t make_seed() {
  const char* const given = std::getenv("LINKFERRY_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

}  // namespace linkferry::test
