#include <algorithm>

#include "mastodon/csv_parts.hpp"
#include "mastodon/mastodon_csv_sink.hpp"
#include "mastodon/post_address.hpp"
#include "plugins/mastodon/mastodon_file.hpp"
#include "support/bookmarks.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using namespace linkferry::test;
using mastodon::AddressShape;
using Texts = std::vector<std::string>;

namespace {

const std::string first = "https://a.example/users/x/statuses/1";
const std::string second = "https://b.example/objects/0d6bbc5c-8a0e-4cf3-9f3a-5a1c2ab3e7f1";

struct OpenedSink {
  MapSettings settings;
  std::unique_ptr<Sink> sink;

  OpenedSink(MemoryHost& host, const std::string& path) : settings({{"path", path}}) {
    sink = mastodon::make_file_sink(settings, host);
  }

  /// Represents and writes; every outcome must be good.
  void write(const std::vector<Bookmark>& bookmarks) {
    Arena arena;
    std::vector<Bookmark> represented;
    for (const auto& bookmark : bookmarks)
      represented.push_back(sink->represent(bookmark, arena).bookmark);
    std::vector<Change> changes;
    for (const auto& bookmark : represented)
      changes.push_back({Action::create, &bookmark, nullptr, {}});
    std::vector<Outcome> outcomes(changes.size(), Outcome{Result::failed, {}, {}});
    sink->write(changes, outcomes, {});
    CHECK(std::all_of(outcomes.begin(), outcomes.end(),
                      [](const Outcome& outcome) { return outcome.result == Result::done; }));
  }
};

std::vector<Bookmark> posts(BookmarkMaker& make, std::size_t count) {
  std::vector<Bookmark> all;
  for (std::size_t i = 0; i < count; ++i)
    all.push_back(make.link("https://a.example/users/x/statuses/" + std::to_string(i)));
  return all;
}

std::size_t rows_of(const std::string& csv) {
  return static_cast<std::size_t>(std::count(csv.begin(), csv.end(), '\n')) - 1;
}

Texts reasons(std::span<const Loss> losses) {
  Texts texts;
  for (const Loss& loss : losses)
    texts.push_back(std::string(name_of(loss.field)) + " " + std::string(name_of(loss.kind)));
  return texts;
}

}  // namespace

TEST_CASE("bookmarks.csv is read with and without a header, in every line end and quoting",
          "[mastodon][csv]") {
  const std::string bytes = GENERATE_COPY(values<std::string>(
      {first + "\n" + second + "\n", first + "\n" + second, "#uri\n" + first + "\n" + second + "\n",
       "\xEF\xBB\xBF#uri\r\n" + first + "\r\n" + second + "\r\n",
       "\xEF\xBB\xBF" + first + "\r\n\r\n\r\n" + second,
       "\n\n#uri\n\n\"" + first + "\"\n\n  " + second + "  \n\n",
       "\"#uri\"\n\"" + first + "\"\n\"" + second + "\"\n"}));
  const ReadAll read = read_file(bytes, GENERATE(1U, 256U));
  CHECK(urls_of(read) == Texts{first, second});
  CHECK(read.rejections.empty());
  CHECK(read.result == ReadResult::end);
  for (const Bookmark& bookmark : read.bookmarks) {
    CHECK(bookmark.kind == Kind::post);
    REQUIRE(bookmark.post != nullptr);
    CHECK(bookmark.post->uri == bookmark.url);
    CHECK(bookmark.origin->list == "bookmarks");
  }
  CHECK(mastodon::recognize(bytes, true) >= 80);
}

TEST_CASE("the file that Mastodon exports is read as it is", "[mastodon][csv]") {
  const ReadAll read = read_file(data_file("bookmarks.csv"));
  CHECK(read.bookmarks.size() == 3);
  CHECK(read.bookmarks[2].line == 3);
  CHECK(read.notices.empty());
}

