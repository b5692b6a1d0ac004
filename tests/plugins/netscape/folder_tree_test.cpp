#include "common/folder_tree.hpp"

#include <map>
#include <random>
#include <set>

#include "support/catch.hpp"
#include "support/memory_host.hpp"

namespace linkferry::test {
namespace {

/// `(name description` … `)` around items.
class Brackets : public common::TreeMarkup {
 public:
  void prologue(std::string& out) const override { out += "{"; }
  void open_folder(const Folder& facts, std::size_t depth, std::string& out) const override {
    out.append("(").append(facts.path.back()).append(std::to_string(depth));
    if (is_present(facts.description)) out.append(" ").append(facts.description);
    if (facts.role == FolderRole::toolbar) out.append(" toolbar");
    for (const auto& attribute : facts.extra) out.append(" ").append(attribute.name);
    out.append(":");
  }
  void close_folder(std::size_t, std::string& out) const override { out += ")"; }
  void epilogue(std::string& out) const override { out += "}"; }
};

using Path = std::vector<Text>;

struct Writing {
  MemoryHost host;
  Brackets brackets;
  common::FolderTree tree{[this] { return host.stage_file("t"); }, brackets};

  void item(const Path& path, std::string_view bytes) { tree.item(path, bytes); }
  void aside(const Path& path, std::string_view bytes) { tree.item_aside(path, bytes); }
  void folder(const Path& path, Text description = {}) {
    Folder folder;
    folder.path = path;
    folder.description = description;
    tree.folder(folder);
  }
  std::string finished() {
    tree.finish()->commit();
    return host.files["t"];
  }
};

}  // namespace

TEST_CASE("a tree in order is written straight through", "[netscape][tree]") {
  Writing w;
  w.item({}, "a");
  w.folder({"A"}, "text");
  w.item({"A"}, "b");
  w.item({"A", "B"}, "c");
  w.item({"A"}, "d");
  w.item({"C"}, "e");
  w.item({}, "f");
  CHECK(w.finished() == "{a(A1 text:b(B2:c)d)(C1:e)f}");
  CHECK(w.host.staged == 1);
}

TEST_CASE("a folder named twice is one folder", "[netscape][tree]") {
  Writing w;
  w.item({"A"}, "1");
  w.item({"B"}, "2");
  w.item({"A"}, "3");
  w.item({"A", "C"}, "4");
  w.item({"B"}, "5");
  w.item({"A"}, "6");
  w.item({}, "7");
  CHECK(w.finished() == "{(A1:13(C2:4)6)(B1:25)7}");
  CHECK(w.host.staged > 1);
}

TEST_CASE("facts that come late are written all the same, and the first known ones win",
          "[netscape][tree]") {
  Writing w;
  w.item({"A"}, "1");
  w.folder({"A"}, "late");
  w.folder({"A"}, "later");
  Folder more;
  const Path path{"A"};
  const Attribute extra[] = {{"x", "1"}, {"x", "2"}};
  more.path = path;
  more.role = FolderRole::toolbar;
  more.extra = extra;
  w.tree.folder(more);
  w.tree.folder(more);
  w.item({"A"}, "2");
  CHECK(w.finished() == "{(A1 late toolbar x:12)}");
}

TEST_CASE("a folder that is told again without news does not end the straight way",
          "[netscape][tree]") {
  Writing w;
  w.folder({"A"}, "d");
  w.item({"A"}, "1");
  w.folder({"A"}, "d");
  w.item({"A"}, "2");
  CHECK(w.finished() == "{(A1 d:12)}");
  CHECK(w.host.staged == 1);
}

TEST_CASE("an empty tree is an empty file, and an empty folder is kept", "[netscape][tree]") {
  Writing empty;
  CHECK(empty.finished() == "{}");
  Writing w;
  w.folder({"A", "B"});
  CHECK(w.finished() == "{(A1:(B2:))}");
}

TEST_CASE("folders of any names and order come out as in a tree kept in memory",
          "[netscape][tree]") {
  const auto seed = GENERATE(1U, 2U, 3U, 4U, 5U);
  CAPTURE(seed);
  struct Node {
    std::vector<std::pair<std::string, std::string>> body;  // child name or "", bytes
    std::map<std::string, Node> children;
    std::string text(std::size_t depth) const {
      std::string all;
      for (const auto& [child, bytes] : body) {
        all += child.empty() ? bytes
                             : "(" + child + std::to_string(depth + 1) + ":" +
                                   children.at(child).text(depth + 1) + ")";
      }
      return all;
    }
  };
  std::mt19937 random(seed);
  Writing w;
  Node root;
  const std::string names[] = {"A", "B", "C"};
  for (int i = 0; i < 20'000; ++i) {
    Path path;
    Node* node = &root;
    for (std::size_t depth = random() % 4; depth > 0; --depth) {
      const auto& name = names[random() % 3];
      path.push_back(name);
      if (!node->children.contains(name)) node->body.emplace_back(name, "");
      node = &node->children[name];
    }
    // More in all than what waits in memory.
    const std::string bytes = std::to_string(i) + std::string(random() % 600, '.');
    node->body.emplace_back("", bytes);
    w.item(path, bytes);
  }
  CHECK(w.finished() == "{" + root.text(0) + "}");
}

TEST_CASE(
    "further places of records in tree order are at the ends of their folders, and the file is "
    "written straight through",
    "[netscape][tree]") {
  Writing w;
  w.item({"A"}, "1");
  w.aside({"B"}, "x");
  w.aside({}, "y");
  w.aside({"B"}, "z");
  w.item({"A", "C"}, "2");
  w.aside({"A"}, "v");
  w.folder({"B"}, "text");
  w.item({"B"}, "3");
  w.aside({"B"}, "4");
  w.item({"B"}, "5");
  w.item({"D"}, "6");
  CHECK(w.finished() == "{(A1:1(C2:2)v)(B1 text:345xz)(D1:6)y}");
  CHECK(w.host.staged == 1);
}

TEST_CASE("a folder that has nothing but further places stands at the end of its parent",
          "[netscape][tree]") {
  Writing w;
  w.item({"A"}, "1");
  w.aside({"A", "B"}, "x");
  w.aside({"C", "D"}, "y");
  w.item({"A"}, "2");
  w.item({"E"}, "3");
  w.folder({"C"}, "text");
  CHECK(w.finished() == "{(A1:12(B2:x))(E1:3)(C1 text:(D2:y))}");
  CHECK(w.host.staged == 1);
}

TEST_CASE("a further place in a folder that is closed is at its end too", "[netscape][tree]") {
  Writing w;
  w.item({"A"}, "1");
  w.item({"B"}, "2");
  w.aside({"A"}, "x");
  w.aside({"A", "C"}, "y");
  w.item({"B"}, "3");
  w.aside({"A"}, "z");
  CHECK(w.finished() == "{(A1:1x(C2:y)z)(B1:23)}");
}

TEST_CASE("an item of the same folder again goes where the one before went", "[netscape][tree]") {
  Writing w;
  w.item({"A"}, "1");
  w.tree.enter_again().append("2");
  w.item({"B"}, "3");
  w.item({"A"}, "4");
  w.aside({"C"}, "x");
  w.tree.enter_again().append("5");
  w.item({"B"}, "6");
  w.tree.enter_again().append("7");
  CHECK(w.finished() == "{(A1:1245)(B1:367)(C1:x)}");
}

TEST_CASE("items and further places in any order are all in their folders, once",
          "[netscape][tree]") {
  const auto seed = GENERATE(1U, 2U, 3U);
  CAPTURE(seed);
  std::mt19937 random(seed);
  Writing w;
  std::map<std::string, std::string> expected;  // folder, its items in the order of their names
  const std::string names[] = {"A", "B", "C", "D", "E"};
  for (int i = 100'000; i < 130'000; ++i) {
    Path path;
    std::string folder;
    for (std::size_t depth = random() % 4; depth > 0; --depth) {
      path.push_back(names[random() % 5]);
      folder.append("/").append(path.back());
    }
    const std::string bytes = std::to_string(i) + std::string(300, '.') + ";";
    random() % 2 == 0 ? w.item(path, bytes) : w.aside(path, bytes);
    expected[folder] += std::to_string(i);
  }
  std::map<std::string, std::set<std::string>> found;
  std::string folder;
  const std::string text = w.finished();
  for (std::size_t at = 1; at + 1 < text.size();) {
    if (text[at] == '(') {
      folder.append("/").append(1, text[at + 1]);
      at = text.find(':', at) + 1;
    } else if (text[at] == ')') {
      folder.resize(folder.size() - 2);
      ++at;
    } else {
      CHECK(found[folder].insert(text.substr(at, 6)).second);
      at = text.find(';', at) + 1;
    }
  }
  std::map<std::string, std::string> joined;
  for (const auto& [name, items] : found) {
    for (const auto& item : items) joined[name] += item;
  }
  CHECK(joined == expected);
}

TEST_CASE("paths of a hundred thousand levels are cut at the deepest level kept",
          "[netscape][tree]") {
  Writing w;
  const std::vector<std::string> names(100'000, "d");
  const Path path(names.begin(), names.end());
  for (int i = 0; i < 100; ++i) w.item(path, "x");
  w.item({}, "y");
  w.item(path, "z");
  const auto text = w.finished();
  CHECK(std::count(text.begin(), text.end(), '(') == max_folder_depth);
  CHECK(text.find(std::string(100, 'x') + "z)") != std::string::npos);
}

TEST_CASE("a full disk is reported while writing", "[netscape][tree]") {
  Writing w;
  w.host.fail_writes_after = 1'000'000;
  const std::string bytes(1000, 'x');
  CHECK_THROWS_AS(
      [&] {
        for (int i = 0; i < 2000; ++i) w.item({}, bytes);
      }(),
      Failure);
}

}  // namespace linkferry::test
