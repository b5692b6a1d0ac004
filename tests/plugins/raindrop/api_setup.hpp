#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "contract/listing.hpp"
#include "host/open_endpoint.hpp"
#include "linkferry/timestamp_text.hpp"
#include "pipeline/run.hpp"
#include "raindrop/raindrop_api.hpp"
#include "raindrop/raindrop_credentials.hpp"
#include "raindrop/raindrop_endpoint.hpp"
#include "support/bookmarks.hpp"
#include "support/catch.hpp"
#include "support/fakes/fake_raindrop.hpp"
#include "support/map_settings.hpp"
#include "support/network_host.hpp"

namespace linkferry::test {

using Strings = std::vector<std::string>;
using Requests = FakeRaindrop::Kind;

inline Timestamp date(const char* text) { return parse_rfc3339(text); }

inline Milliseconds moment(const char* text) {
  const Timestamp time = parse_rfc3339(text);
  return time.seconds * 1000 + time.nanoseconds / 1'000'000;
}

/// An account of Raindrop, and the plugin's two ends on it. Pauses of the client take no time.
struct RaindropSetup {
  FakeRaindrop fake;
  NetworkHost host;
  std::map<std::string, std::string> options;
  std::vector<std::unique_ptr<MapSettings>> settings;

  RaindropSetup() = default;
  explicit RaindropSetup(FakeRaindrop::Faults faults)
      : fake(FakeRaindrop::Options{.faults = faults}) {}

