#include "support/http_server.hpp"

#include <Poco/DeflatingStream.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/StreamCopier.h>
#include <Poco/ThreadPool.h>
#include <fmt/format.h>

#include <csignal>
#include <sstream>
#include <stdexcept>
#include <thread>

#if defined(__SANITIZE_THREAD__)
// These libraries are not instrumented: where a counter of theirs hands an object from one server
// thread to the next, its memory looks like a race. What our own code does is still seen.
extern "C" __attribute__((visibility("default"))) const char* __tsan_default_suppressions() {
  return "race:Poco::Delegate<Poco::Net::HTTPServerConnection\n"
         "called_from_lib:libPocoNet.so\n"
         "called_from_lib:libPocoNetSSL.so\n"
         "called_from_lib:libssl.so\n"
         "called_from_lib:libcrypto.so\n";
}
#endif

namespace linkferry::test {

using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

class ScriptedHandler : public Poco::Net::HTTPRequestHandler {
 public:
  explicit ScriptedHandler(HttpServer& server) : server_(server) {}
  void handleRequest(HTTPServerRequest& request, HTTPServerResponse& response) override {
    server_.handle(request, response);
  }

 private:
  HttpServer& server_;
};

/// Poco counts a connection when a thread has begun with it; until then it may be nowhere.
class AcceptCounter : public Poco::Net::TCPServerConnectionFilter {
 public:
  explicit AcceptCounter(HttpServer& server) : server_(server) {}
  bool accept(const Poco::Net::StreamSocket&) override {
    ++server_.accepted_;
    return true;
  }

 private:
  HttpServer& server_;
};

namespace {

class HandlerFactory : public Poco::Net::HTTPRequestHandlerFactory {
 public:
  explicit HandlerFactory(HttpServer& server) : server_(server) {}
  Poco::Net::HTTPRequestHandler* createRequestHandler(const HTTPServerRequest&) override {
    return new ScriptedHandler(server_);
  }

 private:
  HttpServer& server_;
};

SeenRequest read_request(HTTPServerRequest& request) {
  SeenRequest seen;
  seen.method = request.getMethod();
  seen.target = request.getURI();
  for (const auto& [name, value] : request) seen.headers.all.push_back({name, value});
  // Poco takes what has neither for a body that ends with the connection.
  if (request.hasContentLength() || request.getChunkedTransferEncoding())
    Poco::StreamCopier::copyToString(request.stream(), seen.body);
  return seen;
}

bool is_cut_off(const HTTPServerRequest& request, const SeenRequest& seen) {
  return request.hasContentLength() &&
         static_cast<Poco::Int64>(seen.body.size()) < request.getContentLength64();
}

std::string compress(const std::string& text) {
  std::ostringstream compressed;
  Poco::DeflatingOutputStream gzip(compressed, Poco::DeflatingStreamBuf::STREAM_GZIP);
  gzip << text;
  gzip.close();
  return compressed.str();
}

void send_all(Poco::Net::StreamSocket& socket, const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const int count = socket.sendBytes(bytes.data() + sent, static_cast<int>(bytes.size() - sent));
    if (count <= 0) return;
    sent += static_cast<std::size_t>(count);
  }
}

std::string head_of(const Reply& reply) {
  std::string head = fmt::format("HTTP/1.1 {} Scripted\r\nContent-Length: {}\r\n", reply.status,
                                 reply.body.size());
  for (const auto& header : reply.headers)
    head += fmt::format("{}: {}\r\n", header.name, header.value);
  return head + "\r\n";
}

void send_reply(HTTPServerResponse& response, const Reply& reply) {
  response.setStatusAndReason(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(reply.status),
                              "Scripted");
  for (const auto& header : reply.headers) {
    if (header.name == "Date") response.erase("Date");
    response.add(header.name, header.value);
  }
  if (reply.closes) response.setKeepAlive(false);
  if (reply.is_chunked) {
    response.setChunkedTransferEncoding(true);
  } else if (reply.status != 204 && reply.status != 304) {
    response.setContentLength64(static_cast<Poco::Int64>(reply.body.size()));
  }
  response.send() << reply.body;
}

}  // namespace

HttpServer::HttpServer(Handler handler) : HttpServer(std::move(handler), Options()) {}

HttpServer::HttpServer(Handler handler, const Options& options)
    : handler_(std::move(handler)),
      options_(options),
      threads_(std::make_unique<Poco::ThreadPool>(options.threads, options.threads)) {
  // As in the program: a peer that goes away is an error, not the end.
  std::signal(SIGPIPE, SIG_IGN);
  const Poco::Net::SocketAddress address(options.address, 0);
  Poco::AutoPtr<Poco::Net::HTTPServerParams> parameters(new Poco::Net::HTTPServerParams);
  parameters->setMaxThreads(options.threads);
  parameters->setKeepAliveTimeout(Poco::Timespan(30, 0));
  if (options.certificate.key_file.empty()) {
    const Poco::Net::ServerSocket socket(address);
    port_ = socket.address().port();
    server_ = std::make_unique<Poco::Net::HTTPServer>(new HandlerFactory(*this), *threads_, socket,
                                                      parameters);
  } else {
    Poco::Net::Context::Params tls;
    tls.privateKeyFile = options.certificate.key_file;
    tls.certificateFile = options.certificate.certificate_file;
    tls.verificationMode = Poco::Net::Context::VERIFY_NONE;
    const Poco::Net::SecureServerSocket socket(
        address, 64, new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE, tls));
    port_ = socket.address().port();
    server_ = std::make_unique<Poco::Net::HTTPServer>(new HandlerFactory(*this), *threads_, socket,
                                                      parameters);
  }
  server_->setConnectionFilter(new AcceptCounter(*this));
  server_->start();
}

