#include "host/guarded_call.hpp"

#include <Poco/Exception.h>
#include <fmt/format.h>

#include <exception>
#include <optional>
#include <string>

#include "net/redaction.hpp"

namespace linkferry {
namespace {

struct Translated {
  FailureKind kind;
  std::string text;
  bool is_failure;
};

Translated translate_current() {
  try {
    throw;
  } catch (const Failure& failure) {
    return {failure.kind(), failure.what(), true};
  } catch (const Poco::Exception& error) {
    return {FailureKind::failed, error.displayText(), false};
  } catch (const std::exception& error) {
    return {FailureKind::failed, error.what(), false};
  } catch (...) {
    return {FailureKind::failed, "something that is no exception was thrown", false};
  }
}

}  // namespace

void throw_misbehaved(std::string_view plugin, std::string_view function, std::string_view how) {
  throw Failure(FailureKind::failed,
                fmt::format("plugin misbehaved: {}, {}: {}; this is a bug in the plugin", plugin,
                            function, how));
}

void rethrow_as_failure(std::string_view plugin, std::string_view function) {
  const Translated found = translate_current();
  // A service may say the token that it was sent.
  const std::string text = redaction().apply(found.text);
  if (found.is_failure) throw Failure(found.kind, text);
  throw_misbehaved(plugin, function, text);
}

}  // namespace linkferry
