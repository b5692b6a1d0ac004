#include <filesystem>

#include "support/catch.hpp"
#include "support/program.hpp"

using namespace linkferry::test;

namespace {

const std::string data = LINKFERRY_TEST_DATA "/mastodon/";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an account archive becomes a bookmark file without a word about its format",
          "[cli][mastodon]") {
  const std::string name = GENERATE("archive.zip", "archive.tar.gz", "bookmarks.csv");
  Folder folder;
  const auto ran = run(folder, {"copy", data + name, "out.html"});
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(has(ran.out, "3 read = 3 created"));
  CHECK(has(folder.read("out.html"),
            "HREF=\"https://social.example/users/ann/statuses/109300000000000001\""));
}

TEST_CASE("both lists of an archive are one record for each post", "[cli][mastodon]") {
  Folder folder;
  const auto ran = run(
      folder,
      {"copy", "mastodon:" + data + "archive.zip,lists=bookmarks,lists=favourites", "out.jsonl"});
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(has(ran.out, "5 read = 4 created + 0 updated + 0 unchanged + 1 merged"));
  CHECK(has(folder.read("out.jsonl"), "\"favorite\":true"));
}

TEST_CASE("a list for Mastodon is written once, by the uri of each post", "[cli][mastodon]") {
  Folder folder;
  folder.write("in.jsonl",
               "{\"url\":\"https://p.example/notice/AbC\",\"title\":\"A\",\"kind\":\"post\","
               "\"post\":{\"uri\":\"https://p.example/objects/"
               "0d6bbc5c-8a0e-4cf3-9f3a-5a1c2ab3e7f1\"}}\n"
               "{\"url\":\"https://a.example/@x/17\",\"title\":\"B\"}\n"
               "{\"url\":\"https://blog.example/\",\"title\":\"C\"}\n");
  const std::vector<std::string> arguments{"copy", "in.jsonl", "mastodon:out.csv"};
  const auto first = run(folder, arguments);
  CHECK(first.code == 3);
  CHECK(has(first.out, "3 read = 2 created"));
  CHECK(has(first.out, "it is no post of the fediverse"));
  const std::string written =
      "#uri\n\"https://p.example/objects/0d6bbc5c-8a0e-4cf3-9f3a-5a1c2ab3e7f1\"\n"
      "\"https://a.example/users/x/statuses/17\"\n";
  CHECK(folder.read("out.csv") == written);
  const auto second = run(folder, arguments);
  CHECK(has(second.out, "3 read = 0 created + 0 updated + 2 unchanged"));
  CHECK(folder.read("out.csv") == written);
}

TEST_CASE("an archive is read from standard input", "[cli][mastodon]") {
  Folder folder;
  RunSettings settings;
  settings.input_pipe = data + "archive.tar.gz";
  const auto ran = run(folder, {"copy", "-", "out.html"}, settings);
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(has(ran.out, "3 read = 3 created"));
}
