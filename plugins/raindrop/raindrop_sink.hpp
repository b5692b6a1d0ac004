#pragma once

#include <memory>

#include "linkferry/host.hpp"
#include "linkferry/settings.hpp"
#include "linkferry/sink.hpp"

namespace linkferry::raindrop {

/// A staged sink that writes Raindrop's CSV to the option `path`, in the option `layout`. What is
/// there must be CSV: `existing` refuses an HTML export, which would not survive being replaced
/// (Failure configuration).
std::unique_ptr<Sink> make_sink(const Settings& settings, Host& host);

}  // namespace linkferry::raindrop
