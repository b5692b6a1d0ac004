#include <mutex>
#include <thread>

#include "state/state_store.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace linkferry;

TEST_CASE("jobs that run side by side may open one state, and make it", "[schedule][state]") {
  for (int round = 0; round < 5; ++round) {
    const test::Folder folder;
    std::mutex mutex;
    std::string problem;
    const auto remember = [&](const std::string& job) {
      try {
        StateStore store(folder.file("state/state.db"));
        for (int run = 0; run < 3; ++run) store.store_checkpoint(job, "digest", "in", {job, run});
      } catch (const std::exception& error) {
        const std::lock_guard lock(mutex);
        problem = error.what();
      }
    };
    {
      std::vector<std::jthread> threads;
      for (const char* job : {"a", "b", "c", "d", "e", "f"}) threads.emplace_back(remember, job);
    }
    CHECK(problem.empty());
    StateStore store(folder.file("state/state.db"));
    const auto last = store.find_checkpoint("f", "digest", "in");
    REQUIRE(last);
    CHECK(last->text == "f");
  }
}
