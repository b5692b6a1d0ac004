#include "config/config.hpp"

#include <cstdlib>
#include <string>

#include "config/schema_check.hpp"
#include "fake_plugins.hpp"
#include "support/catch.hpp"

using namespace linkferry;

namespace {

const std::string endpoints =
    "version: 1\n"
    "endpoints:\n"
    "  a: {plugin: netscape, path: a.html}\n"
    "  b: {plugin: netscape, path: b.html}\n"
    "  shelf: {plugin: pocket, path: p.zip}\n";

/// All messages of a config, one a line.
std::string problems_of(const std::string& text) {
  test::FakePlugins plugins;
  try {
    read_config(text, "linkferry.yaml", "/home/someone", plugins);
  } catch (const ConfigFailure& failure) {
    return failure.what();
  }
  return "";
}

Job job_of(const std::string& yaml) {
  test::FakePlugins plugins;
  return read_config(endpoints + "jobs:\n  x:\n    from: a\n    to: b\n" + yaml, "linkferry.yaml",
                     "/home/someone", plugins)
      .job("x");
}

struct Case {
  const char* name;
  std::string text;
  std::string message;
};

}  // namespace

TEST_CASE("every mistake in a job is named with its place and what was expected", "[config]") {
  const std::string head = endpoints + "jobs:\n";
  const auto [name, text, message] = GENERATE_COPY(values<Case>({
      {"a misspelled key", "  x: {from: a, to: b, on_mach: fill}",
       "7:23: unknown key \"on_mach\" in jobs/x; did you mean \"on_match\"?"},
      {"a key of its own", "  x: {from: a, to: b, tags: {colour: red}}",
       "7:30: unknown key \"colour\" in jobs/x/tags; expected one of add, case, drop, "
       "from_folders, rename, split"},
      {"a missing key", "  x: {from: a}", "7:3: missing key \"to\" in jobs/x"},
      {"a word that is none of the choices", "  x: {from: a, to: b, on_match: fil}",
       "7:33: jobs/x/on_match is \"fil\", expected skip, fill, merge, newer or overwrite; did you "
       "mean \"fill\"?"},
      {"a mode that does not exist", "  x: {from: a, to: b, mode: moro}",
       "7:29: jobs/x/mode is \"moro\", expected copy, mirror or sync"},
      {"a sync of three places", "  x: {from: [a, b], to: a, mode: sync}",
       "7:13: jobs/x/from names 2 endpoints, expected one: a sync keeps two places the same"},
      {"a sync of one place", "  x: {from: a, to: a, mode: sync}",
       "7:20: jobs/x/to is \"a\" as jobs/x/from is, expected another endpoint"},
      {"a sync with a place that cannot be written", "  x: {from: shelf, to: a, mode: sync}",
       "7:13: jobs/x/from names the endpoint \"shelf\", but the plugin pocket cannot write"},
      {"a sync with rules for tags", "  x: {from: a, to: b, mode: sync, tags: {add: [x]}}",
       "7:35: jobs/x/tags cannot be part of a sync: what such rules make of a record on the way "
       "there cannot be undone on the way back; use copy or mirror"},
      {"a sync that deletes what is its own",
       "  x: {from: a, to: b, mode: sync, delete: {policy: owned}}",
       "7:52: jobs/x/delete/policy is \"owned\", which makes no sense in a sync, where a bookmark "
       "comes from either side; expected matched or none"},
      {"conflicts in a copy", "  x: {from: a, to: b, conflicts: ask}",
       "7:23: jobs/x/conflicts does nothing: only `mode: sync` has two sides that change"},
      {"a title of both sides", "  x: {from: a, to: b, mode: sync, conflicts: {title: both}}",
       "7:54: jobs/x/conflicts/title is \"both\", expected newer, source, sink or ask"},
      {"a list for a text", "  x: {from: a, to: [b]}",
       "7:20: jobs/x/to is a list, expected a text"},
      {"a table where a text or a list belongs", "  x: {from: {a: 1}, to: b}",
       "7:13: jobs/x/from is a table, expected a text or a list"},
      {"a number where a text belongs", "  x: {from: a, to: b, tags: {add: [2024]}}",
       "7:36: an entry of jobs/x/tags/add is the number 2024, expected a text; write \"2024\", "
       "with quotes"},
      {"yes is no boolean", "  x: {from: a, to: b, filter: {include: {flags: {unread: yes}}}}",
       "7:58: jobs/x/filter/include/flags/unread is \"yes\", expected true or false"},
      {"an empty list of sources", "  x: {from: [], to: b}",
       "7:13: jobs/x/from is an empty list, expected at least 1 in it"},
      {"a misspelled endpoint", "  x: {from: a, to: shelv}",
       "7:20: unknown endpoint \"shelv\" in jobs/x/to; did you mean \"shelf\"?"},
      {"a source twice", "  x: {from: [a, a], to: b}",
       "7:17: jobs/x/from has \"a\" twice, expected it once"},
      {"an unknown endpoint", "  x: {from: a, to: bb}",
       "7:20: unknown endpoint \"bb\" in jobs/x/to; expected a, b or shelf"},
      {"an endpoint that cannot be written", "  x: {from: a, to: shelf}",
       "7:20: jobs/x/to names the endpoint \"shelf\", but the plugin pocket cannot write"},
      {"a day that does not exist", "  x: {from: a, to: b, filter: {include: {after: 2019-02-30}}}",
       "7:49: jobs/x/filter/include/after is \"2019-02-30\", expected a day as 2019-01-01 or a "
       "time as 2019-01-01T12:00:00Z"},
      {"a pattern with two stars", "  x: {from: a, to: b, tags: {split: {\"*/*\": [x]}}}",
       "7:38: a name in jobs/x/tags/split is \"*/*\", expected a tag or a pattern with one `*`"},
      {"an empty tag", "  x: {from: a, to: b, tags: {add: [\"\"]}}",
       "7:36: an entry of jobs/x/tags/add is \"\", expected at least one character"},
      {"a report of unknown format", "  x: {from: a, to: b, report: out.pdf}",
       "7:31: jobs/x/report is \"out.pdf\", expected a file that ends in .txt, .json or .ndjson"},
      {"a job without anything", "  x:", "7:3: jobs/x is empty, expected a table"},
      {"a name that could be an argument", "  -x: {from: a, to: b}",
       "7:3: a name in jobs is \"-x\", expected a name without blanks, slashes, colons, commas and "
       "equals signs that does "
       "not begin with a hyphen"},
      {"control characters in a key", "  x: {from: a, to: b, \"\\e[31mred\": 1}",
       "7:23: unknown key \"\\x1b[31mred\" in jobs/x; expected one of conflicts, delete, "
       "filter, folders, from, match, mode, on_match, report, "
       "schedule, tags, to"},
  }));
  INFO(name);
  CHECK(problems_of(head + text + "\n") == "linkferry.yaml:" + message);
}

