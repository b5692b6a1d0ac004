#include "contract/contract.hpp"
#include "host/engine_host.hpp"
#include "support/catch.hpp"

using namespace linkferry;

namespace {

/// A plugin and the options that make it write another dialect.
struct Variant {
  std::string plugin;
  ContractOptions options;
};

std::string describe(const Variant& variant) {
  std::string text = variant.plugin;
  for (const auto& [name, value] : variant.options) text += " " + name + "=" + value;
  return text;
}

}  // namespace

TEST_CASE("every plugin keeps the contract, in all its dialects", "[contract]") {
  const auto variant = GENERATE(values<Variant>({
      {"jsonl", {}},
      {"jsonl", {{"origin", "true"}}},
      {"memory", {}},
      {"memory", {{"kind", "staged"}}},
      {"memory", {{"max_title", "10"}, {"no_folders", "true"}}},
      {"netscape", {}},
      {"netscape", {{"dialect", "firefox"}}},
      {"netscape", {{"dialect", "chrome"}}},
      {"netscape", {{"dialect", "linkding"}}},
      {"netscape", {{"dialect", "shaarli"}}},
      {"netscape", {{"tags_separator", "blank"}}},
      {"pocket", {}},
      {"raindrop", {}},
      {"raindrop", {{"layout", "import"}}},
      {"xbel", {}},
  }));
  INFO(describe(variant));
  PluginCatalog catalog({LINKFERRY_PLUGINS});
  EngineHost host{{}};
  const Plugin& plugin = catalog.load(variant.plugin);
  const auto findings = run_contract(plugin, variant.options, host, &catalog);
  INFO(format_findings(plugin, findings));
  CHECK(is_passed(findings));
  CHECK(findings.size() > 40);
}
