#include "config/config_node.hpp"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <algorithm>
#include <charconv>

namespace linkferry {

namespace {

template <class Number>
bool parse_number(std::string_view text, Number& value) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

/// from_chars also reads `inf` and `nan`, which are words here.
bool looks_like_number(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789.eE+-") == std::string_view::npos &&
         (text.front() == '.' || (text.front() >= '0' && text.front() <= '9'));
}

}  // namespace

const ConfigNode* ConfigNode::find(std::string_view name) const {
  const auto found = std::ranges::find(members, name, &Member::name);
  return found == members.end() ? nullptr : found->value.get();
}

ConfigNode parse_scalar(std::string text, Position position) {
  using Kind = ConfigNode::Kind;
  ConfigNode node;
  node.position = position;
  node.kind = Kind::text;
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") {
    node.kind = Kind::null;
  } else if (text == "true" || text == "True" || text == "TRUE") {
    node.kind = Kind::boolean;
    node.boolean = true;
  } else if (text == "false" || text == "False" || text == "FALSE") {
    node.kind = Kind::boolean;
  } else if (looks_like_number(text)) {
    if (parse_number(text, node.integer)) {
      node.kind = Kind::integer;
    } else if (parse_number(text, node.number)) {
      node.kind = Kind::number;
    }
  }
  node.text = std::move(text);
  return node;
}

Poco::Dynamic::Var to_json(const ConfigNode& node) {
  switch (node.kind) {
    case ConfigNode::Kind::null:
      return {};
    case ConfigNode::Kind::boolean:
      return node.boolean;
    case ConfigNode::Kind::integer:
      return node.integer;
    case ConfigNode::Kind::number:
      return node.number;
    case ConfigNode::Kind::text:
      return node.text;
    case ConfigNode::Kind::list: {
      Poco::JSON::Array::Ptr array = new Poco::JSON::Array;
      for (const auto& item : node.items) array->add(to_json(*item));
      return array;
    }
    case ConfigNode::Kind::table:
      break;
  }
  Poco::JSON::Object::Ptr object = new Poco::JSON::Object;
  for (const auto& member : node.members) object->set(member.name, to_json(*member.value));
  return object;
}

ConfigNode::Ptr from_json(const Poco::Dynamic::Var& value) {
  auto node = std::make_shared<ConfigNode>();
  if (value.isEmpty()) return node;
  if (value.type() == typeid(Poco::JSON::Array::Ptr)) {
    node->kind = ConfigNode::Kind::list;
    for (const auto& item : *value.extract<Poco::JSON::Array::Ptr>())
      node->items.push_back(from_json(item));
  } else if (value.type() == typeid(Poco::JSON::Object::Ptr)) {
    node->kind = ConfigNode::Kind::table;
    for (const auto& [name, inner] : *value.extract<Poco::JSON::Object::Ptr>()) {
      node->members.push_back({name, {}, from_json(inner)});
    }
  } else if (value.isBoolean()) {
    node->kind = ConfigNode::Kind::boolean;
    node->boolean = value.convert<bool>();
    node->text = node->boolean ? "true" : "false";
  } else if (value.isInteger()) {
    node->kind = ConfigNode::Kind::integer;
    node->integer = value.convert<std::int64_t>();
    node->text = value.convert<std::string>();
  } else if (value.isNumeric()) {
    node->kind = ConfigNode::Kind::number;
    node->number = value.convert<double>();
    node->text = value.convert<std::string>();
  } else {
    node->kind = ConfigNode::Kind::text;
    node->text = value.convert<std::string>();
  }
  return node;
}

}  // namespace linkferry
