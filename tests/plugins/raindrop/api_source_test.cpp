#include "api_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;

namespace {

std::map<std::string, std::string> folders_of(const contract::Listing& listing) {
  std::map<std::string, std::string> folders;
  for (const Bookmark* bookmark : listing.bookmarks()) {
    std::string path;
    for (const auto& names : as_strings(bookmark->folders)) {
      for (const std::string& name : names) path += "/" + name;
    }
    folders[std::string(bookmark->url)] = path;
  }
  return folders;
}

std::vector<Strings> folder_records(const contract::Listing& listing) {
  std::vector<Strings> paths;
  for (const auto& item : listing.items) {
    if (item.type == contract::Item::Type::folder) paths.push_back(as_strings(item.folder.path));
  }
  return paths;
}

void put(RaindropAccount& account, const char* url, std::int64_t collection) {
  auto fields = fields_of(url);
  fields.collection = collection;
  account.create(fields);
}

}  // namespace

TEST_CASE("every field of a bookmark is read", "[raindrop][api][source]") {
  RaindropSetup setup;
  auto fields = fields_of("https://a.example/?b=1&c#d", "A title");
  fields.excerpt = "An excerpt";
  fields.note = "A **note**\nin two lines";
  fields.cover = "https://a.example/cover.png";
  fields.type = "article";
  fields.tags = Strings{"zulu", "two words", "Alpha"};
  fields.important = true;
  fields.created = moment("2024-09-03T20:06:53.347Z");
  fields.highlights = {{"", "Quoted", "why", "blue"}, {"", "Plain", "", "yellow"}};
  RaindropRow& row = setup.account().create(fields);
  row.media = {"https://a.example/cover.png", "https://a.example/more.png"};
  row.reminder = "2027-01-01T09:00:00.000Z";
  row.is_broken = true;
  const auto listing = setup.read();
  REQUIRE(listing.bookmarks().size() == 1);
  const Bookmark& b = *listing.bookmarks().front();
  CHECK(b.url == "https://a.example/?b=1&c#d");
  CHECK(b.title == "A title");
  CHECK(b.description == "An excerpt");
  CHECK(b.notes == "A **note**\nin two lines");
  CHECK(b.cover_url == "https://a.example/cover.png");
  CHECK(as_strings(b.tags) == Strings{"zulu", "two words", "Alpha"});
  CHECK(b.favorite == Flag::yes);
  CHECK(b.created_at == date("2024-09-03T20:06:53.347Z"));
  CHECK(b.modified_at.is_known());
  CHECK(b.archived == Flag::unknown);
  REQUIRE(b.highlights.size() == 2);
  CHECK(b.highlights[0].text == "Quoted");
  CHECK(b.highlights[0].note == "why");
  CHECK(b.highlights[0].color == "blue");
  CHECK(b.highlights[0].created_at.is_known());
  REQUIRE(b.media.size() == 1);
  CHECK(b.media[0].url == "https://a.example/more.png");
  std::map<std::string, std::string> extra;
  for (const auto& [name, value] : b.extra) extra[std::string(name)] = value;
  CHECK(extra ==
        std::map<std::string, std::string>{{"raindrop.type", "article"},
                                           {"raindrop.reminder", "2027-01-01T09:00:00.000Z"},
                                           {"raindrop.broken", "true"}});
  CHECK(b.origin->id == std::to_string(row.id));
  CHECK(b.origin->plugin == "raindrop");
  CHECK(b.origin->endpoint == "rain");
}

TEST_CASE("an image is an image, and what has no title has none", "[raindrop][api][source]") {
  RaindropSetup setup;
  auto fields = fields_of("https://a.example/i.png");
  fields.type = "image";
  setup.account().create(fields);
  const auto listing = setup.read();
  CHECK(listing.bookmarks().front()->kind == Kind::image);
  CHECK(is_absent(listing.bookmarks().front()->title));
  CHECK(is_absent(listing.bookmarks().front()->notes));
}

