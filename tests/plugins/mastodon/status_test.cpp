#include "account_reading.hpp"
#include "linkferry/timestamp_text.hpp"
#include "mastodon/status_html.hpp"
#include "support/bookmarks.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using namespace linkferry::test;

namespace {

/// What the account's only toot becomes.
struct OneToot {
  FakeMastodon server;
  NetworkHost host;
  Batch batch;
  MapSettings settings;

  FakePost& post() {
    server.mark_now("bookmarks", 0);
    return server.post_now(0);
  }
  const std::vector<Bookmark>& read(MapSettings given = {}) {
    settings = std::move(given);
    settings.set("url", server.url());
    mastodon::make_source(settings, host)->read(batch, 256, {});
    return batch.bookmarks;
  }
};

std::string plain(Text html) {
  Arena arena;
  return std::string(mastodon::read_content(html, false, arena).text);
}

}  // namespace

TEST_CASE("content is read as a person sees it, with whole links", "[mastodon]") {
  CHECK(plain("<p>One<br>two</p><p>three</p>") == "One\ntwo\n\nthree");
  CHECK(plain("a & &lt;b>x <3 2 > 1") == "a & <b>x <3 2 > 1");
  CHECK(plain("<a href=\"https://a.example/long/path\"><span class=\"invisible\">https://</span>"
              "<span class=\"ellipsis\">a.example/lo</span><span class=\"invisible\">ng/path</span>"
              "</a>") == "https://a.example/long/path");
  CHECK(plain("<ul><li>x</li><li>y</li></ul>") == "- x\n- y");
  CHECK(plain("see <a href='https://a.example/'>this page</a>!") ==
        "see this page (https://a.example/)!");
  CHECK(plain("").empty());
}

TEST_CASE("broken markup takes no time and loses no text", "[mastodon]") {
  std::string many;
  for (int i = 0; i < 200'000; ++i) many += "<a x=\"";
  CHECK(plain(many).size() > 100);
  CHECK(plain("<p>unclosed <b") == "unclosed <b");
}

TEST_CASE("a toot with nothing but null and oddities is still a bookmark", "[mastodon]") {
  OneToot one;
  FakePost& post = one.post();
  post.url = "";
  post.content = "";
  post.members = R"(,"language":null,"account":{"acct":"bob","display_name":"","suspended":true},)"
                 R"("card":null,"unheard_of":[{"x":{}}],"poll":null,"filtered":[])";
  const auto& toots = one.read();
  REQUIRE(toots.size() == 1);
  CHECK(toots[0].url == "https://origin.example/users/bob/statuses/5000");
  CHECK(toots[0].title == "@bob@social.example");
  CHECK(toots[0].kind == Kind::post);
}

TEST_CASE("a language is kept as the server says it, however odd", "[mastodon]") {
  const std::string language = GENERATE("enCy", "zh-TW", "gsw", "e\\u0041");
  OneToot one;
  one.post().members = ",\"language\":\"" + language + "\"";
  const auto& toots = one.read();
  REQUIRE(toots.size() == 1);
  CHECK(toots[0].language == (language.starts_with("e\\") ? "eA" : language));
}

TEST_CASE("a toot carries its author, text, tags, media, poll and date", "[mastodon]") {
  OneToot one;
  one.post().members =
      R"(,"tags":[{"name":"cats"}],"favourited":true,"media_attachments":[{"type":"image",)"
      R"("url":"https://s.example/media_proxy/1","remote_url":"https://o.example/1.png",)"
      R"("description":"A cat"}],"poll":{"options":[{"title":"Yes"},{"title":"No"}]})";
  const auto& toots = one.read();
  REQUIRE(toots.size() == 1);
  const Bookmark& toot = toots[0];
  CHECK(toot.title == "Bob (@bob@origin.example): Toot number 0");
  CHECK(toot.description == "Toot number 0\n\n[image] A cat\n- Yes\n- No");
  CHECK(as_strings(toot.tags) == std::vector<std::string>{"cats"});
  REQUIRE(toot.media.size() == 1);
  CHECK(toot.media[0].url == "https://o.example/1.png");
  CHECK(toot.favorite == Flag::yes);
  CHECK(format_rfc3339(toot.created_at) == "2024-05-06T07:08:09.123Z");
  REQUIRE(toot.post != nullptr);
  CHECK(toot.post->author == "@bob@origin.example");
  CHECK(toot.post->visibility == "public");
}

TEST_CASE("private toots stay behind, are counted, and come when asked for", "[mastodon]") {
  const std::string visibility = GENERATE("private", "direct", "local", "unheard-of");
  OneToot one;
  one.post().visibility = visibility;
  CHECK(one.read().empty());
  REQUIRE(one.batch.notices.size() == 1);
  CHECK(one.batch.notices[0].text.find("include_private") != Text::npos);
  OneToot again;
  again.post().visibility = visibility;
  CHECK(again.read(MapSettings{{"include_private", "true"}}).size() == 1);
}

TEST_CASE("in mode link each link is a bookmark, and the toot stands in the notes", "[mastodon]") {
  OneToot one;
  one.post().content =
      R"(<p><a href=\"https://x.example/@eve\" class=\"u-url mention\">@eve</a> )"
      R"(<a href=\"https://one.example/\">one</a> <a href=\"https://two.example/\">two</a></p>)";
  const auto& links = one.read(MapSettings{{"mode", "link"}});
  REQUIRE(links.size() == 2);
  CHECK(links[0].url == "https://one.example/");
  CHECK(links[1].url == "https://two.example/");
  CHECK(links[0].notes.starts_with("https://origin.example/@bob/5000\n@bob@origin.example"));
  CHECK(links[0].kind == Kind::link);
}

TEST_CASE("in mode link the warning before a toot stands in the notes, too", "[mastodon]") {
  OneToot one;
  one.post().content = R"(<p><a href=\"https://one.example/\">one</a></p>)";
  one.post().members = R"(,"spoiler_text":"Spiders")";
  const auto& links = one.read(MapSettings{{"mode", "link"}});
  REQUIRE(links.size() == 1);
  CHECK(links[0].notes.find("\n\nSpiders\n\n") != Text::npos);
}

TEST_CASE("in mode link a toot without a link is kept as itself", "[mastodon]") {
  OneToot one;
  one.post();
  const auto& toots = one.read(MapSettings{{"mode", "link"}, {"links", "first"}});
  REQUIRE(toots.size() == 1);
  CHECK(toots[0].kind == Kind::post);
}
