#include "config/schema_explainer.hpp"

#include <Poco/JSON/Array.h>
#include <Poco/RegularExpression.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "config/nearest.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry {

namespace {

using NodeKind = ConfigNode::Kind;
using Schema = Poco::JSON::Object;

std::string name_path(const std::string& path) { return path.empty() ? "this file" : path; }

/// `in jobs/x`, `at the top level`.
std::string in_path(const std::string& path) {
  return path.empty() ? "at the top level" : "in " + path;
}

std::string inner_path(const std::string& path, const std::string& name) {
  // A key may be anything; in a message it is short and without control characters.
  const std::string shown = in_quotes(name);
  const std::string plain = shown.substr(1, shown.size() - 2);
  return path.empty() ? plain : path + "/" + plain;
}

/// What stands there, in words. Never used for a secret.
std::string describe(const ConfigNode& node) {
  switch (node.kind) {
    case NodeKind::null:
      return "empty";
    case NodeKind::boolean:
      return node.text;
    case NodeKind::integer:
    case NodeKind::number:
      return "the number " + node.text;
    case NodeKind::text:
      return in_quotes(node.text);
    case NodeKind::list:
      return "a list";
    case NodeKind::table:
      return "a table";
  }
  return {};
}

bool is_of_type(const ConfigNode& node, const std::string& type) {
  switch (node.kind) {
    case NodeKind::null:
      return type == "null";
    case NodeKind::boolean:
      return type == "boolean";
    case NodeKind::integer:
      return type == "integer" || type == "number";
    case NodeKind::number:
      return type == "number";
    case NodeKind::text:
      return type == "string";
    case NodeKind::list:
      return type == "array";
    case NodeKind::table:
      return type == "object";
  }
  return false;
}

std::string name_of_type(const std::string& type) {
  if (type == "string") return "a text";
  if (type == "integer") return "a whole number";
  if (type == "number") return "a number";
  if (type == "boolean") return "true or false";
  if (type == "array") return "a list";
  if (type == "object") return "a table";
  return "nothing";
}

std::vector<std::string> types_of(const Schema& schema) {
  const auto type = schema.get("type");
  if (type.isEmpty()) return {};
  if (const auto list = schema.getArray("type")) {
    std::vector<std::string> types;
    for (const auto& item : *list) types.push_back(item.convert<std::string>());
    return types;
  }
  return {type.convert<std::string>()};
}

bool fits_type(const ConfigNode& node, const std::vector<std::string>& types) {
  return types.empty() ||
         std::ranges::any_of(types, [&](const auto& type) { return is_of_type(node, type); });
}

/// How to make a text of what YAML reads as something else.
std::string quoting_advice(const ConfigNode& node, const std::vector<std::string>& types) {
  const bool wants_text = std::ranges::find(types, "string") != types.end();
  const bool is_word = node.kind == NodeKind::boolean || node.kind == NodeKind::integer ||
                       node.kind == NodeKind::number;
  return wants_text && is_word ? "; write \"" + node.text + "\", with quotes" : std::string();
}

std::optional<std::int64_t> limit(const Schema& schema, const char* name) {
  if (!schema.has(name)) return {};
  return schema.getValue<std::int64_t>(name);
}

std::vector<std::string> names_in(const Schema& schema, const char* keyword) {
  std::vector<std::string> names;
  if (const auto table = schema.getObject(keyword)) table->getNames(names);
  return names;
}

std::string known_keys(const std::vector<std::string>& names) {
  if (names.empty()) return "; expected no keys here";
  std::string text = names.size() == 1 ? "; expected " : "; expected one of ";
  for (std::size_t i = 0; i < names.size(); ++i) text += (i > 0 ? ", " : "") + names[i];
  return text;
}

}  // namespace

void SchemaExplainer::report(Position position, std::string message) const {
  problems_.push_back({position, std::move(message)});
}

const Schema& SchemaExplainer::resolve(const Schema& schema) const {
  const Schema* found = &schema;
  // A chain of references that long goes in circles; valijson refuses it.
  for (int i = 0; i < 16 && found->has("$ref"); ++i) {
    const auto reference = found->getValue<std::string>("$ref");
    constexpr std::string_view local = "#/definitions/";
    if (!reference.starts_with(local)) break;
    const auto definitions = root_.getObject("definitions");
    const auto next =
        definitions ? definitions->getObject(reference.substr(local.size())) : nullptr;
    if (next.isNull()) break;
    found = next.get();
  }
  return *found;
}

void SchemaExplainer::explain(const ConfigNode& node, const std::string& path,
                              Position position) const {
  explain(node, root_, path, position);
}

