#include "config/option_texts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/nearest.hpp"

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

}  // namespace

ConfigNode::Ptr make_options(const std::vector<std::pair<std::string, std::string>>& options,
                             const Poco::JSON::Object& schema, std::vector<Problem>& problems) {
  auto table = std::make_shared<ConfigNode>();
  table->kind = NodeKind::table;
  for (const auto& [name, text] : options) {
    const std::string type = fact_of(schema, name, "type");
    const auto before = std::ranges::find(table->members, name, &ConfigNode::Member::name);
    const bool is_there = before != table->members.end();
    const bool is_token = fact_of(schema, name, "format") == "token";
    if ((type == "array" || type == "object") && !is_token) {
      auto value = extended(is_there ? before->value.get() : nullptr, text, type);
      if (is_there) {
        before->value = std::move(value);
      } else {
        table->members.push_back({name, {}, std::move(value)});
      }
    } else if (is_there) {
      problems.push_back(
          {{}, fmt::format("the option {} is given twice, expected once", in_quotes(name))});
    } else {
      table->members.push_back(
          {name, {}, is_token ? token_node(name, text, problems) : scalar_node(text, type)});
    }
  }
  return table;
}

}  // namespace linkferry
