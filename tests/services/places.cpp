#include "places.hpp"

#include <algorithm>

namespace linkferry::test {
namespace {

constexpr char mastodon_token[] = "mst0d0n5e2c8d1f0a9b7c6d5e4f3a2b1c0d9e8f7a";

std::string file_of(Place place, const std::string& name) {
  switch (place) {
    case Place::netscape:
      return name + ".html";
    case Place::pocket:
      return name + ".pocket.csv";
    case Place::raindrop_csv:
      return name + ".raindrop.csv";
    case Place::xbel:
      return name + ".xbel";
    default:
      return name + ".jsonl";
  }
}

}  // namespace

std::string_view name_of(Place place) {
  constexpr std::string_view names[] = {"mastodon",     "linkding", "bkmark",
                                        "raindrop",     "netscape", "pocket",
                                        "raindrop csv", "xbel",     "jsonl"};
  return names[static_cast<std::size_t>(place)];
}

Places::Places() {
  mastodon_.token = mastodon_token;
  settings_.variables["MASTODON"] = mastodon_token;
  settings_.variables["LINKDING"] = linkding_.options().token;
  settings_.variables["BKMARK"] = bkmark_.options().token;
  settings_.variables["RAINDROP"] = raindrop_.options().token;
}

std::string Places::at(Place place, const std::string& name) const {
  switch (place) {
    case Place::mastodon:
      return "mastodon:" + mastodon_.url(name) + ",token=env:MASTODON,requests_per_5_minutes=0";
    case Place::linkding:
      return "linkding:" + linkding_.url(name) + ",token=env:LINKDING";
    case Place::bkmark:
      return "bkmark:,url=" + bkmark_.url(name) + ",token=env:BKMARK,requests_per_minute=0";
    case Place::raindrop:
      return "raindrop:,url=" + raindrop_.url(name) + ",token=env:RAINDROP,requests_per_minute=0";
    case Place::pocket:
      return "pocket:" + file_of(place, name);
    case Place::raindrop_csv:
      return "raindrop:" + file_of(place, name);
    default:
      return file_of(place, name);
  }
}

std::string Places::options(Place place, const std::string& name) const {
  const std::string yaml = "{plugin: ";
  switch (place) {
    case Place::mastodon:
      return yaml + "mastodon, url: '" + mastodon_.url(name) +
             "', token: {env: MASTODON}, requests_per_5_minutes: 0}";
    case Place::linkding:
      return yaml + "linkding, url: '" + linkding_.url(name) + "', token: {env: LINKDING}}";
    case Place::bkmark:
      return yaml + "bkmark, url: '" + bkmark_.url(name) +
             "', token: {env: BKMARK}, requests_per_minute: 0}";
    case Place::raindrop:
      return yaml + "raindrop, url: '" + raindrop_.url(name) +
             "', token: {env: RAINDROP}, requests_per_minute: 0}";
    case Place::raindrop_csv:
      return yaml + "raindrop, path: " + file_of(place, name) + "}";
    default:
      return yaml + std::string(name_of(place)) + ", path: " + file_of(place, name) + "}";
  }
}

Ran Places::copy(const std::string& from, const std::string& to) {
  return linkferry({"copy", from, to, "--report", "report.json"});
}

std::string Places::bytes(Place place, const std::string& name) const {
  return folder_.read(file_of(place, name));
}

std::size_t Places::marks_set() const {
  const auto seen = mastodon_.seen();
  return static_cast<std::size_t>(std::ranges::count_if(
      seen, [](const SeenRequest& request) { return request.method != "GET"; }));
}

std::size_t Places::writes(Place place) {
  switch (place) {
    case Place::mastodon:
      return marks_set() - marks_forgotten_;
    case Place::linkding:
      return linkding_.writes();
    case Place::bkmark:
      return bkmark_.writes();
    case Place::raindrop:
      return raindrop_.writes();
    default:
      return 0;
  }
}

void Places::forget_writes() {
  marks_forgotten_ = marks_set();
  linkding_.forget_counts();
  bkmark_.forget_counts();
  raindrop_.forget_counts();
}

}  // namespace linkferry::test
