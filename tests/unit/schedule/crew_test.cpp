#include "schedule/crew.hpp"

#include <atomic>
#include <map>
#include <random>

#include "support/catch.hpp"

using namespace linkferry;

namespace {

/// Opens once; whoever waits goes on then.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false;
};

}  // namespace

TEST_CASE("work without a common place is done side by side", "[schedule][crew]") {
  Gate first;
  Gate second;
  Crew crew(2);
  // Each waits for the other: one after the other, this would never end.
  crew.add({"a"}, [&] {
    first.open();
    second.wait();
  });
  crew.add({"b"}, [&] {
    second.open();
    first.wait();
  });
  crew.wait();
}

TEST_CASE("work with a common place is done in the order in which it came", "[schedule][crew]") {
  std::string done;
  {
    Crew crew(4);
    crew.add({"a", "b"}, [&] { done += "1"; });
    crew.add({"b", "c"}, [&] { done += "2"; });
    crew.add({"c", "d"}, [&] { done += "3"; });
  }
  CHECK(done == "123");
}

TEST_CASE("what waits for a place keeps it from what came later", "[schedule][crew]") {
  Gate gate;
  std::string done;
  {
    Crew crew(4);
    crew.add({"a"}, [&] {
      gate.wait();
      done += "1";
    });
    crew.add({"a", "b"}, [&] { done += "2"; });
    crew.add({"b"}, [&] { done += "3"; });  // "b" is free, but the second has asked first
    gate.open();
  }
  CHECK(done == "123");
}

TEST_CASE("never do more work at once than is allowed, nor two pieces at one place",
          "[schedule][crew]") {
  constexpr int places = 5;
  std::mt19937 random(20261122);
  std::atomic<int> at_once = 0;
  std::atomic<int> most_at_once = 0;
  std::atomic<int> done = 0;
  std::atomic<bool> has_met = false;
  std::array<std::atomic<int>, places> at_place{};
  {
    Crew crew(3);
    for (int i = 0; i < 300; ++i) {
      std::vector<std::size_t> needed{random() % places, random() % places};
      Places names;
      for (const auto place : needed) names.push_back(std::to_string(place));
      std::ranges::sort(names);
      if (needed[0] == needed[1]) needed.pop_back();
      crew.add(names, [&, needed] {
        most_at_once = std::max<int>(most_at_once, ++at_once);
        for (const auto place : needed) has_met = has_met || ++at_place[place] > 1;
        std::this_thread::yield();
        for (const auto place : needed) --at_place[place];
        --at_once;
        ++done;
      });
    }
  }
  CHECK(done == 300);
  CHECK(most_at_once <= 3);
  CHECK_FALSE(has_met);
}

TEST_CASE("places are shared when one name is in both", "[schedule][crew]") {
  CHECK(share_place({"a", "b"}, {"b", "c"}));
  CHECK_FALSE(share_place({"a", "c"}, {"b", "d"}));
  CHECK_FALSE(share_place({}, {"a"}));
}
