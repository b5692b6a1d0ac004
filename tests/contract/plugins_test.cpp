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

void check_contract(const Variant& variant) {
  INFO(describe(variant));
  PluginCatalog catalog({LINKFERRY_PLUGINS});
  EngineHost host{{}};
  const Plugin& plugin = catalog.load(variant.plugin);
  const auto findings = run_contract(plugin, variant.options, host, &catalog);
  INFO(format_findings(plugin, findings));
  CHECK(is_passed(findings));
  CHECK(findings.size() > 40);
}

}  // namespace

TEST_CASE("jsonl keeps the contract", "[contract]") { check_contract({"jsonl", {}}); }
TEST_CASE("jsonl with origins keeps the contract", "[contract]") {
  check_contract({"jsonl", {{"origin", "true"}}});
}
TEST_CASE("mastodon keeps the contract on files", "[contract]") {
  check_contract({"mastodon", {{"any_link", "true"}}});
}
TEST_CASE("memory keeps the contract", "[contract]") { check_contract({"memory", {}}); }
TEST_CASE("memory as a staged sink keeps the contract", "[contract]") {
  check_contract({"memory", {{"kind", "staged"}}});
}
TEST_CASE("memory with limits keeps the contract", "[contract]") {
  check_contract({"memory", {{"max_title", "10"}, {"no_folders", "true"}}});
}
TEST_CASE("netscape keeps the contract", "[contract]") { check_contract({"netscape", {}}); }
TEST_CASE("netscape with tags between blanks keeps the contract", "[contract]") {
  check_contract({"netscape", {{"tags_separator", "blank"}}});
}
TEST_CASE("netscape in Firefox's dialect keeps the contract", "[contract]") {
  check_contract({"netscape", {{"dialect", "firefox"}}});
}
TEST_CASE("netscape in Chrome's dialect keeps the contract", "[contract]") {
  check_contract({"netscape", {{"dialect", "chrome"}}});
}
TEST_CASE("netscape in linkding's dialect keeps the contract", "[contract]") {
  check_contract({"netscape", {{"dialect", "linkding"}}});
}
TEST_CASE("netscape in Shaarli's dialect keeps the contract", "[contract]") {
  check_contract({"netscape", {{"dialect", "shaarli"}}});
}
TEST_CASE("pocket keeps the contract", "[contract]") { check_contract({"pocket", {}}); }
TEST_CASE("raindrop keeps the contract", "[contract]") { check_contract({"raindrop", {}}); }
TEST_CASE("raindrop in the layout of its import keeps the contract", "[contract]") {
  check_contract({"raindrop", {{"layout", "import"}}});
}
TEST_CASE("xbel keeps the contract", "[contract]") { check_contract({"xbel", {}}); }
