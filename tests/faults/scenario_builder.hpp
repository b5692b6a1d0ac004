#pragma once

#include <fmt/format.h>

#include <stdexcept>

#include "scenarios.hpp"

namespace linkferry::test {

/// Where scenarios are gathered.
struct ScenarioBuilder {
  std::vector<Scenario> all;

  Scenario& add(const std::string& story, Target target, std::function<void(World&)> prepare,
                const std::string& expected) {
    return all.emplace_back(Scenario{fmt::format("{} into {}", story, name_of(target)), target,
                                     std::move(prepare), expected});
  }
};

/// A run of the job that must go through.
inline void pass(World& world) {
  const Ended ended = world.run();
  if (ended.code != 0) throw std::runtime_error("an earlier run failed: " + ended.err);
}

void add_syncs(ScenarioBuilder& builder);

}  // namespace linkferry::test
