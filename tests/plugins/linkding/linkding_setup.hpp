#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "contract/listing.hpp"
#include "host/open_endpoint.hpp"
#include "linkding/linkding_sink.hpp"
#include "linkding/linkding_source.hpp"
#include "pipeline/run.hpp"
#include "support/bookmarks.hpp"
#include "support/catch.hpp"
#include "support/fakes/fake_linkding.hpp"
#include "support/map_settings.hpp"
#include "support/network_host.hpp"

namespace linkferry::test {

inline Timestamp date(const char* text) { return parse_rfc3339(text); }

inline Microseconds moment(const char* text) {
  const Timestamp time = parse_rfc3339(text);
  return time.seconds * 1'000'000 + time.nanoseconds / 1000;
}

/// A linkding, and the plugin's two ends on it. Pauses of the client take no time.
struct LinkdingSetup {
  FakeLinkding fake;
  NetworkHost host;
  std::map<std::string, std::string> options;
  std::vector<std::unique_ptr<MapSettings>> settings;

  LinkdingSetup() = default;
  explicit LinkdingSetup(FakeLinkding::Options fake_options) : fake(std::move(fake_options)) {}

  MapSettings& make_settings(const std::string& place = "home") {
    settings.push_back(std::make_unique<MapSettings>());
    MapSettings& made = *settings.back();
    made.set("url", fake.url(place)).set_secret("token", std::string(fake.options().token));
    made.set_endpoint("links");
    for (const auto& [name, value] : options) made.set(name, value);
    return made;
  }
  std::unique_ptr<Source> source(const std::string& place = "home") {
    return linkding::make_source(make_settings(place), host);
  }
  std::unique_ptr<Sink> sink(const std::string& place = "home") {
    return linkding::make_sink(make_settings(place), host);
  }
  OpenSink open_sink(const std::string& place = "home", MayWrite may_write = MayWrite::yes) {
    static const Descriptor descriptor = [] {
      Descriptor made;
      made.name = "linkding";
      made.make_source = &linkding::make_source;
      made.make_sink = &linkding::make_sink;
      return made;
    }();
    static const Plugin plugin{&descriptor, "linkding.so"};
    return linkferry::open_sink(plugin, make_settings(place), host, may_write);
  }
  contract::Listing read(Source& from, std::size_t limit = 256) {
    return contract::read_all(from, limit);
  }
  /// What the library holds, in the order of the ids.
  std::vector<LinkdingRow> rows(const std::string& place = "home") {
    std::vector<LinkdingRow> all;
    for (const auto& [id, row] : fake.library(place).rows()) all.push_back(row);
    return all;
  }
  /// Fills a library with `count` bookmarks, a minute apart; every `archived`-th is archived.
  void fill(std::size_t count, std::size_t archived = 0, const std::string& place = "home") {
    for (std::size_t i = 0; i < count; ++i) {
      LinkdingLibrary::Fields fields;
      fields.url = "https://site.example/" + std::to_string(i);
      fields.title = "Page " + std::to_string(i);
      fields.tags = std::vector<std::string>{"tag" + std::to_string(i % 5)};
      fields.is_archived = archived != 0 && i % archived == 0;
      fields.added = fields.modified =
          moment("2021-01-01T00:00:00Z") + static_cast<Microseconds>(i) * 60'000'000;
      fake.library(place).post(fields);
    }
  }
};

/// Represents and creates one bookmark.
inline Outcome create(Sink& sink, const Bookmark& bookmark, Arena& arena) {
  const Representation held = sink.represent(bookmark, arena);
  INFO(held.refusal);
  REQUIRE(is_absent(held.refusal));
  const Change change{Action::create, &held.bookmark, nullptr, {}};
  Outcome outcome;
  sink.write({&change, 1}, {&outcome, 1}, {});
  return outcome;
}

inline Outcome change(Sink& sink, Action action, const Bookmark& bookmark, Text id, Arena& arena) {
  const Representation held = sink.represent(bookmark, arena);
  const Change wanted{action, &held.bookmark, nullptr, id};
  Outcome outcome;
  sink.write({&wanted, 1}, {&outcome, 1}, {});
  return outcome;
}

inline std::vector<std::string> urls(const contract::Listing& listing) {
  std::vector<std::string> all;
  for (const Bookmark* bookmark : listing.bookmarks()) all.emplace_back(bookmark->url);
  return all;
}

class SilentObserver final : public PlanObserver {
 public:
  void on_change(const PlannedChange&) override {}
};

/// Runs a job from sources to a library.
inline RunSummary run_into(LinkdingSetup& setup, std::vector<NamedSource> sources, Job job = {},
                           const std::string& place = "home") {
  job.name = "test";
  job.to = "links";
  OpenSink sink = setup.open_sink(place);
  SilentObserver observer;
  const RunSummary summary = run_job(job, sources, sink, observer, {});
  CHECK(summary.ledger.is_balanced());
  return summary;
}

}  // namespace linkferry::test