TEST_CASE("further columns are kept, and rows without an address are told apart",
          "[mastodon][csv]") {
  const ReadAll read =
      read_file("#uri,note\n" + first + ",\"a, b\"\nhello,x\n,y\n" + second + "\n");
  CHECK(urls_of(read) == Texts{first, second});
  REQUIRE(read.bookmarks[0].extra.size() == 1);
  CHECK(read.bookmarks[0].extra[0].name == "mastodon.note");
  CHECK(read.bookmarks[0].extra[0].value == "a, b");
  REQUIRE(read.rejections.size() == 2);
  CHECK(read.rejections[0].line == 3);
  CHECK(read.rejections[0].excerpt == "hello");
}

TEST_CASE("other exports of Mastodon's and other files are refused by their name",
          "[mastodon][csv]") {
  for (const char* bytes : {"Account address,Show boosts\na@b.example,true\n",
                            "#domain,#severity\nx.example,silence\n"})
    CHECK(has(refusal_of(bytes), "file: this is another export"));
  for (const char* bytes : {"title,url\nA,https://a.example/\n", "Dear diary\n", "\x89PNG\r\n"})
    CHECK(has(refusal_of(bytes), "file: this is no bookmarks.csv"));
  CHECK(read_file("").bookmarks.empty());
}

TEST_CASE("lists of other addresses are not recognised", "[mastodon][csv]") {
  for (const char* bytes :
       {"", "https://a.example/\nhttps://b.example/\n", "title,url\n", "#uris\n", "a\n",
        "https://a.example/users/x/statuses/1\nhello\n", "Dear diary, today it rained.\n"})
    CHECK(mastodon::recognize(bytes, true) == 0);
}

TEST_CASE("reading a list resumes at every row, in every part", "[mastodon][csv]") {
  const std::string header = GENERATE("", "#uri\n");
  MemoryHost host;
  host.files = {{"b.csv", header + first + "\n\n" + second + "\n"},
                {"b.part2.csv", header + "\"" + second + "\"\n" + first + "\n"},
                {"b.part4.csv", header + first + "\n"}};
  const MapSettings settings{{"path", "b.csv"}};
  const auto source = mastodon::make_file_source(settings, host);
  Batch batch;
  Texts checkpoints;
  Texts urls;
  for (ReadResult result = ReadResult::more; result == ReadResult::more;) {
    batch.clear();
    result = source->read(batch, 1, {});
    for (const Bookmark& bookmark : batch.bookmarks) urls.emplace_back(bookmark.url);
    checkpoints.push_back(batch.checkpoint + " " + std::to_string(urls.size()));
  }
  CHECK(urls == Texts{first, second, second, first});
  CHECK(checkpoints.size() >= 4);
  for (const std::string& text : checkpoints) {
    INFO(text);
    const auto fresh = mastodon::make_file_source(settings, host);
    REQUIRE(fresh->resume(text.substr(0, text.find(' '))));
    const auto done = static_cast<std::ptrdiff_t>(std::stoul(text.substr(text.find(' '))));
    CHECK(urls_of(ReadAll(*fresh)) == Texts(urls.begin() + done, urls.end()));
  }
  REQUIRE(source->rewind());
  CHECK(urls_of(ReadAll(*source)) == urls);
  for (const char* checkpoint : {"", "x", "0:0:1", "9:0:1", "1:2", "1:99999:9"})
    CHECK_FALSE(source->resume(checkpoint));
}

TEST_CASE("a list is written as Mastodon imports it", "[mastodon][csv]") {
  MemoryHost host;
  OpenedSink opened(host, "b.csv");
  CHECK(opened.sink->existing() == nullptr);
  BookmarkMaker make;
  opened.write({make.link(first), make.link("https://c.example/notes/a\"b,cdefghij")});
  CHECK(host.files.empty());
  opened.sink->commit();
  CHECK(host.files["b.csv"] ==
        "#uri\n\"" + first + "\"\n\"https://c.example/notes/a\"\"b,cdefghij\"\n");
  CHECK(mastodon::recognize(host.files["b.csv"], true) == 95);
}

