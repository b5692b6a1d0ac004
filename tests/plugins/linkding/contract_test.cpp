#include "contract/contract.hpp"

#include "host/engine_host.hpp"
#include "host/plugin_catalog.hpp"
#include "support/catch.hpp"
#include "support/fakes/fake_linkding.hpp"

using namespace linkferry;

TEST_CASE("linkding keeps the contract", "[linkding][contract]") {
  test::FakeLinkding fake;
  ::setenv("LINKFERRY_TEST_LINKDING_TOKEN", fake.options().token.c_str(), 1);
  PluginCatalog catalog({LINKFERRY_PLUGINS});
  EngineHost host{{}};
  const Plugin& plugin = catalog.load("linkding");
  const auto findings = run_contract(
      plugin, {{"url", fake.url("{place}")}, {"token", "env:LINKFERRY_TEST_LINKDING_TOKEN"}}, host,
      &catalog);
  INFO(format_findings(plugin, findings));
  CHECK(is_passed(findings));
  CHECK(findings.size() > 40);
}
