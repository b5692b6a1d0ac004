#include "schedule/last_runs.hpp"

#include <fstream>

#include "host/staged_file.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry {

LastRunsFile::LastRunsFile(std::filesystem::path file) : file_(std::move(file)) {
  std::ifstream stream(file_);
  for (std::string line; std::getline(stream, line);) {
    const std::size_t blank = line.find(' ');
    if (blank == std::string::npos) continue;
    const Timestamp time = parse_rfc3339(std::string_view(line).substr(0, blank));
    if (time.is_known())
      by_job_[line.substr(blank + 1)] = Moment(std::chrono::seconds(time.seconds));
  }
}

std::optional<Moment> LastRunsFile::find(const std::string& job) {
  const auto found = by_job_.find(job);
  if (found == by_job_.end()) return {};
  return found->second;
}

void LastRunsFile::store(const std::string& job, std::optional<Moment> started_at) {
  if (started_at) {
    by_job_[job] = *started_at;
  } else {
    by_job_.erase(job);
  }
  std::error_code error;  // What went wrong is told by staging the file.
  std::filesystem::create_directories(file_.parent_path(), error);
  const auto file = stage_output_file(file_.string());
  for (const auto& [name, time] : by_job_)
    file->write(format_rfc3339({time.time_since_epoch().count(), 0, Precision::second}) + " " +
                name + "\n");
  file->commit();
}

}  // namespace linkferry
