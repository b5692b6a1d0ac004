#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "world.hpp"

namespace linkferry::test {

/// A job, what it finds, and what must come of it however often it is stopped on the way.
/// Bookmarks are written short (World).
struct Scenario {
  std::string name;
  Target target;
  /// Everything up to the run that is stopped, earlier runs of the job too.
  std::function<void(World&)> prepare;
  std::string expected;  ///< what the target holds then
  /// What happens at the source after that, such as a deletion; empty: nothing.
  std::function<void(World&)> change_later{};
  std::string expected_later{};
  bool may_change_meanwhile = true;  ///< it may happen before the run that is stopped is made good
  int code = 0;                      ///< of the run that goes through
  /// Why it fails now; empty: it must pass. Such scenarios run only when they are named.
  std::string known_bug{};
  /// Of a sync: the side that is not the target.
  std::optional<Target> other_side{};
};

/// All of them; names are unique.
std::vector<Scenario> all_scenarios();

}  // namespace linkferry::test
