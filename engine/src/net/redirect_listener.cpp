#include "net/redirect_listener.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "linkferry/failure.hpp"
#include "linkferry/http.hpp"

namespace linkferry {

namespace {

constexpr std::chrono::seconds patience_of_a_request{5};

constexpr std::string_view came_back = "linkferry has what it needs. You can close this window.\n";
constexpr std::string_view was_denied =
    "The login did not allow it; linkferry has been told. You can close this window.\n";
constexpr std::string_view is_unmarked =
    "This does not say which login it belongs to, so linkferry leaves it alone. If you have just "
    "logged in, copy the address of this page from the address bar and paste it in the "
    "terminal.\n";
constexpr std::string_view is_foreign =
    "This belongs to another login than the one that linkferry waits for. Open the address that it "
    "printed last.\n";

/// Rationale: nothing of the redirect may be kept by the browser or go on to another page.
std::string page(std::string_view status, std::string_view text) {
  return fmt::format(
      "HTTP/1.1 {}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n"
      "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: "
      "nosniff\r\nConnection: close\r\n\r\n{}",
      status, text.size(), text);
}

/// The same time for every text of that length, so that trying teaches nothing.
bool is_equal(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return difference == 0;
}

/// The part of `text` up to `end`, which is taken off together with it.
std::string_view take_until(std::string_view& text, std::string_view end) {
  const std::size_t at = text.find(end);
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + end.size());
  return part;
}

/// The values of a parameter, as they stand in the query of `target`.
std::vector<std::string_view> parameters(std::string_view target, std::string_view name) {
  std::vector<std::string_view> values;
  take_until(target, "?");
  while (!target.empty()) {
    std::string_view value = take_until(target, "&");
    if (take_until(value, "=") == name) values.push_back(value);
  }
  return values;
}

std::string_view without_slash(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

/// Whether the request was made to this machine by its own name. Rationale: a web page that has its
/// name point here sends its own name.
bool is_for_this_machine(std::string_view header_lines) {
  while (!header_lines.empty()) {
    std::string_view value = take_until(header_lines, "\r\n");
    if (!HttpHeaders::is_same_name(take_until(value, ":"), "Host")) continue;
    while (value.starts_with(' ')) value.remove_prefix(1);
    const std::string_view name = value.substr(0, value.rfind(':'));
    return name == "127.0.0.1" || name == "localhost";
  }
  return false;
}

FileDescriptor listen_on(std::uint16_t port) {
  FileDescriptor listening(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int yes = 1;
  // A port that was used a minute ago is taken all the same; never one that is in use.
  if (!listening.is_open() ||
      ::setsockopt(listening.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
      ::bind(listening.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listening.get(), SOMAXCONN) != 0) {
    throw Failure(FailureKind::failed, fmt::format("nothing can listen on 127.0.0.1:{}: {}", port,
                                                   std::strerror(errno)));
  }
  return listening;
}

std::uint16_t port_of(const FileDescriptor& listening) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(listening.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

}  // namespace

RedirectListener::RedirectListener(std::uint16_t port, std::string_view path, std::string state)
    : socket_(listen_on(port)),
      port_(port_of(socket_)),
      path_(without_slash(path)),
      state_(std::move(state)) {}

std::optional<std::string> RedirectListener::serve(std::chrono::milliseconds time, int other) {
  const Time end = std::chrono::steady_clock::now() + time;
  std::optional<std::string> redirect;
  while (!redirect) {
    const Time now = std::chrono::steady_clock::now();
    std::erase_if(visitors_, [now](const Visitor& visitor) { return visitor.deadline <= now; });
    if (now >= end) break;
    std::vector<pollfd> wanted{{socket_.get(), POLLIN, 0}, {other, POLLIN, 0}};
    Time next = end;
    for (const Visitor& visitor : visitors_) {
      wanted.push_back({visitor.socket.get(), POLLIN, 0});
      next = std::min(next, visitor.deadline);
    }
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(next - now);
    if (::poll(wanted.data(), wanted.size(), static_cast<int>(wait.count())) <= 0) continue;
    std::vector<Visitor> staying;
    for (std::size_t i = 0; i < visitors_.size(); ++i) {
      const bool is_silent = wanted[i + 2].revents == 0;
      if (is_silent || redirect || hear(visitors_[i], redirect))
        staying.push_back(std::move(visitors_[i]));
    }
    visitors_ = std::move(staying);
    if (wanted[0].revents != 0) accept_all(now);
    if (wanted[1].revents != 0) break;
  }
  if (redirect) {
    visitors_.clear();
    socket_ = FileDescriptor();
  }
  return redirect;
}

void RedirectListener::accept_all(Time now) {
  while (true) {
    FileDescriptor socket(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket.is_open()) return;
    // The one that has taken longest makes room.
    if (visitors_.size() == most_visitors) visitors_.erase(visitors_.begin());
    visitors_.push_back({std::move(socket), now + patience_of_a_request, {}, false});
  }
}

bool RedirectListener::hear(Visitor& visitor, std::optional<std::string>& redirect) {
  char bytes[4096];
  const ssize_t count = ::recv(visitor.socket.get(), bytes, sizeof bytes, 0);
  if (count < 0) return errno == EINTR || errno == EAGAIN;
  if (count == 0) return false;
  if (visitor.is_answered) return true;
  visitor.received.append(bytes, static_cast<std::size_t>(count));
  const bool is_whole = visitor.received.find("\r\n\r\n") != std::string::npos;
  const bool is_too_long = visitor.received.size() > longest_request;
  if (!is_whole && !is_too_long) return true;
  const std::string answer = is_too_long ? page("431 Request Header Fields Too Large", "")
                                         : answer_to(visitor.received, redirect);
  visitor.is_answered = true;
  visitor.received.clear();
  ::send(visitor.socket.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
  ::shutdown(visitor.socket.get(), SHUT_WR);
  return true;
}

std::string RedirectListener::answer_to(std::string_view request,
                                        std::optional<std::string>& redirect) {
  std::string_view line = take_until(request, "\r\n");
  const std::string_view method = take_until(line, " ");
  const std::string_view target = take_until(line, " ");
  if (!line.starts_with("HTTP/1.") || !target.starts_with('/')) return page("400 Bad Request", "");
  if (!is_for_this_machine(request)) return page("403 Forbidden", "");
  if (without_slash(target.substr(0, target.find('?'))) != path_) return page("404 Not Found", "");
  if (method != "GET") return page("405 Method Not Allowed", "");
  return answer_to_redirect(target, redirect);
}

std::string RedirectListener::answer_to_redirect(std::string_view target,
                                                 std::optional<std::string>& redirect) {
  const auto has_value = [target](std::string_view name) {
    const auto values = parameters(target, name);
    return values.size() == 1 && !values.front().empty();
  };
  const bool is_error = has_value("error");
  if (!is_error && !has_value("code")) return page("404 Not Found", "");
  const auto states = parameters(target, "state");
  if (states.empty()) {
    has_seen_unmarked_ = true;
    return page("400 Bad Request", is_unmarked);
  }
  if (states.size() != 1 || !is_equal(states.front(), state_))
    return page("400 Bad Request", is_foreign);
  redirect = std::string(target);
  return page("200 OK", is_error ? was_denied : came_back);
}

}  // namespace linkferry
