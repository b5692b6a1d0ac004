#include "schedule/health.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "common/json_writer.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry {

namespace {

using common::JsonWriter;

class HealthWriter {
 public:
  std::string_view write(const std::vector<JobStatus>& jobs, Moment started_at, Moment now) {
    json_.raw(fmt::format("{{\"version\":1,\"pid\":{}", ::getpid()));
    put_time("started_at", started_at);
    put_time("heartbeat_at", now);
    json_.raw(fmt::format(",\"heartbeat_seconds\":{},\"jobs\":[", heartbeat_interval.count()));
    for (const JobStatus& job : jobs) {
      if (&job != &jobs.front()) json_.raw(",");
      put_job(job);
    }
    json_.raw("]}\n");
    return json_.bytes();
  }

 private:
  void put_text(std::string_view name, std::string_view value) {
    json_.raw(fmt::format(",\"{}\":", name));
    json_.text(value);
  }

  void put_time(std::string_view name, std::optional<Moment> time) {
    if (!time) return;
    json_.raw(fmt::format(",\"{}\":", name));
    json_.date({time->time_since_epoch().count(), 0, Precision::second});
  }

  void put_job(const JobStatus& job) {
    json_.raw("{\"job\":");
    json_.text(job.job);
    put_text("schedule", job.schedule);
    put_text("state", job.is_running ? "running" : "waiting");
    put_time("next_run_at", job.next_run);
    put_time("last_success_at", job.last_success);
    if (job.last) put_run(*job.last);
    json_.raw("}");
  }

  void put_run(const EndedRun& run) {
    json_.raw(",\"last_run\":{\"exit_code\":" + std::to_string(run.code));
    put_time("started_at", run.started_at);
    json_.raw(fmt::format(",\"seconds\":{:.3f}", run.seconds));
    put_text("outcome", run.outcome);
    if (!run.problem.empty()) put_text("problem", run.problem);
    json_.raw(fmt::format(",\"records\":{{\"read\":{}", run.ledger.read));
    for (std::size_t i = 0; i < fate_count; ++i)
      json_.raw(fmt::format(",\"{}\":{}", name_of(static_cast<Fate>(i)), run.ledger.fates[i]));
    json_.raw("}}");
  }

  JsonWriter json_;
};

/// Source: as format_metrics, "Line format": backslash, double quote and line feed are escaped.
std::string label_value(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\' || c == '"') escaped += '\\';
    if (c == '\n') {
      escaped += "\\n";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

class MetricsWriter {
 public:
  explicit MetricsWriter(const std::vector<JobStatus>& jobs) : jobs_(jobs) {}

  std::string write(Moment started_at) {
    head("linkferry_start_time_seconds", "gauge", "When the daemon was started.");
    text_ +=
        fmt::format("linkferry_start_time_seconds {}\n", started_at.time_since_epoch().count());
    head("linkferry_job_runs_total", "counter", "Runs that have ended, by their outcome.");
    for (const JobStatus& job : jobs_) {
      for (const auto& [outcome, runs] : job.runs)
        sample("linkferry_job_runs_total", job, ",outcome=\"" + label_value(outcome) + '"', runs);
    }
    head("linkferry_job_failures_total", "counter", "Runs that have ended, but are not done.");
    for (const JobStatus& job : jobs_)
      sample("linkferry_job_failures_total", job, "", failures_of(job));
    head("linkferry_job_records_total", "counter",
         "Records that were read, by what became of them.");
    for (const JobStatus& job : jobs_) {
      for (std::size_t i = 0; i < fate_count; ++i)
        sample("linkferry_job_records_total", job,
               fmt::format(",fate=\"{}\"", name_of(static_cast<Fate>(i))), job.total.fates[i]);
    }
    head("linkferry_job_duration_seconds", "summary", "How long runs took.");
    for (const JobStatus& job : jobs_) {
      sample("linkferry_job_duration_seconds_sum", job, "", fmt::format("{:.3f}", job.seconds));
      sample("linkferry_job_duration_seconds_count", job, "", count_of(job));
    }
    write_times();
    return std::move(text_);
  }

 private:
  static std::uint64_t count_of(const JobStatus& job) {
    std::uint64_t count = 0;
    for (const auto& [outcome, runs] : job.runs) count += runs;
    return count;
  }

  static std::uint64_t failures_of(const JobStatus& job) {
    const auto done = job.runs.find("done");
    return count_of(job) - (done == job.runs.end() ? 0 : done->second);
  }

  void write_times() {
    head("linkferry_job_running", "gauge", "1 while the job runs.");
    for (const JobStatus& job : jobs_)
      sample("linkferry_job_running", job, "", job.is_running ? 1 : 0);
    head("linkferry_job_last_success_timestamp_seconds", "gauge",
         "The end of the last run that was done.");
    for (const JobStatus& job : jobs_)
      time_sample("linkferry_job_last_success_timestamp_seconds", job, job.last_success);
    head("linkferry_job_next_run_timestamp_seconds", "gauge", "When the job is to run next.");
    for (const JobStatus& job : jobs_)
      time_sample("linkferry_job_next_run_timestamp_seconds", job, job.next_run);
  }

  void head(std::string_view name, std::string_view type, std::string_view help) {
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  }

  template <class Value>
  void sample(std::string_view name, const JobStatus& job, const std::string& more_labels,
              const Value& value) {
    text_ += fmt::format("{}{{job=\"{}\"{}}} {}\n", name, label_value(job.job), more_labels, value);
  }

  void time_sample(std::string_view name, const JobStatus& job, std::optional<Moment> time) {
    if (time) sample(name, job, "", time->time_since_epoch().count());
  }

  const std::vector<JobStatus>& jobs_;
  std::string text_;
};

}  // namespace

std::string format_health(const std::vector<JobStatus>& jobs, Moment started_at, Moment now) {
  return std::string(HealthWriter().write(jobs, started_at, now));
}

std::string format_metrics(const std::vector<JobStatus>& jobs, Moment started_at) {
  return MetricsWriter(jobs).write(started_at);
}

}  // namespace linkferry
