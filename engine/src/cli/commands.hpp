#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "cli/command_line.hpp"
#include "cli/interruption.hpp"
#include "cli/log.hpp"
#include "cli/peeking_host.hpp"
#include "cli/time_limit.hpp"
#include "config/config.hpp"
#include "host/engine_host.hpp"
#include "host/plugin_catalog.hpp"

namespace linkferry {

/// What every command works with. Lives as long as the command, or the one of several jobs that it
/// was made for.
struct Session {
  const CommandLine& line;
  Logger& logger;
  std::stop_token stop;
  const TimeLimit& time_limit;
  EngineHost engine_host;
  PeekingHost host;
  std::shared_ptr<PluginCatalog> shared_catalog;
  PluginCatalog& catalog;

  /// Errors: Failure usage for a plugin folder that cannot be one.
  Session(const CommandLine& command_line, Logger& log, std::stop_token stop_token,
          const TimeLimit& limit);

  /// For one of several jobs of `whole`: with the same plugins, and the same limits for the
  /// services that they talk to. What the job and its plugins log begins with the name of the job.
  Session(const Session& whole, const std::string& job);

  /// The config file of --config, $LINKFERRY_CONFIG, the current folder or the user's config
  /// folder, checked. Errors: Failure configuration when there is none; as load_config.
  Config load_config();
};

// Each command returns an exit code. Errors: Failure.

int copy_command(Session& session);
int plan_command(Session& session);
int apply_command(Session& session);
int run_command(Session& session);
int verify_command(Session& session);
int undo_command(Session& session);
int history_command(Session& session);
int state_command(Session& session);
/// `interruption` tells it when to read its config file again.
int daemon_command(Session& session, Interruption& interruption);
int check_command(Session& session);
int auth_command(Session& session);
int plugins_command(Session& session);
int schema_command(Session& session);
/// Loads the plugins, whose names are among the words.
int completion_command(Session& session);

}  // namespace linkferry
