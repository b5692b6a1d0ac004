#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <map>

#include "loss_ledger.hpp"
#include "places.hpp"
#include "support/catch.hpp"

using namespace linkferry::test;

namespace {

/// Bookmarks with everything that a record can say, and with what places are odd about.
std::string rich_bookmarks() {
  std::ifstream stream(LINKFERRY_TEST_DATA "/services/rich.jsonl");
  REQUIRE(stream.good());
  return {std::istreambuf_iterator<char>(stream), {}};
}

// What a service has of its own, and nobody can write there.

void add_facts(FakeMastodon& social) {
  social.fill("bookmarks", 12, 0, "home");
  social.post_now(1).members =
      R"(,"spoiler_text":"Behind a warning","language":"de","edited_at":"2024-05-07T01:02:03.456Z")";
  social.post_now(2).members =
      R"(,"tags":[{"name":"Fähre","url":"https://origin.example/tags/x"}])"
      R"(,"media_attachments":[{"id":"1","type":"image","url":"https://origin.example/1.png",)"
      R"("description":"A ferry"}])";
  social.post_now(3).content = "<p>A link: <a href='https://linked.example/'>here</a></p>";
}

void add_facts(RaindropAccount& account) {
  for (auto& [id, row] : account.rows()) {
    if (row.link != "https://full.example/all?a=1&b=2#part") continue;
    row.type = "article";
    row.is_broken = true;
    row.reminder = "2027-01-01T10:00:00.000Z";
    row.media = {row.cover, "https://full.example/second.jpg"};
    account.collections()[row.collection].is_public = true;
  }
}

void add_facts(BkmarkLibrary& library) {
  for (BkmarkRow& row : library.rows()) {
    if (row.url != "https://full.example/all?a=1&b=2#part") continue;
    row.source = "slack";
    row.groups = {library.add_group("Engineering"), library.add_group("Later")};
    library.colors["c++"] = "blue";
  }
}

class Journey {
 public:
  explicit Journey(Place home) : home_(home) {
    if (home == Place::mastodon) {
      add_facts(places_.mastodon());
    } else {
      places_.folder().write("rich.jsonl", rich_bookmarks());
      copy("rich.jsonl", places_.at(home, "home"));
    }
    if (home == Place::raindrop) add_facts(places_.raindrop().account("home"));
    if (home == Place::bkmark) add_facts(places_.bkmark().library("home"));
    origin_ = list(home, "home");
    REQUIRE(read_listing(origin_).size() >= 10);
  }

  /// There by a saved plan, and by another one that finds nothing to do.
  void travel_by_plan(Place other) {
    places_.folder().write(
        "linkferry.yaml",
        fmt::format("version: 1\nendpoints:\n  home: {}\n  there: {}\njobs:\n  go: {{from: home, "
                    "to: there, mode: {}}}\n",
                    places_.options(home_, "home"), places_.options(other, "there"),
                    is_account(other) ? "mirror" : "copy"));
    CHECK(plan_and_apply().at("created") >= 10);
    places_.forget_writes();
    const auto books = plan_and_apply();
    CHECK(books.at("created") + books.at("updated") + books.at("deleted") == 0);
    CHECK(places_.writes(other) == 0);
  }

  /// There and back again, each twice.
  void travel(Place other) {
    const Copied there = carry(home_, "home", other, "there", origin_);
    const Copied back = carry(other, "there", home_, "back", last_listed_);
    check_return(there, back);
  }

 private:
  /// The books of what was applied.
  std::map<std::string, int> plan_and_apply() {
    const Ran planned = places_.linkferry({"plan", "go", "-o", "plan.ndjson"});
    const Ran applied = places_.linkferry({"apply", "plan.ndjson", "--report", "report.json"});
    INFO(planned.err << applied.err);
    // Some records are refused by some places.
    REQUIRE((planned.code == 0 || planned.code == 3));
    CHECK(applied.code == planned.code);
    return read_report(places_.folder().read("report.json")).books;
  }

  /// What the other place refuses is named, and the run says so by its exit code.
  CopyReport copy(const std::string& from, const std::string& to) {
    const Ran ran = places_.copy(from, to);
    INFO(from << " -> " << to << "\n" << ran.err);
    REQUIRE((ran.code == 0 || ran.code == 3));
    CopyReport report = read_report(places_.folder().read("report.json"));
    CHECK((ran.code == 3) == (report.books.at("failed") > 0));
    return report;
  }

  /// Everything of a place, as JSON lines.
  std::string list(Place place, const std::string& name) {
    const std::string file = "list-of-" + name + ".jsonl";
    copy(places_.at(place, name), file);
    return places_.folder().read(file);
  }

