#include "bkmark/bkmark_api.hpp"
#include "bkmark/bkmark_text.hpp"
#include "support/catch.hpp"

using namespace linkferry;
using namespace linkferry::bkmark;

TEST_CASE("notes follow the description under a line of their own, and come back",
          "[bkmark][text]") {
  Arena arena;
  const Text both = combine_notes("What it is", "first\n\nsecond", arena);
  CHECK(both == "What it is\n\n[linkferry-notes]\nfirst\n\nsecond");
  CHECK(split_notes(both).description == "What it is");
  CHECK(split_notes(both).notes == "first\n\nsecond");
  const Text alone = combine_notes({}, "notes", arena);
  CHECK(is_absent(split_notes(alone).description));
  CHECK(split_notes(alone).notes == "notes");
  CHECK(is_absent(split_notes("see [linkferry-notes] there").notes));
}

TEST_CASE("a date of reading that nobody knows is told from real ones", "[bkmark][text]") {
  CHECK(is_unknown_read(unknown_read(1'795'349'000)));
  CHECK_FALSE(is_unknown_read({1'795'305'600, 0, Precision::second}));
  CHECK_FALSE(is_unknown_read({1'795'305'601, 1'000'000, Precision::millisecond}));
}

TEST_CASE("addresses that some service may take for one have one loose key", "[bkmark][text]") {
  CHECK(loose_key("HTTP://www.A.example/x/?b=2&a=1&utm_source=x#top") ==
        loose_key("https://a.example/x?a=1&b=2"));
  CHECK(loose_key("https://a.example/x") != loose_key("https://a.example/y"));
}

TEST_CASE("what an error says is found wherever it stands", "[bkmark][text]") {
  const char* const body =
      GENERATE(R"({"code":"duplicate_url","message":"there already"})",
               R"({"error":"duplicate_url","message":["there already"]})",
               R"({"error":{"code":"duplicate_url","message":"there already"}})");
  const Refusal refusal = refusal_of(body);
  CHECK(refusal.code == "duplicate_url");
  CHECK(refusal.message == "there already");
  CHECK(refusal.id.empty());
  CHECK(refusal_of(R"({"error":{"bookmark":{"id":"3f7a1c2e-84b0-4d9e-a3f2-1c2e3f7a84b0"}}})").id ==
        "3f7a1c2e-84b0-4d9e-a3f2-1c2e3f7a84b0");
  CHECK(refusal_of("<html>").message.empty());
}

TEST_CASE("what is pasted along with the address is passed over", "[bkmark][text]") {
  CHECK(base_of("https://api.bkmark.it/api/v1/bookmarks/") == usual_url);
}
