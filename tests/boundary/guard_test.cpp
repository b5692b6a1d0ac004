#include "boundary/module_path.hpp"
#include "host/engine_host.hpp"
#include "host/open_endpoint.hpp"
#include "support/map_settings.hpp"

using namespace linkferry;
using namespace linkferry::boundary;
using Catch::Matchers::Contains;
using Catch::Matchers::Equals;

namespace {

/// One plugin, ready to be opened.
struct Opened {
  explicit Opened(const std::string& name) : plugin(catalog.load_file(module_path(name))) {}

  PluginCatalog catalog{{}};
  const Plugin& plugin;
  test::MapSettings settings{{}};
  EngineHost host{{}};
};

}  // namespace

TEST_CASE("what a plugin throws becomes a failure that names plugin, function and text",
          "[boundary]") {
  Opened opened("throwing");
  const auto source = open_source(opened.plugin, opened.settings, opened.host);
  const auto thrown = [&](const char* what) { return failure_of([&] { source->resume(what); }); };
  CHECK_THAT(thrown("std").what(),
             Contains("plugin misbehaved: throwing, Source::resume: index 7 of 3"));
  CHECK_THAT(thrown("poco").what(), Contains("plugin misbehaved: throwing, Source::resume:") &&
                                        Contains("bad port: host:x"));
  CHECK_THAT(
      thrown("int").what(),
      Contains("plugin misbehaved: throwing, Source::resume: something that is no exception"));
  CHECK(thrown("int").kind() == FailureKind::failed);
}

TEST_CASE("a failure that a plugin throws on purpose keeps its kind and text", "[boundary]") {
  Opened opened("throwing");
  const auto source = open_source(opened.plugin, opened.settings, opened.host);
  const Failure failure = failure_of([&] { source->resume("failure"); });
  CHECK(failure.kind() == FailureKind::authentication);
  CHECK_THAT(failure.what(), Equals("the token was refused"));
}

TEST_CASE("every function of a sink is guarded", "[boundary]") {
  Opened opened("throwing");
  const OpenSink sink = open_sink(opened.plugin, opened.settings, opened.host, MayWrite::yes);
  Arena arena;
  CHECK_THAT(failure_of([&] { sink.view->represent({}, arena); }).what(),
             Contains("Sink::represent: cannot do that"));
  CHECK_THAT(failure_of([&] { sink.writer->write({}, {}, {}); }).what(), Contains("Sink::write"));
  CHECK_THAT(failure_of([&] { sink.writer->commit(); }).what(), Equals("disk full"));
  const auto existing = sink.view->existing();
  CHECK_THAT(failure_of([&] { existing->resume("int"); }).what(), Contains("Source::resume"));
}

TEST_CASE("a dry run is given no way to write", "[boundary]") {
  Opened opened("good");
  CHECK(open_sink(opened.plugin, opened.settings, opened.host, MayWrite::no).writer == nullptr);
  CHECK(open_sink(opened.plugin, opened.settings, opened.host, MayWrite::yes).writer != nullptr);
}

TEST_CASE("a factory that makes nothing is a misbehaving plugin", "[boundary]") {
  Opened opened("null_factories");
  CHECK_THAT(failure_of([&] { open_source(opened.plugin, opened.settings, opened.host); }).what(),
             Contains("plugin misbehaved: null_factories, make_source: it returned no source"));
  CHECK_THAT(failure_of([&] {
               open_sink(opened.plugin, opened.settings, opened.host, MayWrite::no);
             }).what(),
             Contains("plugin misbehaved: null_factories, make_sink: it returned no sink"));
}

TEST_CASE("a plugin is not asked for a role that it does not offer", "[boundary]") {
  Opened opened("lying");
  const Failure failure =
      failure_of([&] { open_sink(opened.plugin, opened.settings, opened.host, MayWrite::no); });
  CHECK(failure.kind() == FailureKind::configuration);
  CHECK_THAT(failure.what(), Contains("plugin lying cannot be written to"));
}

TEST_CASE("broken promises about a batch are told from records", "[boundary]") {
  Opened opened("lying");
  const auto source = open_source(opened.plugin, opened.settings, opened.host);
  const auto read = [&] {
    Batch batch;
    return std::string(failure_of([&] { source->read(batch, 10, {}); }).what());
  };
  CHECK_THAT(
      read(),
      Contains(
          "plugin misbehaved: lying, Source::read: the batch holds more bookmarks than the limit"));
  CHECK_THAT(read(), Contains("a folder record stands behind the end of its batch"));
  CHECK_THAT(read(), Contains("a rejection stands behind the end of its batch"));
  CHECK_THAT(read(), Contains("cut off, but no notice says where"));
}