HttpServer::~HttpServer() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  stopped_.notify_all();
  // The server looks four times a second whether it should stop; a connection lets it look now.
  const Poco::Net::SocketAddress address(options_.address, port_);
  const std::jthread waker([address](const std::stop_token& done) {
    while (!done.stop_requested()) {
      try {
        // With a limit: when the server is faster, its port may answer no more.
        Poco::Net::StreamSocket waker_socket;
        waker_socket.connect(address, Poco::Timespan(0, 50'000));
        waker_socket.close();
      } catch (const Poco::Exception&) {
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  });
  server_->stopAll(true);
  threads_->joinAll();
}

std::string HttpServer::url() const {
  const std::lock_guard lock(mutex_);
  const std::string host = options_.address.find(':') == std::string::npos
                               ? options_.address
                               : "[" + options_.address + "]";
  return fmt::format("{}://{}:{}", options_.certificate.key_file.empty() ? "http" : "https", host,
                     port_);
}

std::vector<SeenRequest> HttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::size_t HttpServer::connection_count() const {
  return static_cast<std::size_t>(server_->totalConnections());
}

void HttpServer::settle() const {
  // Connections are accepted one after the other: those before this one are, when it is closed.
  Poco::Net::StreamSocket last(Poco::Net::SocketAddress(options_.address, port_));
  last.setReceiveTimeout(Poco::Timespan(10, 0));
  last.shutdownSend();
  char nothing[1];
  while (last.receiveBytes(nothing, sizeof nothing) > 0) {
  }
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (server_->totalConnections() < accepted_ || server_->currentConnections() > 0) {
    if (std::chrono::steady_clock::now() > patience)
      throw std::runtime_error("a connection stays open");
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
}

void HttpServer::wait_for(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  stopped_.wait_for(lock, time, [this] { return is_stopping_; });
}

bool HttpServer::is_stopping() const {
  const std::lock_guard lock(mutex_);
  return is_stopping_;
}

/// Passes bytes both ways until one side has enough.
void HttpServer::tunnel(HTTPServerRequest& request) {
  Poco::Net::StreamSocket near =
      static_cast<Poco::Net::HTTPServerRequestImpl&>(request).detachSocket();
  Poco::Net::StreamSocket far(Poco::Net::SocketAddress("127.0.0.1", options_.tunnel_to));
  send_all(near, "HTTP/1.1 200 Connected\r\n\r\n");
  while (!is_stopping()) {
    for (auto* from : {&near, &far}) {
      if (!from->poll(Poco::Timespan(2'000), Poco::Net::Socket::SELECT_READ)) continue;
      char bytes[16 * 1024];
      const int count = from->receiveBytes(bytes, sizeof bytes);
      if (count <= 0) return;
      send_all(from == &near ? far : near, std::string(bytes, static_cast<std::size_t>(count)));
    }
  }
}

void HttpServer::handle(HTTPServerRequest& request, HTTPServerResponse& response) {
  const SeenRequest seen = read_request(request);
  // As everywhere, a request that breaks off is none: who sent it may be gone.
  if (is_cut_off(request, seen)) return response.setKeepAlive(false);
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(seen);
  }
  if (seen.method == "CONNECT" && options_.tunnel_to != 0) {
    response.setKeepAlive(false);
    return tunnel(request);
  }
  Reply reply = handler_(seen);
  if (reply.delay.count() > 0) wait_for(reply.delay);
  if (reply.is_gzip) {
    reply.body = compress(reply.body);
    reply.with("Content-Encoding", "gzip");
  }
  if (reply.fault == Fault::none && reply.raw.empty()) return send_reply(response, reply);
  response.setKeepAlive(false);
  Poco::Net::StreamSocket socket =
      static_cast<Poco::Net::HTTPServerRequestImpl&>(request).detachSocket();
  constexpr std::chrono::hours until_stop{1};
  if (!reply.raw.empty()) send_all(socket, reply.raw);
  if (reply.fault == Fault::silence) wait_for(until_stop);
  const bool has_body = reply.fault == Fault::cut_body || reply.fault == Fault::reset_body ||
                        reply.fault == Fault::stall_body;
  if (has_body) send_all(socket, head_of(reply) + reply.body.substr(0, reply.body.size() / 2));
  if (reply.fault == Fault::stall_body) wait_for(until_stop);
  // What was sent must arrive before the reset overtakes it.
  if (reply.fault == Fault::reset_body) wait_for(std::chrono::milliseconds(20));
  if (reply.fault == Fault::reset || reply.fault == Fault::reset_body) socket.setLinger(true, 0);
  socket.close();
}

}  // namespace linkferry::test
