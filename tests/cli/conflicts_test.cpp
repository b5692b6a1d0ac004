#include <fmt/format.h>

#include "support/catch.hpp"
#include "support/program.hpp"

using namespace linkferry::test;

namespace {

/// A sync of two files, of one bookmark that both hold.
struct TwoFiles : Folder {
  explicit TwoFiles(std::string_view conflicts) {
    write("linkferry.yaml", fmt::format("version: 1\n"
                                        "endpoints:\n"
                                        "  left: {{plugin: jsonl, path: left.jsonl}}\n"
                                        "  right: {{plugin: jsonl, path: right.jsonl}}\n"
                                        "jobs:\n"
                                        "  both: {{from: left, to: right, mode: sync{}}}\n",
                                        conflicts));
    hold("left.jsonl", R"("title":"Old","notes":"old")");
    hold("right.jsonl", R"("title":"Old","notes":"old")");
    REQUIRE(sync().code == 0);
  }

  void hold(const std::string& file, std::string_view fields) const {
    write(file, fmt::format("{{\"url\":\"https://a.example/\",{}}}\n", fields));
  }
  bool has(const std::string& file, std::string_view text) const {
    return read(file).find(text) != std::string::npos;
  }
  bool both_have(std::string_view text) const {
    return has("left.jsonl", text) && has("right.jsonl", text);
  }
  Ran sync(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"run", "both"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(*this, arguments);
  }
  bool is_settled() const {
    const Ran ran = sync();
    return ran.code == 0 && ran.out.find("Nothing to do.") != std::string::npos &&
           ran.out.find("conflict") == std::string::npos;
  }
};

bool says(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

constexpr char early[] = R"(,"modified_at":"2024-01-01T00:00:00Z")";
constexpr char late[] = R"(,"modified_at":"2024-06-01T00:00:00Z")";

}  // namespace

TEST_CASE("each policy settles what both sides have changed, and names it",
          "[cli][sync][conflict]") {
  struct Case {
    const char* policy;
    const char* left;  ///< more fields of it
    const char* right;
    const char* title;  ///< of both sides afterwards
    const char* notes;
    const char* named;  ///< what the report says of the title
  };
  const auto now = GENERATE(Case{"newer", early, late, "Right", "right", "newer"},
                            Case{"newer", late, early, "Left", "left", "newer"},
                            Case{"newer", "", late, "Left", "left", "source"},
                            Case{"source", early, late, "Left", "left", "source"},
                            Case{"sink", late, early, "Right", "right", "sink"},
                            Case{"both", early, late, "Right", "left\\n\\nright", "newer"});
  CAPTURE(now.policy, now.left, now.right);
  const TwoFiles files(fmt::format(", conflicts: {{default: {}}}", now.policy));
  files.hold("left.jsonl", std::string(R"("title":"Left","notes":"left")") + now.left);
  files.hold("right.jsonl", std::string(R"("title":"Right","notes":"right")") + now.right);
  const Ran plan = run(files, {"plan", "both"});
  const std::string conflict =
      fmt::format("conflict in title: \"Left\" in left, \"Right\" in right ({})", now.named);
  CHECK(says(plan.out, conflict));
  CHECK(files.has("left.jsonl", "Left"));
  const Ran ran = files.sync();
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(says(ran.out, conflict));
  CHECK(says(ran.out, "1 conflict\n"));
  CHECK(files.both_have(fmt::format("\"title\":\"{}\"", now.title)));
  CHECK(files.both_have(fmt::format("\"notes\":\"{}\"", now.notes)));
  CHECK(files.is_settled());
}

TEST_CASE("ask keeps both values, run after run, and carries what is not in conflict",
          "[cli][sync][conflict]") {
  const TwoFiles files(", conflicts: {default: ask}");
  files.hold("left.jsonl", R"("title":"Left","notes":"old","tags":["l"])");
  files.hold("right.jsonl", R"("title":"Right","notes":"new","tags":["r"])");
  const Ran first = files.sync();
  CHECK(first.code == 3);
  CHECK(says(first.err, "1 conflicts wait for you"));
  CHECK(files.has("left.jsonl", "\"title\":\"Left\""));
  CHECK(files.has("right.jsonl", "\"title\":\"Right\""));
  CHECK(files.both_have("\"notes\":\"new\""));
  CHECK(files.both_have("\"r\""));
  CHECK(files.both_have("\"l\""));
  CHECK(run(files, {"verify", "both"}).code == 2);
  const std::string left = files.read("left.jsonl");
  const std::string right = files.read("right.jsonl");
  for (int times = 0; times < 2; ++times) {
    const Ran again = files.sync({"--format", "json"});
    CHECK(again.code == 3);
    CHECK(says(again.out, R"("conflicts":[{"field":"title","policy":"ask","from":{"title":"Left"},)"
                          R"("to":{"title":"Right"}}])"));
    CHECK(files.read("left.jsonl") == left);
    CHECK(files.read("right.jsonl") == right);
  }
  SECTION("until both are made the same") {
    files.hold("left.jsonl", R"("title":"Agreed","notes":"new","tags":["l","r"])");
    files.hold("right.jsonl", R"("title":"Agreed","notes":"new","tags":["r","l"])");
    CHECK(files.is_settled());
    files.hold("left.jsonl", R"("title":"Later","notes":"new","tags":["l","r"])");
    CHECK(files.sync().code == 0);
    CHECK(files.both_have("Later"));
  }
  SECTION("or one is put back to what it was") {
    files.hold("left.jsonl", R"("title":"Old","notes":"new","tags":["l","r"])");
    CHECK(files.sync().code == 0);
    CHECK(files.both_have("Right"));
    CHECK(files.is_settled());
  }
  SECTION("or the job is told what wins") {
    std::string config = files.read("linkferry.yaml");
    config.replace(config.find("default: ask"), 12, "default: sink");
    files.write("linkferry.yaml", config);
    CHECK(files.sync().code == 0);
    CHECK(files.both_have("Right"));
    CHECK(files.is_settled());
  }
}

TEST_CASE("a field has the policy that names it, the others that of default",
          "[cli][sync][conflict]") {
  const TwoFiles files(", conflicts: {default: sink, title: source, notes: ask}");
  files.hold("left.jsonl", R"("title":"Left","description":"left","notes":"left")");
  files.hold("right.jsonl", R"("title":"Right","description":"right","notes":"right")");
  CHECK(files.sync().code == 3);
  CHECK(files.both_have("\"title\":\"Left\""));
  CHECK(files.both_have("\"description\":\"right\""));
  CHECK(files.has("left.jsonl", "\"notes\":\"left\""));
  CHECK(files.has("right.jsonl", "\"notes\":\"right\""));
}

TEST_CASE("folders are a set: where either side moves a bookmark, it moves on both",
          "[cli][sync][folders]") {
  struct Case {
    const char* left;
    const char* right;
    std::vector<const char*> held;
    std::vector<const char*> lost;
  };
  const auto moved =
      GENERATE(Case{R"([["F"]])", R"([["G"]])", {"[\"G\"]"}, {"[\"F\"]"}},
               Case{R"([["G"]])", R"([["F"]])", {"[\"G\"]"}, {"[\"F\"]"}},
               Case{R"([["G"]])", R"([["G"]])", {"[\"G\"]"}, {"[\"F\"]"}},
               Case{R"([["G"]])", R"([["H","I"]])", {"[\"G\"]", "[\"H\",\"I\"]"}, {"[\"F\"]"}},
               Case{R"([["F"],["G"]])", R"([["F"]])", {"[\"F\"]", "[\"G\"]"}, {}},
               Case{R"([])", R"([["F"]])", {}, {"[\"F\"]"}});
  CAPTURE(moved.left, moved.right);
  const TwoFiles files("");
  const auto hold = [&](const std::string& file, const std::string& folders) {
    files.hold(file, R"("title":"Old","folders":)" + folders);
  };
  hold("left.jsonl", R"([["F"]])");
  hold("right.jsonl", R"([["F"]])");
  REQUIRE(files.sync().code == 0);
  hold("left.jsonl", moved.left);
  hold("right.jsonl", moved.right);
  const Ran ran = files.sync();
  INFO(ran.out << files.read("left.jsonl") << files.read("right.jsonl"));
  CHECK(ran.code == 0);
  for (const char* folder : moved.held) CHECK(files.both_have(folder));
  for (const char* folder : moved.lost) {
    CHECK_FALSE(files.has("left.jsonl", folder));
    CHECK_FALSE(files.has("right.jsonl", folder));
  }
  CHECK(files.is_settled());
}
