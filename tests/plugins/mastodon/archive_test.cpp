#include "mastodon/archive_lists.hpp"
#include "mastodon/inflater.hpp"
#include "mastodon/json_list.hpp"
#include "plugins/mastodon/archive_files.hpp"
#include "plugins/mastodon/mastodon_file.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using namespace linkferry::test;
using Texts = std::vector<std::string>;

namespace {

const Texts three{"https://a.example/users/x/statuses/1", "https://b.example/objects/2",
                  "https://c.example/users/y/statuses/3"};

Members members_with(const Texts& bookmarks, const Texts& likes) {
  return {{"outbox.json", R"({"orderedItems":[],"orderedItems":[{"id":"https://no.example/"}]})"},
          {"media_attachments/files/1/original/a.png", std::string(3000, '\x89')},
          {"likes.json", json_list("likes.json", likes)},
          {"bookmarks.json", json_list("bookmarks.json", bookmarks)},
          {"actor.json", R"({"bookmarks":"bookmarks.json"})"}};
}

/// The same members in every container there is.
std::string packed(const Members& members, std::size_t form) {
  switch (form) {
    case 0:
      return zip_of(members);
    case 1:
      return zip_of(members, {.is_stored = true, .comment = "a comment PK"});
    case 2:
      return zip_of(members, {.is_zip64 = true});
    case 3:
      return gzip_of(tar_of(members));
    default:
      return tar_of(members);
  }
}

Texts items_of(std::string_view json, std::size_t piece, bool* is_complete = nullptr) {
  Texts items;
  mastodon::JsonList list([&](Text item, Text problem) {
    items.push_back((is_present(problem) ? "!" : "") + std::string(item));
  });
  for (std::size_t at = 0; at < json.size(); at += piece) list.feed(json.substr(at, piece));
  if (is_complete != nullptr) *is_complete = list.is_complete();
  return items;
}

}  // namespace

TEST_CASE("an archive gives the posts of both lists, whatever it is packed in",
          "[mastodon][archive]") {
  const auto form = GENERATE(range(std::size_t{0}, std::size_t{5}));
  const std::string bytes =
      packed(members_with(three, {three[1], "https://d.example/notes/4"}), form);
  const ReadAll read = read_file(bytes, GENERATE(1U, 2U, 256U));
  CHECK(read.result == ReadResult::end);
  CHECK(read.rejections.empty());
  CHECK(read.notices.empty());
  CHECK(urls_of(read) ==
        Texts{three[1], "https://d.example/notes/4", three[0], three[1], three[2]});
  const Bookmark& like = read.bookmarks[0];
  CHECK(like.kind == Kind::post);
  REQUIRE(like.post != nullptr);
  CHECK(like.post->uri == three[1]);
  CHECK(like.favorite == Flag::yes);
  CHECK(like.origin->list == "favourites");
  CHECK(like.extra.empty());
  REQUIRE(read.bookmarks[1].extra.size() == 1);
  CHECK(read.bookmarks[1].extra[0].name == "mastodon.bookmarked");
  CHECK(read.bookmarks[1].extra[0].value == "false");
  CHECK(read.bookmarks[2].favorite == Flag::unknown);
  CHECK(read.bookmarks[2].origin->list == "bookmarks");
  CHECK_FALSE(read.bookmarks[2].created_at.is_known());
  CHECK(mastodon::recognize(std::string_view(bytes).substr(0, 64 * 1024), true) >= 80);
}

TEST_CASE("the archives of a zip and a tar.gz era server are read alike", "[mastodon][archive]") {
  for (const char* name : {"archive.zip", "archive.tar.gz"}) {
    INFO(name);
    const std::string bytes = data_file(name);
    const ReadAll read = read_file(bytes);
    CHECK(read.result == ReadResult::end);
    CHECK(urls_of(read) ==
          Texts{"https://other.example/objects/0d6bbc5c-8a0e-4cf3-9f3a-5a1c2ab3e7f1",
                "https://misskey.example/notes/9abcdefghij",
                "https://social.example/users/ann/statuses/109300000000000001",
                "https://other.example/objects/0d6bbc5c-8a0e-4cf3-9f3a-5a1c2ab3e7f1",
                "https://gts.example/users/bob/statuses/01M802K8C5RQ0E9T8P3A7JZ4XN"});
    CHECK(mastodon::recognize(bytes, true) == 95);
  }
  CHECK(urls_of(read_file(data_file("bookmarks.json"))).size() == 3);
}

TEST_CASE("a list that is not wanted is not read, and that is said", "[mastodon][archive]") {
  OpenedFile opened(zip_of(members_with(three, three)), "a.zip", {"bookmarks"});
  const ReadAll read(*opened.source);
  CHECK(read.bookmarks.size() == 3);
  REQUIRE(read.notices.size() == 1);
  CHECK(has(read.notices[0], "likes.json was not read"));
  OpenedFile old(tar_of({{"likes.json", json_list("likes.json", three)}}), "a.tar");
  const ReadAll likes(*old.source);
  CHECK(likes.bookmarks.size() == 3);
  REQUIRE(likes.notices.size() == 1);
  CHECK(has(likes.notices[0], "there is no bookmarks.json"));
}

TEST_CASE("the tags that mark lists are set on what stands in them", "[mastodon][archive]") {
  OpenedFile opened(zip_of(members_with({three[0]}, {three[1]})), "a.zip");
  opened.settings.set("bookmark_tag", "kept").set("favourite_tag", "liked");
  opened.source = mastodon::make_file_source(opened.settings, opened.host);
  const ReadAll read(*opened.source);
  REQUIRE(read.bookmarks.size() == 2);
  REQUIRE((read.bookmarks[0].tags.size() == 1 && read.bookmarks[1].tags.size() == 1));
  CHECK(read.bookmarks[0].tags[0] == "liked");
  CHECK(read.bookmarks[1].tags[0] == "kept");
}

TEST_CASE("an archive is read from a pipe too", "[mastodon][archive]") {
  for (std::size_t form = 0; form < 5; ++form) {
    OpenedFile opened(packed(members_with(three, {}), form), "-");
    opened.host.read_sizes = {1, 700, 3};
    CHECK(ReadAll(*opened.source).bookmarks.size() == 3);
    // What was read is kept, so that it can be read again.
    CHECK(opened.source->rewind());
    CHECK(ReadAll(*opened.source).bookmarks.size() == 3);
  }
}

TEST_CASE("reading an archive resumes at every item", "[mastodon][archive]") {
  const std::string bytes = zip_of(members_with(three, three));
  for (std::size_t done = 0; done <= 6; ++done) {
    OpenedFile opened(bytes);
    REQUIRE(opened.source->resume(std::to_string(done)));
    CHECK(ReadAll(*opened.source, 2).bookmarks.size() == 6 - done);
  }
  OpenedFile opened(bytes);
  for (const char* checkpoint : {"7", "-1", "x", "1x", "99999999999999999999999"})
    CHECK_FALSE(opened.source->resume(checkpoint));
  CHECK(ReadAll(*opened.source).bookmarks.size() == 6);
}

TEST_CASE("a stop while an archive is loaded loses nothing", "[mastodon][archive]") {
  OpenedFile opened(gzip_of(tar_of(members_with(three, three))));
  std::stop_source stop;
  stop.request_stop();
  Batch batch;
  CHECK(opened.source->read(batch, 100, stop.get_token()) == ReadResult::more);
  CHECK(batch.bookmarks.empty());
  CHECK(ReadAll(*opened.source).bookmarks.size() == 6);
}

TEST_CASE("lists that stand far before the end of a large zip are found", "[mastodon][archive]") {
  // Media does not pack; a pattern without repetitions is good enough.
  std::string media(20'000'000, '\0');
  std::uint32_t state = 1;
  for (char& c : media) c = static_cast<char>((state = state * 1664525U + 1013904223U) >> 24U);
  const Members members{{"bookmarks.json", json_list("bookmarks.json", three)},
                        {"media_attachments/files/1/a.mp4", media},
                        {"media_attachments/files/2/a.mp4", media},
                        {"likes.json", json_list("likes.json", three)}};
  const std::string bytes = zip_of(members, {.is_stored = true});
  CHECK(read_file(bytes).bookmarks.size() == 6);
  OpenedFile pipe(bytes, "-");
  CHECK(has(failure_of([&] { ReadAll(*pipe.source); }), "cannot be read from a pipe"));
}

TEST_CASE("names that lead out of the archive, and links, are not followed",
          "[mastodon][archive]") {
  const std::string list = json_list("bookmarks.json", {"https://evil.example/"});
  const Members odd{{"../bookmarks.json", list},
                    {"/bookmarks.json", list},
                    {"x/bookmarks.json", list},
                    {"bookmarks.json/../x", list},
                    {"..\\bookmarks.json", list},
                    {"bookmarks.json ", list},
                    {"likes.json", json_list("likes.json", three)}};
  for (std::size_t form = 0; form < 5; ++form)
    CHECK(urls_of(read_file(packed(odd, form))) == three);
  const std::string tar = tar_entry("bookmarks.json", "", '2') +
                          tar_entry("bookmarks.json", "/etc/passwd", '1').substr(0, 512) +
                          tar_entry("bookmarks.json", "", '5') +
                          tar_of({{"./likes.json", json_list("likes.json", three)}});
  CHECK(urls_of(read_file(tar)) == three);
}

TEST_CASE("long names of both kinds of tar are understood", "[mastodon][archive]") {
  const std::string long_name = "media_attachments/" + std::string(200, 'x');
  const std::string list = json_list("bookmarks.json", three);
  const std::string pax_path = "path=./bookmarks.json\n";
  const std::string pax_size = "size=" + std::to_string(list.size()) + "\n";
  const auto pax_line = [](const std::string& text) {
    return std::to_string(text.size() + 3) + " " + text;
  };
  const std::string tar = tar_entry("././@LongLink", long_name + '\0', 'L') +
                          tar_entry("cut", "body") +
                          tar_entry("pax", pax_line(pax_path) + pax_line(pax_size), 'x') +
                          tar_entry("short", list) + tar_entry("global", "10 a=bcde\n", 'g') +
                          tar_of({{"likes.json", json_list("likes.json", {})}});
  CHECK(urls_of(read_file(tar)) == three);
}

TEST_CASE("an archive that is cut off is read as far as it goes", "[mastodon][archive]") {
  Texts many;
  for (int i = 0; i < 2000; ++i)
    many.push_back("https://a.example/users/x/statuses/" + std::to_string(i * 7919));
  const std::string tar = tar_of({{"bookmarks.json", json_list("bookmarks.json", many)}});
  for (const std::string& whole : {tar, gzip_of(tar)}) {
    const ReadAll read = read_file(whole.substr(0, whole.size() / 2));
    CHECK(read.result == ReadResult::incomplete);
    CHECK(read.bookmarks.size() > 300);
    CHECK(read.bookmarks.size() < 2000);
    REQUIRE_FALSE(read.notices.empty());
    CHECK(has(read.notices.back(), "cut off"));
    CHECK(urls_of(read) ==
          Texts(many.begin(), many.begin() + static_cast<std::ptrdiff_t>(read.bookmarks.size())));
  }
  const std::string zip = zip_of({{"bookmarks.json", json_list("bookmarks.json", many)}});
  CHECK(has(refusal_of(zip.substr(0, zip.size() / 2)), "cut off"));
  // The end mark alone is missing: some programs write none.
  CHECK(read_file(tar.substr(0, tar.size() - 1024)).result == ReadResult::end);
}

TEST_CASE("a list that ends in its middle is not taken for whole", "[mastodon][archive]") {
  const std::string list = json_list("bookmarks.json", three);
  for (std::size_t form = 0; form < 5; ++form) {
    const Members members{{"bookmarks.json", list.substr(0, list.size() - 10)}};
    CHECK(read_file(packed(members, form)).result == ReadResult::incomplete);
    CHECK(read_file(packed({{"bookmarks.json", ""}}, form)).result == ReadResult::incomplete);
  }
}

TEST_CASE("bombs are refused before they hurt", "[mastodon][archive][slow]") {
  const std::string zeros(40'000'000, ' ');
  const Members members{{"bookmarks.json", zeros}};
  CHECK(has(refusal_of(zip_of(members)), "more than 200 times its size"));
  CHECK(has(refusal_of(gzip_of(tar_of(members))), "more than 200 times"));
  const Members beside{{"media_attachments/files/a", zeros},
                       {"bookmarks.json", json_list("bookmarks.json", three)}};
  CHECK(has(refusal_of(gzip_of(tar_of(beside))), "more than 200 times"));
  CHECK(read_file(zip_of(beside)).bookmarks.size() == 3);
  CHECK(has(refusal_of(zip_of(Members(200, {"bookmarks.json", "{}"}))), "too often"));
}

TEST_CASE("what is no archive of Mastodon's, or is damaged, is refused by its name",
          "[mastodon][archive]") {
  const auto [bytes, words] = GENERATE_COPY(table<std::string, std::string>(
      {{zip_of({{"part_000000.csv", "x"}}), "neither a bookmarks.json nor a likes.json"},
       {gzip_of("no tar at all"), "is cut off"},
       {gzip_of(std::string(1000, 'x')), "a header has a wrong sum"},
       {"\x1f\x8b\x08" + std::string(50, '\xFF'), "damaged"},
       {zip_of(members_with(three, {}), {.wrong_crc = 1}), "size or checksum"},
       {zip_of(members_with(three, {}), {.flags = 1}), "is encrypted"},
       {zip_of({{"bookmarks.json", "<html>"}}), "is no JSON"},
       {"PK\3\4" + std::string(100, '\0'), "the directory at its end is missing"}}));
  const std::string refusal = refusal_of(bytes);
  INFO(refusal);
  CHECK(has(refusal, words));
  CHECK(refusal.starts_with("file: "));
}

TEST_CASE("items of a list are read in pieces of any size", "[mastodon][archive]") {
  const std::string json =
      " { \"totalItems\" : 5 , \"x\":[\"https://no.example/\",{\"orderedItems\":[\"no\"]}],"
      "\"orderedItems\":[\"https:\\/\\/a.example\\/"
      "\\u00e4\\ud83d\\ude00\\\\\\\"\",\r\n\t\"\\ud83d\","
      " {\"type\":\"Note\",\"id\":\"https://o.example/1\",\"id2\":\"no\",\"id\":\"twice\"},"
      "{\"x\":{\"id\":\"deep\"}}, null ,[\"inner\"],1.5e3,true,\"\"],"
      "\"first\":\"no\",\"orderedItems\":[\"again\"]} trailing [\"x\"]";
  const Texts expected{"https://a.example/\u00e4\U0001F600\\\"",
                       "\uFFFD",
                       "https://o.example/1",
                       "!",
                       "!n",
                       "!",
                       "!1",
                       "!t",
                       "",
                       "again"};
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U}) {
    bool is_complete = false;
    CHECK(items_of(json, piece, &is_complete) == expected);
    CHECK(is_complete);
  }
  bool is_complete = true;
  CHECK(items_of("{\"orderedItems\":[\"a\",\"b", 1, &is_complete) == Texts{"a"});
  CHECK_FALSE(is_complete);
  CHECK(items_of("[\"a\"]", 1).empty());
}

