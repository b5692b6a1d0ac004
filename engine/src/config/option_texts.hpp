#pragma once

#include <Poco/JSON/Object.h>

#include <string>
#include <utility>
#include <vector>

#include "config/config_node.hpp"

namespace linkferry {

/// Options that were given as texts, on a command line, as a config file would have them: texts
/// become what the schema wants. An option of a list may be given several times; one of a table is
/// `option=key=value`; a token is `option=env:NAME` or `option=file:PATH`, never the token itself.
ConfigNode::Ptr make_options(const std::vector<std::pair<std::string, std::string>>& options,
                             const Poco::JSON::Object& schema, std::vector<Problem>& problems);

}  // namespace linkferry
