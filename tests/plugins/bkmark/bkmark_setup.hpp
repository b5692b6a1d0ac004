#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bkmark/bkmark_sink.hpp"
#include "bkmark/bkmark_source.hpp"
#include "contract/listing.hpp"
#include "host/open_endpoint.hpp"
#include "pipeline/run.hpp"
#include "support/bookmarks.hpp"
#include "support/catch.hpp"
#include "support/fakes/fake_bkmark.hpp"
#include "support/list_endpoints.hpp"
#include "support/map_settings.hpp"
#include "support/network_host.hpp"

namespace linkferry::test {

inline Timestamp date(const char* text) { return parse_rfc3339(text); }

inline std::int64_t moment(const char* text) { return read_bkmark_date(text).value_or(0); }

/// A Bkmark, and the plugin's two ends on it. Pauses of the client take no time.
struct BkmarkSetup {
  FakeBkmark fake;
  NetworkHost host;
  BookmarkMaker make;
  std::map<std::string, std::string> options;
  std::vector<std::pair<std::string, std::string>> groups;
  std::vector<std::unique_ptr<MapSettings>> settings;

  BkmarkSetup() = default;
  explicit BkmarkSetup(FakeBkmark::Options fake_options) : fake(std::move(fake_options)) {}

  MapSettings& make_settings() {
    settings.push_back(std::make_unique<MapSettings>());
    MapSettings& made = *settings.back();
    made.set("url", fake.url()).set_secret("token", std::string(fake.options().token));
    made.set_endpoint("marks").set_table("groups", groups);
    for (const auto& [name, value] : options) made.set(name, value);
    return made;
  }
  std::unique_ptr<Source> source() { return bkmark::make_source(make_settings(), host); }
  std::unique_ptr<Sink> sink() { return bkmark::make_sink(make_settings(), host); }
  OpenSink open_sink() {
    static const Descriptor descriptor = [] {
      Descriptor made;
      made.name = "bkmark";
      made.make_source = &bkmark::make_source;
      made.make_sink = &bkmark::make_sink;
      return made;
    }();
    static const Plugin plugin{&descriptor, "bkmark.so"};
    return linkferry::open_sink(plugin, make_settings(), host, MayWrite::yes);
  }
  contract::Listing read(Source& from, std::size_t limit = 256) {
    return contract::read_all(from, limit);
  }
  BkmarkLibrary& library() { return fake.library(); }

  BkmarkRow& add(const std::string& url, const std::string& title = "A page") {
    BkmarkRow row;
    row.url = url;
    row.title = title;
    return library().add(row);
  }
  /// `count` bookmarks, a minute apart; every `archived`-th is archived.
  void fill(std::size_t count, std::size_t archived = 0) {
    for (std::size_t i = 0; i < count; ++i) {
      BkmarkRow row;
      row.url = "https://site.example/" + std::to_string(i);
      row.title = "Page " + std::to_string(i);
      row.tags = {"tag" + std::to_string(i % 5)};
      row.is_archived = archived != 0 && i % archived == 0;
      row.created = moment("2021-01-01T00:00:00Z") + static_cast<std::int64_t>(i) * 60'000;
      library().add(row);
    }
  }
  /// Runs a job from a list to the library.
  RunSummary run(std::vector<Bookmark> bookmarks, Job job = {}) {
    struct Silent final : PlanObserver {
      void on_change(const PlannedChange&) override {}
    };
    job.name = "test";
    job.to = "marks";
    std::vector<NamedSource> sources;
    ListSource::Behaviour behaviour;
    behaviour.batch_size = 256;
    sources.push_back({"list", std::make_unique<ListSource>(
                                   std::move(bookmarks), std::vector<PlacedFolder>(), behaviour)});
    OpenSink sink = open_sink();
    Silent observer;
    const RunSummary summary = run_job(job, sources, sink, observer, {});
    CHECK(summary.ledger.is_balanced());
    return summary;
  }
};

/// Reads what is there, as a run does before it writes.
inline void read_existing(Sink& sink) { contract::read_all(*sink.existing(), 256); }

inline std::vector<Outcome> write(Sink& sink, const std::vector<Change>& changes) {
  std::vector<Outcome> outcomes(changes.size());
  sink.write(changes, outcomes, {});
  return outcomes;
}

/// Represents and creates one bookmark.
inline Outcome create(Sink& sink, const Bookmark& bookmark, Arena& arena) {
  const Representation held = sink.represent(bookmark, arena);
  INFO(held.refusal);
  REQUIRE(is_absent(held.refusal));
  return write(sink, {{Action::create, &held.bookmark, nullptr, {}}}).front();
}

inline Outcome change(Sink& sink, Action action, const Bookmark& bookmark, Text id, Arena& arena) {
  const Representation held = sink.represent(bookmark, arena);
  return write(sink, {{action, &held.bookmark, nullptr, id}}).front();
}

inline std::vector<std::string> urls(const contract::Listing& listing) {
  std::vector<std::string> all;
  for (const Bookmark* bookmark : listing.bookmarks()) all.emplace_back(bookmark->url);
  return all;
}

}  // namespace linkferry::test
