#include <cstdlib>

#include "contract/contract.hpp"
#include "host/plugin_catalog.hpp"
#include "support/catch.hpp"
#include "support/fakes/fake_raindrop.hpp"
#include "support/network_host.hpp"

using namespace linkferry;

TEST_CASE("an account of Raindrop keeps the contract", "[raindrop][contract]") {
  test::FakeRaindrop fake;
  ::setenv("LINKFERRY_TEST_RAINDROP_TOKEN", fake.options().token.c_str(), 1);
  PluginCatalog catalog({LINKFERRY_PLUGINS});
  test::NetworkHost host;
  const Plugin& plugin = catalog.load("raindrop");
  const auto findings = run_contract(plugin,
                                     {{"url", fake.url("{place}")},
                                      {"token", "env:LINKFERRY_TEST_RAINDROP_TOKEN"},
                                      {"requests_per_minute", "0"}},
                                     host, &catalog);
  INFO(format_findings(plugin, findings));
  CHECK(is_passed(findings));
  CHECK(findings.size() > 40);
  CHECK(fake.calls_on_all() == 0);
}