  Copied carry(Place from, const std::string& from_name, Place to, const std::string& to_name,
               const std::string& before) {
    Copied copied;
    copied.name = fmt::format("{} -> {} ({})", name_of(from), name_of(to), to_name);
    copied.to = to;
    copied.before = read_listing(before);
    copied.folders_before = read_folders(before);
    copied.report = copy(places_.at(from, from_name), places_.at(to, to_name));
    last_listed_ = list(to, to_name);
    copied.after = read_listing(last_listed_);
    copied.folders_after = read_folders(last_listed_);
    check_books(copied);
    check_losses(copied);
    check_folders(copied);
    check_nothing_to_do(copied, places_.at(from, from_name), to_name);
    return copied;
  }

  void check_nothing_to_do(const Copied& copied, const std::string& from,
                           const std::string& to_name) {
    const Place to = copied.to;
    const std::string bytes = is_account(to) ? "" : places_.bytes(to, to_name);
    places_.forget_writes();
    const auto books = copy(from, places_.at(to, to_name)).books;
    INFO(copied.name << ", again");
    CHECK(books.at("created") == 0);
    CHECK(books.at("updated") == 0);
    CHECK(places_.writes(to) == 0);
    CHECK((is_account(to) ? "" : places_.bytes(to, to_name)) == bytes);
  }

  Place home_;
  Places places_;
  std::string origin_;       ///< all of the home, listed
  std::string last_listed_;  ///< all of the place that was written last
};

/// A home has every place as the other one, but an account of the fediverse takes posts only, so
/// that nothing else makes sense there; what comes from such an account may go into another.
void travel_everywhere(Place home) {
  for (const Place other : all_places) {
    if (other == Place::mastodon && home != Place::mastodon) continue;
    DYNAMIC_SECTION(name_of(home) << " to " << name_of(other) << " and back") {
      Journey(home).travel(other);
    }
  }
}

}  // namespace

TEST_CASE(
    "an account of the fediverse takes nothing but posts, and each record that it does not take "
    "has a reason",
    "[services][pairs]") {
  Places places;
  places.folder().write("rich.jsonl", rich_bookmarks());
  const Ran ran = places.copy("rich.jsonl", places.at(Place::mastodon, "there"));
  CHECK(ran.code == 3);
  const CopyReport report = read_report(places.folder().read("report.json"));
  CHECK(report.books.at("created") == 0);
  CHECK(report.books.at("failed") + report.books.at("merged") == report.books.at("read"));
  CHECK(places.writes(Place::mastodon) == 0);
  for (const ReportedChange& change : report.changes) {
    const std::string& address = change.parents.front();
    INFO(address << ": " << change.change);
    // Whether there is such a post its server finds out; the report names it with the problems.
    const bool is_post = address.find("social.example") != std::string::npos;
    CHECK(change.change == (is_post ? "create" : "failed"));
    CHECK(change.reason.empty() == is_post);
  }
}

TEST_CASE("a plan that leads from or into an account is applied while nobody changes either side",
          "[services][pairs][apply]") {
  for (const Place home : all_places) {
    for (const Place other : all_places) {
      const bool is_of_account = is_account(home) || is_account(other);
      if (other == Place::mastodon || !is_of_account) continue;
      DYNAMIC_SECTION(name_of(home) << " to " << name_of(other)) {
        Journey(home).travel_by_plan(other);
      }
    }
  }
}

TEST_CASE("what an account of the fediverse marks comes back from everywhere",
          "[services][pairs]") {
  travel_everywhere(Place::mastodon);
}

TEST_CASE("what linkding holds comes back from everywhere as the ledgers say",
          "[services][pairs]") {
  travel_everywhere(Place::linkding);
}

TEST_CASE("what Bkmark holds comes back from everywhere as the ledgers say", "[services][pairs]") {
  travel_everywhere(Place::bkmark);
}

TEST_CASE("what Raindrop holds comes back from everywhere as the ledgers say",
          "[services][pairs]") {
  travel_everywhere(Place::raindrop);
}

TEST_CASE("what a Netscape file holds comes back from everywhere as the ledgers say",
          "[services][pairs]") {
  travel_everywhere(Place::netscape);
}

TEST_CASE("what a Pocket file holds comes back from everywhere as the ledgers say",
          "[services][pairs]") {
  travel_everywhere(Place::pocket);
}

TEST_CASE("what a Raindrop file holds comes back from everywhere as the ledgers say",
          "[services][pairs]") {
  travel_everywhere(Place::raindrop_csv);
}

TEST_CASE("what an XBEL file holds comes back from everywhere as the ledgers say",
          "[services][pairs]") {
  travel_everywhere(Place::xbel);
}

TEST_CASE("what JSON lines hold comes back from everywhere as the ledgers say",
          "[services][pairs]") {
  travel_everywhere(Place::jsonl);
}
