#pragma once

#include <string_view>

#include "cli/commands.hpp"
#include "config/config.hpp"
#include "linkferry/authorize.hpp"
#include "net/address.hpp"

namespace linkferry {

/// What the jobs of `config` do with the account of `plugin` at `address`: all of its endpoints
/// with that `url` count.
AccountUse account_use(const Config& config, std::string_view plugin, const Address& address);

/// The same for the config file that is in use; nothing where there is none, or where it is broken
/// and was not named by --config. Errors: with --config as Session::load_config.
AccountUse account_use(Session& session, std::string_view plugin, const Address& address);

}  // namespace linkferry
