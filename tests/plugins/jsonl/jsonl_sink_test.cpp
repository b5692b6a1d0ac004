#include "jsonl/jsonl_sink.hpp"

#include "common/json_line.hpp"
#include "jsonl/jsonl_source.hpp"
#include "linkferry/failure.hpp"
#include "plugins/jsonl/random_records.hpp"
#include "plugins/jsonl/read_all.hpp"
#include "plugins/jsonl/record_equality.hpp"
#include "support/catch.hpp"
#include "support/map_settings.hpp"
#include "support/memory_host.hpp"

using namespace linkferry;
using test::is_same;
using test::ReadAll;

namespace {

const std::string path = "/out.jsonl";

void write_all(Sink& sink, const std::vector<Change>& changes) {
  std::vector<Outcome> outcomes(changes.size());
  sink.write(changes, outcomes, {});
  for (const Outcome& outcome : outcomes) CHECK(outcome.result == Result::done);
  sink.commit();
}

Change change_of(const Bookmark& bookmark, Action action = Action::create) {
  return {action, &bookmark, nullptr, {}};
}
Change change_of(const Folder& folder) { return {Action::create, nullptr, &folder, {}}; }

/// What is in the file after copying `text` through source and sink.
std::string copy(const std::string& text, const test::MapSettings& options = {}) {
  test::MemoryHost host({{"/in", text}});
  auto settings = options;
  settings.set("path", path);
  const auto source = jsonl::make_source(test::MapSettings{{"path", "/in"}}, host);
  const ReadAll read(*source);
  std::vector<Change> changes;
  std::size_t folder = 0;
  for (std::size_t i = 0; i <= read.bookmarks.size(); ++i) {
    while (folder < read.folders.size() && read.folders_before[folder] == i)
      changes.push_back(change_of(read.folders[folder++]));
    if (i < read.bookmarks.size()) changes.push_back(change_of(read.bookmarks[i]));
  }
  write_all(*jsonl::make_sink(settings, host), changes);
  return host.files.at(path);
}

std::string line_of(const Bookmark& bookmark) {
  common::JsonWriter out;
  jsonl::format_bookmark(bookmark, {}, out);
  return std::string(out.bytes());
}

}  // namespace

TEST_CASE("what jsonl writes it reads back, whatever the record", "[jsonl]") {
  const std::uint64_t seed = test::make_seed();
  INFO("LINKFERRY_SEED=" << seed);
  test::RandomRecords records(seed);
  records.allow_control_characters();
  Arena arena;
  std::vector<Bookmark> bookmarks;
  std::vector<Folder> folders;
  std::vector<Change> changes;
  for (int i = 0; i < 500; ++i) {
    bookmarks.push_back(records.bookmark(arena));
    folders.push_back(records.folder(arena));
  }
  for (std::size_t i = 0; i < bookmarks.size(); ++i) {
    changes.push_back(change_of(bookmarks[i]));
    changes.push_back(change_of(folders[i]));
  }
  test::MemoryHost host;
  const auto sink = jsonl::make_sink(test::MapSettings{{"path", path}}, host);
  CHECK(sink->existing() == nullptr);
  write_all(*sink, changes);

  const ReadAll read(*sink->existing());
  CHECK(read.rejections.empty());
  CHECK(read.notices.empty());
  REQUIRE(read.bookmarks.size() == bookmarks.size());
  REQUIRE(read.folders.size() == folders.size());
  for (std::size_t i = 0; i < bookmarks.size(); ++i) {
    const Representation represented = sink->represent(bookmarks[i], arena);
    INFO("record " << i << ": " << line_of(bookmarks[i])
                   << "read back: " << line_of(read.bookmarks[i]));
    CHECK(represented.losses.empty());
    CHECK(is_absent(represented.refusal));
    CHECK(is_same(read.bookmarks[i], represented.bookmark));
    CHECK(is_same(read.folders[i], sink->represent_folder(folders[i], arena).folder));
    CHECK(read.folders_before[i] == i + 1);
  }
}

TEST_CASE("a jsonl file in linkferry's own spelling is copied byte by byte", "[jsonl]") {
  const std::string text =
      "{\"type\":\"folder\",\"path\":[\"Work\"],\"description\":\"d\",\"created_at\":\"2020-02-"
      "29\",\"role\":\"toolbar\"}\n"
      "{\"url\":\"https://a.example/\",\"title\":\"tab\\tquote\\\" "
      "\\u0001é\",\"tags\":[\"x\"],\"folders\":[[\"Work\"],[]],"
      "\"created_at\":\"2024-09-03T20:06:53.340Z\",\"unread\":false,\"kind\":\"note\",\"extra\":{"
      "\"a.B\":\"c\",\"d\":null}}\n"
      "{\"type\":\"separator\",\"path\":[\"Work\"]}\n{}\n";
  CHECK(copy(text) == text);
}

