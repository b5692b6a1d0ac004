#pragma once

#include <memory>

#include "linkferry/host.hpp"
#include "linkferry/settings.hpp"
#include "linkferry/sink.hpp"
#include "linkferry/source.hpp"

namespace linkferry::raindrop {

/// A file where the option `path` is given, else the account of `token` or `credentials`. Nothing
/// is asked yet. Errors: Failure configuration.
std::unique_ptr<Source> make_endpoint_source(const Settings& settings, Host& host);
std::unique_ptr<Sink> make_endpoint_sink(const Settings& settings, Host& host);

}  // namespace linkferry::raindrop
