#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include "linkferry/host.hpp"
#include "linkferry/secret.hpp"

namespace linkferry {

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
};

/// What was asked for on the command line.
struct AuthorizeRequest {
  std::string url;          ///< of the service, as the user gave it
  bool may_write = false;   ///< the token is to be good for a sink too
  bool allow_http = false;  ///< plain http to another machine
};

/// Gets a token for an account of a service: registers an app where that is needed, tells the
/// person what to open, takes what is shown there. The engine stores the token.
/// Errors: Failure configuration, temporary, authentication, interrupted.
using Authorize = Secret (*)(const AuthorizeRequest& request, Host& host, Dialog& dialog,
                             std::stop_token stop);

}  // namespace linkferry
