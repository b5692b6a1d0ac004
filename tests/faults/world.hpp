#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "crash_points.hpp"
#include "support/fakes/fake_linkding.hpp"
#include "support/fakes/fake_mastodon.hpp"
#include "support/program.hpp"

namespace linkferry::test {

/// Where the bookmarks of a scenario end up.
enum class Target { shelf, jsonl, html, xbel, linkding, mastodon };

constexpr const char* name_of(Target target) {
  constexpr const char* names[] = {"shelf", "jsonl", "html", "xbel", "linkding", "mastodon"};
  return names[static_cast<std::size_t>(target)];
}

/// How a process ended.
struct Ended {
  bool was_killed = false;
  int code = -1;
  std::string err;
};

/// Everything that a job can see: a disk, services, the program's state. It can be put back to what
/// it was at an earlier moment.
///
/// Bookmarks are written short: `a b=Title c+tag+tag d!` are four, of https://s.example/a and so
/// on, the last one archived; without a title it is `Title of a`. `p7` is the seventh post of a
/// server of the fediverse, `q7` a link to its page. Folders: `disk` is the watched one, with the
/// state; `service` is what stands elsewhere.
class World {
 public:
  explicit World(Target target);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Target target() const { return target_; }
  /// The options of the endpoint that the target is, as YAML.
  std::string target_options() const;

  void write(const std::string& path, const std::string& text);
  void write_jsonl(const std::string& path, const std::string& bookmarks);
  /// The ids follow from the names, so that they stay.
  void write_shelf(const std::string& path, const std::string& bookmarks);
  void fill_linkding(const std::string& place, const std::string& bookmarks);
  void remove_from_linkding(const std::string& place, const std::string& name);
  std::string linkding_url(const std::string& place) { return linkding().url(place); }
  /// The target holds these, and linkferry knows nothing of them.
  void fill_target(const std::string& bookmarks);
  void write_config(const std::string& endpoints, const std::string& job);

  /// Runs the job `j` with more arguments in a process of its own.
  Ended run(const std::vector<std::string>& more = {}, Mishap mishap = Mishap::none,
            std::uint64_t at = 0, std::uint64_t seed = 0);
  Ended run_any(const std::vector<std::string>& arguments, Mishap mishap = Mishap::none,
                std::uint64_t at = 0, std::uint64_t seed = 0);
  SharedPoints& points() { return *points_; }

  /// What the target holds, short, sorted; what is there twice stands there twice.
  std::vector<std::string> listing();
  /// The same, cheaply: equal images are equal listings.
  std::string image();
  /// Creations that the target saw since `forget_writes`, and changes of any kind.
  std::size_t creates();
  std::size_t writes();
  void forget_writes();

  struct Moment {
    std::map<std::string, std::string> files;
    std::map<std::string, LinkdingLibrary> libraries;
    std::vector<std::string> marks;
  };
  Moment remember();
  void put_back(const Moment& moment);

 private:
  FakeLinkding& linkding();
  FakeMastodon& mastodon();
  std::size_t linkding_creates();
  void mark(std::size_t post);
  void count_marking(const std::string& path);
  std::string path_of(const std::string& name) const { return folder_.file(name); }
  std::string target_file() const;

  Target target_;
  Folder folder_;
  std::shared_ptr<SharedPoints> points_;
  std::unique_ptr<FakeLinkding> linkding_;
  std::unique_ptr<FakeMastodon> mastodon_;
  std::size_t seen_before_ = 0;   ///< requests to linkding
  std::size_t marks_ = 0;         ///< requests that change the account
  std::size_t new_marks_ = 0;     ///< those that marked what was not marked
  std::set<std::string> marked_;  ///< paths of posts
};

/// The bookmarks of a short text, sorted, each as `listing` gives it. `has_titles`: the target
/// keeps them; and so on.
std::vector<std::string> expected_listing(const std::string& bookmarks, Target target);

}  // namespace linkferry::test