TEST_CASE("every mistake in a schedule is named with its place and what was expected",
          "[config][schedule]") {
  const auto [name, text, message] = GENERATE(values<Case>({
      {"a misspelled key", "{evry: 30m, cron: \"0 * * * *\"}",
       "10:16: unknown key \"evry\" in jobs/x/schedule; did you mean \"every\"?"},
      {"nothing", "{}",
       "10:15: jobs/x/schedule has neither of every and cron, expected one of them"},
      {"both", "{every: 1h, cron: \"0 * * * *\"}",
       "10:15: jobs/x/schedule has both every and cron, expected one of them"},
      {"no duration", "{every: often}",
       "10:23: jobs/x/schedule/every is \"often\", expected a number and s, m, h or d, like 30m"},
      {"no time at all", "{every: 0s}",
       "10:23: jobs/x/schedule/every is \"0s\", expected a number and s, m, h or d, like 30m"},
      {"a jitter of more than the interval", "{every: 5m, jitter: 1h}",
       "10:35: jobs/x/schedule/jitter is 1h, expected at most every (5m)"},
      {"a wrong field of cron", "{cron: \"61 * * * *\"}",
       "10:22: jobs/x/schedule/cron is \"61 * * * *\", expected minute, hour, day of the month, "
       "month and day of the week as in a crontab; the minute \"61\" is not from 0 to 59"},
      {"a zone that does not exist", "{cron: \"0 * * * *\", timezone: Europe/Berln}",
       "10:45: jobs/x/schedule/timezone is \"Europe/Berln\", expected a name like Europe/Berlin "
       "or UTC"},
      {"a zone for an interval", "{every: 1h, timezone: UTC}",
       "10:37: jobs/x/schedule/timezone does nothing beside every, expected it with cron"},
      {"a policy that does not exist", "{every: 1h, missed: catchup}",
       "10:35: jobs/x/schedule/missed is \"catchup\", expected run or skip"},
  }));
  INFO(name);
  CHECK(problems_of(endpoints + "jobs:\n  x:\n    from: a\n    to: b\n    schedule: " + text +
                    "\n") == "linkferry.yaml:" + message);
}

