#pragma once

#include <memory>

#include "linkferry/host.hpp"
#include "linkferry/settings.hpp"
#include "linkferry/source.hpp"

namespace linkferry::netscape {

/// A source over the file of option `path`. Options: `tags_separator`.
/// Errors: Failure input when it cannot be opened.
std::unique_ptr<Source> make_source(const Settings& settings, Host& host);

}  // namespace linkferry::netscape
