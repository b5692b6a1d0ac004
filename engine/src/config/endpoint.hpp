#pragma once

#include <filesystem>
#include <string>

#include "config/config_node.hpp"

namespace linkferry {

/// A configured place: a plugin and its options.
struct Endpoint {
  std::string name;  ///< of the config file, or the argument of the command line as it was given
  std::string plugin;
  ConfigNode::Ptr options;  ///< a table, without `plugin`
  std::filesystem::path
      base;  ///< the folder that relative paths among the options start from; absolute
};

}  // namespace linkferry
