#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pipeline/claims.hpp"
#include "pipeline/existing_content.hpp"
#include "pipeline/link_table.hpp"
#include "pipeline/removals.hpp"
#include "pipeline/run.hpp"

namespace linkferry {

/// How the reading of one source went.
struct SourceCount {
  std::uint64_t records = 0;     ///< bookmarks, usable or not
  std::uint64_t unreadable = 0;  ///< entries that are there and cannot be read
  bool is_cut_off = false;
  std::uint64_t fingerprint = 0;  ///< of what the sink would hold of it, where that is wanted
};

/// Keeps the links of a job in step with what both sides hold, and tells what becomes of the sink's
/// bookmarks that no source has any more.
///
/// No bookmark is deleted without evidence: a link that was made under the job's identity, and a
/// reading of its source that was whole, not empty, and gave every entry. Where the source can say
/// that the thing itself is gone, or that it is there after all, the bookmark stays.
/// Thread: one at a time.
class Mirror final : public Removals {
 public:
  Mirror(const Job& job, std::span<NamedSource> sources, SinkView& sink, ExistingContent& existing,
         KeyMaker& keys, LinkTable& links, PlanObserver& observer, RunSummary& summary)
      : job_(job),
        sources_(sources),
        sink_(sink),
        existing_(existing),
        keys_(keys),
        links_(links),
        observer_(observer),
        summary_(summary) {}

  /// Links what the sources have claimed, forgets what the sink has lost, and plans the deletions
  /// of a mirror: `summary` counts them, the observer sees them. Errors: Failure of a source that
  /// is asked, or configuration when the sink cannot hold the mark of the quarantine.
  void plan(Claims& claims, std::span<const SourceCount> counts, std::stop_token stop);

  /// Why the deletions are too many, or have no ground; empty: they may go. `max_delete` of the
  /// command line lifts both limits of the job.
  std::string reason_to_hold(std::optional<std::uint64_t> max_delete) const;

  Fate fate_of(std::uint32_t ordinal) const override;
  bool has_removals() const override;
  Bookmark quarantined(const Bookmark& present, Arena& arena) const override;

 private:
  /// A linked bookmark of the sink that no source has claimed.
  struct Candidate {
    std::uint32_t ordinal = 0;
    Key key;
    Text source;  ///< of its link
    Fate fate = Fate::kept;
    Text reason;                ///< why it is kept; absent: not worth a word
    bool is_copy = false;       ///< of an earlier one, in another folder
    std::uint64_t content = 0;  ///< without its folders
  };

  void link_up(Claims& claims, std::stop_token stop);
  void link_one(Claims& claims, std::uint32_t ordinal, const Bookmark& bookmark, Arena& arena);
  void drop_unseen();
  void decide(std::span<const SourceCount> counts, std::stop_token stop);
  void decide_one(Candidate& candidate, std::span<const SourceCount> counts);
  void keep(Candidate& candidate, Text reason, bool stays_linked);
  void ask_sources(std::stop_token stop);
  void ask_source(std::size_t source, std::stop_token stop);
  void note_change_of_identity();
  void announce(std::stop_token stop);
  void announce_one(Candidate& candidate, const Bookmark& present, Arena& arena);
  void settle_copies();
  std::size_t source_of(const Link& link) const;
  Fate wanted_fate() const;

  const Job& job_;
  std::span<NamedSource> sources_;
  SinkView& sink_;
  ExistingContent& existing_;
  KeyMaker& keys_;
  LinkTable& links_;
  PlanObserver& observer_;
  RunSummary& summary_;
  std::uint64_t linked_before_ = 0;
  KeyIndex seen_;  ///< keys of links whose bookmark the sink holds
  std::vector<Candidate> candidates_;
  std::string empty_source_;  ///< its list is empty, and deletions would follow from that
};

}  // namespace linkferry
