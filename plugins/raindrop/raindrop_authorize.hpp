#pragma once

#include <stop_token>

#include "linkferry/authorize.hpp"

namespace linkferry::raindrop {

/// Where the login sends the browser, unless the person names another address. It must stand in the
/// app's settings.
inline constexpr const char* redirect_uri = "http://127.0.0.1:53682/";

/// See `Authorize`. With the client id and secret of the person's own app: OAuth with a code, which
/// comes back with the browser; the result is for the option `credentials`. Without: takes a test
/// token, for the option `token`, and tries it.
///
/// Source: developer.raindrop.io, Authentication (read 2026-11-22).
Access authorize(const AuthorizeRequest& request, Host& host, Dialog& dialog, std::stop_token stop);

}  // namespace linkferry::raindrop