TEST_CASE("entries of a list that are no address are told apart and counted",
          "[mastodon][archive]") {
  const std::string list = "{\"orderedItems\":[7,\"https://a.example/\xFF\",\"" +
                           std::string(70'000, 'u') + "\",\"https://b.example/1\"]}";
  const ReadAll read = read_file(zip_of({{"bookmarks.json", list}}));
  CHECK(urls_of(read) == Texts{"https://a.example/\uFFFD", "https://b.example/1"});
  REQUIRE(read.rejections.size() == 2);
  CHECK(read.rejections[0].reason == "an entry of the list is no address");
  CHECK(read.rejections[1].reason == "an address of the list is larger than 64 KiB");
  CHECK(read.rejections[1].excerpt.size() == 200);
}

TEST_CASE("files of others are not recognised", "[mastodon][archive]") {
  for (const std::string& bytes :
       {zip_of({{"part_000000.csv", "x"}}), gzip_of(tar_of({{"src/main.c", "x"}})),
        gzip_of("bookmarks.json"), tar_of({{"README", "bookmarks.json"}}),
        std::string("{\"list\": {}}"), std::string("PK\3\4"), std::string("\x1f\x8b"),
        std::string("{\"type\":\"OrderedCollection\",\"id\":\"outbox.json\"}")}) {
    CHECK(mastodon::recognize(bytes, true) == 0);
    CHECK(mastodon::recognize(bytes.substr(0, bytes.size() / 2), false) == 0);
  }
}

TEST_CASE("gzip in several members is one stream", "[mastodon][archive]") {
  const std::string tar = tar_of(members_with(three, three));
  const std::string bytes = gzip_of(tar.substr(0, 700)) + gzip_of(tar.substr(700)) + "\0\0\0";
  CHECK(read_file(bytes).bookmarks.size() == 6);
}
