#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "linkferry/secret.hpp"

namespace linkferry {

/// The options of one endpoint, already checked against the plugin's own schema, with its defaults
/// filled in.
///
/// Names are those of the schema. Asking for another type than the schema states is a bug
/// (asserts). Options of format `path` are absolute here, or `-`. Thread: any.
class Settings {
 public:
  virtual ~Settings() = default;

  /// The name of the endpoint as the config file has it.
  virtual const std::string& endpoint() const = 0;

  virtual bool has(std::string_view name) const = 0;
  /// Nothing where it is neither given nor has a default.
  virtual std::optional<std::string> text(std::string_view name) const = 0;
  /// 0 where it is neither given nor has a default.
  virtual std::int64_t number(std::string_view name) const = 0;
  /// False where it is neither given nor has a default.
  virtual bool flag(std::string_view name) const = 0;
  virtual std::vector<std::string> list(std::string_view name) const = 0;
  /// Pairs of an object of texts, in the order of the names.
  virtual std::vector<std::pair<std::string, std::string>> table(std::string_view name) const = 0;
  /// What an option of the format `token` refers to: read now, from the environment, a file or a
  /// program. Empty where the option is not given. Errors: Failure configuration, when there is
  /// nothing to be read there.
  virtual Secret secret(std::string_view /*name*/) const { return {}; }
};

}  // namespace linkferry