TEST_CASE("a schedule arrives as it was written", "[config][schedule]") {
  CHECK_FALSE(job_of("").schedule);
  const auto often = job_of("    schedule: {every: 30m, jitter: 2m}\n").schedule;
  REQUIRE(often);
  CHECK(describe(*often) == "every 30m, up to 2m later");
  CHECK(often->missed == MissedRuns::run);
  const auto hourly =
      job_of("    schedule: {cron: 15 * * * *, timezone: Europe/Berlin, missed: skip}\n").schedule;
  REQUIRE(hourly);
  CHECK(describe(*hourly) == "cron \"15 * * * *\" in Europe/Berlin");
  CHECK(hourly->missed == MissedRuns::skip);
}

TEST_CASE("a schedule does not change what a job does", "[config][schedule]") {
  CHECK(job_of("").digest == job_of("    schedule: {every: 30m}\n").digest);
}

TEST_CASE("a regular expression that is none is named with the reason", "[config]") {
  const auto said =
      problems_of(endpoints + "jobs:\n  x: {from: a, to: b, filter: {exclude: {url: [\"(\"]}}}\n");
  CHECK(
      said.starts_with("linkferry.yaml:7:48: an entry of jobs/x/filter/exclude/url is \"(\", "
                       "expected a regular expression: "));
}

TEST_CASE("every mistake in an endpoint is named with its place and what was expected",
          "[config]") {
  const auto [name, text, message] = GENERATE(values<Case>({
      {"an unknown plugin", "{plugin: netscap, path: x}",
       "3:15: unknown plugin \"netscap\" in endpoints/e; did you mean \"netscape\"?"},
      {"a plugin like no other", "{plugin: zzzzzzzz}",
       "3:15: unknown plugin \"zzzzzzzz\" in endpoints/e; expected broken, netscape, pocket or "
       "service"},
      {"no plugin", "{path: x}", "3:3: missing key \"plugin\" in endpoints/e"},
      {"a plugin that cannot be loaded", "{plugin: broken}", "3:15: broken.so: no plugin of ours"},
      {"a misspelled option", "{plugin: netscape, path: x, dialetc: chrome}",
       "3:34: unknown key \"dialetc\" in endpoints/e; did you mean \"dialect\"?"},
      {"a missing option", "{plugin: netscape}", "3:3: missing key \"path\" in endpoints/e"},
      {"a number that is too small", "{plugin: netscape, path: x, limit: 0}",
       "3:41: endpoints/e/limit is 0, expected at least 1"},
      {"a number that is too large", "{plugin: netscape, path: x, limit: 501}",
       "3:41: endpoints/e/limit is 501, expected at most 500"},
      {"a fraction", "{plugin: netscape, path: x, limit: 1.5}",
       "3:41: endpoints/e/limit is the number 1.5, expected a whole number"},
      {"a secret written out", "{plugin: service, token: s3cr3t}",
       "3:31: endpoints/e/token is written out, but a secret never stands in a config file, "
       "expected {env: NAME}, "
       "{file: PATH} or {command: [program, argument, ...]}"},
      {"a secret that is a number", "{plugin: service, token: 12345}",
       "3:31: endpoints/e/token is written out, but a secret never stands in a config file, "
       "expected {env: NAME}, "
       "{file: PATH} or {command: [program, argument, ...]}"},
      {"a reference to nothing", "{plugin: service, token: {envv: X}}",
       "3:31: endpoints/e/token is a table that says nothing about where the secret is, expected "
       "{env: NAME}, {file: PATH} "
       "or {command: [program, argument, ...]}"},
      {"a secret for a plugin that has none", "{plugin: netscape, path: x, token: s3cr3t}",
       "3:34: unknown key \"token\" in endpoints/e; expected one of dialect, limit, names, others, "
       "path, strict"},
  }));
  INFO(name);
  const auto said =
      problems_of("version: 1\nendpoints:\n  e: " + text + "\njobs: {x: {from: e, to: e}}\n");
  CHECK(said == "linkferry.yaml:" + message);
  CHECK(said.find("s3cr3t") == std::string::npos);
}

TEST_CASE("a secret is named by a variable, a file or a command", "[config]") {
  const std::string token =
      GENERATE("{env: NAME}", "{file: ~/token}", "{command: [pass, show, x]}");
  CHECK(problems_of("version: 1\nendpoints:\n  e: {plugin: service, token: " + token +
                    "}\njobs: {x: {from: e, to: e}}\n") == "");
}

