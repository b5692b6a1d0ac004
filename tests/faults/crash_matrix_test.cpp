#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <sstream>

#include "memory_disk.hpp"
#include "scenarios.hpp"
#include "support/catch.hpp"

using namespace linkferry::test;

namespace {

using Clock = std::chrono::steady_clock;

/// What of the matrix is run. LINKFERRY_FAULTS: `full`, or every so-manieth point (a number).
/// LINKFERRY_FAULTS_PART: `1/2`, the first of two halves of the scenarios. LINKFERRY_FAULTS_ONLY: a
/// part of the scenarios' names. LINKFERRY_FAULTS_MISHAP: one kind alone. LINKFERRY_FAULTS_TRACE:
/// shows the points. LINKFERRY_FAULTS_SEED: where counting starts, and what is scattered.
struct Extent {
  std::uint64_t stride = LINKFERRY_FAULTS_STRIDE;
  std::uint64_t seed = 20261122;
  std::size_t part = 0, parts = 1;
  std::string only;
  std::string mishap;

  Extent() {
    const auto variable = [](const char* name) {
      const char* const value = std::getenv(name);
      return std::string(value != nullptr ? value : "");
    };
    const std::string wanted = variable("LINKFERRY_FAULTS");
    if (wanted == "full") {
      stride = 1;
    } else if (!wanted.empty()) {
      stride = std::stoull(wanted);
    }
    if (const std::string text = variable("LINKFERRY_FAULTS_SEED"); !text.empty())
      seed = std::stoull(text);
    if (const std::string text = variable("LINKFERRY_FAULTS_PART"); !text.empty()) {
      part = std::stoul(text) - 1;
      parts = std::stoul(text.substr(text.find('/') + 1));
    }
    only = variable("LINKFERRY_FAULTS_ONLY");
    mishap = variable("LINKFERRY_FAULTS_MISHAP");
  }

  bool has(const Scenario& scenario, std::size_t number) const {
    if (!only.empty()) return scenario.name.find(only) != std::string::npos;
    return number % parts == part && scenario.known_bug.empty();
  }
};

struct Count {
  std::uint64_t scenarios = 0, points = 0, struck = 0;
};

/// One scenario, its clean run, and its run stopped at a point.
class Trial {
 public:
  Trial(const Scenario& scenario, std::uint64_t seed)
      : scenario_(scenario), world_(scenario.target, scenario.other_side), seed_(seed) {
    scenario.prepare(world_);
    start_ = world_.remember();
  }

  /// The run without a mishap, against what was written down by hand. False where all else is
  /// pointless.
  bool run_clean() {
    world_.put_back(start_);
    const Ended ended = world_.run();
    INFO("the clean run: " << ended.err);
    CHECK(ended.code == scenario_.code);
    expected_ = world_.expected(scenario_.expected);
    expected_later_ = world_.expected(scenario_.expected_later);
    const auto held = world_.listing();
    CHECK(held == expected_);
    image_ = world_.image();
    creates_ = world_.creates();
    check_second_run("clean");
    if (scenario_.change_later) {
      scenario_.change_later(world_);
      const Ended later = world_.run();
      INFO("after the change: " << later.err);
      CHECK(later.code == 0);
      CHECK(world_.listing() == expected_later_);
      image_later_ = world_.image();
    }
    return held == expected_;
  }

  std::uint64_t count_points(Mishap mishap) {
    const auto [found, is_new] = counts_.try_emplace(measure_of(mishap), 0);
    if (!is_new) return found->second;
    world_.put_back(start_);
    // Far behind the last point.
    world_.run({}, found->first, ~std::uint64_t{0}, seed_);
    return found->second = world_.points().count;
  }

  /// False when the process never got there.
  bool run_stopped(Mishap mishap, std::uint64_t at, std::uint64_t points) {
    world_.put_back(start_);
    const Ended stopped = world_.run({}, mishap, at, seed_ + at);
    if (!world_.points().has_struck) return false;
    const std::string what = fmt::format("{}, {} at {}, before: {}", scenario_.name,
                                         name_of(mishap), at, world_.points().where);
    if (std::getenv("LINKFERRY_FAULTS_TRACE") != nullptr) WARN(what << "\n" << stopped.err);
    check_stop(what, mishap, stopped);
    // Misfortunes seldom come singly.
    const bool comes_twice =
        (mishap == Mishap::killed || mishap == Mishap::power_cut) && at % 3 == 0;
    if (comes_twice) world_.run({}, mishap, 1 + at * 7919 % points, seed_);
    if (at % 2 == 0 && scenario_.change_later && scenario_.may_change_meanwhile) {
      check_changed_meanwhile(what);
    } else {
      check_resumed(comes_twice ? what + ", and once more" : what);
    }
    return true;
  }

