#include <fmt/format.h>

#include <filesystem>

#include "cli/commands.hpp"
#include "cli/endpoints.hpp"
#include "linkferry/failure.hpp"

namespace linkferry {

namespace {

namespace fs = std::filesystem;

/// The first config file that is there, of those nobody named.
std::optional<fs::path> find_config(std::string& searched) {
  std::vector<fs::path> candidates{"linkferry.yaml"};
  if (const auto folder = process_environment("XDG_CONFIG_HOME")) {
    candidates.push_back(fs::path(*folder) / "linkferry/config.yaml");
  } else if (const auto home = process_environment("HOME")) {
    candidates.push_back(fs::path(*home) / ".config/linkferry/config.yaml");
  }
  for (const auto& candidate : candidates) {
    std::error_code error;
    if (fs::exists(candidate, error)) return candidate;
    searched += (searched.empty() ? "" : " and ") + candidate.string();
  }
  return {};
}

}  // namespace

Session::Session(const CommandLine& command_line, Logger& log, std::stop_token stop_token,
                 const TimeLimit& limit)
    : line(command_line),
      logger(log),
      stop(stop_token),
      time_limit(limit),
      engine_host([&log](LogLevel level, std::string_view message) { log.log(level, message); },
                  stop_token),
      host(engine_host),
      shared_catalog(std::make_shared<PluginCatalog>(plugin_folders(
          command_line.plugin_paths, process_environment("LINKFERRY_PLUGIN_PATH").value_or("")))),
      catalog(*shared_catalog) {
  if (limit.end()) engine_host.set_deadline(*limit.end());
}

Session::Session(const Session& whole, const std::string& job)
    : line(whole.line),
      logger(whole.logger),
      stop(whole.stop),
      time_limit(whole.time_limit),
      engine_host(
          [&log = whole.logger, job](LogLevel level, std::string_view message) {
            if (log.is_enabled(level)) log.log(level, fmt::format("job {}: {}", job, message));
          },
          whole.stop),
      host(engine_host),
      shared_catalog(whole.shared_catalog),
      catalog(*shared_catalog) {
  engine_host.share_limits_with(whole.engine_host);
  if (time_limit.end()) engine_host.set_deadline(*time_limit.end());
}

Config Session::load_config() {
  std::optional<fs::path> file;
  std::string searched;
  if (line.config) {
    file = *line.config;
  } else if (const auto named = process_environment("LINKFERRY_CONFIG")) {
    file = *named;
  } else {
    file = find_config(searched);
  }
  if (!file) {
    throw Failure(
        FailureKind::configuration,
        fmt::format("there is no config file; searched {}. Name one with --config FILE, or use "
                    "`linkferry copy FROM TO`, which needs none",
                    searched));
  }
  logger.log(LogLevel::info, fmt::format("config file {}", file->string()));
  CatalogDirectory plugins(catalog);
  return linkferry::load_config(*file, plugins);
}

}  // namespace linkferry