TEST_CASE("a broken options schema of a plugin is a failure with its name", "[config]") {
  for (const char* schema :
       {"not JSON", "[1]", "{\"type\": 5}", "{\"properties\": {\"a\": {\"pattern\": 1}}}"}) {
    INFO(schema);
    try {
      const SchemaCheck check(schema, "the options schema of plugin x");
      FAIL_CHECK("it was accepted");
    } catch (const Failure& failure) {
      CHECK(failure.kind() == FailureKind::configuration);
      CHECK(std::string(failure.what())
                .starts_with("the options schema of plugin x: this is no JSON Schema: "));
    }
  }
}

TEST_CASE("every mistake in the file itself is named", "[config]") {
  const auto [name, text, message] = GENERATE(values<Case>({
      {"an empty file", "# nothing\n",
       "1:1: this file is empty; expected version, endpoints and jobs"},
      {"another version", "version: 2\nendpoints: {}\njobs: {x: {from: a, to: a}}",
       "1:10: version is the number 2, expected 1\nlinkferry.yaml:3:18: unknown endpoint \"a\" in "
       "jobs/x/from; there are none\n"
       "linkferry.yaml:3:25: unknown endpoint \"a\" in jobs/x/to; there are none"},
      {"a list", "[1, 2]", "1:1: this file is a list, expected a table"},
      {"no jobs", "version: 1\nendpoints: {}\n", "1:1: missing key \"jobs\" at the top level"},
      {"an empty table of jobs", "version: 1\nendpoints: {}\njobs: {}\n",
       "3:7: jobs is an empty table, expected at least 1 in it"},
      {"a key twice", "version: 1\nversion: 1\nendpoints: {}\njobs: {}\n",
       "2:1: the key \"version\" is here for the second time, the first is in line 1; expected it "
       "once\n"
       "linkferry.yaml:4:7: jobs is an empty table, expected at least 1 in it"},
      {"a second document", "version: 1\n---\nversion: 1\n",
       "2:1: a second document begins here; expected one document in a file"},
      {"a tag of YAML", "version: !!python/object:os.system ls\n",
       "1:10: found the tag \"tag:yaml.org,2002:python/object:os.system\", expected a plain value"},
      {"a list as a key", "? [a]\n: b\n", "1:3: found a list or a table as a key, expected a text"},
      {"bytes that are not UTF-8", "version: \xff\n",
       "1:10: found bytes that are not UTF-8, expected UTF-8"},
  }));
  INFO(name);
  CHECK(problems_of(text) == "linkferry.yaml:" + message);
}

TEST_CASE("broken YAML is named with its place", "[config]") {
  CHECK(problems_of("version: 1\njobs: {x: [}\n").starts_with("linkferry.yaml:2:"));
  CHECK(problems_of("version: 1\n\tjobs: 1\n").starts_with("linkferry.yaml:"));
  CHECK(problems_of("{\"version\": 1,\n\"jobs\": {\"x\": 1}\n")
            .starts_with("linkferry.yaml:3:1: this is not YAML: end of map flow not found"));
}

TEST_CASE("all mistakes are told at once, in the order of the lines", "[config]") {
  CHECK(problems_of("version: 1\n"
                    "endpoints:\n"
                    "  a: {plugin: netscape}\n"
                    "  b: {plugin: netscape, path: b.html, limit: 0}\n"
                    "jobs:\n"
                    "  x: {from: c, to: b, match: strict}\n") ==
        "linkferry.yaml:3:3: missing key \"path\" in endpoints/a\n"
        "linkferry.yaml:4:46: endpoints/b/limit is 0, expected at least 1\n"
        "linkferry.yaml:6:13: unknown endpoint \"c\" in jobs/x/from; expected a or b\n"
        "linkferry.yaml:6:30: jobs/x/match is \"strict\", expected exact, standard or loose");
}

TEST_CASE("a job without rules has the documented defaults", "[config]") {
  const Job job = job_of("");
  CHECK(job.name == "x");
  CHECK(job.from == std::vector<std::string>{"a"});
  CHECK(job.to == "b");
  CHECK(job.match == MatchPreset::standard);
  CHECK(job.on_match == OnMatch::fill);
  CHECK_FALSE(job.tags.lower_case);
  CHECK(job.tags.from_folders == FolderTags::none);
  CHECK_FALSE(job.filter.include.after.is_known());
  CHECK(job.reports.empty());
}

