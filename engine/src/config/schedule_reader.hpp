#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config_node.hpp"
#include "schedule/schedule.hpp"

namespace linkferry {

/// The `schedule` of a job. Adds to `problems` what is wrong with it beyond its schema; `path` is
/// what messages call it. Nothing where there is no schedule, or not a whole one.
std::optional<Schedule> read_schedule(const ConfigNode* table, const std::string& path,
                                      std::vector<Problem>& problems);

}  // namespace linkferry
