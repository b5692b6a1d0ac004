#include "boundary/module_path.hpp"
#include "host/plugin_catalog.hpp"

using namespace linkferry;
using namespace linkferry::boundary;
using Catch::Matchers::Contains;

namespace {

std::vector<fs::path> with_modules(const ScratchFolder& scratch,
                                   const std::vector<std::string>& names) {
  for (const auto& name : names) fs::copy_file(module_path(name), scratch / (name + ".so"));
  return {scratch.path()};
}

}  // namespace

TEST_CASE("a plugin is found by its name and loaded once", "[catalog]") {
  const ScratchFolder scratch;
  PluginCatalog catalog(with_modules(scratch, {"good", "wrong_magic"}));
  const Plugin& plugin = catalog.load("good");
  CHECK(plugin.name() == "good");
  CHECK(plugin.file == scratch / "good.so");
  CHECK(&catalog.load("good") == &plugin);
  // The broken one beside it was not touched.
  CHECK(catalog.problems().empty());
}

TEST_CASE("an unknown plugin is refused with the nearest name and the folders searched",
          "[catalog]") {
  const ScratchFolder scratch;
  PluginCatalog catalog(with_modules(scratch, {"good", "throwing"}));
  const Failure failure = failure_of([&] { catalog.load("trowing"); });
  CHECK(failure.kind() == FailureKind::configuration);
  CHECK_THAT(failure.what(), Contains("there is no plugin \"trowing\"") && Contains("throwing") &&
                                 Contains(scratch.path().string()));
}

TEST_CASE("a plugin's name is no path", "[catalog]") {
  const ScratchFolder scratch;
  PluginCatalog catalog(with_modules(scratch, {"good"}));
  CHECK_THROWS_AS(catalog.load("../" + scratch.path().filename().string() + "/good"), Failure);
}

TEST_CASE("the first folder that has a plugin wins", "[catalog]") {
  const ScratchFolder first;
  const ScratchFolder second;
  with_modules(first, {"good"});
  with_modules(second, {"good", "throwing"});
  PluginCatalog catalog({first.path(), second.path()});
  CHECK(catalog.load("good").file == first / "good.so");
  CHECK(catalog.load("throwing").file == second / "throwing.so");
  CHECK(catalog.names() == std::vector<std::string>{"good", "throwing"});
}

TEST_CASE("the list shows refused plugins with the reason", "[catalog]") {
  const ScratchFolder scratch;
  PluginCatalog catalog(with_modules(scratch, {"good", "no_symbol"}));
  const auto listings = catalog.list();
  REQUIRE(listings.size() == 2);
  CHECK(listings[0].plugin != nullptr);
  CHECK(listings[1].name == "no_symbol");
  CHECK(listings[1].plugin == nullptr);
  CHECK_THAT(listings[1].problem, Contains("does not export"));
}

TEST_CASE("a format is recognised by the plugin that is surest, past those that cannot be loaded",
          "[catalog]") {
  const ScratchFolder scratch;
  PluginCatalog catalog(with_modules(scratch, {"good", "no_symbol", "throwing"}));
  const RecognizedPlugin found = catalog.recognize("good morning", true);
  REQUIRE(found.plugin != nullptr);
  CHECK(found.plugin->name() == "good");
  CHECK(found.certainty == 90);
  CHECK(catalog.problems().size() == 1);
  CHECK(catalog.recognize("bad morning", true).plugin == nullptr);
}

TEST_CASE("an ending finds the sinks that write it, in any case", "[catalog]") {
  const ScratchFolder scratch;
  PluginCatalog catalog(with_modules(scratch, {"good", "throwing"}));
  REQUIRE(catalog.by_extension(".TXT").size() == 1);
  CHECK(catalog.by_extension(".TXT").front()->name() == "good");
  CHECK(catalog.by_extension(".go").empty());
}

TEST_CASE("a plugin is loaded by its path too", "[catalog]") {
  PluginCatalog catalog({});
  const Plugin& plugin = catalog.load_file(module_path("good"));
  CHECK(plugin.name() == "good");
  CHECK(&catalog.load_file(module_path("good")) == &plugin);
}

TEST_CASE("flags are searched before the environment and both before the program's own plugins",
          "[catalog]") {
  const ScratchFolder flag;
  const ScratchFolder environment;
  const auto folders =
      plugin_folders({flag.path().string()}, environment.path().string() + "::/nowhere");
  REQUIRE(folders.size() >= 2);
  CHECK(folders[0] == fs::canonical(flag.path()));
  CHECK(folders[1] == fs::canonical(environment.path()));
  for (const auto& folder : folders) CHECK(folder.is_absolute());
}

TEST_CASE(
    "a relative plugin folder in the environment is refused, so the current folder is never "
    "searched unasked",
    "[catalog]") {
  const Failure environment = failure_of([] { plugin_folders({}, "/usr:."); });
  CHECK(environment.kind() == FailureKind::usage);
  CHECK_THAT(environment.what(), Contains("LINKFERRY_PLUGIN_PATH"));
}

TEST_CASE("a relative plugin folder on the command line starts from the current folder",
          "[catalog]") {
  CHECK(plugin_folders({"."}, "").front() == std::filesystem::canonical("."));
}
