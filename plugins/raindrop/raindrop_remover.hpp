#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "linkferry/sink.hpp"
#include "raindrop/raindrop_api.hpp"
#include "raindrop/raindrop_api_source.hpp"

namespace linkferry::raindrop {

/// Moves bookmarks to Trash, or deletes them for good.
///
/// Rationale: `DELETE /raindrop/{id}` deletes for good what is in Trash already, and the HTTP
/// client repeats a DELETE whose answer is lost: so it is not used. `DELETE
/// /raindrops/{collection}` with ids finds nothing the second time, since what went to Trash is not
/// in the collection any more. Never sent without ids: that would empty the collection. Thread: one
/// at a time. Source: developer.raindrop.io, Multiple raindrops, Remove (read 2026-11-22).
class Remover {
 public:
  Remover(Api& api, const Whereabouts& whereabouts, bool is_permanent)
      : api_(api), whereabouts_(whereabouts), is_permanent_(is_permanent) {}

  /// One outcome for each change; a call for each collection and hundred. What is gone already is
  /// `already_so`; what a call was sent for and is in Trash then is `done`, so that an undo brings
  /// it back. Errors: Failure, when the run cannot go on.
  void remove(std::span<const Change* const> changes, std::span<Outcome* const> outcomes,
              std::stop_token stop);

 private:
  struct Case {
    std::int64_t id = 0;
    Outcome* outcome = nullptr;
  };

  void remove_from(std::int64_t collection, std::span<const Case> cases, std::stop_token stop);
  Outcome remove_one(std::int64_t id, bool is_sent, std::stop_token stop);
  void empty_out(std::span<const Case> cases, std::stop_token stop);
  bool delete_many(std::int64_t collection, std::span<const std::int64_t> ids, std::stop_token stop,
                   Outcome* refusal);

  Api& api_;
  const Whereabouts& whereabouts_;
  const bool is_permanent_;
};

}  // namespace linkferry::raindrop
