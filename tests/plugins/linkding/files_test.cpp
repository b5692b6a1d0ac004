#include "common/file_url.hpp"
#include "linkding_setup.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Requests = FakeLinkding::Kind;
using Strings = std::vector<std::string>;

namespace {

struct Saving : LinkdingSetup {
  explicit Saving(FakeLinkding::Options fake_options = FakeLinkding::Options())
      : LinkdingSetup(std::move(fake_options)) {
    options["save_files"] = "/home/ann/links/../files/";
    fill(3);
  }

  LinkdingFile& attach(std::int64_t id, LinkdingFile file) {
    LinkdingLibrary& library = fake.library();
    return library.attach(*library.find(id), std::move(file));
  }
  /// The names of the files on disk.
  Strings saved() {
    Strings names;
    const std::string folder = "/home/ann/files/";
    for (const auto& [path, content] : host.files) {
      CHECK(path.starts_with(folder));
      names.push_back(path.substr(folder.size()));
    }
    return names;
  }
  contract::Listing read_source() { return read(*source()); }
};

/// Bytes that gzip cannot make smaller.
std::string noise(std::size_t size) {
  std::minstd_rand random(7);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random() >> 8);
  return bytes;
}

}  // namespace

TEST_CASE("the files of bookmarks are stored, and stand as media with their place on disk",
          "[linkding][files]") {
  Saving setup;
  const std::string content = noise(300'000);
  setup.attach(1, {.name = "photo one.png", .content = content});
  setup.attach(3, {.name = "page.html", .content = "<html>", .type = "text/html"});
  const auto listing = setup.read_source();
  CHECK(setup.saved() ==
        Strings{"1-1-20260102030405678901-photo_one.png", "3-2-20260102030405678901-page.html"});
  CHECK(setup.host.files["/home/ann/files/1-1-20260102030405678901-photo_one.png"] == content);
  const auto bookmarks = listing.bookmarks();
  REQUIRE(bookmarks[0]->media.size() == 1);
  const Media& file = bookmarks[0]->media[0];
  CHECK(file.url == "file:///home/ann/files/1-1-20260102030405678901-photo_one.png");
  CHECK(common::path_of_file_url(file.url) ==
        "/home/ann/files/1-1-20260102030405678901-photo_one.png");
  CHECK(file.name == "photo one.png");
  CHECK(file.kind == "image");
  CHECK(bookmarks[1]->media.empty());
  CHECK(bookmarks[2]->media[0].kind == "file");
}

TEST_CASE("what is stored already is not downloaded again", "[linkding][files]") {
  Saving setup;
  setup.attach(1, {.name = "a.png", .content = "aa"});
  setup.attach(1, {.name = "empty.txt", .type = "text/plain"});
  const auto first = setup.read_source();
  CHECK(setup.fake.count(Requests::download) == 2);
  setup.attach(1, {.name = "b.png", .content = "bb"});
  const auto second = setup.read_source();
  CHECK(setup.fake.count(Requests::download) == 3);
  const auto media = second.bookmarks().front()->media;
  REQUIRE(media.size() == 3);
  CHECK(media[0].url == first.bookmarks().front()->media[0].url);
  CHECK(setup.host.commits == 3);
}

TEST_CASE("files of one name do not overwrite each other", "[linkding][files]") {
  Saving setup;
  setup.attach(1, {.name = "a.png", .content = "one"});
  setup.attach(1, {.name = "a.png", .content = "two"});
  setup.attach(2, {.name = "a.png", .content = "three"});
  setup.read_source();
  std::vector<std::string> contents;
  for (const auto& [path, content] : setup.host.files) contents.push_back(content);
  std::ranges::sort(contents);
  CHECK(contents == Strings{"one", "three", "two"});
}

TEST_CASE("no name of a file leads out of the folder, or is odd on a disk", "[linkding][files]") {
  Saving setup;
  const Strings names{"../../.ssh/authorized_keys",
                      "/etc/passwd",
                      "..",
                      ".",
                      "",
                      "C:\\Windows\\a.dll",
                      ".bashrc",
                      "-rf",
                      "a\nb",
                      std::string("nul\0.png", 8),
                      "\xE2\x80\xAE"
                      "gnp.exe",
                      "a;b|c&d$(e)`f`",
                      std::string(5'000, 'x') + ".pdf",
                      "日本語.pdf"};
  for (const std::string& name : names) setup.attach(2, {.name = name, .content = "x"});
  const auto listing = setup.read_source();
  const Strings saved = setup.saved();
  REQUIRE(saved.size() == names.size());
  for (const std::string& name : saved) {
    CAPTURE(name);
    CHECK(name.starts_with("2-"));
    CHECK(name.size() <= 150);
    CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                 "._-") == std::string::npos);
  }
  const auto media = listing.bookmarks()[1]->media;
  CHECK(media[0].name == names[0]);
  CHECK(media[12].url.ends_with(".pdf"));
}