TEST_CASE("collections are folders, with siblings of the same title", "[raindrop][api][source]") {
  RaindropSetup setup;
  RaindropAccount& account = setup.account();
  const auto work = account.add_collection("Work");
  const auto cpp = account.add_collection("C++ / Qt", work);
  const auto deep = account.add_collection("Deep", cpp);
  const auto twin = account.add_collection("Work");
  const auto inner = account.add_collection("Inner", twin);
  put(account, "https://unsorted.example/", -1);
  put(account, "https://work.example/", work);
  put(account, "https://cpp.example/", cpp);
  put(account, "https://deep.example/", deep);
  put(account, "https://twin.example/", twin);
  put(account, "https://inner.example/", inner);
  const auto listing = setup.read();
  CHECK(folders_of(listing) ==
        std::map<std::string, std::string>{{"https://unsorted.example/", ""},
                                           {"https://work.example/", "/Work"},
                                           {"https://cpp.example/", "/Work/C++ / Qt"},
                                           {"https://deep.example/", "/Work/C++ / Qt/Deep"},
                                           {"https://twin.example/", "/Work"},
                                           {"https://inner.example/", "/Work/Inner"}});
}

TEST_CASE("collections come as folder records in the person's order, empty ones too",
          "[raindrop][api][source]") {
  RaindropSetup setup;
  RaindropAccount& account = setup.account();
  const auto first = account.add_collection("First");
  const auto second = account.add_collection("Second");
  const auto low = account.add_collection("Low", second);
  const auto high = account.add_collection("High", second);
  account.collections()[low].sort = 1;
  account.collections()[high].sort = 2;
  account.roots_order = {second, first};
  CHECK(folder_records(setup.read()) ==
        std::vector<Strings>{{"Second"}, {"Second", "High"}, {"Second", "Low"}, {"First"}});
}

TEST_CASE("collections that run in circles are read to an end", "[raindrop][api][source]") {
  RaindropSetup setup;
  RaindropAccount& account = setup.account();
  const auto a = account.add_collection("A");
  const auto b = account.add_collection("B", a);
  account.collections()[a].parent = b;
  put(account, "https://a.example/", a);
  CHECK(urls(setup.read()) == Strings{"https://a.example/"});
}

TEST_CASE("what is in a public collection is shared", "[raindrop][api][source]") {
  RaindropSetup setup;
  RaindropAccount& account = setup.account();
  const auto open = account.add_collection("Open");
  account.collections()[open].is_public = true;
  put(account, "https://open.example/", open);
  CHECK(setup.read().bookmarks().front()->shared == Flag::yes);
}

TEST_CASE("Trash is read when it is asked for, as archived", "[raindrop][api][source]") {
  RaindropSetup setup;
  setup.account().create(fields_of("https://kept.example/"));
  setup.account().remove(setup.account().create(fields_of("https://dropped.example/")).id);
  CHECK(urls(setup.read()) == Strings{"https://kept.example/"});
  setup.options["trash"] = "true";
  const auto listing = setup.read();
  REQUIRE(urls(listing) == Strings{"https://kept.example/", "https://dropped.example/"});
  CHECK(listing.bookmarks()[0]->archived == Flag::no);
  CHECK(listing.bookmarks()[1]->archived == Flag::yes);
  CHECK(listing.bookmarks()[1]->origin->list == "trash");
}

TEST_CASE("absent bookmarks are looked up: in Trash, gone, or there after all",
          "[raindrop][api][source]") {
  RaindropSetup setup;
  RaindropAccount& account = setup.account();
  const std::string there = std::to_string(account.create(fields_of("https://a.example/")).id);
  const auto dropped = account.create(fields_of("https://b.example/")).id;
  account.remove(dropped);
  const std::string in_trash = std::to_string(dropped);
  const Text ids[] = {there, in_trash, "4711"};
  Absence absences[3] = {};
  setup.source()->look_up(ids, absences, {});
  CHECK(absences[0] == Absence::present);
  CHECK(absences[1] == Absence::removed);
  CHECK(absences[2] == Absence::removed);
}