TEST_CASE("a jsonl file in another spelling is the same from the second copy on", "[jsonl]") {
  const std::string once = copy(
      "{\"title\":\"\\u0041\\/\",\"foo\":[1, "
      "2],\"url\":\"u\",\"created_at\":\"2024-09-03T22:06:53+02:00\",\"tags\":[],\"notes\":null,"
      "\"date\":\"never\",\"folders\":[[\"a\"]]}\n{\"url\":\"v\",\"created_at\":\"soon\"}\n");
  CHECK(once ==
        "{\"url\":\"u\",\"title\":\"A/"
        "\",\"folders\":[[\"a\"]],\"created_at\":\"2024-09-03T20:06:53Z\","
        "\"extra\":{\"jsonl.foo\":\"[1, 2]\",\"jsonl.date\":\"never\"}}\n"
        "{\"url\":\"v\",\"extra\":{\"jsonl.created_at\":\"soon\"}}\n");
  CHECK(copy(once) == once);
}

TEST_CASE("the origin is written only when asked for, the raw record only when asked for too",
          "[jsonl]") {
  const std::string text =
      R"({"url":"u","origin":{"plugin":"p","endpoint":"e","id":"1","list":"l","raw":"{}"}})"
      "\n";
  CHECK(copy(text) == "{\"url\":\"u\"}\n");
  CHECK(copy(text, {{"origin", "true"}}) ==
        "{\"url\":\"u\",\"origin\":{\"plugin\":\"p\",\"endpoint\":\"e\",\"id\":\"1\",\"list\":"
        "\"l\"}}\n");
  CHECK(copy(text, {{"origin_raw", "true"}}) == text);
}

TEST_CASE("a removed record is not written, kept and updated ones are", "[jsonl]") {
  Bookmark kept, removed, updated;
  kept.url = "kept", removed.url = "removed", updated.url = "updated";
  test::MemoryHost host({{path, "old"}});
  const auto sink = jsonl::make_sink(test::MapSettings{{"path", path}}, host);
  write_all(*sink, {change_of(kept, Action::keep), change_of(removed, Action::remove),
                    change_of(updated, Action::update)});
  CHECK(host.files.at(path) == "{\"url\":\"kept\"}\n{\"url\":\"updated\"}\n");
}

TEST_CASE("without a commit the old jsonl file stays", "[jsonl]") {
  test::MemoryHost host({{path, "old"}});
  Bookmark bookmark;
  bookmark.url = "new";
  std::vector<Outcome> outcomes(1);
  {
    const auto sink = jsonl::make_sink(test::MapSettings{{"path", path}}, host);
    const Change change = change_of(bookmark);
    sink->write({&change, 1}, outcomes, {});
  }
  CHECK(host.files.at(path) == "old");
  write_all(*jsonl::make_sink(test::MapSettings{{"path", path}}, host), {});
  CHECK(host.files.at(path).empty());
}

TEST_CASE("a full disk while jsonl is written leaves the old file", "[jsonl]") {
  test::MemoryHost host({{path, "old"}});
  host.fail_writes_after = 1000;
  const std::string title(2000, 'x');
  Bookmark bookmark;
  bookmark.title = title;
  const auto sink = jsonl::make_sink(test::MapSettings{{"path", path}}, host);
  std::vector<Outcome> outcomes(1);
  const Change change = change_of(bookmark);
  sink->write({&change, 1}, outcomes, {});
  CHECK_THROWS_AS(sink->commit(), Failure);
  CHECK(host.files.at(path) == "old");
}

TEST_CASE("a record that could not be read again is refused before it is written", "[jsonl]") {
  test::MemoryHost host;
  const auto sink = jsonl::make_sink(test::MapSettings{{"path", path}}, host);
  Arena arena;
  Bookmark bookmark;
  const std::string large((16 << 20) + 1, 'x');
  bookmark.title = large;
  CHECK(sink->represent(bookmark, arena).refusal == "a text of the record is larger than 16 MiB");
  const std::string control(16 << 20, '\x01');
  bookmark.title = control;
  CHECK(sink->represent(bookmark, arena).refusal ==
        "the record's line would be larger than 64 MiB");
  bookmark.title = Text(large).substr(1);
  CHECK(is_absent(sink->represent(bookmark, arena).refusal));
}
