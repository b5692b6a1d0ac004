#pragma once

#include <memory>

#include "linkferry/host.hpp"
#include "linkferry/settings.hpp"
#include "linkferry/sink.hpp"
#include "linkferry/source.hpp"

namespace linkferry::mastodon {

/// A file where the option `path` is given, else the account at `url`. Nothing is asked yet.
/// Errors: Failure configuration.
std::unique_ptr<Source> make_source(const Settings& settings, Host& host);
std::unique_ptr<Sink> make_sink(const Settings& settings, Host& host);

}  // namespace linkferry::mastodon
