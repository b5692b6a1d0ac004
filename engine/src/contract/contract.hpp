#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/plugin_catalog.hpp"
#include "linkferry/host.hpp"

namespace linkferry {

enum class CheckResult { passed, failed, not_applicable };

/// What one check of the contract found.
struct Finding {
  std::string check;  ///< the promise, as a sentence
  CheckResult result = CheckResult::passed;
  std::string detail;  ///< for failed: what was found and expected; for not applicable: why
};

/// Options of an endpoint as on the command line: name and value. `path` is set by the suite. For a
/// service, `{place}` in a value (`url=http://127.0.0.1:8080/{place}/`) becomes a name of letters
/// and digits, another one for each place that the suite needs; the service holds nothing there at
/// first.
using ContractOptions = std::vector<std::pair<std::string, std::string>>;

/// Holds a plugin to every promise of the public headers, as source and as sink. Works in a folder
/// of its own in $TMPDIR, which it removes. Takes seconds. Never throws for what the plugin does
/// wrong: that is a finding. With a `catalog`, the plugin must also be surer of its own files than
/// any other plugin is. Errors: Failure failed when there is no temporary folder.
std::vector<Finding> run_contract(const Plugin& plugin, const ContractOptions& options, Host& host,
                                  PluginCatalog* catalog = nullptr);

/// Whether no finding is `failed`.
bool is_passed(const std::vector<Finding>& findings);

/// One line a finding and a last line with the verdict, for `plugins test`.
std::string format_findings(const Plugin& plugin, const std::vector<Finding>& findings);

}  // namespace linkferry
