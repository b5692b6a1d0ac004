#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "support/fakes/fake_raindrop_account.hpp"
#include "support/http_server.hpp"

namespace linkferry::test {

/// A Raindrop.io on loopback, as stateful and as odd as the real one: `result: false` with status
/// 200, pages by number, no de-duplication, calls on many that change everything when they name no
/// ids. What stands in the path before `/rest/v1` is the name of an account of its own, which is
/// empty at first; so tests share a server. The login answers at the same address without it.
///
/// Thread: requests are answered one after the other; `account` must not be used while some are
/// under way, except inside of `on_page`.
class FakeRaindrop {
 public:
  enum class Kind {
    list,
    get,
    exists,
    create,
    create_many,
    update,
    update_many,
    remove,
    remove_many,
    make_collection,
    collections,
    user,
    stats,
    exported,
    token,
    other
  };

  /// Every n-th request of all; 0 is never.
  struct Faults {
    unsigned too_many = 0;      ///< 429 with its headers; not carried out
    unsigned error_before = 0;  ///< 503, not carried out
    unsigned error_after = 0;   ///< 500, carried out
    unsigned html_before = 0;   ///< a page with status 200, not carried out
    unsigned html_after = 0;    ///< the same, carried out
    unsigned cut_json = 0;      ///< half of the answer, as if it were whole
    unsigned lost = 0;          ///< no answer, carried out
    unsigned reset = 0;         ///< half of the answer, then a reset
    unsigned refused = 0;  ///< `result: false` with an error that quotes the token, not carried out
  };

  struct Options {
    std::string token = "ae261404-11r4-47c0-bce3-e18a423da828";
    std::chrono::milliseconds latency{0};
    Faults faults{};
    std::string client_id = "5f0a1b2c3d4e5f6a7b8c9d0e";
    std::string client_secret = "c11e0715-ecre-4d0c-a1b2-c3d4e5f6a7b8";
    std::string code = "c8983220-1cca-4626-a19d-801a6aae003c";
    std::string refresh_token = "re7re5h0-4bd3-4c9a-8f0b-1a2b3c4d5e6f";
    bool tells_last_update = true;
    bool tells_duplicates = true;          ///< `duplicates` beside `ids`
    std::size_t most_looked_for = 10'000;  ///< addresses in a question; more are refused with 413
    std::int64_t count_offset = 0;         ///< what the count of list 0 says too much
    /// Hook on a list: after a page was made, before it is sent.
    std::function<void(RaindropAccount&, const std::string& target)> on_page{};
    /// Which requests are answered by 403, and not carried out.
    std::function<bool(const SeenRequest&)> forbids{};
    /// Hook on a request for a token, before it is answered.
    std::function<void()> on_token{};
    std::int64_t expires_in = 1209599;  ///< of tokens, in seconds
  };

  FakeRaindrop();
  explicit FakeRaindrop(Options options);

  /// The address of an account's API.
  std::string url(const std::string& place = "home") const {
    return server_->url() + "/" + place + "/rest/v1";
  }
  RaindropAccount& account(const std::string& place = "home");
  Options& options() { return options_; }

  std::size_t count(Kind kind) const { return counts_[static_cast<std::size_t>(kind)]; }
  std::size_t writes() const;
  std::size_t requests() const;
  /// Calls on many without ids: the plugin must never send one.
  std::size_t calls_on_all() const { return calls_on_all_; }
  void forget_counts();
  HttpServer& server() { return *server_; }

 private:
  /// A request, taken apart.
  struct Call {
    std::string method;
    std::string path;  ///< behind `/rest/v1`
    std::map<std::string, std::string> query;
    std::string target;
    std::string body;
    RaindropAccount* account = nullptr;
  };

  RaindropAccount& account_at(const std::string& place);
  Reply answer(const SeenRequest& request);
  Reply answer_calmly(const SeenRequest& request, const std::string& place,
                      const std::string& path);
  Reply route(const Call& call);
  Reply route_one(const Call& call);
  Reply route_many(const Call& call);
  Reply user(const Call& call);
  Reply stats(const Call& call);
  Reply collections(const Call& call, bool is_roots);
  Reply make_collection(const Call& call);
  Reply list(const Call& call, std::int64_t collection);
  Reply create_many(const Call& call);
  Reply change_many(const Call& call, std::int64_t collection);
  Reply exists(const Call& call);
  Reply exported(const Call& call);
  Reply token(const std::string& body);
  void note(Kind kind) { ++counts_[static_cast<std::size_t>(kind)]; }
  bool is_turn(unsigned every) const { return every != 0 && requests_ % every == 0; }

  Options options_;
  std::recursive_mutex mutex_;  ///< recursive: a hook may use the fake, too
  std::map<std::string, std::unique_ptr<RaindropAccount>> accounts_;
  std::array<std::atomic<std::size_t>, 16> counts_{};
  std::atomic<std::size_t> calls_on_all_{0};
  unsigned requests_ = 0;
  std::unique_ptr<HttpServer> server_;  ///< last: it answers until it is gone
};

}  // namespace linkferry::test
