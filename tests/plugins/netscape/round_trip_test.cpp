#include <set>

#include "netscape/netscape_represent.hpp"
#include "netscape/netscape_sink.hpp"
#include "netscape_files.hpp"
#include "random_records.hpp"
#include "support/catch.hpp"

namespace linkferry::test {
namespace {

constexpr std::size_t record_count = 1500;

/// The texts by which two bookmarks are compared, by field.
std::vector<std::pair<Field, std::string>> fields_of(const Bookmark& b) {
  const auto list = [](auto items, auto text) {
    std::string all;
    for (const auto& item : items) all += text(item) + ";";
    return all;
  };
  const auto text = [](Text t) { return shown(t); };
  return {
      {Field::url, shown(b.url)},
      {Field::title, shown(b.title)},
      {Field::description, shown(b.description)},
      {Field::notes, shown(b.notes)},
      {Field::tags, list(b.tags, text)},
      {Field::folders, list(b.folders, [](FolderPath p) { return shown(p); })},
      {Field::created_at, b.created_at.is_known() ? std::to_string(b.created_at.seconds) + "." +
                                                        std::to_string(b.created_at.nanoseconds)
                                                  : ""},
      {Field::modified_at, b.modified_at.is_known() ? std::to_string(b.modified_at.seconds) + "." +
                                                          std::to_string(b.modified_at.nanoseconds)
                                                    : ""},
      {Field::read_at, b.read_at.is_known() ? std::to_string(b.read_at.seconds) : ""},
      {Field::visited_at, b.visited_at.is_known() ? std::to_string(b.visited_at.seconds) + "." +
                                                        std::to_string(b.visited_at.nanoseconds)
                                                  : ""},
      {Field::unread, shown(b.unread)},
      {Field::favorite, shown(b.favorite)},
      {Field::archived, shown(b.archived)},
      {Field::shared, shown(b.shared)},
      {Field::kind, std::string(name_of(b.kind))},
      {Field::language, shown(b.language)},
      {Field::icon, shown(b.icon)},
      {Field::cover_url, shown(b.cover_url)},
      {Field::keyword, shown(b.keyword)},
      {Field::highlights, std::to_string(b.highlights.size())},
      {Field::media, std::to_string(b.media.size())},
      {Field::extra,
       list(b.extra, [](const Attribute& a) { return std::string(a.name) + shown(a.value); })}};
}

struct Endpoint {
  MemoryHost host;
  MapSettings settings{{"path", "out.html"}};

