#pragma once

#include <Poco/JSON/Object.h>

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "support/fakes/fake_bkmark_library.hpp"
#include "support/http_server.hpp"

namespace linkferry::test {

/// A Bkmark on loopback, as the page of its API describes it. What the page leaves open can be
/// switched to either answer. What stands in the path before `/bookmarks` is the name of a library
/// of its own, which is empty at first.
///
/// Thread: requests are answered one after the other; `library` must not be used while some are
/// under way, except inside of `on_page`.
class FakeBkmark {
 public:
  enum class Kind {
    list,
    get,
    create,
    update,
    tags,
    groups,
    remove,
    purge,
    restore,
    bulk,
    exported,
    import,
    trash,
    trash_count,
    other
  };

  /// What an error's body looks like.
  enum class ErrorShape { code, error, nested, bare };

  struct Options {
    std::string token = "eyJhbGciOiJIUzI1NiJ9.bkmark-test-token";
    std::chrono::milliseconds latency{0};

    // What the page leaves open.
    bool list_has_archived = true;
    bool get_shows_trash = false;
    bool export_has_trash = false;
    bool export_has_archived = true;
    bool fills_empty_texts = false;  ///< fetches the page for "", too
    bool compares_loosely = false;   ///< addresses: in any case, without scheme and last slash
    bool trash_conflicts = false;    ///< what is in trash is a duplicate, too
    bool delete_purges_trash = true;
    std::string search_parameter = "search";
    bool refuses_unknown_parameters = false;
    ErrorShape errors = ErrorShape::code;
    bool conflict_names_id = false;
    bool has_bulk_names = false;  ///< archive, favorite, delete
    bool bulk_delete_purges = false;
    bool import_keeps_dates = true;
    bool import_keeps_flags = true;
    bool import_keeps_tags = true;
    bool import_names_wait = true;      ///< Retry-After with its 429
    bool refuses_lost_cursors = false;  ///< else an empty page
    bool ends_with_empty_page = false;
    bool folds_tags = false;  ///< tags that differ in case are one
    bool trims_texts = false;
    bool dates_reading_itself = false;
    bool wraps_objects = false;         ///< {"data": {…}}
    bool needs_url = false;             ///< of notes, too
    bool answers_without_body = false;  ///< 204 to a PATCH and to tags and groups
    bool has_permanent_path = true;

    /// Hooks on a list: after a page was made, before it is sent.
    std::function<void(BkmarkLibrary&)> on_page{};
    /// Milliseconds, for the five imports of an hour; none: they are not counted.
    std::function<std::int64_t()> clock{};
    /// Which requests are answered by 403, and not carried out.
    std::function<bool(const SeenRequest&)> forbids{};

    // Faults, every n-th time; 0 is never.
    unsigned lose_reply_of_create = 0;  ///< which is carried out
    unsigned lose_reply_of_write = 0;   ///< of all others
    unsigned too_many_requests = 0;     ///< 429 for any request, not carried out
    unsigned fail_before = 0;           ///< 503 for any write, not carried out
    unsigned fail_after = 0;            ///< 502 for any write, carried out
    unsigned cut_json = 0;              ///< half of a body, as if it were whole
    unsigned login_page = 0;            ///< HTML with status 200; writes are carried out
    unsigned cut_export = 0;            ///< its connection breaks
  };

  FakeBkmark();
  explicit FakeBkmark(Options options);

  std::string url(const std::string& place = "home") const { return server_->url() + "/" + place; }
  BkmarkLibrary& library(const std::string& place = "home");
  Options& options() { return options_; }

  std::size_t count(Kind kind) const { return counts_[static_cast<std::size_t>(kind)]; }
  std::size_t writes() const;
  std::size_t requests() const;
  void forget_counts();
  HttpServer& server() { return *server_; }

 private:
  using Object = Poco::JSON::Object::Ptr;

  /// A request, taken apart.
  struct Call {
    std::string method;
    std::string path;  ///< behind `/bookmarks`
    std::multimap<std::string, std::string> query;
    std::string body;
    BkmarkLibrary* library = nullptr;

    std::string parameter(const std::string& name) const;
    bool has(const std::string& name) const { return query.contains(name); }
  };

  BkmarkLibrary& library_at(const std::string& place);
  Reply answer(const SeenRequest& request);
  Reply with_faults(Reply reply, const Call& call);
  Reply route(const Call& call);
  Reply one(const Call& call, const std::string& id, const std::string& action);
  Reply list(const Call& call, bool is_trash);
  bool passes(const BkmarkRow& row, const Call& call) const;
  Reply create(const Call& call);
  Reply patch(const Call& call, BkmarkRow& row);
  Reply set_tags(const Call& call, BkmarkRow& row);
  Reply set_groups(const Call& call, BkmarkRow& row);
  Reply remove(const Call& call, BkmarkRow& row);
  Reply restore(const Call& call, BkmarkRow& row);
  Reply bulk(const Call& call);
  bool bulk_one(const std::string& action, BkmarkRow& row, const Object& body, const Call& call);
  Reply exported(const Call& call);
  Reply import(const Call& call);
  bool import_one(const Object& item, BkmarkLibrary& library);

  Reply error(int status, const std::string& code, const std::string& message,
              const std::string& id = "") const;
  Reply shown(int status, const BkmarkRow& row, const Call& call) const;
  std::string json_of(const BkmarkRow& row, const BkmarkLibrary& library) const;
  std::vector<std::string> tags_of(const std::vector<std::string>& names,
                                   BkmarkLibrary& library) const;
  std::string text_of(const std::string& text) const;
  void note(Kind kind) { ++counts_[static_cast<std::size_t>(kind)]; }
  static bool is_turn(unsigned every, unsigned& counter) {
    return every != 0 && ++counter % every == 0;
  }

  Options options_;
  std::recursive_mutex mutex_;  ///< recursive: a hook may use the fake, too
  std::map<std::string, std::unique_ptr<BkmarkLibrary>> libraries_;
  std::array<std::atomic<std::size_t>, 15> counts_{};
  std::vector<std::int64_t> imports_;  ///< when they came
  unsigned creates_ = 0, other_writes_ = 0, requests_ = 0, befores_ = 0, afters_ = 0, cuts_ = 0,
           pages_ = 0, exports_ = 0;
  std::unique_ptr<HttpServer> server_;  ///< last: it answers until it is gone
};

}  // namespace linkferry::test
