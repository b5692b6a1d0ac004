#include "cli/endpoints.hpp"

#include <Poco/JSON/Parser.h>
#include <fmt/format.h>

#include <algorithm>

#include "cli/location.hpp"
#include "config/nearest.hpp"
#include "config/schema_check.hpp"
#include "config/settings.hpp"

namespace linkferry {

namespace {

using NodeKind = ConfigNode::Kind;

/// What the schema says of an option under `keyword`; empty where it says nothing, or no text.
std::string fact_of(const Poco::JSON::Object& schema, const std::string& option,
                    const char* keyword) {
  const auto properties = schema.getObject("properties");
  const auto property = properties ? properties->getObject(option) : nullptr;
  if (property.isNull() || !property->get(keyword).isString()) return "";
  return property->getValue<std::string>(keyword);
}

ConfigNode::Ptr text_node(const std::string& text) {
  auto node = std::make_shared<ConfigNode>();
  node->kind = NodeKind::text;
  node->text = text;
  return node;
}

/// A number or a boolean where the schema wants one; else text, about which the schema may
/// complain.
ConfigNode::Ptr scalar_node(const std::string& text, const std::string& type) {
  ConfigNode parsed = parse_scalar(text, {});
  const bool is_wanted = (type == "boolean" && parsed.kind == NodeKind::boolean) ||
                         ((type == "integer" || type == "number") &&
                          (parsed.kind == NodeKind::integer || parsed.kind == NodeKind::number));
  return is_wanted ? std::make_shared<ConfigNode>(std::move(parsed)) : text_node(text);
}

/// The value that an option has after one more `option=text`.
ConfigNode::Ptr extended(const ConfigNode* before, const std::string& text,
                         const std::string& type) {
  auto node = std::make_shared<ConfigNode>();
  if (before != nullptr) *node = *before;
  if (type == "array") {
    node->kind = NodeKind::list;
    node->items.push_back(text_node(text));
    return node;
  }
  node->kind = NodeKind::table;
  const std::size_t equals = text.find('=');
  const std::string value = equals == std::string::npos ? "" : text.substr(equals + 1);
  node->members.push_back({text.substr(0, equals), {}, text_node(value)});
  return node;
}

/// `env:NAME` or `file:PATH`. Anything else may be the token itself: it is not repeated.
ConfigNode::Ptr token_node(const std::string& option, const std::string& text,
                           std::vector<Problem>& problems) {
  auto node = std::make_shared<ConfigNode>();
  node->kind = NodeKind::table;
  const std::size_t colon = text.find(':');
  const std::string kind = text.substr(0, colon);
  if (colon != std::string::npos && (kind == "env" || kind == "file")) {
    node->members.push_back({kind, {}, text_node(text.substr(colon + 1))});
    return node;
  }
  problems.push_back({{},
                      fmt::format("the option {} holds a token, which must not stand on a command "
                                  "line, where others can see it; expected {}=env:NAME or "
                                  "{}=file:PATH",
                                  in_quotes(option), option, option)});
  return node;
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

ConfigNode::Ptr make_options(const std::vector<std::pair<std::string, std::string>>& options,
                             const Poco::JSON::Object& schema, std::vector<Problem>& problems) {
  auto table = std::make_shared<ConfigNode>();
  table->kind = NodeKind::table;
  for (const auto& [name, text] : options) {
    const std::string type = fact_of(schema, name, "type");
    const auto before = std::ranges::find(table->members, name, &ConfigNode::Member::name);
    const bool is_there = before != table->members.end();
    if (type == "array" || type == "object") {
      auto value = extended(is_there ? before->value.get() : nullptr, text, type);
      if (is_there) {
        before->value = std::move(value);
      } else {
        table->members.push_back({name, {}, std::move(value)});
      }
    } else if (is_there) {
      problems.push_back(
          {{}, fmt::format("the option {} is given twice, expected once", in_quotes(name))});
    } else if (fact_of(schema, name, "format") == "token") {
      table->members.push_back({name, {}, token_node(name, text, problems)});
    } else {
      table->members.push_back({name, {}, scalar_node(text, type)});
    }
  }
  return table;
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
    if (!has_path && (!properties || !properties->has("url"))) {
      throw Failure(FailureKind::usage,
                    fmt::format("{}: the plugin {} has no location, expected {}:",
                                in_quotes(argument), name, name));
    }
    all.emplace(all.begin(), has_path ? "path" : "url", path);
  }
  std::vector<Problem> problems;
  auto node = make_options(all, check.schema(), problems);
  check.check(*node, name, {}, problems);
  if (!problems.empty()) {
    throw Failure(
        FailureKind::usage,
        fmt::format("{}\nTry: linkferry plugins show {}",
                    ConfigFailure(in_quotes(argument), std::move(problems)).what(), name));
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
  if (path == "-" || path.empty()) return;
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
