#pragma once

#include <memory>

#include "linkferry/host.hpp"
#include "linkferry/settings.hpp"
#include "linkferry/sink.hpp"

namespace linkferry::pocket {

/// A staged sink that writes Pocket's CSV to the option `path`. What is there must be such a CSV: a
/// zip or ril_export.html would not survive being replaced by one, so `existing` refuses it
/// (Failure configuration).
std::unique_ptr<Sink> make_sink(const Settings& settings, Host& host);

}  // namespace linkferry::pocket
