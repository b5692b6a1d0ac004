#pragma once

#include <memory>
#include <vector>

#include "cli/commands.hpp"
#include "config/endpoint.hpp"
#include "host/open_endpoint.hpp"

namespace linkferry {

/// Opens endpoints and keeps what they were opened with. Outlives all that it opened.
class OpenEndpoints {
 public:
  explicit OpenEndpoints(Session& session) : session_(session) {}

  /// Errors: as open_source and open_sink.
  std::unique_ptr<Source> source(const Endpoint& endpoint);
  OpenSink sink(const Endpoint& endpoint, MayWrite may_write);

 private:
  const Settings& settings_for(const Endpoint& endpoint, const Plugin& plugin);

  Session& session_;
  std::vector<std::unique_ptr<Settings>> settings_;
};

}  // namespace linkferry