  Endpoint(const std::string& dialect, const std::string& separator) {
    settings.set("dialect", dialect).set("tags_separator", separator);
  }
  std::unique_ptr<Sink> sink() { return netscape::make_sink(settings, host); }
};

void write(Sink& sink, const Bookmark* bookmark, const Folder* folder) {
  const Change change{Action::create, bookmark, folder, {}};
  Outcome outcome;
  sink.write({&change, 1}, {&outcome, 1}, {});
  REQUIRE(outcome.result == Result::done);
}

/// As the engine writes what is there already: in the order of the file.
void write_again(Sink& sink, const Reading& reading) {
  for (const auto& batch : reading.batches) {
    std::size_t folder = 0;
    for (std::size_t i = 0; i <= batch.bookmarks.size(); ++i) {
      for (; folder < batch.folders.size() && batch.folders[folder].before == i; ++folder) {
        write(sink, nullptr, &batch.folders[folder].folder);
      }
      if (i < batch.bookmarks.size()) write(sink, &batch.bookmarks[i], nullptr);
    }
  }
}

}  // namespace

TEST_CASE("what is read back is what represent said, in every dialect", "[netscape][round_trip]") {
  const std::string dialect = GENERATE("common", "firefox", "chrome", "linkding", "shaarli");
  const std::string separator = GENERATE("comma", "blank");
  const unsigned seed = 20261122;
  CAPTURE(dialect, separator, seed);
  Endpoint endpoint(dialect, separator);
  RandomRecords random(seed);
  Arena arena;
  for (std::size_t i = 0; i < record_count; ++i) {
    const auto sink = endpoint.sink();
    const Bookmark given = random.bookmark(arena);
    const auto represented = sink->represent(given, arena);
    REQUIRE(is_absent(represented.refusal));
    write(*sink, &represented.bookmark, nullptr);
    sink->commit();
    const auto existing = endpoint.sink()->existing();
    const auto reading = read_all(*existing);
    const std::size_t copies = std::max<std::size_t>(1, represented.bookmark.folders.size());
    CAPTURE(i, endpoint.host.files["out.html"], shown(given));
    REQUIRE(reading.result == ReadResult::end);
    REQUIRE(reading.bookmarks.size() == copies);
    for (std::size_t copy = 0; copy < copies; ++copy) {
      Bookmark expected = represented.bookmark;
      if (copies > 1) expected.folders = expected.folders.subspan(copy, 1);
      REQUIRE(shown(*reading.bookmarks[copy]) == shown(expected));
    }
    if (i % 50 == 0) arena.clear();
  }
}

TEST_CASE("representing a representation changes and loses nothing, and every difference is named",
          "[netscape][round_trip]") {
  const std::string dialect = GENERATE("common", "firefox", "chrome", "linkding", "shaarli");
  const std::string separator = GENERATE("comma", "blank");
  const unsigned seed = 20261123;
  CAPTURE(dialect, separator, seed);
  Endpoint endpoint(dialect, separator);
  const auto sink = endpoint.sink();
  RandomRecords random(seed);
  Arena arena;
  for (std::size_t i = 0; i < record_count; ++i) {
    const Bookmark given = random.bookmark(arena);
    const auto once = sink->represent(given, arena);
    const auto twice = sink->represent(once.bookmark, arena);
    CAPTURE(i, shown(given));
    REQUIRE(fields_of(once.bookmark) == fields_of(twice.bookmark));
    for (const auto& loss : twice.losses)
      FAIL("still loses " << name_of(loss.field) << ": " << loss.reason);
    std::set<Field> named;
    for (const auto& loss : once.losses) named.insert(loss.field);
    const auto before = fields_of(given);
    const auto after = fields_of(once.bookmark);
    for (std::size_t field = 0; field < before.size(); ++field) {
      CAPTURE(name_of(before[field].first), before[field].second, after[field].second);
      if (before[field].second != after[field].second) REQUIRE(named.contains(before[field].first));
    }
    if (i % 50 == 0) arena.clear();
  }
}

TEST_CASE("folders and separators are read back as represented", "[netscape][round_trip]") {
  const std::string dialect = GENERATE("common", "firefox", "chrome");
  const unsigned seed = 20261124;
  CAPTURE(dialect, seed);
  Endpoint endpoint(dialect, "comma");
  RandomRecords random(seed);
  Arena arena;
  for (std::size_t i = 0; i < record_count; ++i) {
    const auto sink = endpoint.sink();
    const Folder given = random.folder(arena);
    const auto represented = sink->represent_folder(given, arena);
    CAPTURE(i, shown(given));
    const auto again = sink->represent_folder(represented.folder, arena);
    CHECK(shown(again.folder) == shown(represented.folder));
    if (represented.is_held) CHECK(again.losses.empty());
    if (!represented.is_held) continue;
    write(*sink, nullptr, &represented.folder);
    sink->commit();
    const auto existing = endpoint.sink()->existing();
    const auto reading = read_all(*existing);
    CAPTURE(endpoint.host.files["out.html"]);
    REQUIRE_FALSE(reading.folders.empty());
    CHECK(shown(*reading.folders.back()) == shown(represented.folder));
    if (i % 50 == 0) arena.clear();
  }
}

TEST_CASE("write, read and write again gives the same bytes", "[netscape][round_trip]") {
  const std::string dialect = GENERATE("common", "firefox", "chrome", "linkding", "shaarli");
  const unsigned seed = 20261125;
  CAPTURE(dialect, seed);
  Endpoint endpoint(dialect, "comma");
  RandomRecords random(seed);
  Arena arena;
  {
    const auto sink = endpoint.sink();
    for (std::size_t i = 0; i < record_count; ++i) {
      const auto folder = sink->represent_folder(random.folder(arena), arena);
      if (folder.is_held) write(*sink, nullptr, &folder.folder);
      const auto bookmark = sink->represent(random.bookmark(arena), arena);
      write(*sink, &bookmark.bookmark, nullptr);
    }
    sink->commit();
  }
  const std::string first = endpoint.host.files["out.html"];
  const auto existing = endpoint.sink()->existing();
  const auto reading = read_all(*existing);
  CHECK(reading.bookmarks.size() >= record_count);
  {
    const auto sink = endpoint.sink();
    write_again(*sink, reading);
    sink->commit();
  }
  CHECK(endpoint.host.files["out.html"] == first);
  // And the same from blocks of another size.
  common::NetscapeReader small(endpoint.host.open_file("out.html"), {}, 777);
  CHECK(read_all(small, 3).entries == reading.entries);
}

}  // namespace linkferry::test
