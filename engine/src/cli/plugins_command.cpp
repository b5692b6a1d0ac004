#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "cli/commands.hpp"
#include "cli/endpoints.hpp"
#include "cli/exit_code.hpp"
#include "cli/location.hpp"
#include "cli/output.hpp"
#include "config/nearest.hpp"
#include "contract/contract.hpp"
#include "linkferry/failure.hpp"

namespace linkferry {

namespace {

std::string roles_of(const Plugin& plugin) {
  if (plugin.is_source() && plugin.is_sink()) return "reads, writes";
  return plugin.is_source() ? "reads" : "writes";
}

std::string text_or_empty(const char* text) { return text == nullptr ? "" : text; }

Poco::JSON::Object::Ptr json_of(const Plugin& plugin) {
  Poco::JSON::Object::Ptr object = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
  object->set("name", std::string(plugin.name()));
  object->set("version", text_or_empty(plugin.descriptor->version));
  object->set("summary", text_or_empty(plugin.descriptor->summary));
  object->set("source", plugin.is_source());
  object->set("sink", plugin.is_sink());
  object->set("extensions", text_or_empty(plugin.descriptor->extensions));
  object->set("file", plugin.file.string());
  return object;
}

void print_json(const Poco::Dynamic::Var& value) {
  std::ostringstream text;
  Poco::JSON::Stringifier::stringify(value, text, 2);
  print(text.str() + "\n");
}

int list_as_json(Session& session) {
  Poco::JSON::Array::Ptr array = new Poco::JSON::Array;
  for (const auto& listing : session.catalog.list()) {
    if (listing.plugin != nullptr) {
      array->add(json_of(*listing.plugin));
      continue;
    }
    Poco::JSON::Object::Ptr object = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
    object->set("name", listing.name);
    object->set("file", listing.file.string());
    object->set("problem", listing.problem);
    array->add(object);
  }
  print_json(array);
  return exit_code::done;
}

int list(Session& session) {
  if (session.line.format == ReportFormat::json) return list_as_json(session);
  std::size_t width = 4;
  const auto listings = session.catalog.list();
  for (const auto& listing : listings) width = std::max(width, listing.name.size());
  if (listings.empty())
    session.logger.log(LogLevel::warning,
                       "there are no plugins; --plugin-path FOLDER names a folder of them");
  for (const auto& listing : listings) {
    if (listing.plugin == nullptr) {
      print(escape_for_terminal(
          fmt::format("{:<{}}  refused: {}\n", listing.name, width, listing.problem)));
      continue;
    }
    const Plugin& plugin = *listing.plugin;
    print(
        escape_for_terminal(fmt::format("{:<{}}  {:<7}  {:<13}  {}\n", plugin.name(), width,
                                        text_or_empty(plugin.descriptor->version), roles_of(plugin),
                                        text_or_empty(plugin.descriptor->summary))));
  }
  return exit_code::done;
}

std::string type_words(const Poco::JSON::Object& property) {
  if (const auto values = property.getArray("enum")) {
    std::vector<std::string> words;
    for (const auto& value : *values) words.push_back(value.convert<std::string>());
    return joined_by_or(words);
  }
  const auto format = property.optValue<std::string>("format", "");
  if (format == "path") return "a path";
  if (format == "token") return "a token";
  const auto type = property.has("type") && property.get("type").isString()
                        ? property.getValue<std::string>("type")
                        : "";
  if (type == "string") return "a text";
  if (type == "boolean") return "true or false";
  if (type == "array") return "a list";
  if (type == "object") return "a table";
  return type == "integer" || type == "number" ? "a number" : "";
}

void show_options(const Poco::JSON::Object& schema) {
  const auto properties = schema.getObject("properties");
  if (properties.isNull() || properties->size() == 0) return print("\nIt has no options.\n");
  std::vector<std::string> required;
  if (const auto names = schema.getArray("required")) {
    for (const auto& name : *names) required.push_back(name.convert<std::string>());
  }
  print("\nOptions:\n");
  for (const auto& [name, value] : *properties) {
    const auto property = value.extract<Poco::JSON::Object::Ptr>();
    const bool is_required = std::ranges::find(required, name) != required.end();
    std::string extra = is_required ? ", required" : "";
    if (property->has("default")) {
      std::ostringstream text;
      Poco::JSON::Stringifier::stringify(property->get("default"), text);
      extra += ", default " + text.str();
    }
    print(escape_for_terminal(fmt::format("  {}: {}{}\n      {}\n", name, type_words(*property),
                                          extra,
                                          property->optValue<std::string>("description", ""))));
  }
}

int show(Session& session, const std::string& name) {
  const Plugin& plugin = session.catalog.load(name);
  Poco::JSON::Parser parser;
  const auto schema =
      parser.parse(std::string(facts_of(plugin).options_schema)).extract<Poco::JSON::Object::Ptr>();
  if (session.line.format == ReportFormat::json) {
    auto object = json_of(plugin);
    object->set("options", schema);
    print_json(object);
    return exit_code::done;
  }
  print(escape_for_terminal(
      fmt::format("{} {}: {}\n{}", plugin.name(), text_or_empty(plugin.descriptor->version),
                  text_or_empty(plugin.descriptor->summary), roles_of(plugin))));
  const std::string endings = text_or_empty(plugin.descriptor->extensions);
  if (!endings.empty()) print("; files that end in " + endings);
  print(escape_for_terminal(fmt::format("\n{}\n", plugin.file.string())));
  show_options(*schema);
  return exit_code::done;
}

int test(Session& session, const std::string& argument) {
  if (session.line.format == ReportFormat::json) {
    throw Failure(FailureKind::usage, "--format json does nothing for plugins test, expected text");
  }
  const Location location = parse_path_and_options(argument, argument);
  const bool is_path =
      location.path.find('/') != std::string::npos || location.path.ends_with(".so");
  const Plugin& plugin = is_path
                             ? session.catalog.load_file(std::filesystem::absolute(location.path))
                             : session.catalog.load(location.path);
  const auto findings = run_contract(plugin, location.options, session.host);
  print(format_findings(plugin, findings));
  return is_passed(findings) ? exit_code::done : exit_code::failed;
}

}  // namespace

int plugins_command(Session& session) {
  const auto& arguments = session.line.arguments;
  const std::string what = arguments.empty() ? "list" : arguments.front();
  if (what == "list" && arguments.size() <= 1) return list(session);
  if (what == "show" && arguments.size() == 2) return show(session, arguments[1]);
  if (what == "test" && arguments.size() == 2) return test(session, arguments[1]);
  const std::vector<std::string> known{"list", "show", "test"};
  const bool is_known = std::ranges::find(known, what) != known.end();
  throw Failure(FailureKind::usage,
                fmt::format("{}; usage: linkferry plugins {}",
                            is_known ? fmt::format("plugins {}: expected {} argument", what,
                                                   what == "list" ? "no" : "one")
                                     : fmt::format("plugins: unknown word {}{}", in_quotes(what),
                                                   did_you_mean(what, known)),
                            facts_of(Command::plugins).arguments));
}

}  // namespace linkferry
