#include "scenario_builder.hpp"

namespace linkferry::test {
namespace {

using Builder = ScenarioBuilder;
using Step = std::function<void(World&)>;

constexpr char one_source[] = "  s: {plugin: jsonl, path: s.jsonl}\n";
constexpr char two_sources[] =
    "  s: {plugin: jsonl, path: s.jsonl}\n  u: {plugin: shelf, path: ../service/u}\n";
constexpr char growing_source[] = "  s: {plugin: shelf, path: ../service/s, incremental: true}\n";

Step source(const std::string& bookmarks) {
  return [=](World& world) { world.write_jsonl("disk/s.jsonl", bookmarks); };
}

void add_copies(Builder& b, Target to) {
  b.add(
      "copy of what is new", to,
      [](World& w) {
        w.write_config(one_source, "from: s");
        w.write_jsonl("disk/s.jsonl", "a b+x c d e=Other+x+y");
      },
      "a b+x c d e=Other+x+y");
  b.add(
      "copy beside what is there, merging tags,", to,
      [](World& w) {
        w.fill_target("x b=Mine+own");
        w.write_config(one_source, "from: s, on_match: merge");
        w.write_jsonl("disk/s.jsonl", "a b=Mine+x c");
      },
      "a b=Mine+own+x c x");
}

void add_mirrors(Builder& b, Target to) {
  Scenario& first = b.add(
      "mirror of what is new", to,
      [](World& w) {
        w.write_config(one_source, "from: s, mode: mirror");
        w.write_jsonl("disk/s.jsonl", "a b+x c d e+y+z");
      },
      "a b+x c d e+y+z");
  first.change_later = source("a b+x d e+y+z");
  first.expected_later = "a b+x d e+y+z";

  Scenario& beside = b.add(
      "mirror beside what is there", to,
      [](World& w) {
        w.fill_target("x b=Mine+own");
        w.write_config(one_source, "from: s, mode: mirror");
        w.write_jsonl("disk/s.jsonl", "a b=Theirs+x c d");
      },
      "x a b=Theirs+x c d");
  beside.change_later = source("c d b=Theirs+x");
  beside.expected_later = "x b=Theirs+x c d";

  Scenario& changes = b.add(
      "mirror of changes and deletions", to,
      [](World& w) {
        w.write_config(one_source, "from: s, mode: mirror, delete: {max_percent: 50}");
        w.write_jsonl("disk/s.jsonl", "a b c d e f g");
        pass(w);
        w.write_jsonl("disk/s.jsonl", "h a b=New+x c+y f g=Newer i+z");
      },
      "h a b=New+x c+y f g=Newer i+z");
  changes.change_later = source("h a b=New+x c+y f g=Newer");
  changes.expected_later = "h a b=New+x c+y f g=Newer";

  Scenario& merges = b.add(
      "mirror of duplicates", to,
      [](World& w) {
        w.write_config(one_source, "from: s, mode: mirror");
        w.write_jsonl("disk/s.jsonl", "a+x b a+y c b+z");
      },
      "a+x+y b+z c");
  merges.change_later = source("a+x c a+y");
  merges.expected_later = "a+x+y c";

  Scenario& several = b.add(
      "mirror of two sources", to,
      [](World& w) {
        w.write_config(two_sources, "from: [s, u], mode: mirror");
        w.write_jsonl("disk/s.jsonl", "a b c+x");
        w.write_shelf("service/u", "c+y d e");
      },
      "a b c+x+y d e");
  several.change_later = [](World& w) { w.write_shelf("service/u", "c+y e"); };
  several.expected_later = "a b c+x+y e";
}

void add_quarantines(Builder& b, Target to, bool may_archive) {
  const auto prepare = [](const char* kind) {
    return [kind](World& w) {
      w.write_config(one_source,
                     fmt::format("from: s, mode: mirror, delete: {{max_percent: 50, quarantine: "
                                 "{}}}",
                                 kind));
      w.write_jsonl("disk/s.jsonl", "a b c+x d e");
      pass(w);
      w.write_jsonl("disk/s.jsonl", "a d e f");
    };
  };
  b.add("quarantine by tag", to, prepare("tag"),
        "a d e f b+linkferry-removed c+x+linkferry-removed");
  if (may_archive) b.add("quarantine by archive", to, prepare("archive"), "a d e f b! c+x!");
}

void add_growth(Builder& b, Target to) {
  Scenario& growth = b.add(
      "copy of a source that grows", to,
      [](World& w) {
        w.write_config(growing_source, "from: s");
        w.write_shelf("service/s", "a b c+x d");
        pass(w);
        w.write_shelf("service/s", "a b c+x d e f+y g");
      },
      "a b c+x d e f+y g");
  growth.change_later = [](World& w) { w.write_shelf("service/s", "a b c+x d e f+y g h"); };
  growth.expected_later = "a b c+x d e f+y g h";
  Scenario& start = b.add(
      "first copy of a source that grows", to,
      [](World& w) {
        w.write_config(growing_source, "from: s");
        w.write_shelf("service/s", "a b c+x d e f g");
      },
      "a b c+x d e f g");
  start.change_later = [](World& w) { w.write_shelf("service/s", "a b c+x d e f g h i"); };
  start.expected_later = "a b c+x d e f g h i";
}

void add_rules(Builder& b, Target to) {
  Scenario& filter = b.add(
      "mirror under a new filter", to,
      [](World& w) {
        w.write_config(one_source, "from: s, mode: mirror");
        w.write_jsonl("disk/s.jsonl", "a b c d e");
        pass(w);
        w.write_config(one_source,
                       "from: s, mode: mirror, filter: {exclude: {url: "
                       "['example/b$']}}");
        w.write_jsonl("disk/s.jsonl", "a b=New c e f");
      },
      "a b c e f");
  filter.change_later = source("a b=New c f");
  filter.expected_later = "a b c f";

  Scenario& matched = b.add(
      "mirror that owns what it matched", to,
      [](World& w) {
        w.fill_target("x b");
        w.write_config(one_source,
                       "from: s, mode: mirror, delete: {policy: matched, "
                       "max_percent: 50}");
        w.write_jsonl("disk/s.jsonl", "a b c d");
        pass(w);
        w.write_jsonl("disk/s.jsonl", "a c d e");
      },
      "x a c d e");
  matched.change_later = source("a c d");
  matched.expected_later = "x a c d";

  Scenario& kept = b.add(
      "mirror that deletes nothing", to,
      [](World& w) {
        w.write_config(one_source, "from: s, mode: mirror, delete: {policy: none}");
        w.write_jsonl("disk/s.jsonl", "a b c d");
        pass(w);
        w.write_jsonl("disk/s.jsonl", "a c d=New e");
      },
      "a b c d=New e");
  kept.change_later = source("a e");
  kept.expected_later = "a b c d=New e";
  kept.may_change_meanwhile = false;  // What is not there any more is not updated.

  Scenario& identity = b.add(
      "mirror after a change of identity", to,
      [](World& w) {
        w.write_config(one_source, "from: s, mode: mirror");
        w.write_jsonl("disk/s.jsonl", "a b c d");
        pass(w);
        w.write_config("  s: {plugin: jsonl, path: ./s.jsonl}\n", "from: s, mode: mirror");
        w.write_jsonl("disk/s.jsonl", "a c d e");
      },
      "a b c d e");
  identity.change_later = source("a c e");
  identity.expected_later = "a b c e";
  identity.may_change_meanwhile = false;  // There is no evidence before a whole run.
}

/// What was deleted, and lies in the trash of a service that has one, is wanted again.
void add_return(Builder& b, Target to) {
  Scenario& returns = b.add(
      "mirror of what comes back", to,
      [](World& w) {
        w.write_config(one_source, "from: s, mode: mirror");
        w.write_jsonl("disk/s.jsonl", "a b c d");
        pass(w);
        w.write_jsonl("disk/s.jsonl", "a c d");
        pass(w);
        w.write_jsonl("disk/s.jsonl", "a b=Back c d");
      },
      "a b=Back c d");
  returns.change_later = source("a c d");
  returns.expected_later = "a c d";
}

/// What a service has, elsewhere.
void add_service_as_source(Builder& b, Target service, Target to) {
  const auto from_service = [service](World& w, const char* job) {
    w.write_config(fmt::format("  s: {{{}}}\n", w.options(service, "source")), job);
    w.put(service, "source", "a b c+x d e");
  };
  const std::string name = name_of(service);
  Scenario& backup = b.add(
      "mirror of " + name, to, [=](World& w) { from_service(w, "from: s, mode: mirror"); },
      "a b c+x d e");
  backup.change_later = [=](World& w) { w.remove(service, "source", "b"); };
  backup.expected_later = "a c+x d e";
  Scenario& copy = b.add(
      "copy of a " + name + " that grows", to,
      [=](World& w) {
        from_service(w, "from: s");
        pass(w);
        w.put(service, "source", "f+y g");
      },
      "a b c+x d e f+y g");
  copy.change_later = [=](World& w) { w.put(service, "source", "h"); };
  copy.expected_later = "a b c+x d e f+y g h";
}

/// What takes a service more than one request, or one for many.
void add_oddities_of_services(Builder& b) {
  for (const Target to : {Target::linkding, Target::bkmark, Target::odd_bkmark}) {
    Scenario& flags = b.add(
        "mirror of what is archived", to,
        [](World& w) {
          w.write_config(one_source, "from: s, mode: mirror");
          w.write_jsonl("disk/s.jsonl", "a! b+x! c d!");
        },
        "a! b+x! c d!");
    flags.change_later = source("b+x! c! d!");
    flags.expected_later = "b+x! c! d!";
  }
  Scenario& folders = b.add(
      "mirror of folders", Target::raindrop,
      [](World& w) {
        w.write_config(one_source, "from: s, mode: mirror");
        w.write_jsonl("disk/s.jsonl", "a/News b/News+x c/Other d");
      },
      "a/News b/News+x c/Other d");
  folders.change_later = source("a/News b/New+x d");
  folders.expected_later = "a/News b/New+x d";

  for (const Target to : {Target::bkmark, Target::odd_bkmark}) {
    Scenario& import = b.add(
        "mirror by an import", to,
        [](World& w) {
          w.add_target_options("bulk_import: always, import_from: 2");
          w.write_config(one_source, "from: s, mode: mirror");
          w.write_jsonl("disk/s.jsonl", "a b+x! c d=Other+y");
        },
        "a b+x! c d=Other+y");
    import.change_later = source("a c d=Other+y");
    import.expected_later = "a c d=Other+y";
  }

  Scenario& tags = b.add(
      "mirror of one tag for many", Target::bkmark,
      [](World& w) {
        w.write_config(one_source, "from: s, mode: mirror");
        w.write_jsonl("disk/s.jsonl", "a b c+y d");
        pass(w);
        w.write_jsonl("disk/s.jsonl", "a+x b+x c+x+y d+x");
      },
      "a+x b+x c+x+y d+x");
  tags.change_later = source("a+x b+x c+x");
  tags.expected_later = "a+x b+x c+x";
}

void add_posts(Builder& b) {
  b.add(
      "copy of posts", Target::mastodon,
      [](World& w) {
        w.write_config(one_source, "from: s");
        w.write_jsonl("disk/s.jsonl", "p1 p2 p3 p4");
      },
      "p1 p2 p3 p4");
  Scenario& first = b.add(
      "mirror of posts", Target::mastodon,
      [](World& w) {
        w.fill_target("p9 p2");
        w.write_config(one_source, "from: s, mode: mirror");
        w.write_jsonl("disk/s.jsonl", "p1 p2 p3 p4");
      },
      "p1 p2 p3 p4 p9");
  first.change_later = source("p1 p2 p4");
  first.expected_later = "p1 p2 p4 p9";
  Scenario& changes = b.add(
      "mirror of posts that go", Target::mastodon,
      [](World& w) {
        w.write_config(one_source, "from: s, mode: mirror, delete: {max_percent: 90}");
        w.write_jsonl("disk/s.jsonl", "p1 p2 p3 p4 p5");
        pass(w);
        w.write_jsonl("disk/s.jsonl", "p1 p3 p7 p8");
      },
      "p1 p3 p7 p8");
  changes.change_later = source("p1 p3 p7");
  changes.expected_later = "p1 p3 p7";

  b.add(
       "copy of which one is refused", Target::shelf,
       [](World& w) {
         w.write_config(one_source, "from: s, on_match: fill");
         w.write(
             "disk/linkferry.yaml",
             "version: 1\nendpoints:\n  s: {plugin: jsonl, path: s.jsonl}\n  t: {plugin: shelf, "
             "path: ../service/target, rejects: example/c}\njobs:\n  j: {from: s, to: t}\n");
         w.write_jsonl("disk/s.jsonl", "a b c d");
       },
       "a b d")
      .code = 3;
}

}  // namespace

std::vector<Scenario> all_scenarios() {
  Builder b;
  for (const Target to : {Target::shelf, Target::jsonl, Target::html, Target::xbel,
                          Target::linkding, Target::bkmark, Target::raindrop}) {
    add_copies(b, to);
    add_mirrors(b, to);
    const bool may_archive = to != Target::html && to != Target::xbel && to != Target::raindrop;
    add_quarantines(b, to, may_archive);
  }
  for (const Target to : {Target::shelf, Target::jsonl}) {
    add_rules(b, to);
    add_return(b, to);
  }
  for (const Target to : {Target::shelf, Target::jsonl, Target::html, Target::linkding,
                          Target::bkmark, Target::raindrop})
    add_growth(b, to);
  for (const Target to : {Target::jsonl, Target::shelf, Target::bkmark, Target::raindrop}) {
    for (const Target service : {Target::linkding, Target::bkmark, Target::raindrop}) {
      if (service != to) add_service_as_source(b, service, to);
    }
  }
  for (const Target to : {Target::bkmark, Target::odd_bkmark, Target::raindrop}) add_return(b, to);
  add_copies(b, Target::odd_bkmark);
  add_mirrors(b, Target::odd_bkmark);
  add_oddities_of_services(b);
  add_posts(b);
  add_syncs(b);
  return std::move(b.all);
}

}  // namespace linkferry::test
