#include "contract/contract.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "contract/contract_run.hpp"

namespace linkferry {

std::vector<Finding> run_contract(const Plugin& plugin, const ContractOptions& options, Host& host,
                                  PluginCatalog* catalog) {
  contract::ContractRun run(plugin, options, host, catalog);
  contract::check_representation(run);
  contract::check_writing(run);
  contract::check_target_files(run);
  contract::check_reading(run);
  contract::check_damaged_files(run);
  contract::check_stopping(run);
  return std::move(run.findings());
}

bool is_passed(const std::vector<Finding>& findings) {
  return std::ranges::none_of(
      findings, [](const Finding& finding) { return finding.result == CheckResult::failed; });
}

std::string format_findings(const Plugin& plugin, const std::vector<Finding>& findings) {
  std::string text;
  std::size_t counts[3] = {};
  for (const auto& finding : findings) {
    constexpr std::string_view names[] = {"passed", "FAILED", "-     "};
    const auto result = static_cast<std::size_t>(finding.result);
    ++counts[result];
    text += fmt::format("{}  {}", names[result], finding.check);
    if (finding.result == CheckResult::not_applicable) text += fmt::format(" ({})", finding.detail);
    text += '\n';
    if (finding.result != CheckResult::failed) continue;
    std::string_view detail = finding.detail;
    while (!detail.empty()) {
      const std::size_t end = std::min(detail.find('\n'), detail.size());
      text += fmt::format("          {}\n", detail.substr(0, end));
      detail.remove_prefix(std::min(end + 1, detail.size()));
    }
  }
  return text + fmt::format("{}{}{}: {} ({} checks passed, {} failed, {} do not apply)\n",
                            plugin.name(), plugin.descriptor->version == nullptr ? "" : " ",
                            plugin.descriptor->version == nullptr ? "" : plugin.descriptor->version,
                            counts[1] == 0 ? "keeps the contract" : "breaks the contract",
                            counts[0], counts[1], counts[2]);
}

}  // namespace linkferry
