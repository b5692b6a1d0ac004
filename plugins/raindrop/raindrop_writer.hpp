#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_set>
#include <vector>

#include "common/forbidden_creates.hpp"
#include "linkferry/sink.hpp"
#include "raindrop/raindrop_api.hpp"
#include "raindrop/raindrop_api_source.hpp"
#include "raindrop/raindrop_collections.hpp"
#include "raindrop/raindrop_item.hpp"

namespace linkferry::raindrop {

/// Creates and changes bookmarks, and looks at what the answers say was stored.
///
/// The service does not de-duplicate: so before creations it is asked which of the addresses it
/// has, for some thousands of them at once, and so again where an answer is lost or cannot be read;
/// only what is missing is sent (again). Thread: one at a time. Source: developer.raindrop.io,
/// Raindrops and Import (read 2026-11-22).
class Writer {
 public:
  Writer(Api& api, Collections& collections, Whereabouts& whereabouts)
      : api_(api), collections_(collections), whereabouts_(whereabouts) {}

  /// Asks for the addresses of the first of `changes`, some thousands at once, which `create` gets
  /// next, and remembers them if the service has none of them; else, or where it does not answer,
  /// `create` asks for its own. How many changes that were, at least one. Errors: as `create`.
  std::size_t look_ahead(std::span<const Change> changes, std::stop_token stop);

  /// Creates up to 100 bookmarks of different addresses, in one call if all goes well; one outcome
  /// each. Errors: Failure, when the run cannot go on: authentication, configuration,
  /// limit_reached.
  void create(std::span<const Change* const> changes, std::span<Outcome* const> outcomes,
              std::stop_token stop);

  /// A bookmark whose folder does not change stays in its collection; what is in Trash stays there
  /// and has failed. Errors: as `create`.
  Outcome update(const Bookmark& bookmark, const std::string& id, std::stop_token stop);

  /// Makes the collection of a folder record. Errors: as `create`.
  Outcome make_folder(const Folder& folder, std::stop_token stop);

 private:
  /// A bookmark that is to be created.
  struct Wish {
    const Bookmark* bookmark = nullptr;
    Outcome* outcome = nullptr;
    std::int64_t collection = 0;
    bool is_settled = false;
  };
  using Wishes = std::vector<Wish>;

  void look_for(const std::vector<Text>& urls, std::stop_token stop);
  bool are_known_absent(const Wishes& wishes);
  bool find_collections(Wishes& wishes, std::stop_token stop);
  void settle_those_held(Wishes& wishes, std::stop_token stop);
  void settle_candidate(std::int64_t id, const std::string& named, Wishes& wishes,
                        std::stop_token stop);
  void send(Wishes& wishes, std::stop_token stop);
  void take_created(const Answer& answer, Wishes& wishes, std::stop_token stop);
  void send_halves(Wishes& wishes, const Answer& answer, std::stop_token stop);
  void create_all(Wishes& wishes, std::stop_token stop);
  Outcome change(const Bookmark& bookmark, const std::string& id, std::stop_token stop);
  void settle(const Item& held, Wish& wish, Result if_same, std::stop_token stop);
  Outcome settle(const Item& held, const Bookmark& wanted, std::int64_t collection, Result if_same,
                 std::stop_token stop);

  Api& api_;
  Collections& collections_;
  std::unordered_set<std::string> absent_;  ///< addresses that the service did not have just now
  Whereabouts& whereabouts_;
  common::ForbiddenCreates forbidden_;
  /// Of the creation under way: what was there before it was sent.
  std::set<std::int64_t> held_before_;
  bool is_first_look_ = true;
};

/// What an answer that is no success means for a bookmark.
Outcome outcome_of(const Api& api, const Answer& answer);

/// Whether a Failure concerns one bookmark and not the run.
bool is_of_this_record(const Failure& failure);

}  // namespace linkferry::raindrop
