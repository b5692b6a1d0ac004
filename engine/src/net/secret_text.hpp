#pragma once

#include <string_view>

#include "linkferry/secret.hpp"

namespace linkferry {

/// The only way to the text of a secret. Only the HTTP client includes this, the
/// command that stores a token, and tests.
class SecretText {
 public:
  /// Empty for no secret. Lifetime: of the secret.
  static std::string_view of(const Secret& secret) {
    return secret.text_ ? std::string_view(secret.text_->text) : "";
  }
};

}  // namespace linkferry