TEST_CASE("more than 20,000 rows go on in further parts, which are read back as one list",
          "[mastodon][csv]") {
  MemoryHost host;
  BookmarkMaker make;
  const std::vector<Bookmark> many = posts(make, 45'000);
  {
    OpenedSink opened(host, "out/b.csv");
    opened.write(many);
    opened.sink->commit();
  }
  CHECK(host.files.size() == 3);
  CHECK(rows_of(host.files["out/b.csv"]) == 20'000);
  CHECK(rows_of(host.files["out/b.part2.csv"]) == 20'000);
  CHECK(rows_of(host.files["out/b.part3.csv"]) == 5'000);
  OpenedSink again(host, "out/b.csv");
  const ReadAll read(*again.sink->existing());
  REQUIRE(read.bookmarks.size() == many.size());
  CHECK(read.bookmarks[44'999].url == many[44'999].url);
  CHECK(std::count_if(read.notices.begin(), read.notices.end(), [](const std::string& notice) {
          return notice.find("further parts") != std::string::npos;
        }) == 2);
}

TEST_CASE("parts that are no longer needed are left empty", "[mastodon][csv]") {
  MemoryHost host;
  BookmarkMaker make;
  OpenedSink large(host, "b.csv");
  large.write(posts(make, 41'000));
  large.sink->commit();
  OpenedSink small(host, "b.csv");
  small.write(posts(make, 10));
  small.sink->commit();
  CHECK(rows_of(host.files["b.csv"]) == 10);
  CHECK(host.files["b.part2.csv"] == "#uri\n");
  CHECK(host.files["b.part3.csv"] == "#uri\n");
  OpenedSink again(host, "b.csv");
  CHECK(ReadAll(*again.sink->existing()).bookmarks.size() == 10);
}

TEST_CASE("a part never takes the place of another file", "[mastodon][csv]") {
  MemoryHost host;
  host.files["b.part2.csv"] = "title,url\n";
  BookmarkMaker make;
  OpenedSink few(host, "b.csv");
  few.write(posts(make, 10));
  few.sink->commit();
  OpenedSink many(host, "b.csv");
  CHECK(has(failure_of([&] { many.write(posts(make, 20'001)); }), "b.part2.csv"));
  CHECK(host.files["b.part2.csv"] == "title,url\n");
  host.files.erase("b.csv");
  host.files["b.part2.csv"] = "#uri\n";
  OpenedSink headless(host, "b.csv");
  CHECK(has(failure_of([&] { headless.sink->existing(); }), "its second part is"));
}

TEST_CASE("standard output is one list, with a warning when it is too long to import",
          "[mastodon][csv]") {
  MemoryHost host;
  BookmarkMaker make;
  OpenedSink opened(host, "-");
  opened.write(posts(make, 20'002));
  opened.sink->commit();
  CHECK(rows_of(host.files["-"]) == 20'002);
  CHECK(host.has_logged("at most 20,000 rows"));
  CHECK(host.log_lines.size() == 1);
}

TEST_CASE("parts are named beside the first", "[mastodon][csv]") {
  using mastodon::part_path;
  CHECK(part_path("a/bookmarks.csv", 1) == "a/bookmarks.csv");
  CHECK(part_path("a/bookmarks.csv", 2) == "a/bookmarks.part2.csv");
  CHECK(part_path("a.b/bookmarks", 3) == "a.b/bookmarks.part3");
  CHECK(part_path("/x/.csv", 2) == "/x/.csv.part2");
}

TEST_CASE("of a bookmark only the uri is kept, and each loss has its name", "[mastodon][csv]") {
  Arena arena;
  BookmarkMaker make;
  Bookmark bookmark = make.link("https://a.example/@x/1", "A title");
  bookmark.tags = make.texts({"t"});
  bookmark.favorite = Flag::yes;
  Post post;
  post.uri = first;
  post.author = "x";
  bookmark.post = &post;
  const auto represented = mastodon::represent_in_csv(bookmark, false, arena);
  CHECK(is_absent(represented.refusal));
  CHECK(represented.bookmark.url == first);
  CHECK(represented.bookmark.kind == Kind::post);
  CHECK(represented.bookmark.post->uri == first);
  CHECK(represented.bookmark.post->author.empty());
  CHECK(reasons(represented.losses) == Texts{"title dropped", "tags dropped", "favorite dropped",
                                             "url transformed", "kind transformed",
                                             "post transformed"});
  const auto again = mastodon::represent_in_csv(represented.bookmark, false, arena);
  CHECK(again.losses.empty());
  CHECK(again.bookmark.url == first);
}

TEST_CASE("what is no post of the fediverse is refused with a reason", "[mastodon][csv]") {
  Arena arena;
  BookmarkMaker make;
  for (const char* url : {"https://blog.example/2024/post", "https://a.example/@x@b.example/1",
                          "https://pleroma.example/notice/AbC", "javascript:alert(1)", "b0rked",
                          "https://a.example/users/x y/statuses/1"}) {
    INFO(url);
    CHECK_FALSE(mastodon::represent_in_csv(make.link(url), false, arena).refusal.empty());
  }
  CHECK(is_absent(
      mastodon::represent_in_csv(make.link("https://blog.example/x"), true, arena).refusal));
  CHECK(is_present(
      mastodon::represent_in_csv(make.link("javascript:alert(1)"), true, arena).refusal));
  Bookmark note;
  note.kind = Kind::note;
  CHECK(is_present(mastodon::represent_in_csv(note, true, arena).refusal));
}

TEST_CASE("addresses of posts are known by their shape", "[mastodon][address]") {
  using mastodon::shape_of;
  for (const char* url :
       {"https://a.example/users/x/statuses/1", "https://a.example/ap/users/1/statuses/2",
        "http://127.0.0.1:8080/users/x/statuses/01M802K8C5RQ0E9T8P3A7JZ4XN",
        "https://b.example/objects/0d6bbc5c-8a0e-4cf3-9f3a-5a1c2ab3e7f1",
        "https://m.example/notes/9abcdefghij", "https://p.example/p/x/123",
        "https://v.example/videos/watch/0d6bbc5c-8a0e-4cf3-9f3a-5a1c2ab3e7f1"})
    CHECK(shape_of(url) == AddressShape::uri);
  for (const char* url : {"https://a.example/@x/1", "HTTPS://a.example/@x/1/",
                          "https://g.example/@x/statuses/01M802K8C5RQ0E9T8P3A7JZ4XN"})
    CHECK(shape_of(url) == AddressShape::page);
  for (const char* url : {"https://a.example/@x@b.example/1", "https://p.example/notice/AbC"})
    CHECK(shape_of(url) == AddressShape::copy);
  for (const char* url :
       {"", "https://a.example/", "https://a.example", "https:///users/x/statuses/1",
        "https://a.example/@x", "https://medium.example/@x/a-title-12",
        "https://a.example/@x/1?l=de", "https://a.example/users/x/statuses/1/activity",
        "ftp://a.example/users/x/statuses/1", "https://a.example/p/code/",
        "https://a.example/objects/2", "https://a.example/a/b/c/d/e/f"})
    CHECK(shape_of(url) == AddressShape::other);
}

TEST_CASE("the uri and the page of one post have the same key", "[mastodon][address]") {
  Arena arena;
  using mastodon::post_key;
  CHECK(post_key("https://A.example/@x/17", arena) ==
        post_key("https://a.example/users/x/statuses/17", arena));
  CHECK(post_key("https://a.example/@x/17", arena) != post_key("https://b.example/@x/17", arena));
  CHECK(is_absent(post_key("https://m.example/notes/9abcdefghij", arena)));
  CHECK(mastodon::uri_behind_page("https://a.example/@x/17", arena) ==
        "https://a.example/users/x/statuses/17");
  CHECK(mastodon::uri_behind_page("https://g.example/@x/statuses/01M8", arena) ==
        "https://g.example/users/x/statuses/01M8");
}
