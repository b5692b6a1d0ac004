#include <Poco/JSON/Parser.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "cli/account_use.hpp"
#include "cli/commands.hpp"
#include "cli/endpoints.hpp"
#include "cli/exit_code.hpp"
#include "cli/output.hpp"
#include "cli/terminal_dialog.hpp"
#include "cli/token_file.hpp"
#include "config/problem.hpp"
#include "config/settings.hpp"
#include "host/guarded_call.hpp"
#include "linkferry/failure.hpp"
#include "net/address.hpp"
#include "net/redaction.hpp"
#include "net/secret_text.hpp"

namespace linkferry {

namespace {

namespace fs = std::filesystem;

/// The folder of the user's configuration files, `…/linkferry`.
fs::path configuration_folder() {
  if (const auto folder = process_environment("XDG_CONFIG_HOME"))
    return fs::path(*folder) / "linkferry";
  if (const auto home = process_environment("HOME")) return fs::path(*home) / ".config/linkferry";
  throw Failure(
      FailureKind::usage,
      "neither XDG_CONFIG_HOME nor HOME is set; name the file for the token with -o FILE");
}

/// A host as part of a file name: `social.example`, `social.example-8080`, `--1-9090` for
/// `[::1]:9090`.
std::string name_of(const Address& address) {
  std::string name = address.host;
  for (char& c : name) {
    if (c == ':' || c == '/') c = '-';
  }
  const bool is_usual_port = address.port == (address.is_tls ? 443 : 80);
  return is_usual_port ? name : fmt::format("{}-{}", name, address.port);
}

/// Where the token goes, absolute; the default folder is made.
fs::path token_path(const CommandLine& line, const Address& address) {
  if (line.output) {
    const fs::path path = resolve_path(*line.output, fs::current_path());
    std::error_code error;
    if (*line.output == "-") {
      throw Failure(FailureKind::usage,
                    "a token is not written to standard output, where others may see it; name a "
                    "file: -o FILE");
    }
    if (fs::is_directory(path, error)) {
      throw Failure(FailureKind::usage, fmt::format("{}: this is a folder; name a file in it",
                                                    in_quotes(*line.output)));
    }
    return path;
  }
  const fs::path folder = fs::absolute(configuration_folder());
  make_private_folder(folder);
  return folder / fmt::format("{}-{}.token", line.arguments[0], name_of(address));
}

/// Whether something is at `path`, and the user has agreed to replace it.
bool may_replace(const fs::path& path, Dialog& dialog) {
  std::error_code error;
  if (fs::symlink_status(path, error).type() == fs::file_type::not_found) return false;
  std::string answer;
  try {
    answer =
        dialog.ask(fmt::format("{} is there already. Replace it? [y/N]", path.string()), false);
  } catch (const Failure& failure) {
    if (failure.kind() != FailureKind::usage) throw;
  }
  if (answer == "y" || answer == "Y" || answer == "yes") return true;
  throw Failure(FailureKind::usage,
                fmt::format("{}: is there already and was not replaced; name another file with -o "
                            "FILE, or remove it",
                            path.string()));
}

/// `text` as YAML reads it back: plain where that is safe, else in double quotes.
std::string as_yaml(const std::string& text) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789~/.:_+-%@=";
  const bool is_plain = !text.empty() && text.find_first_not_of(plain) == std::string::npos &&
                        text.find_first_of("-:%@=.") != 0 && !text.ends_with(':');
  if (is_plain) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

/// `~/…` below the home folder, so that the config file can move with it.
std::string short_path(const fs::path& path) {
  const auto home = process_environment("HOME");
  const std::string text = path.string();
  if (!home || !text.starts_with(*home + "/")) return text;
  return "~" + text.substr(home->size());
}

/// Whether an option takes a reference to a file with a secret, and not the path itself.
bool takes_reference(const Plugin& plugin, const std::string& option) {
  Poco::JSON::Parser parser;
  const auto schema =
      parser.parse(plugin.descriptor->options_schema).extract<Poco::JSON::Object::Ptr>();
  const auto properties = schema->getObject("properties");
  const auto found = properties ? properties->getObject(option) : nullptr;
  if (!found) throw_misbehaved(plugin.name(), "authorize", "it names an option that it has not");
  return found->optValue<std::string>("format", "") == "token";
}

/// The lines of a config file for the new endpoint.
std::string endpoint_lines(const Plugin& plugin, const std::string& url, const std::string& access,
                           bool allows_http) {
  std::string text = fmt::format("endpoints:\n  {0}:\n    plugin: {0}\n    url: {1}\n",
                                 plugin.name(), as_yaml(url));
  if (allows_http) text += "    allow_http: true\n";
  return text + "    " + access + "\n";
}

/// The line for the option that names the file.
std::string access_line(const Plugin& plugin, const std::string& option, const fs::path& file) {
  const std::string path = as_yaml(short_path(file));
  return takes_reference(plugin, option) ? fmt::format("{}: {{file: {}}}", option, path)
                                         : fmt::format("{}: {}", option, path);
}

}  // namespace

int auth_command(Session& session) {
  const CommandLine& line = session.line;
  const Plugin& plugin = session.catalog.load(line.arguments[0]);
  const auto authorize = plugin.descriptor->authorize;
  if (authorize == nullptr) {
    throw Failure(FailureKind::usage,
                  fmt::format("the plugin {} has nothing to do for auth; what it needs stands in "
                              "linkferry plugins show {}",
                              plugin.name(), plugin.name()));
  }
  AuthorizeRequest request{line.arguments[1], line.may_write, line.allows_http};
  if (request.url.find("://") == std::string::npos) request.url = "https://" + request.url;
  const Address address = parse_address(request.url, "URL");
  if (line.redirect) {
    parse_address(*line.redirect, "--redirect");
    request.redirect_address = *line.redirect;
  }

  request.use = account_use(session, plugin.name(), address);

  RedirectRules redirects;
  redirects.listens = !line.pastes_redirect;
  TerminalDialog dialog(STDIN_FILENO, stderr, line.never_asks, session.stop, redirects);
  const fs::path path = token_path(line, address);
  TokenFile file(path, may_replace(path, dialog));
  const Access access = guarded_call(plugin.descriptor->name, "authorize", [&] {
    return authorize(request, session.host, dialog, session.stop);
  });
  redaction().add(SecretText::of(access.secret));
  if (access.secret.is_empty())
    throw_misbehaved(plugin.name(), "authorize", "it returned no token");
  const std::string access_option = access_line(plugin, access.option, path);
  file.store(access.secret);

  dialog.say(fmt::format("What was got is stored in {}. For the config file:\n", path.string()));
  const bool needs_http = line.allows_http && !address.is_tls && !is_loopback(address.host);
  print(endpoint_lines(plugin, request.url, access_option, needs_http));
  return exit_code::done;
}

}  // namespace linkferry
