#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/output.hpp"
#include "config/nearest.hpp"
#include "config/problem.hpp"
#include "linkferry/failure.hpp"
#include "report/wording.hpp"
#include "state/history.hpp"
#include "state/job_lock.hpp"
#include "state/state_care.hpp"

namespace linkferry {
namespace {

int forget(const std::string& job) {
  const auto file = default_state_file();
  bool was_known = false;
  if (std::filesystem::exists(file)) {
    const JobLock share = lock_state(JobLock::Sharing::with_others);
    const JobLock lock(state_lock_folder(), "job " + job, "the job " + job);
    StateStore store(file);
    was_known = History(store).forget(job);
  }
  if (!was_known)
    throw Failure(FailureKind::usage, fmt::format("nothing is remembered of a job {}; `linkferry "
                                                  "history` lists the runs that are",
                                                  in_quotes(job)));
  print(
      fmt::format("Forgotten: the next run of {} takes both sides as they are, and deletes "
                  "nothing.\n",
                  job));
  return exit_code::done;
}

int export_all() {
  if (!std::filesystem::exists(default_state_file())) return exit_code::done;
  StateStore store(default_state_file());
  export_state(store, [](std::string_view line) { print(line); });
  return exit_code::done;
}

int repair() {
  const auto file = default_state_file();
  if (!std::filesystem::exists(file)) {
    print(fmt::format("{}: there is nothing to repair.\n", file.string()));
    return exit_code::done;
  }
  // A run would go on to write its journal into the file that is put aside.
  const JobLock lock = lock_state(JobLock::Sharing::alone);
  const Repair found = repair_state(file);
  if (!found.was_damaged) {
    print(fmt::format("{}: this is whole, there is nothing to repair.\n", file.string()));
    return exit_code::done;
  }
  print(
      fmt::format("{}: this was damaged. {} links and {} runs could be read and are kept; the "
                  "damaged file is {}. What is missing is unknown to the next run, and nothing is "
                  "deleted for that.\n",
                  file.string(), grouped(found.links), grouped(found.runs), found.aside.string()));
  return exit_code::done;
}

}  // namespace

int state_command(Session& session) {
  const auto& arguments = session.line.arguments;
  const std::string& what = arguments.front();
  const bool has_job = arguments.size() == 2;
  if (what == "forget" && has_job) return forget(arguments[1]);
  if (what == "export" && !has_job) return export_all();
  if (what == "repair" && !has_job) return repair();
  if (what == "forget")
    throw Failure(FailureKind::usage,
                  "state forget: no job is given; usage: linkferry state "
                  "forget JOB");
  const std::vector<std::string> known{"forget", "export", "repair"};
  throw Failure(FailureKind::usage, fmt::format("state {}: expected forget JOB, export or repair{}",
                                                in_quotes(what), did_you_mean(what, known)));
}

}  // namespace linkferry
