#include "cli/job_places.hpp"

#include <algorithm>
#include <cctype>

#include "config/settings.hpp"

namespace linkferry {

namespace {

const std::string* find_text(const Endpoint& endpoint, const char* option) {
  const ConfigNode* node = endpoint.options->find(option);
  return node != nullptr && node->kind == ConfigNode::Kind::text ? &node->text : nullptr;
}

std::string place_of_file(const std::string& path) { return "file " + real_path(path).string(); }

std::string without_slash_and_case(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  std::ranges::transform(url, url.begin(), [](unsigned char c) { return std::tolower(c); });
  return url;
}

}  // namespace

std::string place_of(const Endpoint& endpoint) {
  if (is_standard_stream(endpoint)) return "stream";
  if (const std::string* path = find_text(endpoint, "path"))
    return place_of_file(resolve_path(*path, endpoint.base));
  if (const std::string* url = find_text(endpoint, "url"))
    return "service " + without_slash_and_case(*url);
  return "plugin " + endpoint.plugin;
}

Places places_of(const JobRequest& request) {
  Places places;
  const auto add = [&](const Endpoint& endpoint) {
    places.push_back("endpoint " + endpoint.name);
    places.push_back(place_of(endpoint));
  };
  std::ranges::for_each(request.sources, add);
  add(request.sink);
  for (const auto& report : request.job.reports) places.push_back(place_of_file(report));
  std::ranges::sort(places);
  return places;
}

}  // namespace linkferry
