#include "cli/endpoints.hpp"

#include <Poco/JSON/Parser.h>
#include <fmt/format.h>

#include <algorithm>

#include "cli/location.hpp"
#include "config/nearest.hpp"
#include "config/option_texts.hpp"
#include "config/schema_check.hpp"
#include "config/settings.hpp"

namespace linkferry {

namespace {

bool is_web_address(const std::string& location) {
  return location.starts_with("https://") || location.starts_with("http://");
}

std::string joined_names(const std::vector<const Plugin*>& plugins) {
  std::vector<std::string> names;
  for (const auto* plugin : plugins) names.emplace_back(plugin->name());
  return joined_by_or(names);
}

}  // namespace

PluginFacts facts_of(const Plugin& plugin) {
  const char* schema = plugin.descriptor->options_schema;
  return {schema == nullptr ? R"({"type": "object", "additionalProperties": false})" : schema,
          plugin.is_source(), plugin.is_sink()};
}

PluginFacts CatalogDirectory::facts(const std::string& name) {
  return facts_of(catalog_.load(name));
}

Endpoint EndpointFinder::make_endpoint(
    const std::string& argument, const std::string& path, const Plugin& plugin,
    const std::vector<std::pair<std::string, std::string>>& options) {
  const std::string name(plugin.name());
  const SchemaCheck check(facts_of(plugin).options_schema, "the options schema of plugin " + name);
  auto all = options;
  if (!path.empty()) {
    const auto properties = check.schema().getObject("properties");
    const bool has_path = properties && properties->has("path");
    const bool has_url = properties && properties->has("url");
    if (!has_path && !has_url) {
      throw Failure(FailureKind::usage,
                    fmt::format("{}: the plugin {} has no location, expected {}:",
                                in_quotes(argument), name, name));
    }
    const bool is_url = has_url && (!has_path || is_web_address(path));
    all.emplace(all.begin(), is_url ? "url" : "path", path);
  }
  std::vector<Problem> problems;
  auto node = make_options(all, check.schema(), problems);
  if (problems.empty()) check.check(*node, name, {}, problems);
  if (!problems.empty()) {
    // Without the options: one of them may be a token that should not be here.
    throw Failure(
        FailureKind::usage,
        fmt::format("{}\nTry: linkferry plugins show {}",
                    ConfigFailure(in_quotes(name + ":" + path), std::move(problems)).what(), name));
  }
  return {path.empty() ? argument : path, name, std::move(node), folder_};
}

void EndpointFinder::fail_missing(const std::string& argument) {
  // A file of that name would be `./plugni:x`; a misspelled plugin is more likely.
  const std::size_t colon = argument.find(':');
  std::string hint;
  if (argument.find("://") != std::string::npos) {
    hint = "; addresses are not read by themselves, expected a path or PLUGIN:LOCATION";
  } else if (colon != std::string::npos) {
    const auto names = catalog_.names();
    hint = did_you_mean(argument.substr(0, colon), names);
    if (hint.empty())
      hint = names.empty() ? "; there are no plugins" : "; the plugins are " + joined_by_or(names);
  }
  throw Failure(FailureKind::input,
                fmt::format("{}: there is no such file{}", in_quotes(argument), hint));
}

const Plugin& EndpointFinder::recognize(const std::string& argument, const std::string& path) {
  const auto head = host_.peek(path);
  const auto recognized = catalog_.recognize(head.bytes, head.is_whole);
  if (recognized.plugin != nullptr) {
    host_.log(LogLevel::info,
              fmt::format("{}: read by the plugin {}, which is {} % sure of it", argument,
                          recognized.plugin->name(), recognized.certainty));
    return *recognized.plugin;
  }
  std::string hint = fmt::format("; if you know better, name the plugin: PLUGIN:{}", argument);
  for (const auto& problem : catalog_.problems()) hint += "\na plugin was passed over: " + problem;
  throw Failure(FailureKind::configuration,
                fmt::format("{}: this is no bookmark file that a plugin knows; it looks like {}{}",
                            path == "-" ? "standard input" : in_quotes(argument),
                            describe_content(head.bytes), hint));
}

/// `nosuch:file.html` names a plugin that is not there, rather than a file with a colon in its
/// name.
void EndpointFinder::refuse_unknown_plugin(const std::string& argument) {
  const std::size_t colon = argument.find(':');
  const std::string name = argument.substr(0, colon);
  const bool is_name =
      colon != std::string::npos && !name.empty() &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
  if (!is_name) return;
  const auto names = catalog_.names();
  const std::string hint = did_you_mean(name, names);
  throw Failure(FailureKind::usage,
                fmt::format("{}: there is no plugin {}{}", in_quotes(argument), in_quotes(name),
                            hint.empty() ? "; the plugins are " + joined_by_or(names) : hint));
}

/// Said before anything is planned, not after.
void EndpointFinder::require_folder_of(const std::string& argument, const std::string& path) {
  if (path == "-" || path.empty() || is_web_address(path)) return;
  std::error_code error;
  const std::filesystem::path file = resolve_path(path, folder_);
  if (std::filesystem::is_directory(file, error)) {
    throw Failure(
        FailureKind::usage,
        fmt::format("{}: this is a folder; name a file in it to write", in_quotes(argument)));
  }
  const std::filesystem::path folder = file.parent_path();
  if (folder.empty() || std::filesystem::exists(folder, error)) return;
  throw Failure(FailureKind::usage, fmt::format("{}: there is no folder {}; mkdir -p makes it",
                                                in_quotes(argument), in_quotes(folder.string())));
}

const Plugin& EndpointFinder::by_ending(const std::string& argument) {
  refuse_unknown_plugin(argument);
  const std::string ending = std::filesystem::path(argument).extension().string();
  const auto plugins =
      ending.empty() ? std::vector<const Plugin*>{} : catalog_.by_extension(ending);
  if (plugins.size() == 1) return *plugins.front();
  const std::string form = fmt::format("write PLUGIN:{}", argument);
  if (plugins.empty()) {
    throw Failure(
        FailureKind::usage,
        fmt::format(
            "{}: there is no such file yet, and {} tells no format; {}", in_quotes(argument),
            ending.empty() ? "a name without an ending" : "the ending " + in_quotes(ending), form));
  }
  throw Failure(FailureKind::usage,
                fmt::format("{}: the ending {} may be {}; {}", in_quotes(argument),
                            in_quotes(ending), joined_names(plugins), form));
}

Endpoint EndpointFinder::find_source(const std::string& argument) {
  const Location location = parse_location(argument, catalog_.names());
  if (!location.plugin.empty()) {
    const Plugin& plugin = catalog_.load(location.plugin);
    if (!plugin.is_source()) {
      throw Failure(FailureKind::usage, fmt::format("{}: the plugin {} cannot read",
                                                    in_quotes(argument), location.plugin));
    }
    return make_endpoint(argument, location.path, plugin, location.options);
  }
  const std::string path = resolve_path(location.path, folder_);
  std::error_code error;
  if (path != "-" && !std::filesystem::exists(path, error)) fail_missing(argument);
  const Plugin& plugin = recognize(argument, path);
  return make_endpoint(argument, location.path, plugin, {});
}

Endpoint EndpointFinder::find_sink(const std::string& argument) {
  const Location location = parse_location(argument, catalog_.names());
  require_folder_of(argument, location.path);
  const Plugin* plugin = nullptr;
  if (!location.plugin.empty()) {
    plugin = &catalog_.load(location.plugin);
  } else if (location.path == "-") {
    throw Failure(FailureKind::usage,
                  "\"-\": standard output has no ending that tells the format; write PLUGIN:-, for "
                  "instance jsonl:-");
  } else {
    const std::string path = resolve_path(location.path, folder_);
    // What an empty file is to be is told by its name too.
    const bool has_content = host_.file_exists(path) && !host_.peek(path).bytes.empty();
    plugin = has_content ? &recognize(argument, path) : &by_ending(argument);
  }
  if (!plugin->is_sink()) {
    throw Failure(FailureKind::usage, fmt::format("{}: the plugin {} cannot write",
                                                  in_quotes(argument), plugin->name()));
  }
  return make_endpoint(argument, location.path, *plugin, location.options);
}

}  // namespace linkferry
