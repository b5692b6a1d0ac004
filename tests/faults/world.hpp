#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crash_points.hpp"
#include "support/program.hpp"
#include "world_services.hpp"

namespace linkferry::test {

/// Where the bookmarks of a scenario end up; of a sync, what either side is. The shelf stands for
/// the plugin memory too: what that one holds dies with the process, so nothing is left to be made
/// good.
enum class Target { shelf, jsonl, html, xbel, linkding, mastodon, bkmark, raindrop };

constexpr const char* name_of(Target target) {
  constexpr const char* names[] = {"shelf",    "jsonl",    "html",   "xbel",
                                   "linkding", "mastodon", "bkmark", "raindrop"};
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
/// Bookmarks are written short: `a b=Title c+tag+tag d! e~Words@5` are five, of
/// https://s.example/a and so on, the fourth one archived, the last one with a description and
/// changed on the fifth of January 2020; without a title it is `Title of a`; `~A//B` has a blank
/// line between A and B. `p7` is the seventh post of a server of the fediverse, `q7` a link to its
/// page. Folders: `disk` is the watched one, with the state; `service` is what stands elsewhere.
///
/// A place is a file of that name, or the account of that name at a service: `target`, and of a
/// sync also `source`.
class World {
 public:
  explicit World(Target target, std::optional<Target> other_side = {});
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Target target() const { return target_; }
  /// The options of an endpoint that is this place, as YAML.
  std::string options(Target kind, const std::string& place);

  void write(const std::string& path, const std::string& text);
  void write_jsonl(const std::string& path, const std::string& bookmarks);
  /// The ids follow from the names, so that they stay.
  void write_shelf(const std::string& path, const std::string& bookmarks);
  /// As a person does, of whom linkferry knows nothing: adds these, or makes those of their
  /// addresses what they are here.
  void put(Target kind, const std::string& place, const std::string& bookmarks);
  void remove(Target kind, const std::string& place, const std::string& names);
  void fill_target(const std::string& bookmarks) { put(target_, "target", bookmarks); }
  /// Both sides of a sync, `source` the one and `target` the other.
  void put_source(const std::string& bookmarks) { put(*other_side_, "source", bookmarks); }
  void remove_from_source(const std::string& names) { remove(*other_side_, "source", names); }
  void remove_from_target(const std::string& names) { remove(target_, "target", names); }
  /// More options of the target, as YAML, for configs that are written after it.
  void add_target_options(const std::string& options) { more_options_ = ", " + options; }
  void write_sync_config(const std::string& rules);
  void write_config(const std::string& endpoints, const std::string& job);

  /// Runs the job `j` with more arguments in a process of its own.
  Ended run(const std::vector<std::string>& more = {}, Mishap mishap = Mishap::none,
            std::uint64_t at = 0, std::uint64_t seed = 0);
  Ended run_any(const std::vector<std::string>& arguments, Mishap mishap = Mishap::none,
                std::uint64_t at = 0, std::uint64_t seed = 0);
  /// What the clock of later processes says more than that of the machine.
  void set_clock(long seconds_ahead) { seconds_ahead_ = seconds_ahead; }
  SharedPoints& points() { return *points_; }

  /// What the target holds, sorted; what is there twice stands there twice. Of a sync, what both
  /// sides hold.
  std::vector<std::string> listing();
  /// The listing that a short text means: `a b | a c` where the sides of a sync differ.
  std::vector<std::string> expected(const std::string& bookmarks) const;
  /// The same, cheaply: equal images are equal listings.
  std::string image();
  /// Creations that the target saw since `forget_writes`, and changes of any kind.
  std::size_t creates();
  std::size_t writes();
  void forget_writes();

  struct Moment {
    std::map<std::string, std::string> files;
    std::vector<std::function<void()>> services;  ///< each puts one back
  };
  Moment remember();
  void put_back(const Moment& moment);

 private:
  /// The service of this kind; none where it is no service.
  WorldService* service(Target kind);
  static std::string file_of(Target kind, const std::string& place);
  std::vector<std::string> listing_of(Target kind, const std::string& place);
  std::string lines_of(Target kind, const std::string& place);
  void write_lines(Target kind, const std::string& place, const std::string& lines);
  void edit(Target kind, const std::string& place, const std::string& bookmarks, bool removes);
  /// Each side that the job writes.
  std::vector<std::pair<Target, std::string>> sides() const;
  std::string path_of(const std::string& name) const { return folder_.file(name); }

  Target target_;
  std::optional<Target> other_side_;
  Folder folder_;
  std::shared_ptr<SharedPoints> points_;
  long seconds_ahead_ = 0;
  std::string more_options_;
  std::map<Target, std::unique_ptr<WorldService>> services_;
};

/// The bookmarks of a short text, sorted, each as `listing` gives it.
std::vector<std::string> expected_listing(const std::string& bookmarks, Target target);

}  // namespace linkferry::test