TEST_CASE("via csv, too, what is not in the export is looked up", "[raindrop][api][source]") {
  RaindropSetup setup;
  setup.fill(2);
  setup.options["via"] = "csv";
  const auto first = setup.account().rows().begin()->first;
  setup.account().remove(first + 1);
  const std::string ids[] = {std::to_string(first), std::to_string(first + 1), "4711"};
  const Text views[] = {ids[0], ids[1], ids[2]};
  Absence absences[3] = {};
  setup.source()->look_up(views, absences, {});
  CHECK(absences[0] == Absence::present);
  CHECK(absences[1] == Absence::removed);
  CHECK(absences[2] == Absence::removed);
}

TEST_CASE("of what may not be looked at nobody knows where it is", "[raindrop][api][source]") {
  RaindropSetup setup;
  setup.fill(2);
  const auto first = setup.account().rows().begin()->first;
  const std::string ids[] = {std::to_string(first), std::to_string(first + 1)};
  setup.fake.options().forbids = [&](const SeenRequest& request) {
    return request.path().ends_with("/raindrop/" + ids[0]);
  };
  const Text views[] = {ids[0], ids[1]};
  Absence absences[2] = {};
  setup.source()->look_up(views, absences, {});
  CHECK(absences[0] == Absence::unknown);
  CHECK(absences[1] == Absence::present);
}

TEST_CASE("an account that may not be read is a matter of the token", "[raindrop][api][source]") {
  RaindropSetup setup;
  setup.fill(2);
  const std::string part = GENERATE("/user", "/collections", "/raindrops/0");
  setup.fake.options().forbids = [&](const SeenRequest& request) {
    return request.path().find(part) != std::string::npos;
  };
  try {
    setup.read();
    FAIL("it was read");
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::authentication);
    CHECK_THAT(failure.what(), Catch::Contains("linkferry auth raindrop"));
  }
}

TEST_CASE("via csv all is read by one request", "[raindrop][api][source]") {
  RaindropSetup setup;
  setup.fill(500);
  const auto shelf = setup.account().add_collection("Shelf");
  auto fields = fields_of("https://last.example/", "Last, \"quoted\"");
  fields.collection = setup.account().add_collection("Box", shelf);
  fields.important = true;
  setup.account().create(fields);
  setup.options["via"] = "csv";
  const auto listing = setup.read();
  CHECK(listing.bookmarks().size() == 501);
  CHECK(folders_of(listing)["https://last.example/"] == "/Shelf/Box");
  CHECK(setup.fake.requests() == 1);
  CHECK(setup.fake.count(Requests::exported) == 1);
}

TEST_CASE("a page in place of the export is asked for again, and then an error",
          "[raindrop][api][source]") {
  RaindropSetup once(FakeRaindrop::Faults{.html_before = 2});
  once.fill(3);
  once.options["via"] = "csv";
  CHECK(once.read().bookmarks().size() == 3);
  RaindropSetup always(FakeRaindrop::Faults{.html_before = 1});
  always.options["via"] = "csv";
  CHECK_THROWS_WITH(always.read(), Catch::Contains("expected the CSV export"));
}

TEST_CASE("a check tells of the account", "[raindrop][api][source]") {
  RaindropSetup setup;
  setup.fill(3);
  const auto id = setup.account().add_collection("Of a friend");
  setup.account().collections()[id].access = 1;
  std::string all;
  for (const std::string& sentence : setup.source()->describe({})) all += sentence + "\n";
  CHECK_THAT(all, Catch::Contains("Ann Reader") && Catch::Contains("3 bookmarks") &&
                      Catch::Contains("1 of them of others"));
}

TEST_CASE("an endpoint needs a file, a token or credentials", "[raindrop][api]") {
  NetworkHost host;
  MapSettings none;
  CHECK_THROWS_WITH(raindrop::make_endpoint_source(none, host), Catch::Contains("needs either"));
  MapSettings both{{"credentials", "file"}};
  both.set_secret("token", "secret-token");
  CHECK_THROWS_WITH(raindrop::make_endpoint_sink(both, host), Catch::Contains("needs either"));
}

