#include "config/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "config/job_digest.hpp"
#include "config/job_reader.hpp"
#include "config/nearest.hpp"
#include "config/report_format.hpp"
#include "config/schedule_reader.hpp"
#include "config/schema_check.hpp"
#include "config/schemas.hpp"
#include "config/settings.hpp"

namespace linkferry {

namespace {

using NodeKind = ConfigNode::Kind;

constexpr std::size_t max_file_bytes = 4 * 1024 * 1024;

[[noreturn]] void fail_to_read(const std::filesystem::path& file, int error) {
  throw Failure(FailureKind::input,
                fmt::format("{}: the config file cannot be read: {}", file.string(),
                            std::generic_category().message(error)));
}

std::string read_file(const std::filesystem::path& file) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "rb"),
                                                               &std::fclose);
  if (stream == nullptr) fail_to_read(file, errno);
  std::string text;
  char buffer[64 * 1024];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, stream.get())) {
    text.append(buffer, count);
    if (text.size() > max_file_bytes) {
      throw ConfigFailure(
          file.string(),
          {{{}, "this file is larger than 4 MiB; expected a config file of some kilobytes"}});
    }
  }
  if (std::ferror(stream.get()) != 0) fail_to_read(file, errno);
  return text;
}

/// Checks what the schema cannot say: names that have to be known, and the options of each plugin.
class ConfigReader {
 public:
  ConfigReader(PluginDirectory& plugins, const std::filesystem::path& base,
               std::vector<Problem>& problems)
      : plugins_(plugins), base_(base), problems_(problems) {}

  Config read(const ConfigNode& root) {
    Config config;
    // Tables only: what is something else has been told already.
    const ConfigNode* endpoints = find_table(root, "endpoints");
    const ConfigNode* jobs = find_table(root, "jobs");
    if (endpoints != nullptr) {
      for (const auto& member : endpoints->members) read_endpoint(member, config);
    }
    if (jobs != nullptr) {
      for (const auto& member : jobs->members) check_job(member);
    }
    if (problems_.empty() && jobs != nullptr) {
      for (const auto& member : jobs->members) add_job(member, config);
    }
    return config;
  }

 private:
  struct Known {
    std::string plugin;
    PluginFacts facts;
    /// As it is written. Null: its plugin has been complained about.
    const ConfigNode* options = nullptr;
  };

  void add_job(const ConfigNode::Member& member, Config& config) {
    Job& job = config.jobs.emplace_back(read_job(member.name, *member.value, base_));
    job.digest = digest_of(job, *member.value, config.endpoints);
    job.identity = identity_of(job, config.endpoints);
    if (job.mode != Mode::sync) return;
    for (const Endpoint& endpoint : config.endpoints) {
      if (endpoint.name == job.to || std::ranges::find(job.from, endpoint.name) != job.from.end())
        check_views(endpoint, job.name);
    }
  }

  /// A sync keeps whole places the same, since what is out of sight would look deleted: so it does
  /// not heed options that choose what a source reads. A plugin's schema marks them with
  /// `"view": true`.
  void check_views(const Endpoint& endpoint, const std::string& job) {
    const SchemaCheck check(find_known(endpoint.name)->facts.options_schema,
                            "the options schema of plugin " + endpoint.plugin);
    const auto properties = check.schema().getObject("properties");
    if (properties.isNull()) return;
    for (const auto& option : endpoint.options->members) {
      const auto schema = properties->getObject(option.name);
      if (schema.isNull() || !schema->optValue("view", false)) continue;
      const bool is_default =
          schema->has("default") && schema->get("default").toString() == option.value->text;
      if (is_default) continue;
      report(option.position,
             fmt::format("endpoints/{}/{} chooses what is read, but jobs/{} is a sync, which keeps "
                         "all of two places the same; leave it out, or use copy or mirror",
                         endpoint.name, option.name, job));
    }
  }

  static const ConfigNode* find_table(const ConfigNode& table, std::string_view name) {
    const ConfigNode* node = table.find(name);
    return node != nullptr && node->kind == NodeKind::table ? node : nullptr;
  }

  void report(Position position, std::string message) {
    problems_.push_back({position, std::move(message)});
  }

