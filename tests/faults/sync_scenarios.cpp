#include "scenario_builder.hpp"

namespace linkferry::test {
namespace {

/// Two places that are kept the same.
struct Pair {
  Target source, target;
  bool is_target_newer = false;  ///< what is changed in `target` is the newer one
  bool has_descriptions = true;
};

Scenario& add(ScenarioBuilder& b, const std::string& story, const Pair& pair,
              std::function<void(World&)> prepare, const std::string& expected) {
  Scenario& scenario =
      b.all.emplace_back(Scenario{fmt::format("sync of {} between {} and {}", story,
                                              name_of(pair.source), name_of(pair.target)),
                                  pair.target, std::move(prepare), expected});
  scenario.other_side = pair.source;
  return scenario;
}

/// Both sides hold these, and a sync has seen that.
void begin_with(World& world, const std::string& bookmarks, const std::string& rules) {
  world.write_sync_config(rules);
  world.put_source(bookmarks);
  pass(world);
}

void add_changes(ScenarioBuilder& b, const Pair& pair) {
  Scenario& first = add(
      b, "what was never synced", pair,
      [](World& w) {
        w.write_sync_config("");
        w.put_source("a b+x c");
        w.fill_target("b+y d e+z");
      },
      "a b+x+y c d e+z");
  first.change_later = [](World& w) {
    w.put_source("f");
    w.fill_target("g=New");
  };
  first.expected_later = "a b+x+y c d e+z f g=New";

  Scenario& changes = add(
      b, "what is new and changed", pair,
      [](World& w) {
        begin_with(w, "a b c+old d", "");
        w.put_source("a=New b+x e");
        w.fill_target("b+y c+z d=Other f+x");
      },
      "a=New b+x+y c+z d=Other e f+x");
  changes.change_later = [](World& w) { w.put_source("d=Again+x"); };
  changes.expected_later = "a=New b+x+y c+z d=Again+x e f+x";
  changes.may_change_meanwhile = false;  // It would be changed on both sides.

  Scenario& losses = add(
      b, "what is deleted", pair,
      [](World& w) {
        begin_with(w, "a b c d e f", "delete: {max_percent: 50}");
        w.remove_from_source("b c");
        w.remove_from_target("d e");
        // What one side drops and the other changes, stays.
        w.fill_target("c=Kept");
        w.put_source("e=Kept");
      },
      "a c=Kept e=Kept f");
  losses.change_later = [](World& w) { w.remove_from_source("f"); };
  losses.expected_later = "a c=Kept e=Kept";
}

/// What the two sides make of the same bookmark.
std::string rivals(const Pair& pair, const std::string& words, const std::string& more = "") {
  return "a=" + words + (pair.has_descriptions ? "~" + words : "") + more;
}

void add_conflicts(ScenarioBuilder& b, const Pair& pair) {
  struct Policy {
    const char* name;
    const char* winner;
    const char* date_there = "@3";
  };
  std::vector<Policy> policies{
      {"newer", pair.is_target_newer ? "Here" : "There"}, {"source", "There"}, {"sink", "Here"}};
  if (pair.is_target_newer && pair.target != Target::linkding)
    policies.push_back({"newer", "There", "@5"});
  for (const Policy& policy : policies) {
    const bool is_other = policy.date_there != std::string("@3");
    Scenario& settled = add(
        b, fmt::format("a conflict, {}{},", policy.name, is_other ? " there" : ""), pair,
        [=](World& w) {
          begin_with(w, "a@2 b c", fmt::format("conflicts: {}", policy.name));
          w.put_source(rivals(pair, "There", policy.date_there) + " b=There");
          w.fill_target(rivals(pair, "Here", "@4") + " c=Here");
        },
        rivals(pair, policy.winner) + " b=There c=Here");
    settled.change_later = [](World& w) { w.put_source("d"); };
    settled.expected_later = settled.expected + " d";
  }
  if (pair.has_descriptions) {
    add(
        b, "a conflict, both,", pair,
        [](World& w) {
          begin_with(w, "a~Old@2 b", "conflicts: both");
          w.put_source("a~There@3+x b=There");
          w.fill_target("a~Here@4+y");
        },
        "a~There//Here+x+y b=There");
  }
  Scenario& asked = add(
      b, "a conflict, ask,", pair,
      [=](World& w) {
        begin_with(w, "a@2 b", "conflicts: ask");
        w.put_source(rivals(pair, "There", "@3+x"));
        w.fill_target(rivals(pair, "Here", "@4") + " b=Here");
      },
      rivals(pair, "Here", "+x") + " b=Here | " + rivals(pair, "There", "+x") + " b=Here");
  asked.code = 3;
  asked.change_later = [=](World& w) { w.put_source(rivals(pair, "Here", "+x")); };
  asked.expected_later = rivals(pair, "Here", "+x") + " b=Here";
  asked.may_change_meanwhile = false;  // A tag that has not arrived yet is no change any more.
}

/// Instead of being deleted.
void add_quarantine(ScenarioBuilder& b, const Pair& pair) {
  Scenario& marks = add(
      b, "what goes into quarantine", pair,
      [](World& w) {
        begin_with(w, "a b+x c d", "delete: {max_percent: 50, quarantine: tag}");
        w.remove_from_source("b");
        w.put_source("a=New");
        w.remove_from_target("c");
      },
      "a=New b+x+linkferry-removed d | a=New c+linkferry-removed d");
  marks.change_later = [](World& w) { w.put_source("e"); };
  marks.expected_later = "a=New b+x+linkferry-removed d e | a=New c+linkferry-removed d e";
}

void add_refusal(ScenarioBuilder& b) {
  Scenario& refused = add(
      b, "what one side refuses", {Target::jsonl, Target::shelf},
      [](World& w) {
        w.add_target_options("rejects: example/c");
        w.write_sync_config("");
        w.put_source("a b c");
        w.fill_target("x b+y");
      },
      "a b+y x | a b+y c x");
  refused.code = 3;
}

}  // namespace

void add_syncs(ScenarioBuilder& b) {
  const Pair pairs[] = {
      {Target::jsonl, Target::html, true},     {Target::shelf, Target::jsonl, false, false},
      {Target::jsonl, Target::linkding, true}, {Target::jsonl, Target::bkmark, true},
      {Target::linkding, Target::bkmark},      {Target::raindrop, Target::linkding, true}};
  for (const Pair& pair : pairs) {
    add_changes(b, pair);
    add_conflicts(b, pair);
    add_quarantine(b, pair);
  }
  add_refusal(b);
}

}  // namespace linkferry::test
