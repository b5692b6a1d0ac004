#pragma once

#include <Poco/JSON/Object.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/config_node.hpp"

namespace linkferry {

/// A JSON Schema (draft 7) that says what is wrong in words.
///
/// Whether a value is valid is what valijson says. The words are our own: they name what was found
/// and expected and the nearest known key. Beyond draft 7 these formats are checked: `timestamp` (a
/// day or an RFC 3339 time), `regex` (PCRE), `token` (a reference to a secret, never the secret
/// itself). Other formats are notes for people.
class SchemaCheck {
 public:
  /// Errors: Failure configuration, when `schema` is no JSON Schema; `name` is what to call it
  /// then.
  SchemaCheck(std::string_view schema, const std::string& name);
  ~SchemaCheck();
  SchemaCheck(SchemaCheck&&) noexcept;

  /// Adds to `problems` whatever is wrong with `node`; adds nothing when it is valid.
  /// `path` is what the messages call the node (`jobs/x`, empty for the top of a file); `position`
  /// is that of its name.
  void check(const ConfigNode& node, const std::string& path, Position position,
             std::vector<Problem>& problems) const;

  /// The schema itself.
  const Poco::JSON::Object& schema() const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace linkferry
