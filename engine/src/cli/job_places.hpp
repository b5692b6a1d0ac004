#pragma once

#include <string>

#include "cli/job_runner.hpp"
#include "schedule/crew.hpp"

namespace linkferry {

/// Where an endpoint is, whatever it is called: as `places_of` has it.
std::string place_of(const Endpoint& endpoint);

/// What a job reads and writes, so that two jobs that share one of them never run at the same time:
/// the names of its endpoints, and where they are: a file by its real path, a service by its
/// address, whatever the account; all endpoints of a plugin that says neither. Standard input and
/// output are one place. Files of reports count too.
Places places_of(const JobRequest& request);

}  // namespace linkferry
