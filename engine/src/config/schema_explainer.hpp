#pragma once

#include <Poco/JSON/Object.h>

#include <string>
#include <vector>

#include "config/config_node.hpp"

namespace linkferry {

/// Goes through a value and its schema side by side and says in words where they differ.
///
/// It knows the keywords that our schemas use: $ref (local), type, const, enum, required,
/// properties, additionalProperties, propertyNames, items, anyOf, oneOf, the minima and maxima,
/// uniqueItems, pattern, format.
class SchemaExplainer {
 public:
  /// Both outlive the explainer.
  SchemaExplainer(const Poco::JSON::Object& root, std::vector<Problem>& problems)
      : root_(root), problems_(problems) {}

  /// `path` names the node in messages; `position` is that of its name.
  void explain(const ConfigNode& node, const std::string& path, Position position) const;

 private:
  using Schema = Poco::JSON::Object;

  void explain(const ConfigNode& node, const Schema& schema, const std::string& path,
               Position position) const;
  void explain_scalar(const ConfigNode& node, const Schema& schema, const std::string& path) const;
  void explain_text(const ConfigNode& node, const Schema& schema, const std::string& path) const;
  void explain_number(const ConfigNode& node, const Schema& schema, const std::string& path) const;
  void explain_list(const ConfigNode& node, const Schema& schema, const std::string& path) const;
  void explain_table(const ConfigNode& node, const Schema& schema, const std::string& path,
                     Position position) const;
  void explain_member(const ConfigNode::Member& member, const Schema& schema,
                      const std::string& path) const;
  void explain_choice(const ConfigNode& node, const Poco::JSON::Array& choices,
                      const std::string& path, Position position) const;
  void explain_token(const ConfigNode& node, const std::string& path) const;

  const Schema& resolve(const Schema& schema) const;
  std::vector<std::string> expected_types(const Schema& schema) const;
  void report(Position position, std::string message) const;

  const Schema& root_;
  std::vector<Problem>& problems_;
};

}  // namespace linkferry
