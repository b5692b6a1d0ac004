#pragma once

#include <map>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "bkmark/bkmark_writer.hpp"

namespace linkferry::bkmark {

/// Which bulk actions are used.
enum class BulkUse : std::uint8_t {
  none,
  documented,  ///< `tag` and `delete_permanent`, whose names the page has
  probing,     ///< also `archive`, `favorite` and `delete`: tried, and done one by one when refused
};

/// Carries out what is the same for many bookmarks by one request: the same tags added, archived,
/// marked as a favourite, deleted. What it leaves is for the writer. Thread: one at a time.
class Bulk {
 public:
  static constexpr std::size_t most_ids = 500;

  Bulk(Api& api, Library& library, Writer& writer, BulkUse use)
      : api_(api), library_(library), writer_(writer), use_(use) {}

  /// Sets the outcome of what it did, and its entry in `is_done`. Errors: as Writer.
  void run(std::span<const Change> changes, std::span<Outcome> outcomes, std::vector<bool>& is_done,
           std::stop_token stop);

 private:
  /// One action on many: its name, and the tags that it adds.
  struct Action {
    std::string name;
    std::vector<std::uint32_t> tags;
    auto operator<=>(const Action&) const = default;  // NOLINT(modernize-use-nullptr)
  };
  struct Work {
    std::span<const Change> changes;
    std::span<Outcome> outcomes;
    std::vector<bool>& is_done;
    std::stop_token stop;
  };

  Action action_for(const Change& change) const;
  Action action_for_update(const Change& change) const;
  void carry_out(const Action& action, std::span<const std::size_t> places, const Work& work);
  bool send(const Action& action, std::span<const std::string> ids, const Work& work);
  void check_trash(const std::string& id, const Work& work);
  void settle(const Action& action, std::size_t place, const Work& work);
  Facts wanted_facts(const Change& change) const;

  Api& api_;
  Library& library_;
  Writer& writer_;
  BulkUse use_;
  std::set<std::string> refused_;  ///< actions
  bool is_trash_checked_ = false;
};

}  // namespace linkferry::bkmark
