#pragma once

#include <memory>

#include "host/plugin_catalog.hpp"
#include "host/sink_proxy.hpp"
#include "linkferry/plugin.hpp"

namespace linkferry {

enum class MayWrite : bool { no, yes };

/// Opens a source behind a guard: whatever the plugin throws arrives as a Failure of ours.
/// `settings` and `host` outlive it. Errors: Failure configuration when the plugin is no source;
/// Failure failed "plugin misbehaved" for a null source; what the plugin throws.
std::unique_ptr<Source> open_source(const Plugin& plugin, const Settings& settings, Host& host);

/// Opens a sink behind a guard. Without `MayWrite::yes` there is no writer, and no other way to
/// reach `Sink::write`. The writer keeps the sink alive on its own. Errors: as `open_source`.
OpenSink open_sink(const Plugin& plugin, const Settings& settings, Host& host, MayWrite may_write);

}  // namespace linkferry
