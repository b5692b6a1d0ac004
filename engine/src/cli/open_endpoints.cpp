#include "cli/open_endpoints.hpp"

#include <Poco/JSON/Parser.h>

#include "cli/endpoints.hpp"
#include "config/settings.hpp"

namespace linkferry {

const Settings& OpenEndpoints::settings_for(const Endpoint& endpoint, const Plugin& plugin) {
  Poco::JSON::Parser parser;
  const auto schema =
      parser.parse(std::string(facts_of(plugin).options_schema)).extract<Poco::JSON::Object::Ptr>();
  settings_.push_back(make_settings(endpoint, *schema, plugin.descriptor->authorize != nullptr));
  return *settings_.back();
}

std::unique_ptr<Source> OpenEndpoints::source(const Endpoint& endpoint) {
  const Plugin& plugin = session_.catalog.load(endpoint.plugin);
  return open_source(plugin, settings_for(endpoint, plugin), session_.host);
}

OpenSink OpenEndpoints::sink(const Endpoint& endpoint, MayWrite may_write) {
  const Plugin& plugin = session_.catalog.load(endpoint.plugin);
  return open_sink(plugin, settings_for(endpoint, plugin), session_.host, may_write);
}

}  // namespace linkferry
