#pragma once

#include <stdexcept>
#include <string>

namespace linkferry {

/// Why an exchange ended before its end. Stays inside the client, which turns it into a repetition
/// or a Failure.
class TransportError : public std::runtime_error {
 public:
  enum class Kind {
    unreachable,  ///< no name, no route, refused
    not_trusted,  ///< TLS: the certificate, or no common protocol; the same next time
    broken,       ///< reset, or closed too early
    timeout,
    stopped,   ///< by the user
    not_http,  ///< an answer that breaks the rules or a limit; the same next time
  };

  TransportError(Kind kind, const std::string& message)
      : std::runtime_error(message), kind_(kind) {}

  Kind kind() const { return kind_; }
  bool may_go_away() const {
    return kind_ == Kind::unreachable || kind_ == Kind::broken || kind_ == Kind::timeout;
  }

 private:
  Kind kind_;
};

}  // namespace linkferry