  void read_endpoint(const ConfigNode::Member& member, Config& config) {
    names_.push_back(member.name);
    known_.emplace_back();
    const ConfigNode* plugin = member.value->find("plugin");
    if (plugin == nullptr || plugin->kind != NodeKind::text) return;
    const auto facts = find_plugin(*plugin, member.name);
    if (!facts) return;
    known_.back() = {plugin->text, *facts, member.value.get()};

    auto options = std::make_shared<ConfigNode>(*member.value);
    std::erase_if(options->members, [](const auto& option) { return option.name == "plugin"; });
    check_options(*options, *facts, plugin->text, "endpoints/" + member.name, member.position,
                  problems_);
    config.endpoints.push_back({member.name, plugin->text, std::move(options), base_});
  }

  /// The real path of an endpoint that is a file; empty for others.
  std::string file_of(const Known* endpoint) const {
    if (endpoint == nullptr || endpoint->options == nullptr) return {};
    const ConfigNode* path = endpoint->options->find("path");
    if (path == nullptr || path->kind != NodeKind::text || path->text == "-") return {};
    return real_path(resolve_path(path->text, base_)).string();
  }

  std::optional<PluginFacts> find_plugin(const ConfigNode& plugin, const std::string& endpoint) {
    const auto names = plugins_.names();
    if (std::ranges::find(names, plugin.text) == names.end()) {
      const auto hint = did_you_mean(plugin.text, names);
      report(plugin.position,
             fmt::format("unknown plugin {} in endpoints/{}{}", in_quotes(plugin.text), endpoint,
                         hint.empty() ? known_names(names) : hint));
      return {};
    }
    try {
      return plugins_.facts(plugin.text);
    } catch (const Failure& failure) {
      report(plugin.position, failure.what());
      return {};
    }
  }

  static std::string known_names(const std::vector<std::string>& names) {
    return names.empty() ? "; there are none" : "; expected " + joined_by_or(names);
  }

  /// What says nothing in the mode of the job.
  void check_mode(const ConfigNode& job, const std::string& path) {
    const ConfigNode* node = job.find("mode");
    const std::string_view mode = node != nullptr ? std::string_view(node->text) : "copy";
    const bool is_sync = mode == "sync";
    if (!is_sync && mode != "mirror")
      refuse(job, path, "delete", "does nothing: only `mode: mirror` and `mode: sync` delete");
    if (!is_sync) {
      refuse(job, path, "conflicts", "does nothing: only `mode: sync` has two sides that change");
      return;
    }
    for (const char* rules : {"tags", "folders"}) {
      refuse(job, path, rules,
             "cannot be part of a sync: what such rules make of a record on the way there cannot "
             "be undone on the way back; use copy or mirror");
    }
    refuse(job, path, "on_match", "does nothing in a sync: `conflicts` says who wins");
    check_sides(job, path);
  }

  void check_sides(const ConfigNode& job, const std::string& path) {
    const ConfigNode* deletion = find_table(job, "delete");
    const ConfigNode* policy = deletion != nullptr ? deletion->find("policy") : nullptr;
    if (policy != nullptr && policy->text == "owned") {
      report(policy->position,
             fmt::format("{}/delete/policy is \"owned\", which makes no sense in a sync, where a "
                         "bookmark comes from either side; expected matched or none",
                         path));
    }
    const ConfigNode* from = job.find("from");
    const ConfigNode* to = job.find("to");
    if (from == nullptr || to == nullptr) return;
    if (from->items.size() > 1) {
      return report(from->position,
                    fmt::format("{}/from names {} endpoints, expected one: a sync keeps two places "
                                "the same",
                                path, from->items.size()));
    }
    const ConfigNode& only = from->items.empty() ? *from : *from->items.front();
    if (only.text == to->text) {
      return report(to->position,
                    fmt::format("{}/to is {} as {}/from is, expected another endpoint", path,
                                in_quotes(to->text), path));
    }
    const std::string file = file_of(find_known(to->text));
    if (!file.empty() && file_of(find_known(only.text)) == file) {
      return report(to->position, fmt::format("{}/to is the file {}, as {}/from is, expected "
                                              "another: a sync keeps two places the same",
                                              path, file, path));
    }
    check_endpoint(only, path + "/from", false);
    check_endpoint(*to, path + "/to", true);
  }

  const Known* find_known(const std::string& endpoint) const {
    const auto found = std::ranges::find(names_, endpoint);
    return found == names_.end() ? nullptr
                                 : &known_[static_cast<std::size_t>(found - names_.begin())];
  }