TEST_CASE("what people paste as the address becomes that of the API", "[raindrop][api]") {
  using raindrop::api_base_of;
  for (const char* pasted :
       {"", "https://raindrop.io", "https://app.raindrop.io/", "https://api.raindrop.io/rest/v1/"})
    CHECK(api_base_of(pasted) == "https://api.raindrop.io/rest/v1");
  CHECK(api_base_of("http://127.0.0.1:1/x/rest/v1") == "http://127.0.0.1:1/x/rest/v1");
  CHECK(raindrop::login_base_of("https://api.raindrop.io/rest/v1") == "https://raindrop.io");
}

TEST_CASE("a refused token is an error that says how to get one", "[raindrop][api]") {
  RaindropSetup setup;
  auto source = setup.source();
  setup.fake.options().token = "another";
  CHECK_THROWS_WITH(contract::read_all(*source, 10), Catch::Contains("linkferry auth raindrop"));
}

TEST_CASE("result false with an error is an error, whatever the status", "[raindrop][api]") {
  RaindropSetup setup(FakeRaindrop::Faults{.refused = 1});
  CHECK_THROWS_WITH(setup.read(), Catch::Contains("something went wrong"));
}

TEST_CASE("a list that is none is an error that names the address", "[raindrop][api][hostile]") {
  const std::string body =
      GENERATE(as<std::string>(), R"({"result":true})", R"({"result":true,"items":{},"count":1})",
               R"([])", R"({"result":true,"items":[1],"count":1})",
               R"({"result":true,"items":[{"_id":"x"}],"count":1})");
  INFO(body);
  HttpServer server([&](const SeenRequest& request) {
    if (request.path() == "/user") return Reply::json(R"({"result":true,"user":{"_id":1}})");
    if (request.path().starts_with("/collections")) return Reply::json(R"({"items":[]})");
    return Reply::json(body);
  });
  NetworkHost host;
  MapSettings settings{{"url", server.url()}};
  settings.set_secret("token", "secret-token");
  const auto source = raindrop::make_endpoint_source(settings, host);
  CHECK_THROWS_WITH(contract::read_all(*source, 10), Catch::Contains("/raindrops/0"));
}

TEST_CASE("fields of other types than expected say nothing", "[raindrop][api][hostile]") {
  HttpServer server([&](const SeenRequest& request) {
    if (request.path() == "/user") {
      return Reply::json(
          R"({"result":true,"user":{"_id":1,"groups":[{"collections":["x",{}]}],"lastUpdate":7}})");
    }
    if (request.path().starts_with("/collections"))
      return Reply::json(R"({"items":[null,{"_id":5,"title":7,"parent":9,"sort":"x"}]})");
    return Reply::json(
        R"({"items":[{"_id":3,"link":"https://a.example/","title":{"a":1},"tags":"x",)"
        R"("highlights":[1,{"text":""}],"media":{},"collection":7,"created":"yesterday",)"
        R"("important":"yes","reminder":[],"new field":{"deep":[1]}}],"count":1})");
  });
  NetworkHost host;
  MapSettings settings{{"url", server.url()}};
  settings.set_secret("token", "secret-token");
  const auto listing = contract::read_all(*raindrop::make_endpoint_source(settings, host), 10);
  REQUIRE(urls(listing) == Strings{"https://a.example/"});
  const Bookmark& b = *listing.bookmarks().front();
  CHECK(is_absent(b.title));
  CHECK(b.tags.empty());
  CHECK(b.highlights.empty());
  CHECK_FALSE(b.created_at.is_known());
  CHECK(b.favorite == Flag::no);
  REQUIRE(b.extra.size() == 1);
  CHECK(b.extra.front().name == "raindrop.new field");
  CHECK(b.extra.front().value == R"({"deep":[1]})");
}
