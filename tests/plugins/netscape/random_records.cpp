#include "random_records.hpp"

namespace linkferry::test {
namespace {

constexpr std::string_view pieces[] = {"a",
                                       "word",
                                       " ",
                                       "  ",
                                       "\n",
                                       "\t",
                                       ",",
                                       "&",
                                       "&amp;",
                                       "&copy",
                                       "&#39;",
                                       "<",
                                       ">",
                                       "\"",
                                       "'",
                                       "<b>",
                                       "</A>",
                                       "<DT>",
                                       "<DT><A HREF=\"x\">",
                                       "</DL>",
                                       "<DD>",
                                       "<HR>",
                                       "<!--",
                                       "-->",
                                       "DT>",
                                       "é",
                                       "日本",
                                       "😀",
                                       "[linkding-notes]",
                                       "[/linkding-notes]",
                                       "no_tag",
                                       "linkding:bookmarks.archived",
                                       "data:",
                                       "=",
                                       "/",
                                       "http://e.org/?a=1&b=2",
                                       "\n\n  x",
                                       "#",
                                       "%22",
                                       "x\" TAGS=\"y"};

constexpr std::string_view attribute_names[] = {
    "netscape.LAST_CHARSET", "netscape.hash",
    "netscape.ICON_URI",     "netscape.description",
    "netscape.HREF",         "netscape.a b",
    "netscape.icon_uri",     "netscape.ADD_DATE",
    "pocket.status",         "netscape.ID",
    "netscape.ID#2",         "netscape.",
    "netscape.FEEDURL",      "netscape.NAME",
    "netscape.TAGS",         "netscape.PERSONAL_TOOLBAR_FOLDER"};

}  // namespace

Text RandomRecords::text(Arena& arena, std::size_t most_pieces) {
  std::string all;
  for (std::size_t i = below(most_pieces + 1); i > 0; --i) all += pieces[below(std::size(pieces))];
  return arena.copy(Text(all));
}

Text RandomRecords::maybe(Arena& arena, std::size_t most_pieces) {
  return once_in(3) ? Text{} : text(arena, most_pieces);
}

Timestamp RandomRecords::time() {
  switch (below(7)) {
    case 0:
      return {};
    case 1:
      return {-157'766'400, 0, Precision::second};
    case 2:
      return {0, 0, Precision::second};
    case 3:
      return {200'000'000'000, 0, Precision::second};
    case 4:
      return {1'700'000'000, 123'000'000, Precision::millisecond};
    case 5:
      return {1'700'006'400, 0, Precision::day};
    default:
      return {static_cast<std::int64_t>(random_()), 0, Precision::second};
  }
}

FolderPath RandomRecords::path(Arena& arena) {
  const auto names = arena.make_array<Text>(below(4));
  for (auto& name : names) name = once_in(2) ? Text("Shared") : text(arena, 3);
  return names;
}

std::span<const Attribute> RandomRecords::extra(Arena& arena) {
  const auto list = arena.make_array<Attribute>(once_in(2) ? 0 : below(6));
  for (auto& attribute : list)
    attribute = {attribute_names[below(std::size(attribute_names))], maybe(arena, 3)};
  return list;
}

Bookmark RandomRecords::bookmark(Arena& arena) {
  Bookmark b;
  b.url = text(arena, 4);
  b.title = maybe(arena, 6);
  b.description = maybe(arena, 10);
  b.notes = maybe(arena, 6);
  const auto tags = arena.make_array<Text>(below(4));
  for (auto& tag : tags) {
    do tag = text(arena, 3);
    while (tag.empty());
  }
  b.tags = tags;
  const auto folders = arena.make_array<FolderPath>(below(3));
  for (auto& folder : folders) folder = path(arena);
  b.folders = folders;
  b.created_at = time();
  b.modified_at = time();
  b.read_at = time();
  b.visited_at = time();
  b.unread = flag();
  b.favorite = flag();
  b.archived = flag();
  b.shared = flag();
  b.kind = static_cast<Kind>(below(3));
  b.language = maybe(arena, 1);
  b.icon = once_in(2) ? maybe(arena, 3) : Text("data:image/png;base64,AAAA");
  b.cover_url = maybe(arena, 2);
  b.keyword = maybe(arena, 2);
  b.extra = extra(arena);
  if (once_in(4)) b.highlights = arena.make_array<Highlight>(1);
  if (once_in(4)) b.media = arena.make_array<Media>(1);
  return b;
}

Folder RandomRecords::folder(Arena& arena) {
  Folder f;
  f.type = once_in(3) ? Folder::Type::separator : Folder::Type::folder;
  f.path = path(arena);
  f.title = maybe(arena, 3);
  f.description = maybe(arena, 5);
  f.created_at = time();
  f.modified_at = time();
  f.role = static_cast<FolderRole>(below(5));
  f.extra = extra(arena);
  return f;
}

}  // namespace linkferry::test
