#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>

#include "support/fakes/fake_linkding_library.hpp"
#include "support/http_server.hpp"

namespace linkferry::test {

/// A linkding on loopback, as stateful and as odd as the real one: the wrong host in `next`, 201
/// for what overwrites, dates and filters that older versions pass over, half-saved bookmarks when
/// the database is locked, HTML where JSON was expected. What stands in the path before `/api` is
/// the name of a library of its own, which is empty at first; so tests share a server.
///
/// Thread: requests are answered one after the other; `library` must not be used while some are
/// under way, except inside of `on_page`.
class FakeLinkding {
 public:
  enum class Kind {
    list,
    get,
    check,
    create,
    update,
    archive,
    remove,
    files,
    download,
    upload,
    tags,
    profile,
    health,
    other
  };

  struct Options {
    std::string version = "1.46.2";
    std::string token = "b7a1f0c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8";
    int zone_minutes = 0;     ///< east of UTC, in which dates are printed
    bool checks_urls = true;  ///< false: as with LD_DISABLE_URL_VALIDATION
    std::chrono::milliseconds latency{0};
    /// Hooks on a list: after a page was made, before it is sent.
    std::function<void(LinkdingLibrary&, const std::string& target)> on_page{};
    std::size_t max_limit = 0;  ///< of a proxy that meddles; 0: none, as it is

    // Faults; 0 is never.
    unsigned lose_reply_of_create = 0;  ///< of every n-th create, which is carried out
    unsigned lose_reply_of_update = 0;
    unsigned lose_reply_of_remove = 0;
    unsigned lose_reply_of_upload = 0;
    unsigned reset_download = 0;         ///< every n-th file breaks off in its middle
    unsigned cut_download = 0;           ///< the same, and looks as if that were its end
    bool is_upload_disabled = false;     ///< LD_DISABLE_ASSET_UPLOAD
    unsigned too_many_requests = 0;      ///< 429 of a proxy for every n-th request, not carried out
    unsigned reset_list = 0;             ///< every n-th list breaks off in its middle
    unsigned locked_percent = 0;         ///< of creates: saved without tags, then 500
    unsigned locked_update_percent = 0;  ///< of updates: not saved, 500
    unsigned locked_upload_percent = 0;  ///< of uploads: not saved, 500
    unsigned locked_remove_percent = 0;  ///< of deletions: not done, 500
    unsigned seed = 1;
  };

  FakeLinkding();
  explicit FakeLinkding(Options options);

  /// The address of a library.
  std::string url(const std::string& place = "home") const { return server_->url() + "/" + place; }
  LinkdingLibrary& library(const std::string& place = "home");
  Options& options() { return options_; }

  std::size_t count(Kind kind) const { return counts_[static_cast<std::size_t>(kind)]; }
  std::size_t reads() const;
  std::size_t writes() const;
  void forget_counts();
  HttpServer& server() { return *server_; }

 private:
  /// A request, taken apart.
  struct Call {
    std::string method;
    std::string base;  ///< as a client sees it, for `next`
    std::string path;  ///< behind the place
    std::map<std::string, std::string> query;
    std::string target;
    std::string body;
    std::string content_type;
    bool has_length = false;  ///< of its body
    LinkdingLibrary* library = nullptr;
  };

  LinkdingLibrary& library_at(const std::string& place);
  Reply answer(const SeenRequest& request);
  Reply route(const Call& call);
  Reply list(const Call& call, bool is_archived);
  Reply post(const Call& call);
  Reply one(const Call& call, std::int64_t id, const std::string& action);
  Reply assets(const Call& call, LinkdingRow& row, const std::string& rest);
  Reply list_assets(const Call& call, const LinkdingRow& row);
  Reply download(const LinkdingFile& file);
  Reply upload(const Call& call, LinkdingRow& row);
  Reply tags(const Call& call);
  Reply check(const Call& call);
  std::string json_of(const LinkdingRow& row) const;
  std::string date_of(Microseconds time) const;
  void note(Kind kind) { ++counts_[static_cast<std::size_t>(kind)]; }
  bool is_turn(unsigned every, unsigned& counter) { return every != 0 && ++counter % every == 0; }
  bool is_locked(unsigned percent) { return percent != 0 && random_() % 100 < percent; }
  int minor() const;

  Options options_;
  std::recursive_mutex mutex_;  ///< recursive: a hook may use the fake, too
  std::map<std::string, std::unique_ptr<LinkdingLibrary>> libraries_;
  std::array<std::atomic<std::size_t>, 14> counts_{};
  unsigned creates_ = 0, updates_ = 0, removes_ = 0, uploads_ = 0, downloads_ = 0, requests_ = 0,
           lists_ = 0;
  std::minstd_rand random_;
  std::unique_ptr<HttpServer> server_;  ///< last: it answers until it is gone
};

}  // namespace linkferry::test
