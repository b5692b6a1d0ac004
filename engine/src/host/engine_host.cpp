#include "host/engine_host.hpp"

#include <sys/stat.h>

#include "host/input_file.hpp"
#include "host/staged_file.hpp"
#include "net/http_client.hpp"

namespace linkferry {

EngineHost::EngineHost(Log log, std::stop_token stop)
    : log_(std::move(log)), stop_(std::move(stop)) {}

void EngineHost::log(LogLevel level, std::string_view message) {
  if (!log_) return;
  const std::lock_guard lock(mutex_);
  log_(level, message);
}

void EngineHost::remember(const std::string& path) {
  const std::lock_guard lock(mutex_);
  seen_[path] = identity_of(path);
}

std::unique_ptr<InputFile> EngineHost::open_file(const std::string& path) {
  remember(path);
  return open_input_file(path, stop_);
}

bool EngineHost::file_exists(const std::string& path) {
  remember(path);
  // A pipe or a device holds nothing that could be read and kept: as a target it is always empty.
  struct stat status {};
  return path != "-" && ::stat(path.c_str(), &status) == 0 &&
         (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

std::unique_ptr<StagedFile> EngineHost::stage_file(const std::string& path) {
  const std::lock_guard lock(mutex_);
  // Taken out: what is written next without another look is not planned from this.
  const auto seen = seen_.extract(path);
  return stage_output_file(path, seen.empty() ? ExpectedTarget() : seen.mapped());
}

std::unique_ptr<HttpClient> EngineHost::make_http_client(const HttpSettings& settings) {
  HttpEnvironment environment;
  environment.log = [this](LogLevel level, std::string_view message) { log(level, message); };
  environment.limiters = limiters_;
  environment.deadline = deadline_;
  return linkferry::make_http_client(settings, std::move(environment));
}

}  // namespace linkferry