void SchemaExplainer::explain(const ConfigNode& node, const Schema& given, const std::string& path,
                              Position position) const {
  const Schema& schema = resolve(given);
  if (schema.optValue<std::string>("format", "") == "token") return explain_token(node, path);
  for (const char* keyword : {"anyOf", "oneOf"}) {
    if (const auto choices = schema.getArray(keyword))
      return explain_choice(node, *choices, path, position);
  }
  const auto types = types_of(schema);
  if (!fits_type(node, types)) {
    report(node.position,
           fmt::format("{} is {}, expected {}{}", name_path(path), describe(node),
                       joined_by_or(expected_types(schema)), quoting_advice(node, types)));
    return;
  }
  if (node.kind == NodeKind::list) return explain_list(node, schema, path);
  if (node.kind == NodeKind::table) return explain_table(node, schema, path, position);
  explain_scalar(node, schema, path);
}

std::vector<std::string> SchemaExplainer::expected_types(const Schema& given) const {
  const Schema& schema = resolve(given);
  std::vector<std::string> words;
  for (const auto& type : types_of(schema)) words.push_back(name_of_type(type));
  if (const auto values = schema.getArray("enum"); words.empty() && values) {
    for (const auto& value : *values) words.push_back(value.convert<std::string>());
  }
  return words;
}

void SchemaExplainer::explain_choice(const ConfigNode& node, const Poco::JSON::Array& choices,
                                     const std::string& path, Position position) const {
  std::vector<const Schema*> fitting;
  std::vector<std::string> expected;
  for (unsigned i = 0; i < choices.size(); ++i) {
    const auto choice = choices.getObject(i);
    if (choice.isNull()) continue;
    const Schema& schema = resolve(*choice);
    if (fits_type(node, types_of(schema))) fitting.push_back(&schema);
    for (auto& word : expected_types(schema)) {
      if (std::ranges::find(expected, word) == expected.end()) expected.push_back(std::move(word));
    }
  }
  if (fitting.size() == 1) return explain(node, *fitting.front(), path, position);
  if (!fitting.empty()) return;  // Several are possible: valijson decides.
  report(node.position, fmt::format("{} is {}, expected {}", name_path(path), describe(node),
                                    joined_by_or(expected)));
}

void SchemaExplainer::explain_scalar(const ConfigNode& node, const Schema& schema,
                                     const std::string& path) const {
  if (schema.has("const")) {
    const auto wanted = from_json(schema.get("const"));
    if (wanted->kind != node.kind || wanted->text != node.text) {
      report(node.position,
             fmt::format("{} is {}, expected {}", name_path(path), describe(node), wanted->text));
    }
    return;
  }
  if (const auto values = schema.getArray("enum")) {
    std::vector<std::string> words;
    for (const auto& value : *values) words.push_back(value.convert<std::string>());
    const bool is_known =
        node.kind == NodeKind::text && std::ranges::find(words, node.text) != words.end();
    if (is_known) return;
    report(node.position, fmt::format("{} is {}, expected {}{}", name_path(path), describe(node),
                                      joined_by_or(words), did_you_mean(node.text, words)));
    return;
  }
  if (node.kind == NodeKind::text) return explain_text(node, schema, path);
  if (node.kind == NodeKind::integer || node.kind == NodeKind::number)
    explain_number(node, schema, path);
}

