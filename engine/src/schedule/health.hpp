#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "schedule/job_board.hpp"

namespace linkferry {

/// How often a daemon says that it is alive.
inline constexpr std::chrono::seconds heartbeat_interval{10};

/// The health file of a daemon, for programs that watch it:
///
///     {"version":1,"pid":4711,"started_at":"2026-11-22T08:00:00Z","heartbeat_at":"…",
///      "heartbeat_seconds":10,
///      "jobs":[{"job":"social","schedule":"every 30m","state":"waiting","next_run_at":"…",
///        "last_success_at":"…","last_run":{"started_at":"…","seconds":1.25,"outcome":"done",
///        "exit_code":0,"records":{"read":4,"created":4,…}}}]}
///
/// `state` is waiting or running. What is not known yet is absent. A daemon whose heartbeat is
/// older than a few of its `heartbeat_seconds` is not alive, or stuck.
std::string format_health(const std::vector<JobStatus>& jobs, Moment started_at, Moment now);

/// The same for Prometheus, in its text format 0.0.4: runs by outcome, their time, records by fate,
/// the times of the last success and of the next run, for each job.
/// Source: https://prometheus.io/docs/instrumenting/exposition_formats (read 2026-11-22).
std::string format_metrics(const std::vector<JobStatus>& jobs, Moment started_at);

}  // namespace linkferry
