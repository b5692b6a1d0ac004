#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include "linkferry/host.hpp"
#include "linkferry/secret.hpp"

namespace linkferry {

/// Where a service sends the browser at the end of a login. Source: RFC 6749 section 4.1 and RFC
/// 8252 section 7.3 (read 2026-11-22).
struct Redirect {
  std::string address;  ///< `http://127.0.0.1:53682/`, without a query, as the service knows it
  std::string state;    ///< what the service hands back with it, by which we know our own
};

/// Talks with the person at the terminal. Thread: one at a time.
class Dialog {
 public:
  virtual ~Dialog() = default;

  /// Shows a paragraph. Control characters in it are made visible.
  virtual void say(std::string_view text) = 0;

  /// Asks for one line; without the line end and blanks around it. `hides_answer`: what is typed is
  /// a secret and not echoed. Errors: Failure usage where there is nobody to ask (`--no-input`, no
  /// terminal and no more input); interrupted.
  virtual std::string ask(std::string_view question, bool hides_answer) = 0;

  /// Waits for the browser to come to `redirect.address`, where that is on this machine and can be
  /// listened to, and as well for the person to paste the address that it was sent to; says so.
  /// Returns that address with its query; what was pasted may be the code alone. What came by
  /// itself has the right state, what was pasted is for the caller to check. Errors: as `ask`;
  /// Failure authentication when nobody came for ten minutes.
  virtual std::string await_redirect(const Redirect& /*redirect*/) {
    return ask("The address that the browser was sent to (or the code that is in it):", false);
  }
};

/// What the jobs of the config file do with an account. All false: there is no such job.
struct AccountUse {
  bool is_read = false;
  /// Read by a mirror or a sync, which ask what became of single records.
  bool is_followed = false;
  /// Asked about the records of a file: an endpoint has a `path` beside the address.
  bool has_file = false;
  bool is_written = false;

  bool is_known() const { return is_read || is_written; }
};

/// What was asked for on the command line.
struct AuthorizeRequest {
  std::string url;          ///< of the service, as the user gave it
  bool may_write = false;   ///< the token is to be good for a sink too
  bool allow_http = false;  ///< plain http to another machine
  /// Where the person's own app at the service sends the browser; empty: where the plugin says.
  std::string redirect_address = {};
  AccountUse use = {};
};

/// What an endpoint needs for an account.
struct Access {
  Secret secret;  ///< goes into a file
  /// The option of the endpoint that names this file. One of the format `token` gets it as
  /// `{file: PATH}`, one of the format `path` as it is.
  std::string option = "token";
};

/// Gets access to an account of a service: registers an app where that is needed, tells the
/// person what to open, takes what is shown there. The engine stores what it returns.
/// Errors: Failure usage (a redirect address that is of no use here), configuration, temporary,
/// authentication, interrupted.
using Authorize = Access (*)(const AuthorizeRequest& request, Host& host, Dialog& dialog,
                             std::stop_token stop);

}  // namespace linkferry
