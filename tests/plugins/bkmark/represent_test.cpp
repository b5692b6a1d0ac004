#include "bkmark/bkmark_represent.hpp"
#include "bkmark_setup.hpp"
#include "pipeline/compare.hpp"

using namespace linkferry;
using namespace linkferry::test;
using namespace linkferry::bkmark;
using Strings = std::vector<std::string>;
using Paths = std::vector<Strings>;

namespace {

struct Setup {
  Groups groups{{{"Work/Engineering", "id-1"}}};
  RepresentRules rules;
  BookmarkMaker make;

  Setup() { rules.groups = &groups; }
  Bookmark link() {
    Bookmark b = make.link("https://a.example/", "Title");
    b.unread = Flag::yes;
    b.favorite = b.archived = Flag::no;
    return b;
  }
  Representation of(const Bookmark& bookmark) {
    const Representation held = represent(bookmark, rules, make.arena());
    if (is_present(held.refusal)) return held;
    const Representation again = represent(held.bookmark, rules, make.arena());
    CHECK(again.losses.empty());
    CHECK(differing_fields(held.bookmark, again.bookmark).empty());
    return held;
  }
};

Strings losses_of(const Representation& held) {
  Strings names;
  for (const Loss& loss : held.losses)
    names.push_back(std::string(name_of(loss.field)) + " " + std::string(name_of(loss.kind)));
  return names;
}

}  // namespace

TEST_CASE("what Bkmark has a place for is kept", "[bkmark][represent]") {
  Setup setup;
  Bookmark b = setup.link();
  b.description = "Description";
  b.notes = "Notes";
  b.tags = setup.make.texts({"a", "b c"});
  b.folders = setup.make.folders({{"Work", "Engineering"}});
  b.favorite = b.archived = Flag::yes;
  b.unread = Flag::no;
  b.read_at = date("2025-04-02T09:00:00.123Z");
  const Representation held = setup.of(b);
  CHECK(held.losses.empty());
  CHECK(differing_fields(b, held.bookmark).empty());
}

TEST_CASE("dates are lost, unless an import is to keep that of creation", "[bkmark][represent]") {
  Setup setup;
  Bookmark b = setup.link();
  b.created_at = date("2020-01-02T03:04:05.678901Z");
  b.modified_at = b.visited_at = date("2021-01-02T03:04:05Z");
  CHECK(losses_of(setup.of(b)) ==
        Strings{"created_at dropped", "modified_at dropped", "visited_at dropped"});
  setup.rules.keeps_dates = true;
  const Representation held = setup.of(b);
  CHECK(losses_of(held).front() == "created_at truncated");
  CHECK(held.bookmark.created_at == date("2020-01-02T03:04:05.678Z"));
}

TEST_CASE("a folder that is no group becomes a tag, is left out or a refusal",
          "[bkmark][represent]") {
  Setup setup;
  Bookmark b = setup.link();
  b.folders = setup.make.folders({{"Work", "Engineering"}, {"Home", "Garden"}});
  Representation held = setup.of(b);
  CHECK(losses_of(held) == Strings{"tags transformed", "folders transformed"});
  CHECK(as_strings(held.bookmark.tags) == Strings{"Home/Garden"});
  CHECK(as_strings(held.bookmark.folders) == Paths{{"Work", "Engineering"}});
  setup.rules.unknown_groups = UnknownGroups::skip;
  held = setup.of(b);
  CHECK(losses_of(held) == Strings{"folders dropped"});
  CHECK(held.bookmark.tags.empty());
  setup.rules.unknown_groups = UnknownGroups::fail;
  CHECK(is_present(setup.of(b).refusal));
}

TEST_CASE("a group that was learnt is the folder of its name, slashes and all",
          "[bkmark][represent]") {
  Setup setup;
  setup.groups.learn("id-2", "Home/Garden");
  Bookmark b = setup.link();
  b.folders = setup.make.folders({{"Home", "Garden"}});
  const Representation held = setup.of(b);
  CHECK(losses_of(held) == Strings{"folders transformed"});
  CHECK(as_strings(held.bookmark.folders) == Paths{{"Home/Garden"}});
}

TEST_CASE("reading is one date: what does not fit is named", "[bkmark][represent]") {
  Setup setup;
  Bookmark b = setup.link();
  b.read_at = date("2025-04-02T09:00:00Z");
  CHECK(losses_of(setup.of(b)) == Strings{"read_at dropped"});
  b.unread = Flag::unknown;
  Representation held = setup.of(b);
  CHECK(losses_of(held) == Strings{"unread transformed"});
  CHECK(held.bookmark.unread == Flag::no);
  b.read_at = {};
  held = setup.of(b);
  CHECK(held.bookmark.unread == Flag::yes);
  b.unread = Flag::no;
  CHECK(setup.of(b).losses.empty());
  b.read_at = date("2025-04-02T00:00:00.001Z");
  held = setup.of(b);
  CHECK(losses_of(held) == Strings{"read_at truncated"});
  CHECK(held.bookmark.read_at == date("2025-04-02T00:00:00Z"));
}

TEST_CASE("notes are dropped where the options say so", "[bkmark][represent]") {
  Setup setup;
  setup.rules.keeps_notes = false;
  Bookmark b = setup.link();
  b.notes = "Notes";
  CHECK(losses_of(setup.of(b)) == Strings{"notes dropped"});
}

TEST_CASE("a mark of notes in the text is a mark", "[bkmark][represent]") {
  Setup setup;
  Bookmark b = setup.link();
  b.description = "one\n[linkferry-notes]\ntwo";
  b.notes = "three";
  const Representation held = setup.of(b);
  CHECK(losses_of(held) == Strings{"description transformed", "notes transformed"});
  CHECK(held.bookmark.notes == "two\n\n[linkferry-notes]\nthree");
}

TEST_CASE("only notes and code may lack an address", "[bkmark][represent]") {
  Setup setup;
  Bookmark b = setup.link();
  b.url = {};
  CHECK(is_present(setup.of(b).refusal));
  b.kind = Kind::image;
  CHECK(is_present(setup.of(b).refusal));
  for (const Kind kind : {Kind::note, Kind::code}) {
    b.kind = kind;
    CHECK(setup.of(b).losses.empty());
    CHECK(setup.of(b).bookmark.kind == kind);
  }
}

TEST_CASE("what Bkmark holds keeps its type and its date", "[bkmark][represent]") {
  Setup setup;
  Library library(setup.groups);
  Record record;
  record.id = "id";
  record.type = "note";
  record.created = date("2020-01-02T00:00:00Z");
  library.learn(record);
  setup.rules.library = &library;
  setup.rules.keeps_dates = true;
  Bookmark b = setup.link();
  b.created_at = date("2019-01-02T00:00:00Z");
  const Origin origin{"bkmark", "marks", "id", held_list, {}};
  b.origin = &origin;
  const Representation held = setup.of(b);
  CHECK(losses_of(held) == Strings{"created_at transformed", "kind transformed"});
  CHECK(held.bookmark.kind == Kind::note);
  CHECK(held.bookmark.created_at == date("2020-01-02T00:00:00Z"));
}
