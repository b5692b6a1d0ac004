#pragma once

#include <Poco/Dynamic/Var.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/problem.hpp"

namespace linkferry {

/// One value of a config file, with the place where it stands. Aliases share their value.
struct ConfigNode {
  using Ptr = std::shared_ptr<const ConfigNode>;

  enum class Kind : std::uint8_t { null, boolean, integer, number, text, list, table };

  struct Member {
    std::string name;
    Position position;  ///< of the name
    Ptr value;
  };

  Position position;
  Kind kind = Kind::null;
  std::string text;  ///< of a scalar, as it was written, without its quotes
  bool boolean = false;
  std::int64_t integer = 0;
  double number = 0;
  std::vector<Ptr> items;
  std::vector<Member> members;  ///< in the order of the file, no name twice

  std::size_t size = 1;    ///< how many values this is, all inner ones counted
  std::size_t height = 1;  ///< how deep it is

  /// The value of a table's member; null where there is none.
  const ConfigNode* find(std::string_view name) const;
};

/// What a plain YAML scalar says, by the core schema of YAML 1.2: null, true and false, numbers;
/// all else is text. So `yes`, `on` and `2019-01-01` are text. Source: YAML 1.2.2 section 10.3.2
/// (read 2026-11-22), without octal and hexadecimal numbers, infinities and NaN, which no option
/// wants.
ConfigNode parse_scalar(std::string text, Position position);

/// Reads YAML, JSON included. Aliases count as often as they are used.
/// `problems` gets what can be told while reading goes on (a key twice).
/// Errors: ConfigFailure with one problem for broken YAML, several documents, more than 100,000
/// values, more than 64 levels, a key that is no text, an unknown tag, text that is not UTF-8.
ConfigNode::Ptr parse_yaml(const std::string& text, const std::string& origin,
                           std::vector<Problem>& problems);

/// The same value as Poco::JSON has it.
Poco::Dynamic::Var to_json(const ConfigNode& node);

/// A value of JSON as a node without position.
ConfigNode::Ptr from_json(const Poco::Dynamic::Var& value);

}  // namespace linkferry
