#include "net/loopback_page.hpp"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/ThreadPool.h>
#include <fmt/format.h>

#include "linkferry/failure.hpp"

namespace linkferry {

namespace {

using namespace Poco::Net;

constexpr const char* loopback = "127.0.0.1";

struct Page {
  std::string path;
  std::string content_type;
  std::function<std::string()> text;
};

/// Without its port.
bool is_loopback_name(const std::string& host) {
  const std::string name = host.substr(0, host.rfind(':'));
  return name == loopback || name == "localhost";
}

class Handler final : public HTTPRequestHandler {
 public:
  explicit Handler(const Page& page) : page_(page) {}

  void handleRequest(HTTPServerRequest& request, HTTPServerResponse& response) override {
    const bool is_read = request.getMethod() == HTTPRequest::HTTP_GET ||
                         request.getMethod() == HTTPRequest::HTTP_HEAD;
    const std::string& uri = request.getURI();
    if (!is_loopback_name(request.get(HTTPRequest::HOST, ""))) {
      refuse(response, HTTPResponse::HTTP_FORBIDDEN);
    } else if (!is_read) {
      refuse(response, HTTPResponse::HTTP_METHOD_NOT_ALLOWED);
    } else if (uri.substr(0, uri.find('?')) != page_.path) {
      refuse(response, HTTPResponse::HTTP_NOT_FOUND);
    } else {
      const std::string text = page_.text();
      response.setContentType(page_.content_type);
      response.sendBuffer(text.data(), text.size());
    }
  }

 private:
  static void refuse(HTTPServerResponse& response, HTTPResponse::HTTPStatus status) {
    response.setStatusAndReason(status);
    response.setContentLength(0);
    response.send();
  }

  const Page& page_;
};

class Factory final : public HTTPRequestHandlerFactory {
 public:
  explicit Factory(const Page& page) : page_(page) {}
  HTTPRequestHandler* createRequestHandler(const HTTPServerRequest&) override {
    return new Handler(page_);
  }

 private:
  const Page& page_;
};

ServerSocket listen_on(std::uint16_t port) {
  ServerSocket socket;
  // Poco's constructors let several processes share a port, each of which gets some of the
  // requests.
  constexpr bool reuses_address = true;
  constexpr bool shares_port = false;
  socket.bind(SocketAddress(loopback, port), reuses_address, shares_port);
  socket.listen(16);
  return socket;
}

HTTPServerParams::Ptr make_parameters() {
  HTTPServerParams::Ptr parameters = new HTTPServerParams;
  parameters->setMaxThreads(2);
  parameters->setMaxQueued(8);
  parameters->setKeepAlive(false);
  parameters->setTimeout(Poco::Timespan(2, 0));
  return parameters;
}

}  // namespace

struct LoopbackPage::Server {
  Page page;
  Poco::ThreadPool threads{2, 2};
  ServerSocket socket;
  HTTPServer http;

  Server(std::uint16_t port, Page shown)
      : page(std::move(shown)),
        socket(listen_on(port)),
        http(new Factory(page), threads, socket, make_parameters()) {}
};

LoopbackPage::LoopbackPage(std::uint16_t port, std::string path, std::string content_type,
                           std::function<std::string()> text) {
  try {
    server_ = std::make_unique<Server>(
        port, Page{std::move(path), std::move(content_type), std::move(text)});
    server_->http.start();
  } catch (const Poco::Exception& error) {
    throw Failure(FailureKind::failed, fmt::format("nothing can listen on {}:{}: {}", loopback,
                                                   port, error.displayText()));
  }
}

LoopbackPage::~LoopbackPage() { server_->http.stopAll(true); }

std::uint16_t LoopbackPage::port() const { return server_->socket.address().port(); }

}  // namespace linkferry
