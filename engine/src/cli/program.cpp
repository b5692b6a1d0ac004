#include "cli/program.hpp"

#include <fmt/format.h>

#include <csignal>
#include <exception>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/help.hpp"
#include "cli/interruption.hpp"
#include "cli/output.hpp"
#include "config/nearest.hpp"
#include "config/problem.hpp"
#include "linkferry/abi.hpp"
#include "linkferry/failure.hpp"

namespace linkferry {

namespace {

int help_command(const CommandLine& line) {
  if (line.arguments.empty()) {
    print(program_help());
    return exit_code::done;
  }
  const CommandFacts* command = find_command(line.arguments.front());
  if (command == nullptr) {
    std::vector<std::string> known;
    for (const auto& one : all_commands()) known.emplace_back(one.name);
    throw Failure(FailureKind::usage,
                  fmt::format("there is no command {}{}", in_quotes(line.arguments.front()),
                              did_you_mean(line.arguments.front(), known)));
  }
  print(command_help(*command));
  return exit_code::done;
}

int run_with_session(const CommandLine& line, Logger& logger) {
  std::stop_source stop;
  Interruption interruption(stop);
  const TimeLimit limit(line.max_duration, stop);
  Session session(line, logger, stop.get_token(), limit);
  switch (line.command) {
    case Command::copy:
      return copy_command(session);
    case Command::plan:
      return plan_command(session);
    case Command::apply:
      return apply_command(session);
    case Command::run:
      return run_command(session);
    case Command::verify:
      return verify_command(session);
    case Command::undo:
      return undo_command(session);
    case Command::history:
      return history_command(session);
    case Command::state:
      return state_command(session);
    case Command::daemon:
      return daemon_command(session, interruption);
    case Command::check:
      return check_command(session);
    case Command::auth:
      return auth_command(session);
    case Command::plugins:
      return plugins_command(session);
    case Command::schema:
      return schema_command(session);
    case Command::completion:
      return completion_command(session);
    default:
      return exit_code::usage;
  }
}

int dispatch(const CommandLine& line, Logger& logger) {
  switch (line.command) {
    case Command::help:
      return help_command(line);
    case Command::version:
      print("linkferry " LINKFERRY_VERSION "\n");
      return exit_code::done;
    default:
      return run_with_session(line, logger);
  }
}

/// Every problem of a config file is a message of its own, so that a log in JSON has one line for
/// each.
void log_failure(const Failure& failure, Logger& logger) {
  std::string_view text = failure.what();
  if (dynamic_cast<const ConfigFailure*>(&failure) == nullptr)
    return logger.log(LogLevel::error, text);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    logger.log_place(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

int run_program(const std::vector<std::string>& arguments) {
  // A reader that goes away is an error like any other, so that temporary files are removed.
  std::signal(SIGPIPE, SIG_IGN);
  // A file grown past `ulimit -f` is then an error of the write like any other.
  std::signal(SIGXFSZ, SIG_IGN);
  Logger logger(stderr);
  try {
    const CommandLine line = parse_command_line(arguments, &process_environment);
    logger.configure(line);
    const int code = dispatch(line, logger);
    flush_output();
    return code;
  } catch (const Failure& failure) {
    log_failure(failure, logger);
    return exit_code_of(failure.kind(), Interruption::signal());
  } catch (const std::bad_alloc&) {
    logger.log(LogLevel::error, "there is not enough memory");
    return exit_code::failed;
  } catch (const std::exception& error) {
    logger.log(LogLevel::error,
               fmt::format("this should not happen, please report it: {}", error.what()));
    return exit_code::failed;
  }
}

}  // namespace linkferry