void SchemaExplainer::explain_text(const ConfigNode& node, const Schema& schema,
                                   const std::string& path) const {
  const auto say = [&](const std::string& expected) {
    report(node.position,
           fmt::format("{} is {}, expected {}", name_path(path), describe(node), expected));
  };
  // Lengths of JSON Schema are in characters; that is what continuation bytes are left out for.
  const auto length = std::ranges::count_if(
      node.text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  if (const auto least = limit(schema, "minLength"); least && length < *least) {
    return say(*least == 1 ? "at least one character"
                           : fmt::format("at least {} characters", *least));
  }
  if (const auto most = limit(schema, "maxLength"); most && length > *most) {
    return say(fmt::format("at most {} characters", *most));
  }
  if (schema.has("pattern")) {
    const Poco::RegularExpression pattern(schema.getValue<std::string>("pattern"),
                                          Poco::RegularExpression::RE_UTF8);
    Poco::RegularExpression::Match match;
    if (pattern.match(node.text, 0, match) == 0) {
      const std::string description = schema.optValue<std::string>("description", "");
      return say(description.empty() ? "a text like " + schema.getValue<std::string>("pattern")
                                     : description);
    }
  }
  const std::string format = schema.optValue<std::string>("format", "");
  if (format == "timestamp" && !parse_rfc3339(node.text).is_known()) {
    return say("a day as 2019-01-01 or a time as 2019-01-01T12:00:00Z");
  }
  if (format != "regex") return;
  try {
    const Poco::RegularExpression expression(node.text, Poco::RegularExpression::RE_UTF8);
  } catch (const Poco::Exception& error) {
    say("a regular expression: " + error.message());
  }
}

void SchemaExplainer::explain_number(const ConfigNode& node, const Schema& schema,
                                     const std::string& path) const {
  const double value =
      node.kind == NodeKind::integer ? static_cast<double>(node.integer) : node.number;
  const auto say = [&](const char* relation, const char* keyword) {
    report(node.position, fmt::format("{} is {}, expected {} {}", name_path(path), node.text,
                                      relation, schema.getValue<std::string>(keyword)));
  };
  if (schema.has("minimum") && value < schema.getValue<double>("minimum"))
    return say("at least", "minimum");
  if (schema.has("maximum") && value > schema.getValue<double>("maximum"))
    return say("at most", "maximum");
  if (schema.has("exclusiveMinimum") && value <= schema.getValue<double>("exclusiveMinimum")) {
    say("more than", "exclusiveMinimum");
  }
}

void SchemaExplainer::explain_list(const ConfigNode& node, const Schema& schema,
                                   const std::string& path) const {
  const auto count = static_cast<std::int64_t>(node.items.size());
  if (const auto least = limit(schema, "minItems"); least && count < *least) {
    report(node.position,
           count == 0
               ? fmt::format("{} is an empty list, expected at least {} in it", path, *least)
               : fmt::format("{} has {} entries, expected at least {}", path, count, *least));
  }
  if (const auto most = limit(schema, "maxItems"); most && count > *most) {
    report(node.position,
           fmt::format("{} has {} entries, expected at most {}", path, count, *most));
  }
  if (schema.optValue("uniqueItems", false)) {
    std::set<std::string> seen;
    for (const auto& item : node.items) {
      if (item->kind == NodeKind::text && !seen.insert(item->text).second) {
        report(item->position,
               fmt::format("{} has {} twice, expected it once", path, in_quotes(item->text)));
      }
    }
  }
  const auto items = schema.getObject("items");
  if (items.isNull()) return;
  for (const auto& item : node.items) explain(*item, *items, "an entry of " + path, item->position);
}

void SchemaExplainer::explain_table(const ConfigNode& node, const Schema& schema,
                                    const std::string& path, Position position) const {
  if (const auto required = schema.getArray("required")) {
    for (const auto& value : *required) {
      const auto name = value.convert<std::string>();
      if (node.find(name) != nullptr) continue;
      // A misspelled key is named once, as an unknown key.
      report(position.line > 0 ? position : node.position,
             fmt::format("missing key \"{}\" {}", name, in_path(path)));
    }
  }
  if (const auto least = limit(schema, "minProperties");
      least && static_cast<std::int64_t>(node.members.size()) < *least) {
    report(node.position, fmt::format("{} is an empty table, expected at least {} in it",
                                      name_path(path), *least));
  }
  for (const auto& member : node.members) explain_member(member, schema, path);
}

void SchemaExplainer::explain_member(const ConfigNode::Member& member, const Schema& schema,
                                     const std::string& path) const {
  const std::string inner = inner_path(path, member.name);
  if (const auto names = schema.getObject("propertyNames")) {
    ConfigNode name;
    name.kind = NodeKind::text;
    name.text = member.name;
    name.position = member.position;
    const std::size_t before = problems_.size();
    explain(name, *names, "a name " + in_path(path), member.position);
    if (problems_.size() > before) return;
  }
  if (const auto properties = schema.getObject("properties");
      properties && properties->has(member.name)) {
    return explain(*member.value, *properties->getObject(member.name), inner, member.position);
  }
  if (const auto others = schema.getObject("additionalProperties")) {
    return explain(*member.value, *others, inner, member.position);
  }
  if (schema.optValue("additionalProperties", true)) return;
  const auto names = names_in(schema, "properties");
  const auto hint = did_you_mean(member.name, names);
  report(member.position, fmt::format("unknown key {} {}{}", in_quotes(member.name), in_path(path),
                                      hint.empty() ? known_keys(names) : hint));
}

void SchemaExplainer::explain_token(const ConfigNode& node, const std::string& path) const {
  constexpr std::string_view expected =
      "{env: NAME}, {file: PATH} or {command: [program, argument, ...]}";
  if (node.kind != NodeKind::table) {
    // The value is not shown: it may be the secret.
    const bool is_literal = node.kind != NodeKind::null && node.kind != NodeKind::list;
    report(node.position,
           fmt::format("{} is {}, expected {}", path,
                       is_literal ? "written out, but a secret never stands in a config file"
                                  : describe(node),
                       expected));
    return;
  }
  const auto& members = node.members;
  const bool is_reference =
      members.size() == 1 && (members[0].name == "env" || members[0].name == "file") &&
      members[0].value->kind == NodeKind::text && !members[0].value->text.empty();
  const bool is_command =
      members.size() == 1 && members[0].name == "command" &&
      members[0].value->kind == NodeKind::list && !members[0].value->items.empty() &&
      std::ranges::all_of(members[0].value->items,
                          [](const auto& item) { return item->kind == NodeKind::text; });
  if (!is_reference && !is_command) {
    report(node.position,
           fmt::format("{} is a table that says nothing about where the secret is, expected {}",
                       path, expected));
  }
}

}  // namespace linkferry