  void refuse(const ConfigNode& job, const std::string& path, std::string_view key,
              std::string_view why) {
    const auto found =
        std::ranges::find_if(job.members, [&](const auto& entry) { return entry.name == key; });
    if (found != job.members.end())
      report(found->position, fmt::format("{}/{} {}", path, key, why));
  }

  void check_job(const ConfigNode::Member& member) {
    if (member.value->kind != NodeKind::table) return;
    const std::string path = "jobs/" + member.name;
    if (const ConfigNode* from = member.value->find("from")) {
      if (from->kind == NodeKind::text) check_endpoint(*from, path + "/from", true);
      for (const auto& item : from->items) check_endpoint(*item, path + "/from", true);
    }
    if (const ConfigNode* to = member.value->find("to")) check_endpoint(*to, path + "/to", false);
    check_mode(*member.value, path);
    if (const ConfigNode* files = member.value->find("report")) {
      if (files->kind == NodeKind::text) check_report(*files, path);
      for (const auto& item : files->items) check_report(*item, path);
    }
    read_schedule(member.value->find("schedule"), path + "/schedule", problems_);
  }

  void check_endpoint(const ConfigNode& node, const std::string& path, bool is_read) {
    if (node.kind != NodeKind::text) return;
    const Known* const found = find_known(node.text);
    if (found == nullptr) {
      const auto hint = did_you_mean(node.text, names_);
      report(node.position, fmt::format("unknown endpoint {} in {}{}", in_quotes(node.text), path,
                                        hint.empty() ? known_names(names_) : hint));
      return;
    }
    const Known& known = *found;
    if (known.options == nullptr || (is_read ? known.facts.is_source : known.facts.is_sink)) return;
    report(node.position,
           fmt::format("{} names the endpoint {}, but the plugin {} cannot {}", path,
                       in_quotes(node.text), known.plugin, is_read ? "read" : "write"));
  }

  void check_report(const ConfigNode& node, const std::string& path) {
    if (node.kind != NodeKind::text || node.text.empty() || report_format_of(node.text)) return;
    report(node.position, fmt::format("{}/report is {}, expected a file that ends in {}", path,
                                      in_quotes(node.text), report_endings));
  }

  PluginDirectory& plugins_;
  const std::filesystem::path& base_;
  std::vector<Problem>& problems_;
  std::vector<std::string> names_;
  std::vector<Known> known_;
};

/// However the file is named, by `..` or by a link to its folder, its jobs stay the same jobs. A
/// link to the file itself is not followed: what it names starts where the link is.
std::filesystem::path real_folder_of(const std::filesystem::path& file) {
  return real_path(std::filesystem::absolute(file).parent_path());
}

}  // namespace

const Endpoint* Config::find_endpoint(std::string_view name) const {
  const auto found = std::ranges::find(endpoints, name, &Endpoint::name);
  return found == endpoints.end() ? nullptr : &*found;
}

const Job& Config::job(const std::string& name) const {
  const auto found = std::ranges::find(jobs, name, &Job::name);
  if (found != jobs.end()) return *found;
  std::vector<std::string> names;
  for (const auto& job : jobs) names.push_back(job.name);
  const auto hint = did_you_mean(name, names);
  throw Failure(FailureKind::usage,
                fmt::format("{} has no job {}{}", file.string(), in_quotes(name),
                            hint.empty() ? "; it has " + joined_by_or(names) : hint));
}

void check_options(const ConfigNode& options, const PluginFacts& plugin,
                   const std::string& plugin_name, const std::string& path, Position position,
                   std::vector<Problem>& problems) {
  SchemaCheck(plugin.options_schema, "the options schema of plugin " + plugin_name)
      .check(options, path, position, problems);
}

Config read_config(const std::string& text, const std::string& origin,
                   const std::filesystem::path& base, PluginDirectory& plugins) {
  std::vector<Problem> problems;
  const auto root = parse_yaml(text, origin, problems);
  SchemaCheck(find_schema("job"), "job.schema.json").check(*root, "", {1, 1}, problems);
  Config config = ConfigReader(plugins, base, problems).read(*root);
  if (!problems.empty()) throw ConfigFailure(origin, std::move(problems));
  config.file = origin;
  return config;
}

Config load_config(const std::filesystem::path& file, PluginDirectory& plugins) {
  return read_config(read_file(file), file.string(), real_folder_of(file), plugins);
}

}  // namespace linkferry
