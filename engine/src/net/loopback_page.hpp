#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace linkferry {

/// One page of text over HTTP, for programs on this machine: it answers on 127.0.0.1 only, and only
/// to those who ask for that address, so that no web page can have a browser read it.
class LoopbackPage {
 public:
  /// `path` begins with a slash. `text` makes the page for each request, in any thread, and throws
  /// nothing; it outlives this. `port` 0 is any that is free.
  /// Errors: Failure failed, when nothing can listen there.
  LoopbackPage(std::uint16_t port, std::string path, std::string content_type,
               std::function<std::string()> text);
  /// Waits for answers that are being sent.
  ~LoopbackPage();
  LoopbackPage(const LoopbackPage&) = delete;
  LoopbackPage& operator=(const LoopbackPage&) = delete;

  std::uint16_t port() const;

 private:
  struct Server;
  std::unique_ptr<Server> server_;
};

}  // namespace linkferry
