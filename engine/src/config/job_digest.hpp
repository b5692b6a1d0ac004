#pragma once

#include <span>
#include <string>

#include "config/config_node.hpp"
#include "config/endpoint.hpp"
#include "config/job.hpp"

namespace linkferry {

/// `Job::digest`, of a job and the table that it was read from. What only says where reports go
/// does not count, nor does the order of keys.
std::string digest_of(const Job& job, const ConfigNode& table, std::span<const Endpoint> endpoints);

/// `Job::identity`.
std::string identity_of(const Job& job, std::span<const Endpoint> endpoints);

}  // namespace linkferry