 private:
  void check_stop(const std::string& what, Mishap mishap, const Ended& stopped) {
    INFO(what << ": " << stopped.err);
    if (stopped.err.find("this should not happen") != std::string::npos) FAIL_CHECK("a bug");
    switch (mishap) {
      case Mishap::terminate:
      case Mishap::cut_short:
        if (stopped.code != 143 && stopped.code != scenario_.code) FAIL_CHECK(stopped.code);
        break;
      case Mishap::disk_full:
        if (stopped.code != 1 && stopped.code != scenario_.code) FAIL_CHECK(stopped.code);
        if (stopped.code == 1 && stopped.err.empty()) FAIL_CHECK("it ends without a word");
        break;
      case Mishap::lost_reply:
      case Mishap::turned_away:
      case Mishap::failed_after:
        if (stopped.code != scenario_.code) FAIL_CHECK(stopped.code);
        break;
      default:
        if (!stopped.was_killed) FAIL_CHECK("it was not killed, but ended with " << stopped.code);
    }
  }

  void check_resumed(const std::string& what) {
    INFO(what);
    const Ended resumed = world_.run();
    if (resumed.code != scenario_.code)
      FAIL_CHECK("the run after it ends with " << resumed.code << ": " << resumed.err);
    if (world_.image() != image_) CHECK(world_.listing() == expected_);
    if (world_.creates() != creates_)
      FAIL_CHECK(world_.creates() << " creations, and not " << creates_);
    check_second_run(what);
    if (!scenario_.change_later) return;
    scenario_.change_later(world_);
    const Ended later = world_.run();
    if (later.code != 0) FAIL_CHECK("after the change it ends with " << later.code << later.err);
    INFO("after the change");
    if (world_.image() != image_later_) CHECK(world_.listing() == expected_later_);
  }

  /// Before anybody runs it again the source changes: what was on its way is still known.
  void check_changed_meanwhile(const std::string& what) {
    INFO(what << ", and the source changes meanwhile");
    scenario_.change_later(world_);
    const Ended resumed = world_.run({"--max-delete", "10"});
    if (resumed.code != 0) FAIL_CHECK("it ends with " << resumed.code << ": " << resumed.err);
    if (world_.image() != image_later_) CHECK(world_.listing() == expected_later_);
    check_second_run(what);
  }

  void check_second_run(const std::string& what) {
    const std::size_t writes = world_.writes();
    const Ended second = world_.run({"--detailed-exitcode"});
    INFO("the second run: " << second.err << what);
    // With refused records there are some each time.
    if (second.code != scenario_.code) FAIL_CHECK("it ends with " << second.code);
    if (world_.writes() != writes) FAIL_CHECK("it writes");
  }

  const Scenario& scenario_;
  World world_;
  std::uint64_t seed_;
  World::Moment start_;
  std::vector<std::string> expected_, expected_later_;
  std::string image_, image_later_;
  std::size_t creates_ = 0;
  std::map<Mishap, std::uint64_t> counts_;  ///< of points
};

void run_scenario(const Scenario& scenario, const Extent& extent, Count& count) {
  const auto begun = Clock::now();
  std::uint64_t struck = 0;
  std::uint64_t points = 0;
  std::minstd_rand random(
      static_cast<unsigned>(extent.seed + std::hash<std::string>()(scenario.name)));
  Trial trial(scenario, extent.seed);
  if (!trial.run_clean()) return;
  for (const Mishap mishap : all_mishaps) {
    if (!extent.mishap.empty() && extent.mishap != name_of(mishap)) continue;
    const std::uint64_t there = trial.count_points(mishap);
    points += there;
    for (std::uint64_t at = 1 + random() % extent.stride; at <= there; at += extent.stride)
      struck += trial.run_stopped(mishap, at, there) ? 1 : 0;
  }
  ++count.scenarios;
  count.points += points;
  count.struck += struck;
  std::printf("%-60s %5llu of %5llu points  %6.2f s\n", scenario.name.c_str(),
              static_cast<unsigned long long>(struck), static_cast<unsigned long long>(points),
              std::chrono::duration<double>(Clock::now() - begun).count());
  std::fflush(stdout);
}

}  // namespace

TEST_CASE("a run that is stopped at any point is made good by the next one", "[faults][matrix]") {
  use_memory_as_disk();
  const Extent extent;
  const auto begun = Clock::now();
  Count count;
  std::size_t number = 0;
  for (const Scenario& scenario : all_scenarios()) {
    if (!extent.has(scenario, number++)) continue;
    INFO(scenario.name);
    run_scenario(scenario, extent, count);
  }
  std::printf("seed %llu: %llu scenarios, %llu interruptions of %llu points, %.0f s\n",
              static_cast<unsigned long long>(extent.seed),
              static_cast<unsigned long long>(count.scenarios),
              static_cast<unsigned long long>(count.struck),
              static_cast<unsigned long long>(count.points),
              std::chrono::duration<double>(Clock::now() - begun).count());
  CHECK(count.struck > 0);
}
