#include "bkmark_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Requests = FakeBkmark::Kind;
using Strings = std::vector<std::string>;

namespace {

BkmarkRow full(BkmarkLibrary& library) {
  BkmarkRow row;
  row.url = "https://a.example/";
  row.title = "Title";
  row.description = "Description\n\n[linkferry-notes]\nNotes";
  row.source = "extension";
  row.is_favorite = true;
  row.read = moment("2025-04-02T09:00:00.000Z");
  row.tags = {"typescript", "reading"};
  row.groups = {library.add_group("Engineering")};
  row.created = moment("2025-03-15T09:22:11.000Z");
  row.updated = moment("2025-03-16T09:22:11.123Z");
  library.colors["typescript"] = "blue";
  return row;
}

std::string extra_of(const Bookmark& bookmark, std::string_view name) {
  for (const Attribute& attribute : bookmark.extra)
    if (attribute.name == name) return std::string(attribute.value);
  return "";
}

}  // namespace

TEST_CASE("every field of a bookmark is read", "[bkmark][source]") {
  BkmarkSetup setup;
  const std::string id = setup.library().add(full(setup.library())).id;
  const auto listing = setup.read(*setup.source());
  REQUIRE(listing.bookmarks().size() == 1);
  const Bookmark& b = *listing.bookmarks().front();
  CHECK(b.url == "https://a.example/");
  CHECK(b.title == "Title");
  CHECK(b.description == "Description");
  CHECK(b.notes == "Notes");
  CHECK(as_strings(b.tags) == Strings{"typescript", "reading"});
  CHECK(as_strings(b.folders) == std::vector<Strings>{{"Engineering"}});
  CHECK(b.created_at == date("2025-03-15T09:22:11Z"));
  CHECK(b.modified_at == date("2025-03-16T09:22:11.123Z"));
  CHECK(b.read_at == date("2025-04-02T09:00:00Z"));
  CHECK(b.unread == Flag::no);
  CHECK(b.favorite == Flag::yes);
  CHECK(b.archived == Flag::no);
  CHECK(b.shared == Flag::unknown);
  CHECK(b.origin->plugin == "bkmark");
  CHECK(b.origin->endpoint == "marks");
  CHECK(b.origin->id == id);
  CHECK(b.origin->raw.find(R"("color":"blue")") != Text::npos);
  CHECK(extra_of(b, "bkmark.source") == "extension");
  CHECK(extra_of(b, "bkmark.tag_colors") == R"({"typescript":"blue"})");
  CHECK(extra_of(b, "bkmark.group_ids").find("Engineering") != std::string::npos);
}

TEST_CASE("notes, code and images are read as what they are", "[bkmark][source]") {
  BkmarkSetup setup;
  for (const char* const type : {"note", "code", "image"}) {
    BkmarkRow row;
    row.type = type;
    if (row.type == "image") row.url = "https://a.example/a.png";
    row.description = "text";
    setup.library().add(row);
  }
  const auto listing = setup.read(*setup.source());
  const auto all = listing.bookmarks();
  REQUIRE(all.size() == 3);
  CHECK(all[0]->kind == Kind::note);
  CHECK(is_absent(all[0]->url));
  CHECK(is_absent(all[0]->title));
  CHECK(all[1]->kind == Kind::code);
  CHECK(all[2]->kind == Kind::image);
}

TEST_CASE("a group that the options name is at its path", "[bkmark][source]") {
  BkmarkSetup setup;
  const BkmarkRow row = full(setup.library());
  setup.library().add(row);
  setup.groups = {{"Work/Engineering", row.groups.front()}};
  const auto listing = setup.read(*setup.source());
  CHECK(as_strings(listing.bookmarks().front()->folders) ==
        std::vector<Strings>{{"Work", "Engineering"}});
}

TEST_CASE("a library is read by pages of a hundred, the oldest first", "[bkmark][source]") {
  BkmarkSetup setup;
  setup.fill(250);
  const auto listing = setup.read(*setup.source());
  CHECK(listing.bookmarks().size() == 250);
  CHECK(urls(listing).front() == "https://site.example/0");
  CHECK(urls(listing).back() == "https://site.example/249");
  // Three, and one that asks for the archived.
  CHECK(setup.fake.count(Requests::list) == 4);
  CHECK(setup.fake.requests() == 4);
}

TEST_CASE("what was archived is read whether the list has it or not", "[bkmark][source][open]") {
  const bool list_has_archived = GENERATE(true, false);
  BkmarkSetup setup(FakeBkmark::Options{.list_has_archived = list_has_archived});
  setup.fill(150, 3);
  CHECK(setup.read(*setup.source()).bookmarks().size() == 150);
}

