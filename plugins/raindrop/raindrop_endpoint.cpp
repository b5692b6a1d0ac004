#include "raindrop/raindrop_endpoint.hpp"

#include "linkferry/failure.hpp"
#include "raindrop/raindrop_api_sink.hpp"
#include "raindrop/raindrop_api_source.hpp"
#include "raindrop/raindrop_export_source.hpp"
#include "raindrop/raindrop_sink.hpp"
#include "raindrop/raindrop_source.hpp"

namespace linkferry::raindrop {

std::unique_ptr<Source> make_endpoint_source(const Settings& settings, Host& host) {
  if (settings.has("path")) return make_source(settings, host);
  auto api = std::make_shared<Api>(settings, host);
  const bool reads_trash = settings.flag("trash");
  if (settings.text("via") != "csv")
    return std::make_unique<ApiSource>(
        std::move(api), ApiSource::Options{settings.endpoint(), reads_trash, nullptr});
  if (reads_trash) {
    throw Failure(FailureKind::configuration,
                  settings.endpoint() + ": the export has no Trash; leave via or trash out");
  }
  return std::make_unique<ExportSource>(std::move(api), settings.endpoint());
}

std::unique_ptr<Sink> make_endpoint_sink(const Settings& settings, Host& host) {
  if (settings.has("path")) return make_sink(settings, host);
  return std::make_unique<ApiSink>(std::make_shared<Api>(settings, host), settings.endpoint(),
                                   settings.flag("permanent"));
}

}  // namespace linkferry::raindrop
