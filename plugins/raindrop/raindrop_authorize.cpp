#include "raindrop/raindrop_authorize.hpp"

#include <string>
#include <utility>

#include "common/oauth_code.hpp"
#include "raindrop/raindrop_credentials.hpp"

namespace linkferry::raindrop {
namespace {

class Authorization {
 public:
  Authorization(const AuthorizeRequest& request, Host& host, Dialog& dialog, std::stop_token stop)
      : api_base_(api_base_of(request.url)),
        redirect_address_(request.redirect_address.empty() ? redirect_uri
                                                           : request.redirect_address),
        allow_http_(request.allow_http),
        host_(host),
        dialog_(dialog),
        stop_(std::move(stop)),
        login_(make_login_client(host, api_base_, request.allow_http, "")) {}

  Access run() {
    dialog_.say(
        "Raindrop gives tokens to apps, and you are the one who makes the app: at "
        "https://app.raindrop.io/settings/integrations, \"Create new app\". There are two ways "
        "then:\n"
        "- a test token, at the bottom of the app's settings: it is good for your own account and "
        "does not end. Leave the client id empty.\n"
        "- a login, whose tokens end after two weeks and are renewed. Add the redirect address " +
        redirect_address_ + " to the app, and copy its client id and secret.\n");
    const std::string client_id =
        dialog_.ask("The client id of the app (empty: a test token):", false);
    return client_id.empty() ? take_test_token() : log_in(client_id);
  }

 private:
  [[noreturn]] static void fail(FailureKind kind, const std::string& problem) {
    throw Failure(kind, problem);
  }

  Access take_test_token() {
    std::string text = dialog_.ask("The test token:", true);
    if (text.empty()) fail(FailureKind::usage, "no token was given");
    Secret token(std::move(text));
    HttpSettings http;
    http.base_url = api_base_;
    http.secret = token;
    http.allow_http = allow_http_;
    http.retries = 2;
    const auto client = host_.make_http_client(http);
    HttpRequest request;
    request.path = "/user";
    const HttpResponse answer = client->send(request, stop_);
    if (!answer.is_success()) throw client->failure_of(answer, "the token is not accepted");
    return {token};
  }

  std::string address_to_open(const std::string& client_id, const std::string& state) const {
    return with_query(login_->base_url() + "/oauth/authorize", {{"response_type", "code"},
                                                                {"client_id", client_id},
                                                                {"redirect_uri", redirect_address_},
                                                                {"state", state}});
  }

  std::string take_code(const std::string& state) {
    const std::string answer = dialog_.await_redirect({redirect_address_, state});
    const std::string error = common::error_in(answer);
    if (error == "access_denied")
      fail(FailureKind::authentication, "the login page says that access was denied");
    if (!error.empty()) {
      fail(FailureKind::authentication,
           "the login page says that the app may not log in; look at its settings");
    }
    const std::string code = common::code_in(answer);
    if (code.empty()) fail(FailureKind::usage, "no code was given; run it again");
    const std::string seen = common::state_in(answer);
    if (!seen.empty() && seen != state) {
      fail(FailureKind::authentication,
           "the address that was given belongs to another attempt; run it again, and open the "
           "address that it prints");
    }
    return code;
  }

  Access log_in(const std::string& client_id) {
    Credentials app;
    app.client_id = client_id;
    app.client_secret = dialog_.ask("The client secret of the app:", true);
    if (app.client_secret.empty()) fail(FailureKind::usage, "no client secret was given");
    const std::string state = common::random_text();
    dialog_.say("Open this address in a browser, log in, and allow access:\n\n" +
                address_to_open(client_id, state) + "\n");
    const Credentials made =
        exchange_code(*login_, app, take_code(state), redirect_address_, stop_);
    dialog_.say(
        "What is stored now is more than a token: with it linkferry gets the next one every two "
        "weeks.");
    return {Secret(format_credentials(made)), "credentials"};
  }

  const std::string api_base_;
  const std::string redirect_address_;
  const bool allow_http_;
  Host& host_;
  Dialog& dialog_;
  std::stop_token stop_;
  std::unique_ptr<HttpClient> login_;
};

}  // namespace

Access authorize(const AuthorizeRequest& request, Host& host, Dialog& dialog,
                 std::stop_token stop) {
  return Authorization(request, host, dialog, std::move(stop)).run();
}

}  // namespace linkferry::raindrop
