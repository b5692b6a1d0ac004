#include "contract/contract.hpp"

#include <cstdlib>

#include "host/plugin_catalog.hpp"
#include "support/catch.hpp"
#include "support/fakes/fake_mastodon.hpp"
#include "support/network_host.hpp"

using namespace linkferry;

TEST_CASE("an account keeps the contract", "[mastodon][contract]") {
  const auto family = GENERATE(test::FediverseFamily::mastodon, test::FediverseFamily::gotosocial);
  test::FakeMastodon fake(family);
  fake.token = "mst0d0nt0ken0123456789";
  fake.resolves_all = true;
  ::setenv("LINKFERRY_TEST_MASTODON_TOKEN", fake.token.c_str(), 1);
  PluginCatalog catalog({LINKFERRY_PLUGINS});
  test::NetworkHost host;
  const Plugin& plugin = catalog.load("mastodon");
  const auto findings = run_contract(plugin,
                                     {{"url", fake.url("{place}")},
                                      {"token", "env:LINKFERRY_TEST_MASTODON_TOKEN"},
                                      {"any_link", "true"},
                                      {"requests_per_5_minutes", "0"}},
                                     host, &catalog);
  INFO(format_findings(plugin, findings));
  CHECK(is_passed(findings));
  CHECK(findings.size() > 40);
}
