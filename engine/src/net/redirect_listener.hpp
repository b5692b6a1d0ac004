#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/file_descriptor.hpp"

namespace linkferry {

/// Listens on 127.0.0.1 for the browser that comes back from a login, and for nothing else.
///
/// Every program of this machine, and every web page in a browser on it, can send a request there.
/// So what lacks the right state is refused and the wait goes on, a request has 16 KiB and five
/// seconds, and one that says nothing holds up no other. Thread: one at a time.
class RedirectListener {
 public:
  static constexpr std::size_t longest_request = 16 * 1024;
  static constexpr std::size_t most_visitors = 32;

  /// `path` begins with a slash; `state` is not empty. `port` 0 is any that is free.
  /// Errors: Failure failed, when nothing can listen there.
  RedirectListener(std::uint16_t port, std::string_view path, std::string state);

  /// The one it has listened on since it was made. Thread: any.
  std::uint16_t port() const { return port_; }

  /// Answers what comes in `time`, at most until there is something to be read from the file
  /// descriptor `other` (-1: none). Returns path and query of the redirect as soon as it is here;
  /// nothing is listened to any more then.
  std::optional<std::string> serve(std::chrono::milliseconds time, int other);

  /// Whether a redirect has come that has no state at all, as that of a service that does not hand
  /// it back.
  bool has_seen_unmarked() const { return has_seen_unmarked_; }

 private:
  using Time = std::chrono::steady_clock::time_point;

  /// A connection. Once it has its answer, what it still says is read and forgotten, since closing
  /// it before would take the answer away from it.
  struct Visitor {
    FileDescriptor socket;
    Time deadline;
    std::string received;
    bool is_answered = false;
  };

  void accept_all(Time now);
  /// False when the connection is done with.
  bool hear(Visitor& visitor, std::optional<std::string>& redirect);
  /// What the request is answered with; `redirect` is set where it is the one that is waited for.
  std::string answer_to(std::string_view request, std::optional<std::string>& redirect);
  std::string answer_to_redirect(std::string_view target, std::optional<std::string>& redirect);

  FileDescriptor socket_;
  std::uint16_t port_;
  std::string path_;
  std::string state_;
  std::vector<Visitor> visitors_;
  bool has_seen_unmarked_ = false;
};

}  // namespace linkferry