  MapSettings& make_settings(const std::string& place = "home") {
    settings.push_back(std::make_unique<MapSettings>());
    MapSettings& made = *settings.back();
    made.set("url", fake.url(place)).set_endpoint("rain");
    if (!options.contains("credentials"))
      made.set_secret("token", std::string(fake.options().token));
    for (const auto& [name, value] : options) made.set(name, value);
    return made;
  }
  std::unique_ptr<Source> source(const std::string& place = "home") {
    return raindrop::make_endpoint_source(make_settings(place), host);
  }
  std::unique_ptr<Sink> sink(const std::string& place = "home") {
    return raindrop::make_endpoint_sink(make_settings(place), host);
  }
  OpenSink open_sink(const std::string& place = "home") {
    static const Descriptor descriptor = [] {
      Descriptor made;
      made.name = "raindrop";
      made.make_source = &raindrop::make_endpoint_source;
      made.make_sink = &raindrop::make_endpoint_sink;
      return made;
    }();
    static const Plugin plugin{&descriptor, "raindrop.so"};
    return linkferry::open_sink(plugin, make_settings(place), host, MayWrite::yes);
  }
  RaindropAccount& account(const std::string& place = "home") { return fake.account(place); }
  /// Fills an account with `count` bookmarks, a minute apart.
  void fill(std::size_t count, const std::string& place = "home") {
    for (std::size_t i = 0; i < count; ++i) {
      RaindropAccount::Fields fields;
      fields.link = "https://site.example/" + std::to_string(i);
      fields.title = "Page " + std::to_string(i);
      fields.tags = Strings{"tag" + std::to_string(i % 5)};
      fields.created =
          moment("2021-01-01T00:00:00Z") + static_cast<Milliseconds>(i) * Milliseconds{60'000};
      account(place).create(fields);
    }
  }
  /// All that a new source gives.
  contract::Listing read(const std::string& place = "home") {
    return contract::read_all(*source(place), 256);
  }
};

inline RaindropAccount::Fields fields_of(std::string link, std::string title = "") {
  RaindropAccount::Fields fields;
  fields.link = std::move(link);
  fields.title = std::move(title);
  return fields;
}

inline Strings urls(const contract::Listing& listing) {
  Strings all;
  for (const Bookmark* bookmark : listing.bookmarks()) all.emplace_back(bookmark->url);
  return all;
}

/// The checkpoint at the end; empty where there is none.
inline std::string checkpoint_of(const contract::Listing& listing) {
  return listing.borders.empty() ? "" : listing.borders.back().checkpoint;
}

/// Represents bookmarks and writes them as one call.
inline std::vector<Outcome> write(Sink& sink, Action action, const std::vector<Bookmark>& bookmarks,
                                  Arena& arena, const Strings& ids = {}) {
  std::vector<Bookmark> held;
  for (const Bookmark& bookmark : bookmarks) {
    const Representation representation = sink.represent(bookmark, arena);
    INFO(representation.refusal);
    REQUIRE(is_absent(representation.refusal));
    held.push_back(representation.bookmark);
  }
  std::vector<Change> changes;
  for (std::size_t i = 0; i < held.size(); ++i)
    changes.push_back({action, &held[i], nullptr, ids.empty() ? Text() : Text(ids[i])});
  std::vector<Outcome> outcomes(changes.size());
  sink.write(changes, outcomes, {});
  return outcomes;
}

/// Links that are dated to the millisecond.
inline std::vector<Bookmark> links(BookmarkMaker& make, std::size_t count) {
  std::vector<Bookmark> all;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    all.push_back(make.link("https://site.example/" + number, "Page " + number));
    all.back().created_at = {1'600'000'000 + static_cast<std::int64_t>(i), 347'000'000,
                             Precision::millisecond};
  }
  return all;
}

inline bool are_all(const std::vector<Outcome>& outcomes, Result result) {
  return std::ranges::all_of(outcomes,
                             [result](const Outcome& outcome) { return outcome.result == result; });
}

/// Where a row is: the titles of its collection and of those it is in.
inline Strings place_of(RaindropSetup& setup, const RaindropRow& row) {
  Strings path;
  for (auto id = row.collection; id > 0; id = setup.account().collections()[id].parent)
    path.insert(path.begin(), setup.account().collections()[id].title);
  return path;
}

/// Removes rows through a sink that has read what there is.
inline std::vector<Outcome> remove(RaindropSetup& setup, const Strings& ids) {
  const auto sink = setup.sink();
  contract::read_all(*sink->existing(), 256);
  BookmarkMaker make;
  const Bookmark b = make.link("https://site.example/");
  std::vector<Change> changes;
  for (const std::string& id : ids) changes.push_back({Action::remove, &b, nullptr, id});
  std::vector<Outcome> outcomes(changes.size());
  setup.fake.forget_counts();
  sink->write(changes, outcomes, {});
  return outcomes;
}

inline Strings all_ids(RaindropSetup& setup) {
  Strings ids;
  for (const auto& [id, row] : setup.account().rows()) ids.push_back(std::to_string(id));
  return ids;
}

class SilentObserver final : public PlanObserver {
 public:
  void on_change(const PlannedChange&) override {}
};

/// A source over a list.
class ListSource final : public Source {
 public:
  explicit ListSource(std::vector<Bookmark> bookmarks) : bookmarks_(std::move(bookmarks)) {}
  ReadResult read(Batch& batch, std::size_t limit, std::stop_token) override {
    for (; next_ < bookmarks_.size() && batch.bookmarks.size() < limit; ++next_)
      batch.bookmarks.push_back(bookmarks_[next_]);
    return next_ < bookmarks_.size() ? ReadResult::more : ReadResult::end;
  }
  bool rewind() override {
    next_ = 0;
    return true;
  }

 private:
  std::vector<Bookmark> bookmarks_;
  std::size_t next_ = 0;
};

/// Runs a job from a source to an account.
inline RunSummary run_into(RaindropSetup& setup, std::unique_ptr<Source> source, Job job = {},
                           const std::string& place = "home") {
  job.name = "test";
  job.to = "rain";
  std::vector<NamedSource> sources;
  sources.push_back({"list", std::move(source)});
  OpenSink sink = setup.open_sink(place);
  SilentObserver observer;
  const RunSummary summary = run_job(job, sources, sink, observer, {});
  CHECK(summary.ledger.is_balanced());
  return summary;
}

}  // namespace linkferry::test
