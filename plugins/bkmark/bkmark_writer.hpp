#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "bkmark/bkmark_api.hpp"
#include "bkmark/bkmark_library.hpp"
#include "bkmark/bkmark_trash.hpp"
#include "bkmark/bkmark_walk.hpp"
#include "common/forbidden_creates.hpp"
#include "linkferry/sink.hpp"

namespace linkferry::bkmark {

struct WriteRules {
  bool deletes_for_good = false;  ///< past the trash
  /// An address that Bkmark takes for that of another bookmark, and linkferry does not, is stored
  /// as a second one.
  bool forces = false;
  bool keeps_notes = true;
  WalkRules walk;
};

/// Carries out one change at a time, and looks at what the answer says was stored.
///
/// A create is one POST, and a PATCH for what a POST cannot say. Where its answer is lost or a
/// fault of the server, the newest bookmarks are looked through before it is sent again; one that
/// Bkmark has already is found and added to, never made twice. Thread: any; changes of one bookmark
/// one after the other.
class Writer {
 public:
  Writer(Api& api, Library& library, WriteRules rules)
      : api_(api), library_(library), trash_(api), rules_(std::move(rules)) {}

  /// Errors: Failure, when the run cannot go on: authentication, configuration, limit_reached.
  Outcome carry_out(const Change& change, std::stop_token stop);

  /// Reads the whole library anew. `added`: how many more there may be than are known.
  void reload(std::size_t added, std::stop_token stop);
  /// Notes that a create was carried out another way.
  void remember(const Bookmark& bookmark, const std::string& id);
  /// Whether a create of it would be another thing than a POST: it is in trash, or was made by this
  /// writer.
  bool is_special(const Bookmark& bookmark, std::stop_token stop);

  /// It is not known what became of these: they are read before they are written to, and looked
  /// for in trash before they are deleted.
  void doubt(std::span<const std::string> ids);

  Trash& trash() { return trash_; }
  const WriteRules& rules() const { return rules_; }
  /// The ids of the groups that a bookmark is to stand in.
  std::vector<std::string> group_ids_of(const Bookmark& bookmark) const;

 private:
  struct Created {
    std::string id;
    std::size_t content = 0;  ///< hash of what was sent
  };
  /// What came of one attempt to create; no outcome: it is not known.
  struct Attempt {
    std::optional<Outcome> outcome;
    std::string problem;
  };

  Outcome create(const Bookmark& bookmark, std::stop_token stop);
  Outcome create_new(const Bookmark& bookmark, std::stop_token stop);
  Attempt try_to_create(const Bookmark& bookmark, bool is_forced, bool was_sent,
                        std::stop_token stop);
  std::optional<std::string> find_among_newest(const std::function<bool(const Record&)>& is_it,
                                               std::stop_token stop);
  std::optional<std::string> look_up(const Bookmark& bookmark, std::stop_token stop);
  std::optional<Outcome> restore(const Bookmark& bookmark, const std::string& id,
                                 std::stop_token stop);

  /// What a 409 was about. Not found for sure: it may be there, and not be shown yet.
  struct Duplicate {
    std::optional<std::string> id;
    bool is_sure = false;
  };
  Duplicate find_duplicate(const Bookmark& bookmark, const HttpResponse& conflict,
                           std::stop_token stop);
  bool reload_again(std::stop_token stop);
  Outcome join(const Bookmark& bookmark, const HttpResponse& conflict, bool was_sent,
               std::stop_token stop);
  /// `was_made`: by an earlier attempt of this create; else it is somebody's, and `already_so`.
  Outcome add_to(const std::string& id, const Bookmark& bookmark, bool was_made,
                 std::stop_token stop);

  Outcome update(const Bookmark& bookmark, const std::string& id, std::stop_token stop);
  Outcome bring_about(const std::string& id, const Bookmark& wanted, std::stop_token stop);
  Differences differences(const std::string& id, const Bookmark& wanted) const;
  Differences without_tolerated(Differences left, const std::string& id, const Bookmark& wanted);
  std::optional<Outcome> send(const std::string& id, const Bookmark& wanted,
                              const Differences& differences, std::stop_token stop);
  std::optional<Outcome> take_echo(const HttpResponse& answer, const std::string& id,
                                   std::stop_token stop);
  /// Asks for a bookmark and learns it. False where there is none.
  bool fetch(const std::string& id, std::stop_token stop);

  Outcome remove(const Change& change, std::stop_token stop);
  Outcome delete_for_good(const std::string& id, std::stop_token stop);
  Outcome move_to_trash(const std::string& id, std::stop_token stop);
  bool is_in_doubt(const std::string& id);
  bool is_gone(const std::string& id, std::stop_token stop);

  Outcome outcome_of(const HttpResponse& answer) const;

  Api& api_;
  Library& library_;
  Trash trash_;
  const WriteRules rules_;
  std::mutex mutex_;
  std::unordered_map<std::string, Created> created_;  ///< by this writer, by address or content
  std::unordered_set<std::string> doubtful_;          ///< ids
  std::mutex reloading_;
  std::optional<std::chrono::steady_clock::time_point> next_reload_;
  common::ForbiddenCreates forbidden_;
  std::mutex saying_;
  bool has_said_dates_ = false;
};

/// The bookmark in an answer, alone or inside `data` or `bookmark`.
std::optional<Record> record_of(const common::JsonDocument& document, Arena& arena);

}  // namespace linkferry::bkmark
