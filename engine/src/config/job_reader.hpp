#pragma once

#include <filesystem>
#include <string>

#include "config/config_node.hpp"
#include "config/job.hpp"

namespace linkferry {

/// A job from its table, which has been checked against schemas/job.schema.json. Paths of reports
/// start from `base`.
Job read_job(const std::string& name, const ConfigNode& table, const std::filesystem::path& base);

}  // namespace linkferry
