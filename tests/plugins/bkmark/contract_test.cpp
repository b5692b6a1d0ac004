#include "contract/contract.hpp"

#include <cstdlib>

#include "host/plugin_catalog.hpp"
#include "support/catch.hpp"
#include "support/fakes/fake_bkmark.hpp"
#include "support/network_host.hpp"

using namespace linkferry;

TEST_CASE("bkmark keeps the contract", "[bkmark][contract]") {
  test::FakeBkmark fake;
  ::setenv("LINKFERRY_TEST_BKMARK_TOKEN", fake.options().token.c_str(), 1);
  PluginCatalog catalog({LINKFERRY_PLUGINS});
  test::NetworkHost host;
  const Plugin& plugin = catalog.load("bkmark");
  const auto findings = run_contract(plugin,
                                     {{"url", fake.url("{place}")},
                                      {"token", "env:LINKFERRY_TEST_BKMARK_TOKEN"},
                                      {"requests_per_minute", "0"}},
                                     host, &catalog);
  INFO(format_findings(plugin, findings));
  CHECK(is_passed(findings));
  CHECK(findings.size() > 40);
}