TEST_CASE("filters make a view, checked here where the service passes over them",
          "[bkmark][source][filter]") {
  BkmarkSetup setup;
  const BkmarkRow first = full(setup.library());
  setup.library().add(first);
  BkmarkRow second;
  second.url = "https://b.example/";
  second.title = "Another";
  second.type = "image";
  second.is_archived = true;
  setup.library().add(second);
  const auto [name, value, wanted] = GENERATE_COPY(table<std::string, std::string, std::string>({
      {"group", "Engineering", "https://a.example/"},
      {"group", first.groups.front(), "https://a.example/"},
      {"tag", "reading", "https://a.example/"},
      {"type", "image", "https://b.example/"},
      {"source", "extension", "https://a.example/"},
      {"favorite", "true", "https://a.example/"},
      {"favorite", "false", "https://b.example/"},
      {"archived", "true", "https://b.example/"},
      {"archived", "false", "https://a.example/"},
      {"unread", "true", "https://b.example/"},
      {"unread", "false", "https://a.example/"},
      {"search", "Another", "https://b.example/"},
  }));
  INFO(name << " " << value);
  setup.options[name] = value;
  CHECK(urls(setup.read(*setup.source())) == Strings{wanted});
}

TEST_CASE("the search is asked for by the name that it answers to, else done here",
          "[bkmark][source][filter][open]") {
  const std::string parameter = GENERATE("search", "q", "query", "text");
  const bool refuses = GENERATE(true, false);
  BkmarkSetup setup(
      FakeBkmark::Options{.search_parameter = parameter, .refuses_unknown_parameters = refuses});
  setup.fill(30);
  setup.options["search"] = "page 2";
  if (parameter != "text") setup.options["search"] = "Page 2";
  CHECK(setup.read(*setup.source()).bookmarks().size() == 11);
}

TEST_CASE("what is deleted while the list is read costs nothing else", "[bkmark][source][open]") {
  const bool refuses = GENERATE(true, false);
  BkmarkSetup setup(FakeBkmark::Options{.refuses_lost_cursors = refuses});
  setup.fill(250);
  bool is_first = true;
  setup.fake.options().on_page = [&](BkmarkLibrary& library) {
    // The last one of the page, whose id is the cursor.
    if (std::exchange(is_first, false)) library.rows()[99].is_in_trash = true;
  };
  const auto listing = setup.read(*setup.source());
  CHECK(listing.bookmarks().size() == 250);
  CHECK(urls(listing).back() == "https://site.example/249");
}

TEST_CASE("what is added while the list is read comes last", "[bkmark][source]") {
  BkmarkSetup setup;
  setup.fill(150);
  bool is_first = true;
  setup.fake.options().on_page = [&](BkmarkLibrary& library) {
    BkmarkRow row;
    row.url = "https://new.example/";
    if (std::exchange(is_first, false)) library.add(row);
  };
  const auto listing = setup.read(*setup.source());
  CHECK(listing.bookmarks().size() == 151);
  CHECK(urls(listing).back() == "https://new.example/");
}

TEST_CASE("an empty last page is the end", "[bkmark][source][open]") {
  BkmarkSetup setup(FakeBkmark::Options{.ends_with_empty_page = true});
  setup.fill(200);
  CHECK(setup.read(*setup.source()).bookmarks().size() == 200);
}

TEST_CASE("pages that go in circles end with an error", "[bkmark][source][faults]") {
  HttpServer server([](const SeenRequest&) {
    return Reply::json(R"({"data":[{"id":"1","url":"https://a.example/"}],"nextCursor":"x"})");
  });
  BkmarkSetup setup;
  setup.options["url"] = server.url();
  const auto source = setup.source();
  CHECK_THROWS_WITH(setup.read(*source), Catch::Contains("circles"));
}

TEST_CASE("an entry that is no bookmark is named and the rest read", "[bkmark][source][faults]") {
  HttpServer server([](const SeenRequest&) {
    return Reply::json(
        R"({"data":[7,{"title":"no id"},{"id":"1","url":"https://a.example/","isArchived":true}],)"
        R"("nextCursor":null})");
  });
  BkmarkSetup setup;
  setup.options["url"] = server.url();
  const auto listing = setup.read(*setup.source());
  CHECK(listing.bookmarks().size() == 1);
  CHECK(listing.items.size() == 3);
}

TEST_CASE("a reading that was stopped goes on where it was", "[bkmark][source]") {
  BkmarkSetup setup;
  setup.fill(250);
  const auto source = setup.source();
  std::stop_source stop;
  Batch batch;
  CHECK(source->read(batch, 120, stop.get_token()) == ReadResult::more);
  stop.request_stop();
  Batch none;
  CHECK(source->read(none, 120, stop.get_token()) == ReadResult::more);
  CHECK(none.bookmarks.empty());
  CHECK(setup.read(*source).bookmarks().size() == 250 - batch.bookmarks.size());
}

TEST_CASE("a token that is refused is an error that says how to get one", "[bkmark][source]") {
  BkmarkSetup setup;
  const auto source = setup.source();
  setup.fake.options().token = "another";
  try {
    setup.read(*source);
    FAIL("it was read");
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::authentication);
    CHECK_THAT(failure.what(), Catch::Contains("401") && Catch::Contains("Authentication"));
  }
}

TEST_CASE("a check tells what answers", "[bkmark][source]") {
  BkmarkSetup setup;
  setup.fill(2);
  setup.add("https://gone.example/").is_in_trash = true;
  const auto sentences = setup.source()->describe({});
  REQUIRE(sentences.size() > 2);
  CHECK_THAT(sentences[0], Catch::Contains(setup.fake.url()));
  CHECK_THAT(sentences[1], Catch::Contains("1 in trash"));
}
