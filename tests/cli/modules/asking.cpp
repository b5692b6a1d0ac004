#include "linkferry/plugin.hpp"

/// A plugin whose service is the person at the terminal: it asks for an account and a token.
namespace {

using namespace linkferry;

constexpr char canary[] = "canary-4711-token";

Access authorize(const AuthorizeRequest& request, Host& host, Dialog& dialog,
                 std::stop_token /*stop*/) {
  if (request.url.find("refuses") != std::string::npos)
    throw Failure(FailureKind::authentication, request.url + ": it refuses this account");
  if (request.url.find("empty") != std::string::npos) return {};
  dialog.say("Open " + request.url + (request.may_write ? "/read-and-write" : "/read"));
  const std::string account = dialog.ask("Which account?", false);
  std::string token = dialog.ask("Its token?", true);
  // What a careless plugin does must not show the token later either.
  host.log(LogLevel::info, "the account is " + account);
  return {Secret(token.empty() ? std::string(canary) : std::move(token))};
}

std::unique_ptr<Source> make_source(const Settings&, Host&) { return nullptr; }

}  // namespace

LINKFERRY_PLUGIN = {
    .name = "asking",
    .version = "1",
    .summary = "asks for a token",
    .options_schema = R"({"type": "object", "additionalProperties": false, "properties": {
        "url": {"type": "string"}, "allow_http": {"type": "boolean"},
        "token": {"type": "object", "format": "token"}}})",
    .make_source = &make_source,
    .authorize = &authorize,
};
