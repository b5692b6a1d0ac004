#include "cli/account_use.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "linkferry/failure.hpp"

namespace linkferry {

namespace {

bool is_at(const Endpoint& endpoint, const Address& address) {
  const ConfigNode* url = endpoint.options->find("url");
  if (url == nullptr) return false;
  try {
    const Address its = parse_address(url->text, "url");
    return its.origin() == address.origin() && its.path == address.path;
  } catch (const Failure&) {
    return false;
  }
}

}  // namespace

AccountUse account_use(const Config& config, std::string_view plugin, const Address& address) {
  AccountUse use;
  for (const Endpoint& endpoint : config.endpoints) {
    if (endpoint.plugin != plugin || !is_at(endpoint, address)) continue;
    for (const Job& job : config.jobs) {
      const bool is_source = std::ranges::find(job.from, endpoint.name) != job.from.end();
      if (is_source) {
        use.is_read = true;
        use.is_followed |= job.mode != Mode::copy;
        use.has_file |= endpoint.options->find("path") != nullptr;
      }
      use.is_written |= job.to == endpoint.name || (is_source && job.mode == Mode::sync);
    }
  }
  return use;
}

AccountUse account_use(Session& session, std::string_view plugin, const Address& address) {
  try {
    return account_use(session.load_config(), plugin, address);
  } catch (const Failure& failure) {
    if (session.line.config) throw;
    session.logger.log(
        LogLevel::debug,
        fmt::format("no config file tells what the token is for: {}", failure.what()));
    return {};
  }
}

}  // namespace linkferry
