#include "net/http_client.hpp"

#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <random>

#include "linkferry/abi.hpp"
#include "net/address.hpp"
#include "net/answer.hpp"
#include "net/connection_pool.hpp"
#include "net/exchange.hpp"
#include "net/rate_headers.hpp"
#include "net/redaction.hpp"
#include "net/retry.hpp"
#include "net/secret_text.hpp"
#include "net/transport_error.hpp"

namespace linkferry {
namespace {

using std::chrono::milliseconds;
using Kind = TransportError::Kind;

/// How one attempt ended: with an answer, or with a problem.
struct Attempt {
  std::optional<HttpResponse> answer;
  std::optional<TransportError> problem;
  ExchangeState state;
  bool used_old_connection = false;
};

std::string in_words(milliseconds time) {
  if (time < std::chrono::seconds(10))
    return fmt::format("{:.1f} s", static_cast<double>(time.count()) / 1000);
  if (time < std::chrono::minutes(2)) return fmt::format("{} s", time.count() / 1000);
  return fmt::format("{} min", time.count() / 60'000);
}

/// Wipes a request's head, which holds the secret.
struct WipedHead {
  std::string text;
  ~WipedHead() {
    for (volatile char& byte : text) byte = '\0';
  }
};

class Client final : public HttpClient {
 public:
  Client(HttpSettings settings, HttpEnvironment environment, Address address)
      : settings_(std::move(settings)),
        environment_(std::move(environment)),
        address_(std::move(address)),
        base_url_(address_.origin() + address_.path),
        proxy_(find_proxy(address_, environment_.variables)),
        limiter_(environment_.limiters->of(address_.origin() + address_.path)),
        pool_(std::max<std::size_t>(settings_.parallel, 1)),
        random_(std::random_device{}()) {
    limiter_->tighten(settings_.rate);
    if (address_.is_tls) tls_ = make_tls_context(address_.host, settings_.ca_file);
  }

  HttpResponse send(const HttpRequest& request, std::stop_token stop) override;

  std::string_view expect_json(const HttpResponse& response) const override {
    const std::string problem = find_answer_problem(response, settings_.max_json_depth);
    if (!response.is_success() || !problem.empty()) throw make_answer_failure(response, problem);
    return response.body;
  }
  Failure failure_of(const HttpResponse& response, std::string_view problem) const override {
    return make_answer_failure(response, problem);
  }
  const std::string& base_url() const override { return base_url_; }
  HttpStatistics statistics() const override {
    return {requests_, retries_, connections_, bytes_received_, milliseconds(waited_ms_.load())};
  }

 private:
  /// One request on its way through repetitions.
  struct Task {
    const HttpRequest* request;
    OutgoingRequest outgoing;
    std::string name;  ///< "GET https://…" for messages
    std::stop_token stop;
    unsigned retries = 0;
    bool has_renewed_connection = false;
  };

  Task make_task(const HttpRequest& request, std::string target,
                 const std::stop_token& stop) const {
    const std::string name =
        fmt::format("{} {}", request.method, redact_url(address_.origin() + target));
    return {&request, {&request, std::move(target)}, name, stop};
  }

  HttpResponse send_repeatedly(Task& task);
  Attempt attempt(const Task& task);
  std::unique_ptr<Connection> open(const std::stop_token& stop);
  HttpResponse finish(const Task& task, HttpResponse answer) const;
  std::string follow(const Task& task, const HttpResponse& answer) const;

  /// Whether to go on after this answer; waits before the next attempt.
  bool wants_repetition(Task& task, const HttpResponse& answer);
  void recover(Task& task, const Attempt& ended);
  [[noreturn]] void fail(const Task& task, const Attempt& ended) const;

  void pace(const Task& task);
  void wait_until(const Task& task, Clock::Time time, std::string_view why);
  void wait_before_retry(Task& task, milliseconds wait, std::string_view why);
  milliseconds next_backoff(unsigned retry);
  void log(LogLevel level, const std::string& text) const {
    if (environment_.log) environment_.log(level, redaction().apply(text));
  }

  const HttpSettings settings_;
  const HttpEnvironment environment_;
  const Address address_;
  const std::string base_url_;
  const std::optional<Proxy> proxy_;
  Poco::Net::Context::Ptr tls_;
  const std::shared_ptr<RateLimiter> limiter_;
  ConnectionPool pool_;
  std::mutex random_mutex_;
  std::minstd_rand random_;
  std::atomic<std::uint64_t> requests_ = 0, retries_ = 0, connections_ = 0, bytes_received_ = 0;
  std::atomic<std::int64_t> waited_ms_ = 0;
};

HttpResponse Client::send(const HttpRequest& request, std::stop_token stop) {
  check_request(request);
  const auto slot = pool_.take_slot(stop);
  Task task = make_task(request, address_.path + request.path, stop);
  if (!slot) throw Failure(FailureKind::interrupted, fmt::format("{}: stopped", task.name));
  constexpr int most_redirects = 5;
  for (int redirects = 0;; ++redirects) {
    HttpResponse answer = finish(task, send_repeatedly(task));
    const int status = answer.status;
    const bool is_redirect =
        status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    if (!is_redirect) return answer;
    if (redirects == most_redirects) throw make_answer_failure(answer, "redirects in circles");
    task = make_task(request, follow(task, answer), stop);
  }
}

/// Names the answer, and refuses redirects of writes.
HttpResponse Client::finish(const Task& task, HttpResponse answer) const {
  answer.url = redact_url(address_.origin() + task.outgoing.target);
  if (answer.status < 300 || answer.status > 399 || is_read(task.request->method)) return answer;
  const auto location = answer.headers.find("Location");
  throw Failure(FailureKind::configuration,
                fmt::format("{} answered {}, a redirect{}; a write is not sent on to another "
                            "address, nothing was stored. "
                            "Set {} to the address that the service itself uses",
                            task.name, answer.status,
                            location ? " to " + redact_url(*location) : "", settings_.url_option));
}

/// The target of a redirected read. Errors: Failure configuration, when it leads elsewhere.
std::string Client::follow(const Task& task, const HttpResponse& answer) const {
  const auto location = answer.headers.find("Location").value_or("");
  const auto to = resolve_redirect(address_, task.outgoing.target, location);
  if (!to) throw make_answer_failure(answer, "a redirect without a usable address");
  if (to->origin.empty()) {
    if (!is_request_target(to->path))
      throw make_answer_failure(answer, "a redirect to a broken address");
    log(LogLevel::debug, fmt::format("{}: redirected to {}", task.name, redact_url(to->path)));
    return to->path;
  }
  throw Failure(FailureKind::configuration,
                fmt::format("{} answered {}, a redirect to {}, which is not {}; it is not "
                            "followed, since the token is for that "
                            "address only. If the service has moved, set {} to its new address",
                            task.name, answer.status, redact_url(to->origin), address_.origin(),
                            settings_.url_option));
}

HttpResponse Client::send_repeatedly(Task& task) {
  while (true) {
    pace(task);
    Attempt ended = attempt(task);
    if (!ended.answer) {
      recover(task, ended);
    } else if (!wants_repetition(task, *ended.answer)) {
      return std::move(*ended.answer);
    }
    ++retries_;
  }
}

std::unique_ptr<Connection> Client::open(const std::stop_token& stop) {
  const Patience patience(settings_.connect_timeout, settings_.connect_timeout, stop);
  auto connection = open_connection(address_, proxy_ ? &*proxy_ : nullptr, tls_, patience);
  ++connections_;
  return connection;
}

Attempt Client::attempt(const Task& task) {
  const auto start = std::chrono::steady_clock::now();
  Attempt result;
  log(LogLevel::trace, fmt::format("-> {}", task.name));
  try {
    const Patience patience(settings_.read_timeout, settings_.total_timeout, task.stop);
    // A connection that rested may be closed by the service at this very moment: a write that must
    // not be sent twice takes one that was used just now, or a new one.
    auto connection =
        pool_.take(is_repeatable(*task.request) ? milliseconds(60'000) : milliseconds(2'000));
    result.used_old_connection = connection != nullptr;
    if (!connection) connection = open(task.stop);
    const std::uint64_t received_before = connection->bytes_received();
    const WipedHead head{
        format_request_head(task.outgoing, address_, settings_, proxy_ ? &*proxy_ : nullptr)};
    ++requests_;
    result.answer =
        exchange(*connection, task.outgoing, head.text, settings_, patience, result.state);
    const std::uint64_t received = connection->bytes_received() - received_before;
    bytes_received_ += received;
    if (result.state.can_reuse) pool_.give(std::move(connection));
    const auto took =
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start);
    log(LogLevel::trace, fmt::format("<- {} {}, {} bytes in {} ms", result.answer->status,
                                     task.name, received, took.count()));
  } catch (const TransportError& error) {
    result.problem = error;
    log(LogLevel::debug, fmt::format("{}: {}", task.name, error.what()));
  }
  return result;
}

bool Client::wants_repetition(Task& task, const HttpResponse& answer) {
  const RateLimit limit = read_rate_limit(answer.headers, environment_.clock->date());
  const auto now = environment_.clock->now();
  limiter_->learn(limit, now);
  // A 429 was not carried out, whatever the method is.
  const bool may_repeat = answer.status == 429 || is_repeatable(*task.request);
  if (!is_temporary_status(answer.status) || !may_repeat || task.request->read_body) return false;
  const auto asked = read_retry_after(answer.headers, environment_.clock->date());
  if (asked && *asked > settings_.max_wait) {
    HttpResponse named = answer;
    named.url = redact_url(address_.origin() + task.outgoing.target);
    throw Failure(
        FailureKind::temporary,
        make_answer_failure(named, fmt::format("asks to come back in {}", in_words(*asked)))
            .what());
  }
  if (task.retries >= settings_.retries) return false;
  milliseconds wait = next_backoff(task.retries);
  if (answer.status == 429 && limit.remaining == 0U && limit.reset_in && !asked)
    wait += std::min(*limit.reset_in, settings_.max_wait);
  if (asked) wait = *asked + std::min(wait, milliseconds(1000));
  if (answer.status == 429 || asked) limiter_->pause_until(now + wait);
  wait_before_retry(task, wait, fmt::format("answered {}", answer.status));
  return true;
}

/// After a problem: waits for the next attempt, or throws.
void Client::recover(Task& task, const Attempt& ended) {
  const Kind kind = ended.problem->kind();
  const bool is_unsent = !ended.state.was_sent;
  if (kind == Kind::stopped || !ended.problem->may_go_away() || ended.state.is_spent)
    fail(task, ended);
  if (!is_unsent && !is_repeatable(*task.request)) fail(task, ended);
  // The service closed a connection that had rested: that says nothing about the service.
  const bool was_stale =
      kind == Kind::broken && ended.used_old_connection && !ended.state.has_answer;
  if (was_stale && !std::exchange(task.has_renewed_connection, true)) return;
  if (task.retries >= settings_.retries) fail(task, ended);
  wait_before_retry(task, next_backoff(task.retries), ended.problem->what());
}

void Client::fail(const Task& task, const Attempt& ended) const {
  const Kind kind = ended.problem->kind();
  const bool is_stopped = kind == Kind::stopped;
  std::string text = redaction().apply(fmt::format("{}: {}", task.name, ended.problem->what()));
  if (ended.state.was_sent && !is_repeatable(*task.request)) {
    throw LostReply(is_stopped ? FailureKind::interrupted : FailureKind::temporary,
                    text + "; whether the service has stored it is not known");
  }
  if (is_stopped) throw Failure(FailureKind::interrupted, text);
  if (kind == Kind::not_trusted) {
    throw Failure(
        FailureKind::configuration,
        text + (address_.is_tls ? "; to trust a certificate of your own, set ca_file to it" : ""));
  }
  if (kind == Kind::not_http) throw Failure(FailureKind::failed, text);
  if (task.retries > 0) text += fmt::format(" (tried {} times)", task.retries + 1);
  throw Failure(FailureKind::temporary, text);
}

void Client::pace(const Task& task) {
  const auto now = environment_.clock->now();
  wait_until(task, limiter_->reserve(now), "the rate limit");
}

void Client::wait_until(const Task& task, Clock::Time time, std::string_view why) {
  const auto now = environment_.clock->now();
  if (environment_.deadline && std::max(time, now) >= *environment_.deadline) {
    throw Failure(
        FailureKind::limit_reached,
        fmt::format("{}: the time of this run is over; run it again to go on", task.name));
  }
  if (task.stop.stop_requested())
    throw Failure(FailureKind::interrupted, fmt::format("{}: stopped", task.name));
  if (time <= now) return;
  const auto wait = std::chrono::ceil<milliseconds>(time - now);
  const bool is_long = wait >= std::chrono::seconds(5);
  log(is_long ? LogLevel::info : LogLevel::debug,
      fmt::format("{}: waits {} for {}", base_url_, in_words(wait), why));
  waited_ms_ += wait.count();
  if (!environment_.clock->wait_until(time, task.stop))
    throw Failure(FailureKind::interrupted, fmt::format("{}: stopped", task.name));
}

void Client::wait_before_retry(Task& task, milliseconds wait, std::string_view why) {
  ++task.retries;
  wait_until(task, environment_.clock->now() + wait,
             fmt::format("repetition {} ({})", task.retries, why));
}

milliseconds Client::next_backoff(unsigned retry) {
  const std::lock_guard lock(random_mutex_);
  return backoff(retry, random_);
}

void check_settings(const HttpSettings& settings, const Address& address) {
  if (!address.is_tls && !is_loopback(address.host) && !settings.allow_http) {
    throw Failure(FailureKind::configuration,
                  fmt::format("{}: {} is plain http, which shows the token to everybody on the "
                              "way; use https, or set allow_http: "
                              "true where the network is trusted",
                              settings.url_option, address.origin()));
  }
  const auto secret = SecretText::of(settings.secret);
  constexpr std::size_t shortest_secret = 4;
  if (!secret.empty() && (secret.size() < shortest_secret || !is_header_value(secret))) {
    throw Failure(FailureKind::configuration,
                  fmt::format("the token for {} is {}", address.origin(),
                              secret.size() < shortest_secret
                                  ? "too short to be one"
                                  : "no token: it holds line breaks or control characters"));
  }
  if (!is_header_value(settings.user_agent) || !is_header_name(settings.authorization_scheme)) {
    throw Failure(
        FailureKind::configuration,
        fmt::format("{}: a user agent or scheme with control characters", address.origin()));
  }
}

}  // namespace

std::unique_ptr<HttpClient> make_http_client(HttpSettings settings, HttpEnvironment environment) {
  Address address = parse_address(settings.base_url, settings.url_option);
  if (settings.user_agent.empty()) settings.user_agent = "linkferry/" LINKFERRY_VERSION;
  check_settings(settings, address);
  redaction().add(SecretText::of(settings.secret));
  return std::make_unique<Client>(std::move(settings), std::move(environment), std::move(address));
}

}  // namespace linkferry
