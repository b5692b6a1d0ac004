#include "contract/record_set.hpp"

#include <fmt/format.h>

#include "contract/record_builder.hpp"

namespace linkferry::contract {
namespace {

/// A date in seconds that grows with `i`, from 2001 on.
Timestamp second_of(std::size_t i) {
  return {1'000'000'000 + static_cast<std::int64_t>(i) * 86'413, 0, Precision::second};
}

template <class Fill>
void add_folder(RecordSet& set, std::size_t before, std::initializer_list<std::string_view> path,
                Fill fill) {
  PlacedFolder placed;
  placed.folder.path = copy_path(set.arena, path);
  placed.before = before;
  fill(placed.folder);
  set.folders.push_back(placed);
}

RecordSet one_record(std::string name, std::string_view url) {
  RecordSet set;
  RecordBuilder(set, std::move(name)).url(url).title("One large record");
  return set;
}

}  // namespace

RecordSet ordinary_records(std::size_t count) {
  RecordSet set;
  for (std::size_t i = 0; i + 1 < count; ++i) {
    RecordBuilder record(set, fmt::format("ordinary record {}", i));
    record.url(fmt::format("https://site-{}.example/path/{}?q={}&lang=en", i % 97, i, i));
    record.title(fmt::format("Page {} – “ünïcode” & more", i));
    if (i % 3 == 0) record.description(fmt::format("What page {} is about,\nin two lines", i));
    if (i % 4 != 0)
      record.tags({fmt::format("tag{}", i % 7), "zebra", fmt::format("alpha {}", i % 5)});
    if (const std::size_t shelf = i / 10 % 4; shelf == 1) {
      record.folder({"Shelf"});
    } else if (shelf > 1) {
      record.folder({"Shelf", fmt::format("Box {}", i / 10), "Inner"});
    }
    record.created(second_of(i));
  }
  RecordBuilder last(set, "last record");
  last.url("https://last.example/")
      .title(fmt::format("before, \"{}\" after", cut_mark))
      .created(second_of(count));
  return set;
}

RecordSet folder_records() {
  RecordSet set;
  RecordBuilder(set, "in a described folder")
      .url("https://one.example/")
      .title("One")
      .folder({"Shelf"});
  RecordBuilder(set, "beside it").url("https://two.example/").title("Two").folder({"Shelf"});
  RecordBuilder(set, "in the toolbar")
      .url("https://three.example/")
      .title("Three")
      .folder({"Toolbar"});
  RecordBuilder(set, "in no folder").url("https://four.example/").title("Four");
  add_folder(set, 0, {"Shelf"}, [](Folder& folder) {
    folder.description = "Where the <b>books</b> are,\nand more";
    folder.created_at = second_of(1);
    folder.modified_at = second_of(2);
  });
  add_folder(set, 1, {"Shelf"}, [](Folder& folder) { folder.type = Folder::Type::separator; });
  add_folder(set, 2, {"Toolbar"}, [](Folder& folder) { folder.role = FolderRole::toolbar; });
  add_folder(set, 3, {"Empty"}, [](Folder&) {});
  add_folder(set, 3, {"Empty", "Inner & \"quoted\""}, [](Folder&) {});
  add_folder(set, 3, {}, [](Folder& folder) {
    folder.type = Folder::Type::separator;
    folder.title = "A named line";
  });
  return set;
}

RecordSet megabyte_title() {
  RecordSet set;
  RecordBuilder(set, "a title of 1 MB")
      .url("https://large.example/")
      .title(std::string(1'000'000, 't') + " end");
  return set;
}

RecordSet ten_thousand_tags() {
  RecordSet set = one_record("10,000 tags", "https://tagged.example/");
  std::vector<std::string> tags;
  for (int i = 0; i < 10'000; ++i) tags.push_back(fmt::format("tag{}", i));
  RecordBuilder(set).tags(tags);
  return set;
}

RecordSet deep_folder(std::size_t levels) {
  RecordSet set = one_record(fmt::format("{} folder levels", levels), "https://deep.example/");
  const auto names = set.arena.make_array<Text>(levels);
  for (std::size_t i = 0; i < levels; ++i) names[i] = set.arena.copy(fmt::format("f{}", i));
  RecordBuilder(set).folder(names);
  return set;
}

}  // namespace linkferry::contract