TEST_CASE("every rule of a job arrives in the job, in its order", "[config]") {
  const Job job = job_of(
      "    mode: copy\n"
      "    match: loose\n"
      "    on_match: newer\n"
      "    tags: {case: lower, rename: {js: javascript, \"c++\": cpp}, split: {\"dev/*\": [dev, "
      "\"*\"]}, drop: [toread],\n"
      "           add: [imported], from_folders: path}\n"
      "    folders: {rename: {Bookmarks Toolbar: Toolbar}, drop: [Mozilla Firefox]}\n"
      "    filter:\n"
      "      include: {tags: [t], folders: [A/B], after: 2019-01-01, flags: {archived: false, "
      "shared: true}, kinds: [post]}\n"
      "      exclude: {url: [\"^place:\"], before: \"2001-01-01T00:00:00Z\"}\n"
      "    report: [out/x.json, /abs/x.txt]\n");
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  CHECK(job.match == MatchPreset::loose);
  CHECK(job.on_match == OnMatch::newer);
  CHECK(job.tags.lower_case);
  CHECK(job.tags.rename == Pairs{{"js", "javascript"}, {"c++", "cpp"}});
  CHECK(job.tags.split.at(0).first == "dev/*");
  CHECK(job.tags.split.at(0).second == std::vector<std::string>{"dev", "*"});
  CHECK(job.tags.drop == std::vector<std::string>{"toread"});
  CHECK(job.tags.add == std::vector<std::string>{"imported"});
  CHECK(job.tags.from_folders == FolderTags::path);
  CHECK(job.folders.rename == Pairs{{"Bookmarks Toolbar", "Toolbar"}});
  CHECK(job.folders.drop == std::vector<std::string>{"Mozilla Firefox"});
  CHECK(job.filter.include.after.seconds == 1546300800);
  CHECK(job.filter.include.flags.at(0) == std::pair{Field::archived, false});
  CHECK(job.filter.include.flags.at(1) == std::pair{Field::shared, true});
  CHECK(job.filter.include.kinds == std::vector{Kind::post});
  CHECK(job.filter.include.folders == std::vector<std::string>{"A/B"});
  CHECK(job.filter.exclude.url == std::vector<std::string>{"^place:"});
  CHECK(job.filter.exclude.before.seconds == 978307200);
  CHECK(job.reports == std::vector<std::string>{"/home/someone/out/x.json", "/abs/x.txt"});
}

TEST_CASE("JSON is a config file too", "[config]") {
  test::FakePlugins plugins;
  const auto config = read_config(
      R"({"version": 1, "endpoints": {"a": {"plugin": "netscape", "path": "x"}}, "jobs": {"j": {"from": ["a"], "to": "a"}}})",
      "linkferry.json", "/", plugins);
  CHECK(config.jobs.size() == 1);
  CHECK(config.find_endpoint("a")->plugin == "netscape");
  CHECK(config.find_endpoint("z") == nullptr);
}

TEST_CASE("asking for an unknown job names the nearest", "[config]") {
  test::FakePlugins plugins;
  const auto config = read_config(endpoints + "jobs: {consolidate: {from: a, to: b}}",
                                  "linkferry.yaml", "/", plugins);
  CHECK_THROWS_WITH(config.job("consolidat"),
                    "linkferry.yaml has no job \"consolidat\"; did you mean \"consolidate\"?");
  CHECK_THROWS_WITH(config.job("zzz"), "linkferry.yaml has no job \"zzz\"; it has consolidate");
}

TEST_CASE("a config file that is missing is an input that cannot be read", "[config]") {
  test::FakePlugins plugins;
  try {
    load_config("/nowhere/linkferry.yaml", plugins);
    FAIL("it was read");
  } catch (const Failure& failure) {
    CHECK(failure.kind() == FailureKind::input);
    CHECK(std::string(failure.what()) ==
          "/nowhere/linkferry.yaml: the config file cannot be read: No such file or directory");
  }
}

TEST_CASE("a sync deletes what matched, and has a policy for each field", "[config]") {
  const Job job = job_of("    mode: sync\n    conflicts: {default: sink, notes: both}\n");
  CHECK(job.mode == Mode::sync);
  CHECK(job.deletion.policy == DeletePolicy::matched);
  CHECK(job.conflicts.otherwise == ConflictPolicy::sink);
  CHECK(job.conflicts.stated_for(Field::notes) == ConflictPolicy::both);
  CHECK_FALSE(job.conflicts.stated_for(Field::title));
  CHECK(job_of("    mode: sync\n    conflicts: ask\n").conflicts.otherwise == ConflictPolicy::ask);
}