TEST_CASE("an id that is no number makes no path", "[linkding][files]") {
  HttpServer server([](const SeenRequest& request) -> Reply {
    if (request.path().ends_with("/profile/")) return Reply::json(R"({"version":"1.46.2"})");
    if (request.path().ends_with("/assets/"))
      return Reply::json(
          R"({"count":2,"results":[{"id":"../../x","status":"complete","display_name":"a"},)"
          R"({"id":"","status":"complete","display_name":"a"}]})");
    if (request.path().ends_with("archived/")) return Reply::json(R"({"count":0,"results":[]})");
    return Reply::json(R"({"count":1,"results":[{"id":7,"url":"https://a.example/"}]})");
  });
  NetworkHost host;
  MapSettings settings{{"url", server.url()}, {"save_files", "/f"}};
  settings.set_secret("token", "secret-token");
  const auto source = linkding::make_source(settings, host);
  const auto listing = contract::read_all(*source, 10);
  REQUIRE(listing.bookmarks().size() == 1);
  CHECK(listing.bookmarks().front()->media.empty());
  CHECK(host.files.empty());
}

TEST_CASE("a file that breaks off on its way is got anew, whole", "[linkding][files][faults]") {
  Saving setup(GENERATE(FakeLinkding::Options{.reset_download = 2},
                        FakeLinkding::Options{.cut_download = 2}));
  for (int i = 0; i < 5; ++i)
    setup.attach(1, {.name = std::to_string(i) + ".png", .content = noise(40'000)});
  const auto listing = setup.read_source();
  CHECK(listing.bookmarks().front()->media.size() == 5);
  REQUIRE(setup.host.files.size() == 5);
  for (const auto& [path, content] : setup.host.files) CHECK(content == noise(40'000));
  CHECK(setup.fake.count(Requests::download) > 5);
}

TEST_CASE("a file that never comes whole ends the run, and leaves none of it",
          "[linkding][files][faults]") {
  Saving setup(FakeLinkding::Options{.cut_download = 1});
  setup.attach(1, {.name = "a.png", .content = noise(40'000)});
  const auto source = setup.source();
  Batch batch;
  try {
    source->read(batch, 10, {});
    FAIL("no failure came");
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::temporary);
  }
  CHECK(setup.host.files.empty());
}

TEST_CASE("what the server does not give is listed by its address there, and that is said",
          "[linkding][files][faults]") {
  Saving setup;
  LinkdingFile& lost = setup.attach(1, {.name = "lost.png", .content = "x"});
  const std::string page = std::to_string(lost.id) + "/download/";
  setup.attach(1, {.name = "kept.png", .content = "y"});
  setup.attach(1, {.name = "pending.html", .status = "pending"});
  const int status = GENERATE(200, 404);
  HttpServer proxy([&](const SeenRequest& request) -> Reply {
    const bool is_lost = request.path().ends_with(page);
    if (is_lost) {
      Reply reply = Reply::of(status, "<html><title>Log in</title></html>");
      reply.headers = {{"Content-Type", "text/html"}};
      return reply;
    }
    NetworkHost direct;
    HttpSettings settings;
    settings.base_url = setup.fake.server().url();
    settings.secret = Secret(std::string(setup.fake.options().token));
    settings.authorization_scheme = "Token";
    HttpRequest passed;
    passed.path = request.target;
    const HttpResponse answer = direct.make_http_client(settings)->send(passed, {});
    Reply reply = Reply::of(answer.status, answer.body);
    if (answer.headers.find("Content-Disposition")) reply.with("Content-Disposition", "attachment");
    return reply;
  });
  MapSettings& settings = setup.make_settings();
  settings.set("url", proxy.url() + "/home");
  const auto source = linkding::make_source(settings, setup.host);
  Batch batch;
  source->read(batch, 10, {});
  const auto media = batch.bookmarks.front().media;
  REQUIRE(media.size() == 2);
  CHECK(media[0].url == proxy.url() + "/home/api/bookmarks/1/assets/" + page);
  CHECK(media[1].url.starts_with("file:///home/ann/files/"));
  CHECK(batch.notices.size() == 1);
  CHECK(setup.host.files.size() == 1);
  CHECK_FALSE(setup.host.has_logged(setup.fake.options().token));
}

TEST_CASE("a full disk ends the run and leaves no half of a file", "[linkding][files][faults]") {
  Saving setup;
  setup.host.fail_writes_after = 1'000;
  setup.attach(1, {.name = "a.png", .content = noise(40'000)});
  CHECK_THROWS_WITH(setup.read_source(), Catch::Contains("no space left"));
  CHECK(setup.host.files.empty());
}

TEST_CASE("a bookmark that goes while its files are listed has none", "[linkding][files]") {
  Saving setup;
  setup.attach(2, {.name = "a.png", .content = "x"});
  setup.fake.options().on_page = [](LinkdingLibrary& library, const std::string&) {
    library.remove(2);
  };
  const auto listing = setup.read_source();
  for (const Bookmark* bookmark : listing.bookmarks()) CHECK(bookmark->media.empty());
}

TEST_CASE("long lists of files are read page by page", "[linkding][files]") {
  Saving setup;
  for (int i = 0; i < 2'500; ++i) setup.attach(1, {.name = "a", .content = "x"});
  setup.options = {{"files", "true"}};
  CHECK(setup.read_source().bookmarks().front()->media.size() == 2'500);
  CHECK(setup.fake.count(Requests::files) == 3 + 2);
}

TEST_CASE("a linkding without files is read without asking for them", "[linkding][files]") {
  Saving setup(FakeLinkding::Options{.version = "1.38.0"});
  CHECK(setup.read_source().bookmarks().size() == 3);
  CHECK(setup.fake.count(Requests::files) == 0);
}

TEST_CASE("addresses of files are paths again", "[linkding][files]") {
  for (const std::string path : {"/a b/ü?#%.png", "/home/ann/x;y", "/"})
    CHECK(common::path_of_file_url(common::file_url_of(path)) == path);
  CHECK(common::path_of_file_url("file:/a/b") == "/a/b");
  CHECK(common::path_of_file_url("FILE://localhost/a") == "/a");
  for (const char* other :
       {"file://elsewhere.example/a", "https://a.example/", "file:a", "file:", "file:///a/../b",
        "file:///a/%2e%2e", "file:///a%00b", "file:////a", ""})
    CHECK(common::path_of_file_url(other).empty());
  CHECK(common::is_below("/a/b/c", "/a/b"));
  CHECK(common::is_below("/a/b/c", "/a/b/"));
  CHECK_FALSE(common::is_below("/a/bc", "/a/b"));
  CHECK_FALSE(common::is_below("/a/b", "/a/b"));
  CHECK_FALSE(common::is_below("/a/b/", "/a/b"));
}
