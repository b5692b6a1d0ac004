#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "linkferry/http.hpp"

// NOLINTBEGIN(readability-identifier-naming): names of Poco.
namespace Poco::Net {
class HTTPServer;
class HTTPServerRequest;
class HTTPServerResponse;
}  // namespace Poco::Net
namespace Poco {
class ThreadPool;
}
// NOLINTEND(readability-identifier-naming)

namespace linkferry::test {

/// What a service saw of a request.
struct SeenRequest {
  std::string method;
  std::string target;  ///< path and query as they were sent
  HttpHeaders headers;
  std::string body{};

  std::string path() const { return target.substr(0, target.find('?')); }
  /// Empty where there is none.
  std::string header(std::string_view name) const {
    return std::string(headers.find(name).value_or(""));
  }
};

/// What can go wrong on the way back, after the handler has done its work.
enum class Fault {
  none,
  lost_reply,  ///< the connection is closed without an answer
  reset,       ///< the connection is reset without an answer
  cut_body,    ///< head and half of the body, then closed
  reset_body,  ///< head and half of the body, then reset
  stall_body,  ///< head and half of the body, then silence until the server goes
  silence,     ///< no answer until the server goes
};

struct Reply {
  int status = 200;
  std::string body{};
  std::vector<HttpHeader> headers = {{"Content-Type", "application/json"}};
  Fault fault = Fault::none;
  bool is_chunked = false;
  bool is_gzip = false;  ///< compresses the body
  bool closes = false;   ///< no keep-alive
  std::chrono::milliseconds delay{0};
  std::string raw{};  ///< not empty: sent as it is, then closed

  static Reply json(std::string body) { return {.body = std::move(body)}; }
  static Reply of(int status, std::string body = "{}") {
    return {.status = status, .body = std::move(body)};
  }
  Reply& with(std::string name, std::string value) {
    headers.push_back({std::move(name), std::move(value)});
    return *this;
  }
};

/// The certificate of a server that speaks TLS: two PEM files.
struct ServerCertificate {
  std::string key_file;
  std::string certificate_file;
};

/// A service on 127.0.0.1 (or ::1), on a port of its own, whose answers a test writes. A request
/// that breaks off in its body is not seen by anybody.
///
/// Thread: the handler is called by several threads at once, one for each connection.
class HttpServer {
 public:
  using Handler = std::function<Reply(const SeenRequest&)>;

  struct Options {
    std::string address = "127.0.0.1";
    ServerCertificate certificate{};  ///< with it the server speaks TLS
    int threads = 16;
    std::uint16_t tunnel_to =
        0;  ///< as a proxy: where every CONNECT leads, on 127.0.0.1; 0: the handler answers
  };

  explicit HttpServer(Handler handler);
  HttpServer(Handler handler, const Options& options);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// `http://127.0.0.1:40123`, `https://…` with a certificate. What a test did before it asked is
  /// seen by the handler of every later request.
  std::string url() const;
  std::uint16_t port() const { return port_; }
  std::vector<SeenRequest> requests() const;
  std::size_t request_count() const { return requests().size(); }
  std::size_t connection_count() const;
  /// Waits until every request that was sent before is answered, where those who sent them are
  /// gone: a connection that is open still is waited for. Errors: an exception after 10 s.
  void settle() const;

 private:
  friend class ScriptedHandler;
  friend class AcceptCounter;

  void handle(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response);
  void tunnel(Poco::Net::HTTPServerRequest& request);
  void wait_for(std::chrono::milliseconds time);
  bool is_stopping() const;

  Handler handler_;
  Options options_;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable stopped_;
  bool is_stopping_ = false;
  std::vector<SeenRequest> requests_;
  std::atomic<int> accepted_ = 0;  ///< connections
  std::unique_ptr<Poco::ThreadPool> threads_;
  std::unique_ptr<Poco::Net::HTTPServer> server_;
};

}  // namespace linkferry::test
